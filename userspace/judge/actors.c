// SPDX-License-Identifier: GPL-2.0
/* The sources of a snapshot: rows of all files that speak of one, together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "snapshot.h"

#define HALF_LIFE	8.0	/* s, of the module's rates (kmod/table_math.c) */

int64_t actor_recent(const struct actor *a, enum source_class class)
{
	return a->row[class] ? known(a->row[class]->recent) : 0;
}

int64_t actor_count(const struct actor *a, enum source_class class)
{
	return a->row[class] ? known(a->row[class]->count) : 0;
}

/* Events of a class a second; the module has made it up for young records. */
double actor_rate(const struct actor *a, enum source_class class)
{
	return a->row[class] ? a->row[class]->rate : 0;
}

/* The protocol that most events of a class are of, or "". */
const char *actor_proto(const struct actor *a, enum source_class class)
{
	const struct source_row *row = a->row[class];
	const struct kind_count *most = NULL;
	int i;

	for (i = 0; row && i < row->nr_kinds; i++)
		if (!most || row->kind[i].count > most->count)
			most = &row->kind[i];
	return most && most->count > 0 ? most->name : "";
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

double actor_part(const struct actor *a, enum source_class class,
		  const char *kind)
{
	const struct source_row *row = a->row[class];
	double all = 0;
	int i;

	for (i = 0; row && i < row->nr_kinds; i++)
		all += known(row->kind[i].count);
	return all > 0 ? row_kind(row, kind) / all : 0;
}

bool actor_culprit(const struct ns_view *n, const struct actor *a)
{
	return a >= n->actor && a < n->actor + n->nr_culprits;
}

/* The actor with most events of a class now, or NULL. */
const struct actor *view_top(const struct ns_view *n, enum source_class class)
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
const struct actor *view_holder(const struct ns_view *n)
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
 * What the listed sources lack, none of the others has more of than the least of
 * those, as the heaviest are listed; and there are no more of them than distinct
 * ones were seen. Both bound the entropy of the rest (Shannon 1948, section 6):
 * shares of at most p have at least log2(1/p) bits, m sources at most log2(m).
 */
double view_spread(const struct view *v, const struct ns_view *n)
{
	double others = (double)known(v->s->class[SRC_INSERT].distinct);
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
	/* Where more are listed than were estimated, there are hardly others */
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

/* Most offered first; as a pressed namespace needs it anew: see root.c. */
void view_sort_actors(struct ns_view *n)
{
	if (n->nr_actors)
		qsort(n->actor, n->nr_actors, sizeof(*n->actor), offered_cmp);
}

/* Text from a file becomes part of commands: nothing but addresses may pass. */
static void add_actor(struct view *v, int64_t netns, const char *source)
{
	struct actor *a = &v->actor[v->nr_actors];
	int family = strchr(source, ':') ? 6 : 4;

	if (netns <= 0 || !text_address(source, family))
		return;
	a->netns = netns;
	a->source = source;
	a->family = family;
	v->nr_actors++;
}

static void merge_actors(struct view *v)
{
	size_t i, last = 0;

	if (!v->nr_actors)
		return;
	qsort(v->actor, v->nr_actors, sizeof(*v->actor), same_cmp);
	for (i = 1; i < v->nr_actors; i++) {
		struct actor *a = &v->actor[i], *b = &v->actor[last];
		int class;

		if (same_cmp(a, b)) {
			v->actor[++last] = *a;
			continue;
		}
		for (class = 0; class < SRC_CLASSES; class++)
			if (a->row[class])
				b->row[class] = a->row[class];
		if (a->held)
			b->held = a->held;
	}
	v->nr_actors = last + 1;
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

static void collect_actors(struct view *v)
{
	const struct snapshot *s = v->s;
	size_t i, before;

	for (i = 0; i < s->nr_source; i++) {
		before = v->nr_actors;
		add_actor(v, s->source[i].netns, s->source[i].source);
		if (v->nr_actors > before)
			v->actor[before].row[s->source[i].class] = &s->source[i];
	}
	for (i = 0; i < v->nr_census; i++) {
		if (v->census[i].record != CENSUS_SOURCE)
			continue;
		before = v->nr_actors;
		add_actor(v, v->census[i].netns, v->census[i].name);
		if (v->nr_actors > before)
			v->actor[before].held = &v->census[i];
	}
}

/* Decaying like the rates of the sources, so that shares of them are right. */
static void mean_history(struct view *v, double *offered)
{
	double opened = 0, invalid = 0, seconds = 0;
	size_t i;

	for (i = 0; i < v->s->nr_history; i++) {
		const struct history_row *h = &v->s->history[i];
		double weight = exp2(-(double)known(h->ago) / HALF_LIFE);

		opened += weight * (double)plus(h->inserts,
				v->probes ? h->refusals : h->k_drop);
		invalid += weight * (double)known(h->invalid);
		seconds += weight * (double)known(h->span) / 1000;
	}
	*offered = seconds > 0 ? opened / seconds : 0;
	v->invalid = seconds > 0 ? invalid / seconds : 0;
}

/*
 * A full table refuses before it judges. What it refuses of those who send
 * INVALID packets were no connections, either.
 */
bool actor_sends_invalid(const struct actor *a)
{
	double rate = actor_rate(a, SRC_INVALID);

	return rate >= TH(INVALID_RATE) && rate > actor_rate(a, SRC_INSERT);
}

/* The windows of the sources may be longer than what is recent. */
static int64_t lately(const struct actor *a, enum source_class class)
{
	const struct source_row *row = a->row[class];

	return row && known(row->last_ago) <= TH(RECENT) ? known(row->recent) : 0;
}

/* Neither the heavy sources nor history see all: the greater number counts. */
static void sum_up(struct ns_view *n)
{
	int64_t refused = 0, evicted = 0;
	size_t i;

	view_sort_actors(n);
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

/**
 * view_actors() - fill @v->actor and hand each namespace its share of it
 *
 * What a namespace is offered is what its heavy sources offer. What history
 * counts beyond the heavy sources is the fullest namespace's: most likely so,
 * and nobody else's row would be read for it.
 */
void view_actors(struct view *v)
{
	struct ns_view *n = NULL;
	double all = 0, history;
	size_t i;

	mean_history(v, &history);
	v->actor = calloc(v->s->nr_source + v->nr_census + 1, sizeof(*v->actor));
	if (!v->actor)
		no_memory();
	collect_actors(v);
	merge_actors(v);
	for (i = 0; i < v->nr_actors; i++) {
		struct actor *a = &v->actor[i];

		a->offered = actor_rate(a, SRC_INSERT);
		if (actor_sends_invalid(a))
			history -= actor_rate(a, SRC_REFUSED);
		else
			a->offered += actor_rate(a, SRC_REFUSED);
		a->local = is_local(v->s, a);
		all += a->offered;
		if (!n || n->netns != a->netns)
			n = view_ns(v, a->netns);
		if (!n)
			continue;
		if (!n->nr_actors++)
			n->actor = a;
		n->offered += a->offered;
	}
	n = v->s->nr_history ?
	    view_ns(v, v->s->history[v->s->nr_history - 1].netns) : NULL;
	if (n && history - (all - n->offered) > n->offered)
		n->offered = history - (all - n->offered);
	for (i = 0; i < v->nr_ns; i++) {
		v->ns[i].offered_now = v->ns[i].offered;
		sum_up(&v->ns[i]);
	}
}
