// SPDX-License-Identifier: GPL-2.0
/* Two looks at a table, and what the kernel counted meanwhile, as rows of a snapshot. */
#include <linux/netfilter/nf_conntrack_common.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "entries/arrivals.h"
#include "entries/departures.h"
#include "entries/earlier.h"
#include "entries/looks.h"
#include "entries/tally.h"
#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/netns_row.h"
#include "lib/numbers.h"

/*
 * Entries in a row that weren't there before: of a table of which half is new by the
 * second look, 1 in 10^77 of such rows are chance.
 */
#define AHEAD		256

#define DEPARTING	1000	/* entries: of fewer nobody asks whose have gone */
#define YOUNG		10	/* s: what waits for less has arrived, where there is one look */

/* What counts at the look that counts: many namespaces may wait for theirs. */
struct counting {
	struct tally *tally;
	struct arrivals *arrivals;
	/* Of a sample: new ones since the last that was known, which may be beyond its end */
	struct entry ahead[AHEAD];
	size_t nr_ahead;
};

struct looks {
	struct timeouts timeouts;
	bool once;
	struct counting *counting;	/* NULL: not yet */
	struct earlier *earlier;	/* NULL: there was no first look by this reader */
	struct departures *departures;	/* NULL: likewise, or there are few entries */
	struct earlier *later;		/* for a look that comes later; or NULL */
	int64_t entries;
	struct look look[LOOKS_MOST];
	size_t nr_looks;
};

struct looks *looks_begin(const struct timeouts *t, int64_t entries)
{
	struct looks *l = calloc(1, sizeof(*l));

	if (!l)
		no_memory();
	l->timeouts = *t;
	l->entries = entries;
	return l;
}

static struct counting *counting_of(struct looks *l)
{
	if (l->counting)
		return l->counting;
	l->counting = calloc(1, sizeof(*l->counting));
	if (!l->counting)
		no_memory();
	l->counting->tally = tally_begin(&l->timeouts);
	l->counting->arrivals = arrivals_begin();
	return l->counting;
}

void looks_once(struct looks *l)
{
	l->once = true;
}

void looks_soon(const struct looks *l, struct entry *e)
{
	if (l->earlier)
		earlier_fetch(l->earlier, e);
}

void looks_first(struct looks *l, struct entry *e)
{
	if (!l->earlier)
		l->earlier = earlier_begin(l->entries);
	earlier_note(l->earlier, e);
	if (!l->departures && l->entries >= DEPARTING)
		l->departures = departures_begin();
	if (l->departures)
		departures_first(l->departures, e);
}

static void count(struct counting *c, const struct entry *e)
{
	tally_add(c->tally, e);
	if (e->arrived)
		arrivals_add(c->arrivals, e);
}

static void count_ahead(struct counting *c)
{
	size_t i;

	for (i = 0; i < c->nr_ahead; i++)
		count(c, &c->ahead[i]);
	c->nr_ahead = 0;
}

static bool is_young(const struct looks *l, const struct entry *e)
{
	bool idle_known;
	int64_t idle = timeouts_idle(&l->timeouts, e, &idle_known);

	return idle_known && idle < YOUNG && !(e->status & IPS_SEEN_REPLY);
}

bool looks_last(struct looks *l, struct entry *e, bool sample)
{
	struct counting *c = counting_of(l);

	if (l->earlier)
		earlier_tell(l->earlier, e);
	else if (l->once)
		e->arrived = is_young(l, e);
	if (l->departures && !e->arrived)
		departures_still(l->departures, e);
	if (l->later)
		earlier_note(l->later, e);
	if (!sample || !l->earlier) {
		count(c, e);
		return true;
	}
	if (!e->arrived) {
		count_ahead(c);
		count(c, e);
		return true;
	}
	c->ahead[c->nr_ahead++] = *e;
	return c->nr_ahead < AHEAD;
}

void looks_remember(struct looks *l)
{
	l->later = earlier_begin(l->entries);
}

struct earlier *looks_memory(struct looks *l)
{
	struct earlier *e = l->later;

	l->later = NULL;
	return e;
}

