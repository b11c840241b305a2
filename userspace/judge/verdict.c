// SPDX-License-Identifier: GPL-2.0
/*
 * Why a table is full: each stage's part of it, what the lever against that part
 * would free, and what is left for a bigger table.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/barren.h"
#include "judge/few.h"
#include "judge/guard.h"
#include "judge/forgotten.h"
#include "judge/injected.h"
#include "judge/need.h"
#include "judge/occupancy.h"
#include "judge/settings.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/unlisted.h"
#include "judge/verdict.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define HALF		50	/* % */
#define ROOM		0.75	/* of the maximum: fits with a third to spare */
#define WORKER		120	/* s between two of its visits on 5.10, which is the longest (gc_worker()) */
#define TIME_WAIT	30	/* s: what is left of a closed connection is over by then */

static struct part *add_part(struct verdict *v, const struct part *p)
{
	if (v->nr == PARTS)
		return NULL;
	v->part[v->nr] = *p;
	return &v->part[v->nr++];
}

/* The packets of those who send INVALID ones mostly, among what a full table costs. */
static void by_invalid(const struct tables *ts, const struct netns_table *n, struct verdict *v)
{
	bool forgot = forgotten_rate(ts, n) > 0;
	struct part p = {
		.kind = forgot ? PART_FORGOTTEN : PART_INVALID,
		.certainty = forgot ? LIKELY : SURE,
	};
	double theirs = 0, all = 0;
	size_t i;

	if (n->level < LEVEL_EVICTING)
		return;
	for (i = 0; i < n->nr_actors; i++) {
		const struct actor *a = &n->actor[i];
		double cost = (double)actor_recent(a, SRC_EVICTING) +
			      (double)actor_recent(a, SRC_REFUSED);

		all += cost;
		if (actor_sends_invalid(a) ||
		    (forgot && actor_rate(a, SRC_INVALID) > actor_rate(a, SRC_INSERT)))
			theirs += cost;
	}
	if (all <= 0 || share(theirs, all) < TH(CONCENTRATED))
		return;
	/* they hold no entries: what goes with them is the room that others need */
	p.frees = ((double)n->max - v->target) * share(theirs, all) / 100;
	add_part(v, &p);
}

/* Most of its own entries are silent. */
static bool mostly_silent(const struct group *g)
{
	return share(group_silent(g), g->entries) >= HALF;
}

static bool by_leak(const struct netns_table *n, struct verdict *v)
{
	const struct occupancy *o = n->occupancy;
	static const enum group_kind kinds[] = { GROUP_SOURCE, GROUP_PAIR, GROUP_DEST };
	double whole = o->life[LIFE_SILENT];
	struct part p = { .kind = PART_LEAK, .life = LIFE_SILENT, .holds = whole };
	size_t i, k;

	if (share(whole, o->all) < TH(PART))
		return false;
	for (k = 0; k < ARRAY_SIZE(kinds) && !p.nr_members; k++)
		few_of(o, kinds[k], group_silent, mostly_silent, whole, &p);
	/* where they are most of all there are, they have nothing in common */
	if (!p.nr_members ||
	    (p.nr_members > 1 && 2 * p.nr_members > o->nr[p.member[0]->kind]))
		return false;
	for (i = 0; i < p.nr_members; i++) {
		p.frees += group_silent(p.member[i]);
		p.harms += group_fruitful(p.member[i]);
	}
	/* keepalives come every two hours: who was silent for longer is gone */
	p.certainty = share(life_silent(o->stage, STAGE_SILENT_7200), whole) >= HALF ?
		      LIKELY : POSSIBLE;
	/* a pool may be silent as long as there is room for it */
	if (n->level == LEVEL_CALM && p.certainty != LIKELY)
		return false;
	add_part(v, &p);
	return true;
}

/* Established connections that would be gone by a timeout that the RFC allows */
static void by_silence(const struct tables *ts, const struct netns_table *n,
		       struct verdict *v)
{
	const struct occupancy *o = n->occupancy;
	struct part p = {
		.kind = PART_TIMEOUT, .life = LIFE_SILENT, .holds = o->life[LIFE_SILENT],
		.frees = life_silent(o->stage, STAGE_SILENT_7200),
		.key = "tcp_timeout_established", .then = RFC5382_IDLE,
		.now = setting_now(ts, n, "tcp_timeout_established"),
	};

	if (share(p.frees, o->all) < TH(PART) || p.now <= p.then)
		return;
	p.state = tables_state(ts, n->netns, "tcp", "ESTABLISHED");
	add_part(v, &p);
}

