// SPDX-License-Identifier: GPL-2.0
/* The view by namespace and by time; actors_collect.c adds the sources. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/census.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

/*
 * struct nf_conn takes a 256-byte slab object on amd64 (SLAB_HWCACHE_ALIGN in
 * nf_conntrack_init_start()), and the first extension allocates 128 bytes
 * (NF_CT_EXT_PREALLOC in nf_conntrack_extend.c) whatever it needs.
 */
#define SLAB_OBJECT	256
#define EXTENSIONS	128

/* By namespace and record, heaviest first; names make the order total. */
static int census_cmp(const void *left, const void *right)
{
	const struct census_row *a = left, *b = right;

	if (a->netns != b->netns)
		return a->netns < b->netns ? -1 : 1;
	if (a->record != b->record)
		return a->record < b->record ? -1 : 1;
	if (a->entries != b->entries)
		return a->entries < b->entries ? 1 : -1;
	return strcmp(a->proto, b->proto) ?: strcmp(a->name, b->name);
}

static void sort_census(struct tables *ts)
{
	ts->nr_census = ts->s->nr_census;
	ts->census = calloc(ts->nr_census + 1, sizeof(*ts->census));
	if (!ts->census)
		no_memory();
	if (!ts->nr_census)
		return;
	memcpy(ts->census, ts->s->census, ts->nr_census * sizeof(*ts->census));
	ts->nr_census = census_merge(ts->census, ts->nr_census);
	qsort(ts->census, ts->nr_census, sizeof(*ts->census), census_cmp);
}

const struct census_row *tables_heaviest(const struct tables *ts,
				       enum census_record record, int64_t netns)
{
	size_t low = 0, high = ts->nr_census;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct census_row *row = &ts->census[mid];

		if (row->netns < netns ||
		    (row->netns == netns && row->record < record))
			low = mid + 1;
		else
			high = mid;
	}
	if (low == ts->nr_census || ts->census[low].netns != netns ||
	    ts->census[low].record != record)
		return NULL;
	return &ts->census[low];
}

const struct census_row *tables_next(const struct tables *ts,
				   const struct census_row *row)
{
	const struct census_row *next = row + 1;

	if (next == ts->census + ts->nr_census || next->netns != row->netns ||
	    next->record != row->record)
		return NULL;
	return next;
}

const struct census_row *tables_state(const struct tables *ts, int64_t netns,
				    const char *proto, const char *state)
{
	const struct census_row *row = tables_heaviest(ts, CENSUS_STATE, netns);

	while (row && (strcmp(row->proto, proto) || strcmp(row->name, state)))
		row = tables_next(ts, row);
	return row;
}

bool view_kernel(const struct tables *ts, int major, int minor)
{
	int a, b;

	if (sscanf(ts->s->kernel, "%4d.%4d", &a, &b) != 2)
		return true;
	return a > major || (a == major && b >= minor);
}

static struct spell spell_of(const struct tables *ts, double seconds)
{
	int64_t first_distinct = UNKNOWN, last_distinct = UNKNOWN;
	int64_t millis = 0;
	struct spell sp = { .peak = 0 };
	size_t i;

	for (i = 0; i < ts->s->nr_history; i++) {
		const struct history_row *h = &ts->s->history[i];

		if (known(h->ago) > seconds) {
			/* What the first row of the span starts from */
			first_distinct = h->distinct;
			continue;
		}
		millis = plus(millis, h->span);
		sp.inserts = plus(sp.inserts, h->inserts);
		sp.insert_failed = plus(sp.insert_failed, h->insert_failed);
		sp.evictions = plus(sp.evictions, h->evictions);
		sp.gc_evictions = plus(sp.gc_evictions, h->gc_evictions);
		if (known(h->count) > sp.peak)
			sp.peak = h->count;
		if (first_distinct == UNKNOWN)
			first_distinct = h->distinct;
		last_distinct = h->distinct;
	}
	/* History learns of new sources every ten seconds, this number at once. */
	if (sp.inserts && ts->s->has_class[SRC_INSERT] &&
	    known(ts->s->class[SRC_INSERT].distinct) > last_distinct)
		last_distinct = ts->s->class[SRC_INSERT].distinct;
	sp.seconds = plus(millis, 500) / 1000;
	sp.new_sources = minus(last_distinct, first_distinct);
	return sp;
}