void looks_recall(struct looks *l, struct earlier *e, const struct look *first)
{
	earlier_free(l->earlier);
	l->earlier = e;
	if (l->nr_looks == LOOKS_MOST)
		l->nr_looks--;
	memmove(l->look + 1, l->look, l->nr_looks * sizeof(*l->look));
	l->look[0] = *first;
	l->nr_looks++;
}

void looks_moment(struct looks *l, const struct look *at)
{
	if (l->nr_looks < LOOKS_MOST)
		l->look[l->nr_looks++] = *at;
	else
		l->look[LOOKS_MOST - 1] = *at;
}

const struct look *looks_moments(const struct looks *l, size_t *nr)
{
	*nr = l->nr_looks;
	return l->look;
}

/* A counter that was zeroed meanwhile, or isn't told, tells nothing. */
static int64_t since(int64_t now, int64_t before)
{
	return now == UNKNOWN || before == UNKNOWN || now < before ? UNKNOWN : now - before;
}

/* What was counted since the first look, as the module has it since it was loaded */
static void fill_counters(const struct looks *l, const struct arrived *came, struct netns_row *row)
{
	const struct ct_stat *first = &l->look[0].stat, *last = &l->look[l->nr_looks - 1].stat;

	row->inserts = llround(came->entries);
	row->k_insert_failed = since(last->insert_failed, first->insert_failed);
	row->k_chaintoolong = since(last->chaintoolong, first->chaintoolong);
	row->k_clash = since(last->clash_resolve, first->clash_resolve);
	row->k_drop = since(last->drop, first->drop);
	row->k_early_drop = since(last->early_drop, first->early_drop);
	row->k_invalid = since(last->invalid, first->invalid);
	row->k_error = since(last->error, first->error);
	row->k_insert = since(last->insert, first->insert);
	/* since boot, as entries that were put in long ago are there still */
	row->injected = last->insert;
}

/*
 * Entries before the first list ended what is over: what has come since may have taken
 * their room.
 */
static int64_t count_before(const struct looks *l, const struct looked *is)
{
	int64_t first = l->look[0].count, last = l->look[l->nr_looks - 1].count;

	return first > last ? first : last > is->max && is->max > 0 ? is->max : last;
}

/* The table as it was before the first list ended what is over in it */
static void fill_netns(const struct looks *l, const struct looked *is, struct snapshot *s)
{
	struct netns_row *row = netns_row_of(s, is->netns);

	if (row->id == UNKNOWN)
		row->id = is->init ? CTRI_ID_INIT : CTRI_ID_OTHER;
	row->conntrack = 1;
	if (l->nr_looks)
		row->count = count_before(l, is);
	row->max = is->max;
}

/* Both, where either is told */
static int64_t both(int64_t a, int64_t b)
{
	return a == UNKNOWN && b == UNKNOWN ? UNKNOWN : plus(a, b);
}

/* Rows are of all namespaces together: this one is added to what the others had then. */
static void merge_row(struct history_row *row, const struct history_row *own)
{
	if (known(own->count) > known(row->count)) {
		row->count = own->count;
		row->max = own->max;
		row->netns = own->netns;
	}
	if (own->ago > row->ago)
		row->ago = own->ago;
	if (own->span > row->span)
		row->span = own->span;
	row->inserts = plus(row->inserts, own->inserts);
	row->insert_failed = both(row->insert_failed, own->insert_failed);
	row->k_drop = both(row->k_drop, own->k_drop);
	row->k_early_drop = both(row->k_early_drop, own->k_early_drop);
	row->invalid = both(row->invalid, own->invalid);
	row->distinct = plus(row->distinct, own->distinct);
}

static struct history_row row_of_look(const struct looks *l, size_t i, const struct looked *is,
				      const struct arrived *came)
{
	const struct look *first = &l->look[0], *last = &l->look[l->nr_looks - 1];
	const struct look *now = &l->look[i], *before = i ? now - 1 : now;
	double span = last->at - first->at;
	int64_t known_before = came->distinct > came->newcomers ?
			       came->distinct - came->newcomers : 0;
	struct history_row row = {
		.ago = (last->at - now->at) / 1000, .span = now->at - before->at,
		.count = now->count, .max = is->max, .netns = is->netns,
		.evictions = UNKNOWN, .gc_evictions = UNKNOWN, .refusals = UNKNOWN,
	};

	row.inserts = span > 0 ? llround(came->entries * row.span / span) : 0;
	row.insert_failed = since(now->stat.insert_failed, before->stat.insert_failed);
	row.k_drop = since(now->stat.drop, before->stat.drop);
	row.k_early_drop = since(now->stat.early_drop, before->stat.early_drop);
	row.invalid = since(now->stat.invalid, before->stat.invalid);
	row.distinct = known_before + (now == last ? came->newcomers : 0);
	return row;
}

