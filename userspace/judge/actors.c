// SPDX-License-Identifier: GPL-2.0
/* The sources of a snapshot: rows of all files that speak of one, together. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/life.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "snapshot.h"

#define ANSWERS		5	/* % of its INVALID packets: SYN-ACKs, one a connection */

int64_t actor_recent(const struct actor *a, enum source_class class)
{
	return a->row[class] ? known(a->row[class]->recent) : 0;
}

int64_t actor_count(const struct actor *a, enum source_class class)
{
	return a->row[class] ? known(a->row[class]->count) : 0;
}

/*
 * Events of a class a second; the module scales the rate of a young record up
 * (kmod/table_math.c).
 */
double actor_rate(const struct actor *a, enum source_class class)
{
	return a->row[class] ? a->row[class]->rate : 0;
}

const char *actor_proto(const struct actor *a, enum source_class class)
{
	const struct source_row *row = a->row[class];
	const struct kind_count *most = NULL;
	int i;

	for (i = 0; row && i < row->nr_kinds; i++)
		if (!most || row->kind[i].count > most->count)
			most = &row->kind[i];
	return most && most->count > 0 && strcmp(most->name, CTRI_KIND_DIRECT) ?
	       most->name : "";
}

int64_t row_kind(const struct source_row *row, const char *kind)
{
	int64_t sum = 0;
	int i;

	for (i = 0; i < row->nr_kinds; i++)
		if (!strcmp(row->kind[i].name, kind))
			sum = plus(sum, row->kind[i].count);
	return sum;
}

double row_part(const struct source_row *row, const char *kind)
{
	double all = 0;
	int i;

	for (i = 0; i < row->nr_kinds; i++)
		all += known(row->kind[i].count);
	return all > 0 ? row_kind(row, kind) / all : 0;
}

double actor_part(const struct actor *a, enum source_class class,
		  const char *kind)
{
	return a->row[class] ? row_part(a->row[class], kind) : 0;
}

bool actor_real(const struct actor *a)
{
	const int64_t *stage = a->held ? a->held->stage : NULL;

	return stage && life_sum(stage) > 0 &&
	       2 * (life_count(stage, LIFE_UNANSWERED) + life_count(stage, LIFE_HALF_OPEN)) <
	       life_sum(stage);
}

const struct actor *actors_top(const struct netns_table *n, enum source_class class)
{
	const struct actor *top = NULL;
	size_t i;

	for (i = 0; i < n->nr_actors; i++)
		if (actor_recent(&n->actor[i], class) > 0 &&
		    (!top || actor_recent(&n->actor[i], class) >
			     actor_recent(top, class)))
			top = &n->actor[i];
	return top;
}

/* The actor that holds most entries, or NULL. */
const struct actor *actors_holder(const struct netns_table *n)
{
	const struct actor *top = NULL;
	size_t i;

	for (i = 0; i < n->nr_actors; i++)
		if (n->actor[i].held &&
		    (!top || n->actor[i].held->entries > top->held->entries))
			top = &n->actor[i];
	return top;
}

/*
 * The shares that aren't listed belong to sources that each have no more than
 * the least of those listed, as the heaviest are listed; and there are no more
 * of them than distinct sources were seen. Both bound the entropy of the rest
 * (Shannon 1948, section 6): shares of at most p have at least log2(1/p) bits,
 * m sources at most log2(m).
 */
double actors_spread(const struct tables *ts, const struct netns_table *n)
{
	double others = (double)known(ts->s->class[SRC_INSERT].distinct);
	double bits = 0, rest = 1, least = 1;
	size_t i;

	for (i = 0; i < n->nr_actors; i++) {
		double part = share(n->actor[i].offered, n->offered) / 100;

		if (part <= 0)
			continue;
		bits -= part * log2(part);
		rest -= part;
		least = fmin(least, part);
		others--;
	}
	/*
	 * More may be listed than were estimated: then there are hardly others.
	 */
	if (rest > 0)
		bits += rest * fmin(-log2(least), log2(fmax(others, 1) / rest));
	return fmin(exp2(bits), 1e15);
}

