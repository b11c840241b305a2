/* SPDX-License-Identifier: GPL-2.0 */
/* Entries that are counted and stand in no list. */
#ifndef CONNTRIAGE_JUDGE_UNLISTED_H
#define CONNTRIAGE_JUDGE_UNLISTED_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/tables.h"

#define UNLISTED_LATELY	30	/* s that the difference has to last */

struct unlisted {
	int64_t missing;	/* 0: no more than are on their way at any time */
	int64_t fewest;		/* entries that were counted lately, or UNKNOWN */
	bool queued;		/* so many packets wait in nfqueues */
};

/* How many of a namespace's entries no listing has. */
struct unlisted unlisted_entries(const struct tables *ts, const struct netns_table *n);

#endif
