/* SPDX-License-Identifier: GPL-2.0 */
/* What each table lost of late, and how hard it is pressed. */
#ifndef CONNTRIAGE_JUDGE_LEVEL_H
#define CONNTRIAGE_JUDGE_LEVEL_H

#include "judge/tables.h"

/**
 * level_losses() - what history says that the tables refused and evicted
 * @ts: takes it, by namespace
 */
void level_losses(struct tables *ts);

/**
 * level_decide() - find @n->level
 * @n: one of @ts, with all that it lost: after actors_collect()
 */
void level_decide(const struct tables *ts, struct netns_table *n);

#endif
