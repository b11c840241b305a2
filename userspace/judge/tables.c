// SPDX-License-Identifier: GPL-2.0
/* The view by namespace and by time; view_actors.c adds the sources. */
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

static void sort_census(struct view *v)
{
	v->nr_census = v->s->nr_census;
	v->census = calloc(v->nr_census + 1, sizeof(*v->census));
	if (!v->census)
		no_memory();
	if (!v->nr_census)
		return;
	memcpy(v->census, v->s->census, v->nr_census * sizeof(*v->census));
	v->nr_census = census_merge(v->census, v->nr_census);
	qsort(v->census, v->nr_census, sizeof(*v->census), census_cmp);
}

const struct census_row *view_heaviest(const struct view *v,
				       enum census_record record, int64_t netns)
{
	size_t low = 0, high = v->nr_census;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct census_row *row = &v->census[mid];

		if (row->netns < netns ||
		    (row->netns == netns && row->record < record))
			low = mid + 1;
		else
			high = mid;
	}
	if (low == v->nr_census || v->census[low].netns != netns ||
	    v->census[low].record != record)
		return NULL;
	return &v->census[low];
}

const struct census_row *view_next(const struct view *v,
				   const struct census_row *row)
{
	const struct census_row *next = row + 1;

	if (next == v->census + v->nr_census || next->netns != row->netns ||
	    next->record != row->record)
		return NULL;
	return next;
}

const struct census_row *view_state(const struct view *v, int64_t netns,
				    const char *proto, const char *state)
{
	const struct census_row *row = view_heaviest(v, CENSUS_STATE, netns);

	while (row && (strcmp(row->proto, proto) || strcmp(row->name, state)))
		row = view_next(v, row);
	return row;
}

bool view_kernel(const struct view *v, int major, int minor)
{
	int a, b;

	if (sscanf(v->s->kernel, "%4d.%4d", &a, &b) != 2)
		return true;
	return a > major || (a == major && b >= minor);
}

static struct spell spell_of(const struct view *v, double seconds)
{
	int64_t first_distinct = UNKNOWN, last_distinct = UNKNOWN;
	int64_t millis = 0;
	struct spell sp = { .peak = 0 };
	size_t i;

	for (i = 0; i < v->s->nr_history; i++) {
		const struct history_row *h = &v->s->history[i];

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
	if (sp.inserts && v->s->has_class[SRC_INSERT] &&
	    known(v->s->class[SRC_INSERT].distinct) > last_distinct)
		last_distinct = v->s->class[SRC_INSERT].distinct;
	sp.seconds = plus(millis, 500) / 1000;
	sp.new_sources = minus(last_distinct, first_distinct);
	return sp;
}

/* A packet was refused, or an entry killed, within a row of history. */
static int64_t row_refusals(const struct view *v, const struct history_row *h)
{
	return v->probes ? known(h->refusals) : known(h->k_drop);
}

static int64_t row_evictions(const struct view *v, const struct history_row *h)
{
	int64_t killed = v->probes ? h->evictions : h->k_early_drop;

	return plus(killed, h->gc_evictions);
}

static int ns_cmp(const void *left, const void *right)
{
	const struct ns_view *a = left, *b = right;

	return (a->netns > b->netns) - (a->netns < b->netns);
}

struct ns_view *view_ns(const struct view *v, int64_t netns)
{
	struct ns_view key = { .netns = netns };

	return bsearch(&key, v->ns, v->nr_ns, sizeof(key), ns_cmp);
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
static void read_history(struct view *v)
{
	size_t i;

	for (i = 0; i < v->s->nr_history; i++) {
		const struct history_row *h = &v->s->history[i];
		struct ns_view *n = view_ns(v, h->netns);
		int64_t r = row_refusals(v, h);

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
		n->evicted = plus(n->evicted, row_evictions(v, h));
	}
}

/*
 * A table over TH(TIGHT) is no alarm while most of it may be evicted: entries
 * that are not ASSURED only inflate the number (facts: early_drop_list() skips
 * ASSURED ones alone). Without a census that isn't known.
 */
static bool inflated(const struct ns_view *n)
{
	return n->total && known(n->total->entries) &&
	       share(known(n->total->assured), n->max) < TH(HARD);
}

/*
 * Without the module nobody knows when the counters rose; a full table with
 * drops is refusing most likely.
 */
static enum level level_unseen(const struct view *v, double used)
{
	if (used >= TH(FULL) && known(v->s->stat.drop))
		return LEVEL_REFUSING;
	if (used >= TH(FULL) && known(v->s->stat.early_drop))
		return LEVEL_EVICTING;
	return used >= TH(TIGHT) ? LEVEL_TIGHT : LEVEL_CALM;
}

static enum level level_of(const struct view *v, const struct ns_view *n)
{
	double used = share(n->count, n->max);