static int same_cmp(const void *left, const void *right)
{
	const struct actor *a = left, *b = right;

	if (a->netns != b->netns)
		return a->netns < b->netns ? -1 : 1;
	return strcmp(a->source, b->source);
}

static int offered_cmp(const void *left, const void *right)
{
	const struct actor *a = left, *b = right;
	int64_t counts;

	if (a->offered != b->offered)
		return a->offered < b->offered ? 1 : -1;
	counts = minus(actor_count(b, SRC_INSERT), actor_count(a, SRC_INSERT));
	if (counts)
		return counts < 0 ? -1 : 1;
	return strcmp(a->source, b->source);
}

static void sort_actors(struct netns_table *n)
{
	if (n->nr_actors)
		qsort(n->actor, n->nr_actors, sizeof(*n->actor), offered_cmp);
}

/* Text from a file becomes part of commands: nothing but addresses may pass. */
static void add_actor(struct tables *ts, int64_t netns, const char *source)
{
	struct actor *a = &ts->actor[ts->nr_actors];
	int family = strchr(source, ':') ? 6 : 4;

	if (netns <= 0 || !text_address(source, family))
		return;
	a->netns = netns;
	a->source = source;
	a->family = family;
	ts->nr_actors++;
}

static void merge_actors(struct tables *ts)
{
	size_t i, last = 0;

	if (!ts->nr_actors)
		return;
	qsort(ts->actor, ts->nr_actors, sizeof(*ts->actor), same_cmp);
	for (i = 1; i < ts->nr_actors; i++) {
		struct actor *a = &ts->actor[i], *b = &ts->actor[last];
		int class;

		if (same_cmp(a, b)) {
			ts->actor[++last] = *a;
			continue;
		}
		for (class = 0; class < SRC_CLASSES; class++)
			if (a->row[class])
				b->row[class] = a->row[class];
		if (a->held)
			b->held = a->held;
	}
	ts->nr_actors = last + 1;
}

static bool is_local(const struct snapshot *s, const struct actor *a)
{
	size_t i;

	if (a->netns != s->own_netns)
		return false;
	for (i = 0; i < s->nr_local; i++)
		if (!strcmp(s->local[i], a->source))
			return true;
	return false;
}

static void collect_actors(struct tables *ts)
{
	const struct snapshot *s = ts->s;
	size_t i, before;

	for (i = 0; i < s->nr_source; i++) {
		if (s->source[i].class > SRC_INSERT_FAILED)
			continue;	/* a destination, or a program */
		before = ts->nr_actors;
		add_actor(ts, s->source[i].netns, s->source[i].source);
		if (ts->nr_actors > before)
			ts->actor[before].row[s->source[i].class] = &s->source[i];
	}
	for (i = 0; i < ts->nr_census; i++) {
		if (ts->census[i].record != CENSUS_SOURCE)
			continue;
		before = ts->nr_actors;
		add_actor(ts, ts->census[i].netns, ts->census[i].name);
		if (ts->nr_actors > before)
			ts->actor[before].held = &ts->census[i];
	}
}

/*
 * A mean that decays as the rates of the sources do, so that shares of it are
 * right.
 */
static void mean_history(struct tables *ts, double *offered)
{
	double opened = 0, invalid = 0, seconds = 0;
	size_t i;

	for (i = 0; i < ts->s->nr_history; i++) {
		const struct history_row *h = &ts->s->history[i];
		double weight = exp2(-(double)known(h->ago) / RATE_HALF_LIFE);

		opened += weight * (double)plus(h->inserts,
				ts->probes ? h->refusals : h->k_drop);
		invalid += weight * (double)known(h->invalid);
		seconds += weight * (double)known(h->span) / 1000;
	}
	*offered = seconds > 0 ? opened / seconds : 0;
	ts->invalid = seconds > 0 ? invalid / seconds : 0;
}

bool actor_answers(const struct actor *a)
{
	return 100 * actor_part(a, SRC_INVALID, "inv_synack") >= ANSWERS;
}

bool actor_sends_invalid(const struct actor *a)
{
	double rate = actor_rate(a, SRC_INVALID) *
		      (1 - actor_part(a, SRC_INVALID, "inv_window"));

	return !actor_answers(a) && rate >= TH(INVALID_RATE) &&
	       rate > actor_rate(a, SRC_INSERT);
}

