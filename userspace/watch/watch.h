/* SPDX-License-Identifier: GPL-2.0 */
/* Wait for incidents, and tell of them. */
#ifndef CONNTRIAGE_WATCH_WATCH_H
#define CONNTRIAGE_WATCH_WATCH_H

#include <stdbool.h>
#include <stdio.h>

/* What is done of an event, beside telling it */
struct watch_request {
	const char *on_incident;	/* a command of sh(1), or NULL */
	bool journal, json;
};

/**
 * watch_incidents() - until SIGTERM or SIGINT
 * @out: where events go, each at once
 *
 * Return: an exit status, SEV_OK after a signal.
 */
int watch_incidents(const struct watch_request *ask, FILE *out);

#endif
