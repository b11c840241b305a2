/* SPDX-License-Identifier: GPL-2.0 */
/* Why a table is pressed, and who presses it. */
#ifndef CONNTRIAGE_JUDGE_BLAME_H
#define CONNTRIAGE_JUDGE_BLAME_H

#include "judge/tables.h"
#include "snapshot.h"

/**
 * blame_decide() - find @n->blame and the culprits of a pressed table
 * @n: one of @ts, whose level is known and not LEVEL_CALM
 *
 * Floods first: they fill any table, so what else is in it explains nothing.
 */
void blame_decide(const struct tables *ts, struct netns_table *n);

/*
 * What blame is laid on, also where a table isn't pressed yet; each is a row of
 * the census, or NULL.
 */

/* Established TCP connections, too many of which have been silent for a day */
const struct census_row *blame_dead(const struct tables *ts,
				    const struct netns_table *n);
/* The closing state of TCP that too many entries linger in */
const struct census_row *blame_lingering(const struct tables *ts,
					 const struct netns_table *n);
/* The UDP service of questions and answers that takes TH(UNTRACK_SHARE) of them */
const struct census_row *blame_chatter(const struct tables *ts,
				       const struct netns_table *n);

#endif
