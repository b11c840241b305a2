/* SPDX-License-Identifier: GPL-2.0 */
/* Who opened the connections that came between two looks: heavy sources, by kmod/table.c. */
#ifndef CONNTRIAGE_ENTRIES_ARRIVALS_H
#define CONNTRIAGE_ENTRIES_ARRIVALS_H

#include "entries/entry.h"
#include "snapshot.h"

struct arrivals;

struct arrivals *arrivals_begin(void);

/** arrivals_add() - count an entry that has arrived */
void arrivals_add(struct arrivals *a, const struct entry *e);

/* What they sum up to */
struct arrived {
	double entries;			/* that came, evicted ones too */
	int64_t distinct, newcomers;	/* sources, about */
};

/**
 * arrivals_end() - put the sources into a snapshot, and free what counted them
 * @netns: inode of the namespace
 * @each: how many entries each that was counted stands for
 * @seconds: between the two looks
 * @evicted: of evictable entries, the part that a second evicts
 * @sum: filled
 *
 * Entries that came and were evicted again before the second look aren't seen. Where of
 * N evictable ones as many are evicted at random, of those that come evenly in T seconds
 * (1 - exp(-evicted T)) / (evicted T) are left.
 */
void arrivals_end(struct arrivals *a, struct snapshot *s, int64_t netns, double each,
		  double seconds, double evicted, struct arrived *sum);

/** arrivals_free() - free them, and tell nothing */
void arrivals_free(struct arrivals *a);

#endif
