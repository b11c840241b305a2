/* SPDX-License-Identifier: GPL-2.0 */
/* The file "census". */
#ifndef CONNTRIAGE_CENSUS_SHOW_H
#define CONNTRIAGE_CENSUS_SHOW_H

#include <linux/fs.h>

extern const struct file_operations ctri_census_fops;

#endif