/* Timeouts that entries other than established TCP wait for */
static const struct waiting {
	const char *proto, *state, *key;
	enum life life;
} waiting[] = {
	{ "udp", "UNREPLIED", "udp_timeout", LIFE_UNANSWERED },
	{ "udp", "REPLIED", "udp_timeout", LIFE_ONCE },
	{ "udp", "ASSURED", "udp_timeout_stream", LIFE_SILENT },
	{ "icmp", "UNREPLIED", "icmp_timeout", LIFE_UNANSWERED },
	{ "icmp", "REPLIED", "icmp_timeout", LIFE_ONCE },
	{ "tcp", "SYN_SENT", "tcp_timeout_syn_sent", LIFE_UNANSWERED },
	{ "tcp", "SYN_RECV", "tcp_timeout_syn_recv", LIFE_HALF_OPEN },
	{ "tcp", "FIN_WAIT", "tcp_timeout_fin_wait", LIFE_CLOSING },
	{ "tcp", "CLOSE_WAIT", "tcp_timeout_close_wait", LIFE_CLOSING },
	{ "tcp", "LAST_ACK", "tcp_timeout_last_ack", LIFE_CLOSING },
	{ "tcp", "TIME_WAIT", "tcp_timeout_time_wait", LIFE_CLOSING },
	{ "tcp", "CLOSE", "tcp_timeout_close", LIFE_CLOSING },
};

/* The first of the census's steps that is beyond a timeout of so many seconds */
static enum idle_step beyond(int64_t timeout)
{
	return timeout < 60 ? IDLE_1MIN : timeout < 120 ? IDLE_2MIN :
	       timeout < 300 ? IDLE_5MIN : timeout < 600 ? IDLE_10MIN : IDLE_30MIN;
}

/*
 * Entries that are silent for longer than a timeout: by octaves where the census has
 * them. Nothing is reckoned beyond what it saw: a table that evicts, or one that has
 * just begun to fill, has hardly an old one.
 */
static double older_than(const struct census_row *row, int64_t timeout)
{
	double sum = 0;
	int k;

	if (!row->has_hist)
		return known(row->idle[beyond(timeout)]);
	for (k = 1; k < IDLE_OCTAVES; k++)
		if (1LL << (k - 1) >= timeout)
			sum += known(row->hist[k]);
	return sum;
}

/* What is over waits for nothing any more but the kernel's worker. */
static double alive(const struct census_row *row)
{
	return (double)known(row->entries) -
	       (double)(row->has_stages ? row->stage[STAGE_EXPIRED] : 0);
}

/* What somebody raised and most entries wait for: those that the default had freed */
static bool by_raised(const struct tables *ts, const struct netns_table *n,
		      struct part *worst)
{
	const struct occupancy *o = n->occupancy;
	size_t i;

	*worst = (struct part) { .kind = PART_TIMEOUT };
	for (i = 0; i < ARRAY_SIZE(waiting) && !o->incident; i++) {
		const struct waiting *w = &waiting[i];
		const struct census_row *row = tables_state(ts, n->netns, w->proto, w->state);
		int64_t usual = setting_default(w->key), now = setting_now(ts, n, w->key);
		double frees = row ? fmin(older_than(row, usual), alive(row)) : 0;

		/* Elsewhere the setting can't be read, but such silence proves it. */
		if (!row || (n->own && now <= usual) || frees <= worst->frees)
			continue;
		if (n->level == LEVEL_CALM && n->own && now < TH(RAISED) * usual)
			continue;
		worst->life = w->life;
		worst->holds = known(row->entries);
		worst->frees = frees;
		worst->key = w->key;
		worst->now = now;
		worst->then = usual;
		worst->state = row;
	}
	return share(worst->frees, o->all) >= TH(PART);
}

static void by_expired(const struct netns_table *n, struct verdict *v)
{
	const struct occupancy *o = n->occupancy;
	double over = o->life[LIFE_EXPIRED];
	struct part p = {
		.kind = PART_EXPIRED, .life = LIFE_EXPIRED, .holds = over, .frees = over,
		.certainty = SURE,
	};

	if (n->level >= LEVEL_TIGHT && share(over, o->all) >= TH(PART))
		add_part(v, &p);
}

