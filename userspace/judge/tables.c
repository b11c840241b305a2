// SPDX-License-Identifier: GPL-2.0
/* The connection tables of all namespaces, and what history says of a span of time. */
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
#include "lib/netns_row.h"
#include "lib/numbers.h"
#include "snapshot.h"

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

static struct spell spell_of(const struct tables *ts, double seconds)
{
	int64_t first_distinct = UNKNOWN, last_distinct = UNKNOWN;
	int64_t millis = 0;
	struct spell sp = { .peak = 0 };
	size_t i;

	for (i = 0; i < ts->s->nr_history; i++) {
		const struct history_row *h = &ts->s->history[i];

		if (known(h->ago) > seconds) {
			/*
			 * the number that the first row of the span starts from
			 */
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
	/*
	 * History learns of new sources every ten seconds; the class knows of
	 * them at once.
	 */
	if (sp.inserts && ts->s->has_class[SRC_INSERT] &&
	    known(ts->s->class[SRC_INSERT].distinct) > last_distinct)
		last_distinct = ts->s->class[SRC_INSERT].distinct;
	sp.seconds = plus(millis, 500) / 1000;
	sp.new_sources = minus(last_distinct, first_distinct);
	return sp;
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

static void name_ns(const struct tables *ts, struct netns_table *n)
{
	if (n->own || n->netns == UNKNOWN)
		return;
	n->name = netns_name(ts->s, n->netns);
	if (n->init && !n->name[0])
		snprintf(n->label, sizeof(n->label), "the initial namespace %" PRId64, n->netns);
	else
		snprintf(n->label, sizeof(n->label), "%s", netns_label(ts->s, n->netns));
}

static struct netns_table *add_ns(struct tables *ts)
{
	struct netns_table *n = &ts->netns[ts->nr_netns++];

	n->last_refused = UNKNOWN;
	n->name = "";
	return n;
}

bool tables_listed(const struct tables *ts)
{
	return ts->s->origin > ORIGIN_MODULE && !ts->s->mod.loaded;
}

bool tables_outside(const struct tables *ts)
{
	return ts->init_netns != UNKNOWN && ts->s->own_netns != UNKNOWN &&
	       ts->init_netns != ts->s->own_netns;
}

/* Without the module's list there is only the table that the reader is in. */
static void only_own(struct tables *ts)
{
	const struct snapshot *s = ts->s;
	struct netns_table *n = add_ns(ts);

	n->netns = UNKNOWN;
	n->own = true;
	n->init = true;
	n->count = known(s->count);
	n->max = known(s->max);
	ts->entries = n->count;
	ts->nr_tables = 1;
	if (!s->mod.loaded || s->own_netns == UNKNOWN)
		return;
	/* The list is damaged. What the other files say of this namespace holds. */
	n->netns = s->own_netns;
	n->total = tables_heaviest(ts, CENSUS_NETNS, n->netns);
	n->row = &ts->own_row;
	/* the module's list doesn't have it: it tells no counter */
	netns_row_unknown(&ts->own_row, n->netns);
	ts->own_row.conntrack = 1;
	ts->own_row.count = n->count;
	ts->own_row.max = n->max;
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
	if ((s->mod.partial || s->origin > ORIGIN_MODULE) && first != UNKNOWN &&
	    first != CTRI_ID_INIT) {
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
	if (!ts->nr_netns && s->count != UNKNOWN &&
	    (!s->mod.loaded || find_fault(s, CTRI_FILE_NETNS)))
		only_own(ts);
}

static int64_t waiting_tcp(const struct tables *ts, const struct netns_table *n)
{
	const struct census_row *sent = tables_state(ts, n->netns, "tcp", "SYN_SENT");

	return plus(n->total ? n->total->stage[STAGE_MIDSTREAM] : 0, sent ? sent->entries : 0);
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

static bool attached(const char *probe)
{
	return *probe && strcmp(probe, CTRI_PROBE_ABSENT);
}

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
	for (i = 0; i < ts->nr_netns; i++) {
		name_ns(ts, &ts->netns[i]);
		ts->netns[i].waiting_tcp = waiting_tcp(ts, &ts->netns[i]);
	}
	find_fullest(ts);
}

void tables_free(struct tables *ts)
{
	free(ts->netns);
	free(ts->census);
	free(ts->actor);
	memset(ts, 0, sizeof(*ts));
}