/* A packet was refused, or an entry killed, within a row of history. */
static int64_t row_refusals(const struct tables *ts, const struct history_row *h)
{
	return ts->probes ? known(h->refusals) : known(h->k_drop);
}

static int64_t row_evictions(const struct tables *ts, const struct history_row *h)
{
	int64_t killed = ts->probes ? h->evictions : h->k_early_drop;

	return plus(killed, h->gc_evictions);
}

static int ns_cmp(const void *left, const void *right)
{
	const struct netns_table *a = left, *b = right;

	return (a->netns > b->netns) - (a->netns < b->netns);
}

struct netns_table *tables_netns(const struct tables *ts, int64_t netns)
{
	struct netns_table key = { .netns = netns };

	return bsearch(&key, ts->netns, ts->nr_netns, sizeof(key), ns_cmp);
}

/*
 * A table that has never made room for a connection of its own: what it lost,
 * the garbage collector killed because another one refused (facts 15).
 */
static bool cleared_for_others(const struct netns_row *row)
{
	return !known(row->evictions) && !known(row->refusals) &&
	       !known(row->evictions_unattr) && !known(row->drops_unattr);
}

/* History names only the fullest namespace: the one that refuses, if any. */
static void read_history(struct tables *ts)
{
	size_t i;

	for (i = 0; i < ts->s->nr_history; i++) {
		const struct history_row *h = &ts->s->history[i];
		struct netns_table *n = tables_netns(ts, h->netns);
		int64_t r = row_refusals(ts, h);

		if (!n || cleared_for_others(n->row))
			continue;
		if (r)
			n->last_refused = known(h->ago);
		if (known(h->ago) > TH(SPELL))
			continue;
		n->was_refused = plus(n->was_refused, r);
		if (known(h->ago) > TH(RECENT))
			continue;
		n->refused = plus(n->refused, r);
		n->evicted = plus(n->evicted, row_evictions(ts, h));
	}
}

/*
 * A table over TH(TIGHT) is no alarm while most of it may be evicted: entries
 * that are not ASSURED only inflate the number (facts: early_drop_list() skips
 * ASSURED ones alone). Without a census that isn't known.
 */
static bool inflated(const struct netns_table *n)
{
	return n->total && known(n->total->entries) &&
	       share(known(n->total->assured), n->max) < TH(HARD);
}

/*
 * Without the module nobody knows when the counters rose; a full table with
 * drops is refusing most likely.
 */
static enum level level_unseen(const struct tables *ts, double used)
{
	if (used >= TH(FULL) && known(ts->s->stat.drop))
		return LEVEL_REFUSING;
	if (used >= TH(FULL) && known(ts->s->stat.early_drop))
		return LEVEL_EVICTING;
	return used >= TH(TIGHT) ? LEVEL_TIGHT : LEVEL_CALM;
}

static enum level level_of(const struct tables *ts, const struct netns_table *n)
{
	double used = share(n->count, n->max);

	if (n->max <= 0)
		return LEVEL_CALM;
	if (!n->row)
		return level_unseen(ts, used);
	/*
	 * A table with room isn't full, whatever it did just before the fix was
	 * typed. It kills above TH(FULL) only (gc_worker()), or at 100 %.
	 */
	if (n->refused && used >= TH(TIGHT))
		return LEVEL_REFUSING;
	if (n->evicted && used >= TH(TIGHT) && !cleared_for_others(n->row))
		return LEVEL_EVICTING;
	if (used >= TH(TIGHT) && !inflated(n))
		return LEVEL_TIGHT;
	return n->was_refused ? LEVEL_WAS : LEVEL_CALM;
}

static void name_ns(const struct tables *ts, struct netns_table *n)
{
	if (n->own || n->netns == UNKNOWN)
		return;
	n->name = netns_name(ts->s, n->netns);
	if (n->name[0])
		snprintf(n->label, sizeof(n->label), "namespace %s (%" PRId64 ")",
			 n->name, n->netns);
	else
		snprintf(n->label, sizeof(n->label), "%s %" PRId64, n->init ?
			 "the initial namespace" : "namespace", n->netns);
}