/* Most of what is counted is in no list: what is listed isn't why it is full. */
static bool by_unlisted(const struct tables *ts, const struct netns_table *n,
			struct verdict *v)
{
	double missing = !n->occupancy || n->occupancy->incident ? 0 :
			 unlisted_entries(ts, n).missing;
	struct part p = {
		.kind = PART_UNLISTED, .life = LIFE_EXPIRED, .holds = missing, .frees = missing,
		.certainty = POSSIBLE,
	};

	if (n->level == LEVEL_CALM || share(missing, n->count) < HALF)
		return false;
	add_part(v, &p);
	return true;
}

/* What is established, whether it talks or waits */
static double group_used(const struct group *g)
{
	return g->life[LIFE_TALKING] + g->life[LIFE_SILENT];
}

static bool is_udp(const struct group *g)
{
	return !strcmp(g->row.proto, "udp");
}

/* Entries of a part of life that another part of the verdict would free */
static double waits_for(const struct verdict *v, enum life life)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < v->nr; i++)
		sum += v->part[i].life == life ? v->part[i].frees : 0;
	return sum;
}

/*
 * What is over stands there for as long with @need entries that aren't, and of more there
 * is more: no more than comes between two visits of the worker.
 */
static double over_with(const struct netns_table *n, double need)
{
	double over = n->occupancy->life[LIFE_EXPIRED];

	return fmin(over * fmax(need / n->occupancy->entries, 1),
		    fmax(over, n->offered * WORKER));
}

/*
 * Work that is more than the table holds: the stage that has most of it names the
 * lever. What the lever against closed connections frees is known by their timeout;
 * a bigger table frees what is missing.
 */
static void by_work(const struct tables *ts, const struct netns_table *n, struct verdict *v,
		    double useless)
{
	const struct occupancy *o = n->occupancy;
	const struct census_row *tw = tables_state(ts, n->netns, "tcp", "TIME_WAIT");
	double closing = o->life[LIFE_CLOSING] - waits_for(v, LIFE_CLOSING);
	double once = o->life[LIFE_ONCE] - waits_for(v, LIFE_ONCE);
	double rest = o->life[LIFE_TALKING] + o->life[LIFE_SILENT] -
		      waits_for(v, LIFE_SILENT);
	struct part p = { .certainty = SURE };
	struct part chatter = { .nr_members = 0 };

	v->need = useless + need_of_work(ts, n, v);
	p.frees = v->need - useless - v->target;
	if (n->level >= LEVEL_TIGHT)
		v->need += over_with(n, v->need);
	if (n->level < LEVEL_TIGHT || (v->nr && p.frees <= (double)n->max * (1 - ROOM) / 2))
		return;
	/* a few entries beside so much else don't tell which work it is */
	if (share(closing + once + rest, o->all) < TH(PART))
		return;
	if (closing > once && closing > rest) {
		p.kind = PART_CHURN;
		p.life = LIFE_CLOSING;
		p.holds = closing;
		p.key = "tcp_timeout_time_wait";
		p.now = setting_now(ts, n, p.key);
		p.then = TIME_WAIT;
		p.state = tw;
		few_of(o, GROUP_SOURCE, group_closing, NULL, closing, &p);
	} else if (once > closing && once > rest &&
		   few_of(o, GROUP_SERVICE, group_once, is_udp, once, &chatter)) {
		p.kind = PART_CHATTER;
		p.life = LIFE_ONCE;
		p.holds = once;
		p.member[0] = chatter.member[0];
		p.nr_members = 1;
	} else {
		p.kind = PART_GROWTH;
		p.life = LIFE_TALKING;
		p.holds = rest;
		few_of(o, GROUP_SOURCE, group_used, NULL, rest, &p);
		if (p.nr_members && share(group_used(p.member[0]), rest) >= TH(CONCENTRATED))
			p.nr_members = 1;
	}
	/* what it lacks, as far as that can be compared with what others free */
	p.frees = fmin(fmax(p.frees, 0), closing + once + rest);
	add_part(v, &p);
}

/* A bigger part first. */
static int by_room(const void *left, const void *right)
{
	const struct part *a = left, *b = right;

	if (a->frees != b->frees)
		return a->frees < b->frees ? 1 : -1;
	return (a->kind > b->kind) - (a->kind < b->kind);
}

/*
 * After a flood the rates are gone. The mean since each source was first seen
 * still tells who opened most.
 */