/* What a source did within TH(RECENT): its window may reach back further. */
static int64_t lately(const struct actor *a, enum source_class class)
{
	const struct source_row *row = a->row[class];

	return row && known(row->last_ago) <= TH(RECENT) ? known(row->recent) : 0;
}

/* The listed sources and history each miss some: the greater number counts. */
static void sum_up(struct netns_table *n)
{
	int64_t refused = 0, evicted = 0;
	size_t i;

	sort_actors(n);
	for (i = 0; i < n->nr_actors; i++) {
		refused = plus(refused, lately(&n->actor[i], SRC_REFUSED));
		evicted = plus(evicted, lately(&n->actor[i], SRC_EVICTED));
	}
	if (refused > n->refused)
		n->refused = refused;
	if (evicted > n->evicted)
		n->evicted = evicted;
	if (n->refused > n->was_refused)
		n->was_refused = n->refused;
}

/* A list of so many rows may have been cut: of all namespaces, for it has them together. */
static bool is_cut(const struct snapshot *s, enum source_class class)
{
	size_t i, nr = 0;

	for (i = 0; i < s->nr_source; i++)
		nr += s->source[i].class == class;
	return nr >= LIST_ROWS;
}

static void mark_cut(struct tables *ts)
{
	bool openers = is_cut(ts->s, SRC_INSERT);
	bool losers = is_cut(ts->s, SRC_REFUSED) || is_cut(ts->s, SRC_EVICTED);
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		ts->netns[i].openers_cut = openers;
		ts->netns[i].losers_cut = losers;
	}
}

/*
 * What one that came stands for, where nobody knows whose the refused packets were: they
 * are shared out as what came is.
 */
static double refused_for_each(const struct tables *ts, const struct netns_table *n)
{
	if (!tables_listed(ts) || !n || !n->row || known(n->row->inserts) <= 0)
		return 1;
	return (double)plus(n->row->inserts, n->row->k_drop) / (double)n->row->inserts;
}

/*
 * Without the module INVALID packets have no sources. Two lists tell how many each namespace
 * had meanwhile, else history does for all together.
 */
static double invalid_whose(const struct tables *ts, const struct netns_table *n)
{
	if (ts->s->mod.loaded || !n->row)
		return 0;
	if (n->row->k_invalid == UNKNOWN || !ts->s->dump.span)
		return ts->invalid;
	return 1000.0 * (double)n->row->k_invalid / (double)ts->s->dump.span;
}

void actors_collect(struct tables *ts)
{
	struct netns_table *n = NULL;
	double all = 0, history;
	size_t i;

	mark_cut(ts);
	mean_history(ts, &history);
	ts->actor = calloc(ts->s->nr_source + ts->nr_census + 1, sizeof(*ts->actor));
	if (!ts->actor)
		no_memory();
	collect_actors(ts);
	merge_actors(ts);
	for (i = 0; i < ts->nr_actors; i++) {
		struct actor *a = &ts->actor[i];

		if (!n || n->netns != a->netns)
			n = tables_netns(ts, a->netns);
		a->offered = actor_rate(a, SRC_INSERT) * refused_for_each(ts, n);
		if (actor_sends_invalid(a) || actor_answers(a))
			history -= actor_rate(a, SRC_REFUSED);
		else
			a->offered += actor_rate(a, SRC_REFUSED);
		a->local = is_local(ts->s, a);
		snprintf(a->who, sizeof(a->who), "%s",
			 who_words(ts->s, a->netns, a->source));
		all += a->offered;
		if (!n)
			continue;
		if (!n->nr_actors++)
			n->actor = a;
		n->offered += a->offered;
	}
	n = ts->s->nr_history ?
	    tables_netns(ts, ts->s->history[ts->s->nr_history - 1].netns) : NULL;
	if (n && history - (all - n->offered) > n->offered)
		n->offered = history - (all - n->offered);
	for (i = 0; i < ts->nr_netns; i++) {
		ts->netns[i].invalid_whose = invalid_whose(ts, &ts->netns[i]);
		ts->netns[i].offered_now = ts->netns[i].offered;
		sum_up(&ts->netns[i]);
	}
}
