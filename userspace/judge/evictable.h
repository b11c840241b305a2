/* SPDX-License-Identifier: GPL-2.0 */
/* How many entries the kernel could evict for new connections, without a walk. */
#ifndef CONNTRIAGE_JUDGE_EVICTABLE_H
#define CONNTRIAGE_JUDGE_EVICTABLE_H

#include <stdint.h>

#include "judge/tables.h"

enum evictable_from {
	EVICTABLE_UNTOLD,
	EVICTABLE_PRESSURE,	/* what the kernel found of late where it looked */
	EVICTABLE_WORST,	/* the census of an incident's worst minute */
};

struct evictable {
	int64_t entries;	/* at least; UNKNOWN where @from is EVICTABLE_UNTOLD */
	enum evictable_from from;
	int64_t ago;		/* s since then */
};

/**
 * early_drop_misses() - the share of new connections in a full table that find nothing to
 *	evict: see evictable_find()
 * @evictable: entries that may be evicted
 */
double early_drop_misses(double evictable, double buckets);

/**
 * evictable_find() - the most that is certain, of two witnesses
 * @n: one of @ts, after survey_begin()
 * @e: filled
 *
 * Pressure: each attempt to make room is a sample. early_drop() in nf_conntrack_core.c
 * looks into 8 buckets, where each entry stands in two of all; entries are spread by a
 * keyed hash, so of E evictable ones it meets 16 E / buckets in the mean, and none in
 * exp(-16 E / buckets) of all attempts: these are refused. Hence
 * E = buckets / 16 * ln(attempts / refused). Where fewer than three were refused, three
 * are reckoned with: with none of N, the share is below 3 / N in 19 of 20 cases. Each
 * attempt that succeeds kills all that may go of the first bucket that has any, so
 * attempts are fewer than evictions. Counted over TH(RECENT), where no other table is
 * tight, as history is of all.
 *
 * Worst minute: entries that aren't ASSURED in the census that the module took of an
 * incident, as a share, if that is TH(SPELL) old at most.
 */
void evictable_find(const struct tables *ts, const struct netns_table *n, struct evictable *e);

#endif