/*
 * Rows as of the module's history, one for each look; sources are known at the first look
 * and at the last. Namespaces are looked at in turn, so their looks are the same number,
 * and those that one has more fall together with the first.
 */
static void add_history(const struct looks *l, const struct looked *is,
			const struct arrived *came, struct snapshot *s)
{
	size_t i, before = s->nr_history;

	for (i = 0; i < l->nr_looks; i++) {
		struct history_row own = row_of_look(l, i, is, came);
		size_t behind = l->nr_looks - 1 - i;

		if (!before)
			*(struct history_row *)grow(&s->history, &s->nr_history, sizeof(own)) = own;
		else
			merge_row(&s->history[behind < before ? before - 1 - behind : 0], &own);
	}
}

/* Of the entries that may be evicted, the part that was in a second */
static double evicted_part(const struct looks *l, const struct snapshot *s, int64_t netns,
			   double seconds)
{
	const struct look *first = &l->look[0], *last = &l->look[l->nr_looks - 1];
	int64_t evicted = since(last->stat.early_drop, first->stat.early_drop);
	size_t i;

	for (i = 0; i < s->nr_census; i++) {
		const struct census_row *row = &s->census[i];
		double may = minus(row->entries, row->assured);

		if (row->record == CENSUS_NETNS && row->netns == netns && may > 0)
			return known(evicted) / may / seconds;
	}
	return 0;
}

/* What is told of the lists themselves, of all namespaces together */
static void fill_dump(const struct looked *is, int64_t span, struct dump *d)
{
	d->entries = plus(d->entries, is->listed);
	d->expired = plus(d->expired, is->expired);
	if (is->each > d->each)
		d->each = is->each;
	if (span > d->span)
		d->span = span;
}

/* Of what was over, as much as there was room for beside what the last list has */
static int64_t expired_now(const struct looks *l, const struct looked *is, int64_t listed)
{
	int64_t room = l->nr_looks ? minus(count_before(l, is), llround(listed * is->each)) : 0;

	return known(is->expired) < room ? known(is->expired) : room > 0 ? room : 0;
}

void looks_end(struct looks *l, const struct looked *is, struct snapshot *s)
{
	int64_t span = l->nr_looks ? l->look[l->nr_looks - 1].at - l->look[0].at : 0;
	struct counting *c = counting_of(l);
	struct arrived came = { .entries = 0 };
	bool twice = is->twice && span > 0;

	/* behind the last known one of a whole list nothing was left out */
	if (is->each <= 1)
		count_ahead(c);
	tally_expired(c->tally, expired_now(l, is, tally_entries(c->tally)));
	tally_end(c->tally, s, is->netns, is->each);
	c->tally = NULL;
	fill_netns(l, is, s);
	fill_dump(is, twice ? span : 0, &s->dump);
	if (l->once) {
		arrivals_end(c->arrivals, s, is->netns, is->each, YOUNG, 0, &came);
		c->arrivals = NULL;
	} else if (twice) {
		arrivals_end(c->arrivals, s, is->netns, is->each, span / 1000.0,
			     evicted_part(l, s, is->netns, span / 1000.0), &came);
		c->arrivals = NULL;
		if (l->departures)
			departures_end(l->departures, s, is->netns, is->each);
		fill_counters(l, &came, netns_row_of(s, is->netns));
		add_history(l, is, &came, s);
		s->class[SRC_INSERT].distinct = plus(s->class[SRC_INSERT].distinct, came.distinct);
		s->has_class[SRC_INSERT] = true;
	}
	looks_free(l);
}

void looks_free(struct looks *l)
{
	if (l->counting) {
		tally_free(l->counting->tally);
		arrivals_free(l->counting->arrivals);
	}
	free(l->counting);
	earlier_free(l->earlier);
	departures_free(l->departures);
	earlier_free(l->later);
	free(l);
}
