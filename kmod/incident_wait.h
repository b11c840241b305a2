/* SPDX-License-Identifier: GPL-2.0 */
/* Who waits for an incident to begin or end. */
#ifndef CONNTRIAGE_INCIDENT_WAIT_H
#define CONNTRIAGE_INCIDENT_WAIT_H

struct file;
struct poll_table_struct;

void ctri_incident_change(void);
int ctri_incident_changes(void);
void ctri_incident_poll(struct file *file, struct poll_table_struct *wait);

#endif
