/* SPDX-License-Identifier: GPL-2.0 */
/* Connections that ended all at once. */
#ifndef CONNTRIAGE_JUDGE_RESTART_H
#define CONNTRIAGE_JUDGE_RESTART_H

#include "judge/streams.h"
#include "judge/tables.h"

#define RESTART_MORE	1.5	/* times as many: chance and long connections leave no more */

/**
 * restart_happened() - whether those that closed were of a server that was restarted
 * @r: ->until, ->since and ->ended are of the seconds when most closed. ->again is set
 *
 * They are far more than were opened then and before: so those connections were old. Or
 * far more than anybody asks for now: where short connections have filled their table, they
 * go on to ask. What is newer than ->since tells nothing of what is usual.
 */
bool restart_happened(const struct tables *ts, const struct netns_table *n, struct restart *r);

#endif