static struct netns_table *add_ns(struct tables *ts)
{
	struct netns_table *n = &ts->netns[ts->nr_netns++];

	n->last_refused = UNKNOWN;
	n->name = "";
	return n;
}

/*
 * The module numbers namespaces as it meets them: init_net is the first. From
 * /proc/net/conntriage there is no more than the reader's own row; the initial
 * one is then somewhere else, unless it is that.
 */
static void read_namespaces(struct tables *ts)
{
	const struct snapshot *s = ts->s;
	int64_t first = UNKNOWN;
	size_t i;

	ts->netns = calloc(s->nr_netns + 1, sizeof(*ts->netns));
	if (!ts->netns)
		no_memory();
	ts->init_netns = UNKNOWN;
	for (i = 0; i < s->nr_netns; i++) {
		if (first != UNKNOWN && s->netns[i].id >= first)
			continue;
		first = s->netns[i].id;
		ts->init_netns = s->netns[i].netns;
	}
	if (s->mod.partial && first != UNKNOWN && first != CTRI_ID_INIT) {
		first = CTRI_ID_INIT;
		ts->init_netns = 0;
	}
	for (i = 0; i < s->nr_netns; i++) {
		const struct netns_row *row = &s->netns[i];
		struct netns_table *n;

		if (row->netns <= 0 || (row->conntrack != 1 && known(row->count) <= 0))
			continue;
		n = add_ns(ts);
		n->row = row;
		n->netns = row->netns;
		n->count = known(row->count);
		n->max = known(row->max);
		n->own = row->netns == s->own_netns;
		n->init = row->id == first;
		n->total = tables_heaviest(ts, CENSUS_NETNS, row->netns);
		ts->entries = plus(ts->entries, n->count);
	}
	ts->nr_tables = ts->nr_netns;
	if (ts->nr_netns)
		qsort(ts->netns, ts->nr_netns, sizeof(*ts->netns), ns_cmp);
	if (ts->nr_netns || s->mod.loaded || s->count == UNKNOWN)
		return;
	/* Without the module there is only the table that the reader is in. */
	add_ns(ts);
	ts->netns[0].netns = UNKNOWN;
	ts->netns[0].own = true;
	ts->netns[0].init = true;
	ts->netns[0].count = known(s->count);
	ts->netns[0].max = known(s->max);
	ts->entries = ts->netns[0].count;
	ts->nr_tables = 1;
}

static void find_fullest(struct tables *ts)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];

		if (!ts->fullest[0] || n->count > ts->fullest[0]->count) {
			ts->fullest[1] = ts->fullest[0];
			ts->fullest[0] = n;
		} else if (!ts->fullest[1] || n->count > ts->fullest[1]->count) {
			ts->fullest[1] = n;
		}
	}
}

static void weigh_entries(struct tables *ts)
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

static bool attached(const char *probe)
{
	return *probe && strcmp(probe, CTRI_PROBE_ABSENT);
}

/**
 * tables_begin() - work out everything that the causes look at
 * @ts: filled; free with tables_free(). Points into @s.
 * @s: the snapshot
 */
void tables_begin(struct tables *ts, const struct snapshot *s)
{
	size_t i;

	memset(ts, 0, sizeof(*ts));
	ts->s = s;
	ts->probes = attached(s->mod.probe_alloc) && attached(s->mod.probe_drop);
	ts->recent = spell_of(ts, TH(RECENT));
	ts->spell = spell_of(ts, TH(SPELL));
	sort_census(ts);
	read_namespaces(ts);
	read_history(ts);
	find_fullest(ts);
	weigh_entries(ts);
	actors_collect(ts);
	for (i = 0; i < ts->nr_netns; i++) {
		struct netns_table *n = &ts->netns[i];

		name_ns(ts, n);
		n->level = level_of(ts, n);
		if (n->level != LEVEL_CALM)
			blame_decide(ts, n);
	}
}

void tables_free(struct tables *ts)
{
	free(ts->netns);
	free(ts->census);
	free(ts->actor);
	memset(ts, 0, sizeof(*ts));
}