static void look_back(struct netns_table *n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n->nr_actors; i++) {
		struct actor *a = &n->actor[i];
		const struct source_row *row = a->row[SRC_INSERT];

		a->offered = 0;
		/* Whoever was silent long before the last refusal isn't its cause. */
		if (!row || known(row->last_ago) > TH(SPELL) ||
		    known(row->last_ago) > known(n->last_refused) + TH(RECENT))
			continue;
		a->offered = (double)plus(row->count, actor_count(a, SRC_REFUSED)) /
			     ((double)minus(row->first_ago, row->last_ago) + 1);
		sum += a->offered;
	}
	n->offered = sum;
}

/* Of what was opened lately, in percent, sources that had never been seen before */
static double fresh(const struct tables *ts, const struct netns_table *n)
{
	const struct spell *sp = n->level == LEVEL_WAS ? &ts->spell : &ts->recent;
	double inserts = sp->inserts, new_sources = sp->new_sources;

	if (!sp->seconds) {
		inserts = known(n->row->inserts);
		new_sources = known(ts->s->class[SRC_INSERT].distinct);
	}
	/* both are estimates */
	return fmin(share(new_sources, inserts), 100);
}

static void measure(const struct tables *ts, struct netns_table *n)
{
	if (n->level == LEVEL_WAS)
		look_back(n);
	n->fresh = fresh(ts, n);
	n->spread = actors_spread(ts, n);
}

/*
 * Work fills most of it, and what else there is waits in vain, with nobody to blame: that
 * is told behind the work, as its lever makes room as well.
 */
static void by_rest(const struct netns_table *n, struct verdict *v)
{
	const struct occupancy *o = n->occupancy;
	double left = o->life[LIFE_UNANSWERED] + o->life[LIFE_HALF_OPEN], most = 0;
	struct part p = {
		.kind = PART_UNANSWERED, .life = LIFE_UNANSWERED, .certainty = POSSIBLE,
	};
	size_t i;

	for (i = 0; i < v->nr; i++) {
		if (v->part[i].life == LIFE_UNANSWERED || v->part[i].life == LIFE_HALF_OPEN)
			return;
		most = fmax(most, v->part[i].frees);
	}
	if (n->level < LEVEL_TIGHT || !v->nr || share(left, o->all) < TH(PART))
		return;
	p.holds = left;
	p.frees = fmin(left, most - 1);
	add_part(v, &p);
}

/* Sums of what is useless, and what that leaves to work */
static void decide(const struct tables *ts, struct netns_table *n, struct verdict *v)
{
	bool pressed = n->level != LEVEL_CALM;
	double useless = 0, waits = 0;
	struct part raised, barren[BARREN_PARTS];
	size_t i, nr;

	if (by_raised(ts, n, &raised)) {
		add_part(v, &raised);
		waits = raised.life == LIFE_UNANSWERED || raised.life == LIFE_HALF_OPEN ?
			raised.frees : 0;
	}
	if (pressed)
		by_invalid(ts, n, v);
	nr = pressed ? barren_parts(n, barren) : 0;
	/* what the default timeout had freed needs no culprit */
	for (i = 0; i < nr && 2 * waits < barren[0].holds; i++)
		add_part(v, &barren[i]);
	/* what passes elsewhere is silent here, and no leak */
	if (!injected_explain(ts, n, n->occupancy->life[LIFE_SILENT]) && !by_leak(n, v))
		by_silence(ts, n, v);
	by_expired(n, v);
	for (i = 0; i < v->nr; i++)
		if (v->part[i].kind != PART_EXPIRED && v->part[i].kind != PART_INVALID &&
		    v->part[i].kind != PART_FORGOTTEN)
			useless += v->part[i].frees;
	if (n->level != LEVEL_WAS || !v->nr)
		by_work(ts, n, v, useless);
	by_rest(n, v);
	qsort(v->part, v->nr, sizeof(*v->part), by_room);
}

void verdict_decide(const struct tables *ts, struct netns_table *n)
{
	struct part unknown = { .kind = PART_UNKNOWN, .certainty = POSSIBLE };
	struct verdict *v = calloc(1, sizeof(*v));

	if (!v)
		no_memory();
	n->verdict = v;
	if (!n->row || !occupancy_known(n->occupancy)) {
		if (n->level != LEVEL_CALM && !by_unlisted(ts, n, v))
			add_part(v, &unknown);
		return;
	}
	guard_mark(ts, n);
	measure(ts, n);
	v->need = n->occupancy->entries;
	v->target = ROOM * n->max;
	if (!by_unlisted(ts, n, v))
		decide(ts, n, v);
	if (!v->nr && n->level != LEVEL_CALM)
		add_part(v, &unknown);
}