	if (n->max <= 0)
		return LEVEL_CALM;
	if (!n->row)
		return level_unseen(v, used);
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

static void name_ns(const struct view *v, struct ns_view *n)
{
	if (n->own || n->netns == UNKNOWN)
		return;
	n->name = netns_name(v->s, n->netns);
	if (n->name[0])
		snprintf(n->label, sizeof(n->label), "namespace %s (%" PRId64 ")",
			 n->name, n->netns);
	else
		snprintf(n->label, sizeof(n->label), "%s %" PRId64, n->init ?
			 "the initial namespace" : "namespace", n->netns);
}

static struct ns_view *add_ns(struct view *v)
{
	struct ns_view *n = &v->ns[v->nr_ns++];

	n->last_refused = UNKNOWN;
	n->name = "";
	return n;
}

/*
 * The module numbers namespaces as it meets them: init_net is the first. From
 * /proc/net/conntriage there is no more than the reader's own row; the initial
 * one is then somewhere else, unless it is that.
 */
static void read_namespaces(struct view *v)
{
	const struct snapshot *s = v->s;
	int64_t first = UNKNOWN;
	size_t i;

	v->ns = calloc(s->nr_netns + 1, sizeof(*v->ns));
	if (!v->ns)
		no_memory();
	v->init_netns = UNKNOWN;
	for (i = 0; i < s->nr_netns; i++) {
		if (first != UNKNOWN && s->netns[i].id >= first)
			continue;
		first = s->netns[i].id;
		v->init_netns = s->netns[i].netns;
	}
	if (s->mod.partial && first != UNKNOWN && first != CTRI_ID_INIT) {
		first = CTRI_ID_INIT;
		v->init_netns = 0;
	}
	for (i = 0; i < s->nr_netns; i++) {
		const struct netns_row *row = &s->netns[i];
		struct ns_view *n;

		if (row->netns <= 0 || (row->conntrack != 1 && known(row->count) <= 0))
			continue;
		n = add_ns(v);
		n->row = row;
		n->netns = row->netns;
		n->count = known(row->count);
		n->max = known(row->max);
		n->own = row->netns == s->own_netns;
		n->init = row->id == first;
		n->total = view_heaviest(v, CENSUS_NETNS, row->netns);
		v->entries = plus(v->entries, n->count);
	}
	v->nr_tables = v->nr_ns;
	if (v->nr_ns)
		qsort(v->ns, v->nr_ns, sizeof(*v->ns), ns_cmp);
	if (v->nr_ns || s->mod.loaded || s->count == UNKNOWN)
		return;
	/* Without the module there is only the table that the reader is in. */
	add_ns(v);
	v->ns[0].netns = UNKNOWN;
	v->ns[0].own = true;
	v->ns[0].init = true;
	v->ns[0].count = known(s->count);
	v->ns[0].max = known(s->max);
	v->entries = v->ns[0].count;
	v->nr_tables = 1;
}

static void find_fullest(struct view *v)
{
	size_t i;

	for (i = 0; i < v->nr_ns; i++) {
		const struct ns_view *n = &v->ns[i];

		if (!v->fullest[0] || n->count > v->fullest[0]->count) {
			v->fullest[1] = v->fullest[0];
			v->fullest[0] = n;
		} else if (!v->fullest[1] || n->count > v->fullest[1]->count) {
			v->fullest[1] = n;
		}
	}
}

static void weigh_entries(struct view *v)
{
	const struct census_row *row = NULL;
	size_t i;

	for (i = 0; i < v->s->nr_census && !row; i++)
		if (v->s->census[i].record == CENSUS_WALK &&
		    !strcmp(v->s->census[i].name, "bytes_entry") &&
		    v->s->census[i].entries > 0)
			row = &v->s->census[i];
	if (row) {
		v->entry_bytes = row->entries;
		v->entry_bytes_from = "measured";
	} else if (v->s->slab_objsize > 0) {
		v->entry_bytes = (double)v->s->slab_objsize + EXTENSIONS;
		v->entry_bytes_from = "slab object and 128 for extensions";
	} else {
		v->entry_bytes = SLAB_OBJECT + EXTENSIONS;
		v->entry_bytes_from = "estimated";
	}
}

static bool attached(const char *probe)
{
	return *probe && strcmp(probe, CTRI_PROBE_ABSENT);
}

/**
 * view_setup() - work out everything that the causes look at
 * @v: filled; free with view_free(). Points into @s.
 * @s: the snapshot
 */
void view_setup(struct view *v, const struct snapshot *s)
{
	size_t i;

	memset(v, 0, sizeof(*v));
	v->s = s;
	v->probes = attached(s->mod.probe_alloc) && attached(s->mod.probe_drop);
	v->recent = spell_of(v, TH(RECENT));
	v->spell = spell_of(v, TH(SPELL));
	sort_census(v);
	read_namespaces(v);
	read_history(v);
	find_fullest(v);
	weigh_entries(v);
	view_actors(v);
	for (i = 0; i < v->nr_ns; i++) {
		struct ns_view *n = &v->ns[i];

		name_ns(v, n);
		n->level = level_of(v, n);
		if (n->level != LEVEL_CALM)
			root_decide(v, n);
	}
}

void view_free(struct view *v)
{
	free(v->ns);
	free(v->census);
	free(v->actor);
	memset(v, 0, sizeof(*v));
}
