/* SPDX-License-Identifier: GPL-2.0 */
/* The files "incidents" and "incident_top". */
#ifndef CONNTRIAGE_INCIDENT_SHOW_H
#define CONNTRIAGE_INCIDENT_SHOW_H

#include <linux/fs.h>

extern const struct file_operations ctri_incidents_fops, ctri_incident_top_fops;

#endif
