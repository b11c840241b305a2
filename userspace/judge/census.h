/* SPDX-License-Identifier: GPL-2.0 */
/* Sums over the rows of a census. */
#ifndef CONNTRIAGE_JUDGE_CENSUS_H
#define CONNTRIAGE_JUDGE_CENSUS_H

#include <stddef.h>

#include "snapshot.h"

/* What the walk itself says, or UNKNOWN: "buckets", "usec", "chain_max" ... */
int64_t census_walk(const struct snapshot *s, const char *name);

/*
 * Put state rows of one namespace, protocol and state together, whatever their
 * zone and family. Sorts; returns how many rows are left.
 */
size_t census_merge(struct census_row *row, size_t nr);

/*
 * The states of one namespace, or of all for UNKNOWN: merged, those with
 * most entries first. free() it. NULL where there are none.
 */
struct census_row *census_states(const struct snapshot *s, int64_t netns,
				 size_t *nr);

/*
 * The silence that half of the entries of a state have reached, s: the lower
 * end of the octave that the median is in. UNKNOWN without a histogram.
 */
int64_t census_median(const struct census_row *state);

/* Chains by length, put into groups that double in width */
#define CHAIN_GROUPS	9	/* 0 1 2 3-4 5-8 9-16 17-32 33-64 65- */

struct chains {
	int64_t group[CHAIN_GROUPS];
	int64_t all, longest;
	double mean;			/* links of those that aren't empty */
};

/** census_chains() - the chains of the hash table, by length */
void census_chains(const struct snapshot *s, struct chains *chains);

#endif
