/* SPDX-License-Identifier: GPL-2.0 */
/* The memory that tables take, and how far the maximum can be raised. */
#ifndef CONNTRIAGE_JUDGE_CAPACITY_H
#define CONNTRIAGE_JUDGE_CAPACITY_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/tables.h"

/* A table that real work fills: the maximum it should have, and can have. */
struct raise {
	int64_t need;		/* entries: what is offered, and a third more */
	int64_t max;		/* what memory allows of that, or UNKNOWN */
	bool enough;		/* @max is worth while */
};

/** capacity_weigh() - find @ts->entry_bytes: measured, or by what the slab tells */
void capacity_weigh(struct tables *ts);

/**
 * capacity_pressed() - how many tables besides @n are tight or full
 *
 * The maximum is one variable for all (nf_conntrack_max; __nf_conntrack_alloc() holds it
 * against the count of the packet's namespace): where it is raised for @n, these grow, too.
 */
size_t capacity_pressed(const struct tables *ts, const struct netns_table *n);

/**
 * capacity_memory() - bytes that the tables will take once @n has @max entries
 *
 * What all hold now, and the growth of @n and of those that capacity_pressed() counts:
 * a namespace that is nearly empty stays so. Entries times the bytes of one, and 8 bytes
 * a bucket, one for an entry at least (docs/conntrack.md, "Maximum and buckets").
 */
double capacity_memory(const struct tables *ts, const struct netns_table *n, int64_t max);

/** capacity_held() - bytes that all tables take now */
double capacity_held(const struct tables *ts);

/**
 * capacity_fits() - the greatest maximum for @n with which the tables take @bytes at most
 *
 * Rounded down to thousands; 0 where what they hold is more.
 */
int64_t capacity_fits(const struct tables *ts, const struct netns_table *n, double bytes);

/** capacity_exceeded() - the fullest table whose maximum the machine can't hold, or NULL */
const struct netns_table *capacity_exceeded(const struct tables *ts);

/**
 * raise_possible() - how far the maximum can be raised for the work of @n
 *
 * What is needed is what it would hold if nothing were refused (its verdict), or
 * what was ever seen in it, and a third more. The growth may take TH(MEMORY_SHARE)
 * of the memory that is available.
 */
struct raise raise_possible(const struct tables *ts, const struct netns_table *n);

/** raise_for() - likewise, for so many entries */
struct raise raise_for(const struct tables *ts, const struct netns_table *n, double need);

#endif
