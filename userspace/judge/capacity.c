// SPDX-License-Identifier: GPL-2.0
/* The memory that tables take, and how far the maximum can be raised. */
#include <math.h>
#include <string.h>

#include "judge/capacity.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/verdict.h"
#include "lib/numbers.h"
#include "snapshot.h"

/*
 * struct nf_conn takes a 256-byte slab object on amd64 (SLAB_HWCACHE_ALIGN in
 * nf_conntrack_init_start()), and the first extension allocates 128 bytes
 * (NF_CT_EXT_PREALLOC in nf_conntrack_extend.c) whatever it needs.
 */
#define SLAB_OBJECT	256
#define EXTENSIONS	128

#define BUCKET_BYTES	8	/* struct hlist_nulls_head on 64 bits */

void capacity_weigh(struct tables *ts)
{
	const struct census_row *row = NULL;
	size_t i;

	for (i = 0; i < ts->s->nr_census && !row; i++)
		if (ts->s->census[i].record == CENSUS_WALK &&
		    !strcmp(ts->s->census[i].name, "bytes_entry") &&
		    ts->s->census[i].entries > 0)
			row = &ts->s->census[i];
	if (row) {
		ts->entry_bytes = row->entries;
		ts->entry_bytes_from = "measured";
	} else if (ts->s->slab_objsize > 0) {
		ts->entry_bytes = (double)ts->s->slab_objsize + EXTENSIONS;
		ts->entry_bytes_from = "slab object and 128 for extensions";
	} else {
		ts->entry_bytes = SLAB_OBJECT + EXTENSIONS;
		ts->entry_bytes_from = "estimated";
	}
}

static bool grows(const struct netns_table *t, const struct netns_table *n)
{
	return t == n || t->level >= LEVEL_TIGHT;
}

size_t capacity_pressed(const struct tables *ts, const struct netns_table *n)
{
	size_t i, nr = 0;

	for (i = 0; i < ts->nr_netns; i++)
		nr += &ts->netns[i] != n && grows(&ts->netns[i], n);
	return nr;
}

double capacity_memory(const struct tables *ts, const struct netns_table *n, int64_t max)
{
	double entries = ts->entries, buckets = known(ts->s->buckets);
	size_t i;

	for (i = 0; i < ts->nr_netns; i++)
		if (grows(&ts->netns[i], n) && max > ts->netns[i].count)
			entries += max - ts->netns[i].count;
	return entries * ts->entry_bytes + BUCKET_BYTES * fmax(buckets, max);
}

double capacity_held(const struct tables *ts)
{
	return ts->entries * ts->entry_bytes + BUCKET_BYTES * (double)known(ts->s->buckets);
}

int64_t capacity_fits(const struct tables *ts, const struct netns_table *n, double bytes)
{
	double still = ts->entries, nr = 0, buckets = known(ts->s->buckets), max;
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		if (!grows(&ts->netns[i], n))
			continue;
		still -= ts->netns[i].count;
		nr++;
	}
	bytes -= still * ts->entry_bytes;
	max = fmin((bytes - BUCKET_BYTES * buckets) / (nr * ts->entry_bytes),
		   bytes / (nr * ts->entry_bytes + BUCKET_BYTES));
	return max > 0 && max < (double)INT64_MAX ? (int64_t)max / 1000 * 1000 : 0;
}

/*
 * The smallest power of two that is at least @need, or less where memory ends
 * before; UNKNOWN where memory is.
 */
static int64_t affordable(const struct tables *ts, const struct netns_table *n, int64_t need)
{
	double limit = ts->s->mem_available * TH(MEMORY_SHARE) / 100 + capacity_held(ts);
	int64_t max = 1024;

	if (ts->s->mem_available == UNKNOWN)
		return UNKNOWN;
	while (max < need && max < INT64_MAX / 4)
		max *= 2;
	if (capacity_memory(ts, n, max) <= limit)
		return max;
	return capacity_fits(ts, n, limit);
}

const struct netns_table *capacity_exceeded(const struct tables *ts)
{
	const struct netns_table *worst = NULL;
	size_t i;

	if (ts->s->mem_total == UNKNOWN || ts->s->mem_total <= 0)
		return NULL;
	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];

		if (n->max > 0 && (!worst || n->count > worst->count) &&
		    share((double)n->max * ts->entry_bytes, ts->s->mem_total) > TH(MEMORY_MAX))
			worst = n;
	}
	return worst;
}

/* A raise by less is not worth the risk of a change. */
#define WORTH	1.25

static int64_t peak(const struct tables *ts, const struct netns_table *n)
{
	return ts->spell.peak > n->count ? ts->spell.peak : n->count;
}

struct raise raise_possible(const struct tables *ts, const struct netns_table *n)
{
	return raise_for(ts, n, n->verdict ? n->verdict->need : 0);
}

struct raise raise_for(const struct tables *ts, const struct netns_table *n, double need)
{
	int64_t seen = peak(ts, n) > n->max ? peak(ts, n) : n->max;
	struct raise r;

	if (need > seen)
		seen = need < (double)INT64_MAX / 4 ? need : INT64_MAX / 4;
	r.need = seen < INT64_MAX / 4 ? seen + seen / 3 : seen;
	r.max = affordable(ts, n, r.need);
	r.enough = r.max != UNKNOWN && r.max >= WORTH * (double)n->max;
	return r;
}
