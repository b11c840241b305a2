/* SPDX-License-Identifier: GPL-2.0 */
/* A table that has room because nothing gets through. */
#ifndef CONNTRIAGE_JUDGE_MUTE_H
#define CONNTRIAGE_JUDGE_MUTE_H

#include <stdbool.h>

#include "judge/tables.h"

/* Entries of what is meant to be answered: TCP, ICMP, and UDP services that answer */
struct mute {
	double expecting;
	double answered;	/* of all entries */
};

/**
 * mute_table() - whether connections are opened, and hardly one is answered
 * @n: a table with room
 * @m: filled where it is so
 *
 * Syslog, flow exports and the like are never answered, and mean nothing; nor does a
 * host that has just come up.
 */
bool mute_table(const struct tables *ts, const struct netns_table *n, struct mute *m);

#endif
