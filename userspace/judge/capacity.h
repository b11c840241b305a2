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
 * capacity_memory() - bytes that @max entries in each namespace would take
 *
 * Entries times the bytes of one, plus 8 bytes a bucket, summed over all
 * namespaces that track connections: the maximum is the limit of each of them
 * (nf_conntrack_max is one variable, __nf_conntrack_alloc() holds it against the
 * count of the packet's namespace; docs/conntrack.md, "Maximum and buckets").
 */
double capacity_memory(const struct tables *ts, int64_t max);

/* The maximum promises what the machine can't hold. */
bool capacity_exceeded(const struct tables *ts);

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
