// SPDX-License-Identifier: GPL-2.0
/* Who waits for an incident to begin or end. */
#include <linux/poll.h>
#include <linux/wait.h>
#include "incident_wait.h"

/* Begins and ends since load. Written under incident.c's mutex, read without; wraps. */
static int ctri_incident_nr_changes;
static DECLARE_WAIT_QUEUE_HEAD(ctri_incident_waiting);	/* for another of them */

/**
 * ctri_incident_change() - one begins or ends
 *
 * Who reads the number and then the incidents has the change, for it waits for their
 * mutex; or it has the old number, and is woken.
 *
 * Context: process, under incident.c's mutex.
 */
void ctri_incident_change(void)
{
	WRITE_ONCE(ctri_incident_nr_changes, ctri_incident_nr_changes + 1);
	wake_up_interruptible(&ctri_incident_waiting);
}

/**
 * ctri_incident_changes() - how often an incident began or ended
 *
 * Context: any.
 * Return: a number that is another one after the next change; it wraps.
 */
int ctri_incident_changes(void)
{
	return READ_ONCE(ctri_incident_nr_changes);
}

/**
 * ctri_incident_poll() - be woken when ctri_incident_changes() does
 * @file: the file that is polled; while it is open the module stays
 * @wait: as it was given to the file's poll method
 *
 * Context: process.
 */
void ctri_incident_poll(struct file *file, struct poll_table_struct *wait)
{
	poll_wait(file, &ctri_incident_waiting, wait);
}
