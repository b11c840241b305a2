// SPDX-License-Identifier: GPL-2.0
/*
 * Entries that nobody answered, or that a client never completed. What they are
 * is told by who has them in common, and by what speaks for him: the same clients
 * are answered elsewhere, they come back, their answers pass here without fitting.
 *
 * An accusation needs entries of one's own that are mostly unanswered. Where two
 * readings are left, the one whose lever hurts less is taken.
 */
#include <math.h>

#include "judge/actors.h"
#include "judge/barren.h"
#include "judge/few.h"
#include "judge/occupancy.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/verdict.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SOME		5	/* %: less than that is nothing, as lists have errors */
#define HARDLY		0.5	/* %: one in 200 */
#define HALF		50	/* % */
#define MANY_DESTS	32	/* destinations, and ... */
#define MANY_PORTS	256	/* ... ports that nobody talks to for work */
#define PER_TARGET	4	/* entries for each of them, at most, of a scan */
#define NET_SOURCES	4	/* a network with fewer is named source by source */

static const struct group *most_barren(const struct occupancy *o, enum group_kind kind)
{
	const struct group *most = NULL;
	size_t i;

	for (i = 0; i < o->nr[kind]; i++)
		if (!most || group_barren(&o->group[kind][i]) > group_barren(most))
			most = &o->group[kind][i];
	return most;
}

/* Most of its own entries are unanswered. */
static bool accusable(const struct group *g)
{
	return share(group_barren(g), g->entries) >= HALF;
}

/* Somebody answers it, here or elsewhere. */
static bool is_answered(const struct group *g)
{
	return share(group_fruitful(g), g->entries) >= SOME;
}

static double offered(const struct group *g)
{
	return g->actor ? g->actor->offered : 0;
}

/* New connections a second, of a network: those of its members that are listed */
static double offered_in(const struct netns_table *n, const struct group *g)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n->nr_actors; i++)
		if (group_contains(g, n->actor[i].source))
			sum += n->actor[i].offered;
	return sum;
}

static void weigh(const struct netns_table *n, struct part *p)
{
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		const struct group *g = p->member[i];

		p->frees += group_barren(g);
		p->harms += p->narrow ? 0 : group_fruitful(g) + g->life[LIFE_SILENT];
		p->arrivals += g->kind == GROUP_PREFIX ? offered_in(n, g) : offered(g);
	}
}

/*
 * A group's targets, where its entries are spread over so many that it can't want
 * anything of them but to know whether they are there.
 */
static bool scans(const struct group *g)
{
	double dests = known(g->row.dests), ports = known(g->row.ports);

	return (dests >= MANY_DESTS && group_barren(g) <= PER_TARGET * dests) ||
	       (ports >= MANY_PORTS && group_barren(g) <= PER_TARGET * ports);
}

/* Connections that are new are of sources that were never seen before. */
static bool ever_new(const struct netns_table *n)
{
	return n->fresh >= TH(SPOOF_NEW);
}

/* Clients that ask this again, rather than each one once. */
static bool come_back(const struct netns_table *n, const struct group *to)
{
	if (to->row.sources != UNKNOWN && 2 * (double)to->row.sources < to->entries)
		return true;
	return !ever_new(n);
}

/*
 * Nobody gets an answer there, not now: what was established before it fell silent
 * keeps its entry.
 */
static bool is_mute(const struct group *to)
{
	double now = (double)to->row.stage[STAGE_ONCE] + (double)to->row.stage[STAGE_TALKING];

	return share(now, to->entries) < HARDLY &&
	       share(to->life[LIFE_HALF_OPEN], to->entries) < SOME;
}

/* The destination that most of it goes to and that answers nobody, or NULL. */
static const struct group *mute_target(const struct occupancy *o, double whole)
{
	static const enum group_kind kinds[] = { GROUP_PAIR, GROUP_DEST };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct group *g = most_barren(o, kinds[i]);

		if (g && share(group_barren(g), whole) >= TH(CONCENTRATED) && is_mute(g))
			return g;
	}
	return NULL;
}

/*
 * Packets of these sources that don't fit what conntrack saw of their connections:
 * acknowledgments of a SYN-ACK that passed elsewhere, or SYN-ACKs of a SYN that
 * did. A flood sends none.
 */
static bool answers_pass_elsewhere(const struct occupancy *o)
{
	double odd = 0, all = 0;
	size_t i;

	for (i = 0; i < o->nr[GROUP_SOURCE]; i++) {
		const struct group *g = &o->group[GROUP_SOURCE][i];
		double rate;

		if (!g->actor || !accusable(g))
			continue;
		rate = actor_rate(g->actor, SRC_INVALID) *
		       (actor_part(g->actor, SRC_INVALID, "inv_window") +
			actor_part(g->actor, SRC_INVALID, "inv_synack"));
		odd += fmin(rate, offered(g));
		all += offered(g);
	}
	return all > 0 && share(odd, all) >= TH(WINDOW_SHARE);
}

/* A pick-up in the middle says that one direction is seen, or made up. */
static bool picked_up(const struct netns_table *n, const struct occupancy *o, double whole)
{
	struct part few = { .nr_members = 0 };
	size_t i;

	if (share(o->stage[STAGE_MIDSTREAM], whole) < HALF || ever_new(n))
		return false;
	if (!few_of(o, GROUP_SOURCE, group_barren, accusable, whole, &few))
		return true;
	/* who opens them at such a rate isn't the side that answers */
	for (i = 0; i < few.nr_members; i++)
		if (offered(few.member[i]) < TH(FLOOD_RATE))
			return true;
	return false;
}

static bool by_oneway(const struct netns_table *n, const struct occupancy *o, double whole,
		      struct part *p)
{
	if (answers_pass_elsewhere(o))
		p->certainty = SURE;
	else if (picked_up(n, o, whole))
		p->certainty = LIKELY;
	else
		return false;
	p->kind = PART_ONEWAY;
	p->frees = whole;
	if (!few_of(o, GROUP_SOURCE, group_barren, NULL, whole, p))
		few_of(o, GROUP_DEST, group_barren, NULL, whole, p);
	return true;
}

/*
 * Too slow for a flood, answered by others, or this host itself: such clients wait
 * for the service.
 */
static bool wait_for_it(const struct part *p)
{
	size_t i;

	for (i = 0; i < p->nr_members; i++)
		if (!p->member[i]->own && !is_answered(p->member[i]) &&
		    offered(p->member[i]) >= TH(FLOOD_RATE))
			return false;
	return true;
}

/*
 * Slow ones, and nobody else is answered either: it is the way beyond that answers
 * nobody, and these are all who use it.
 */
static bool all_suffer(const struct occupancy *o, const struct part *p)
{
	double others = o->life[LIFE_ONCE] + o->life[LIFE_TALKING] + o->life[LIFE_CLOSING];
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		if (offered(p->member[i]) >= TH(FLOOD_RATE))
			return false;
		others -= group_fruitful(p->member[i]);
	}
	return share(others, o->entries) < SOME;
}

static bool by_dead(const struct occupancy *o, double whole, struct part *p)
{
	const struct group *to = mute_target(o, whole);

	if (!to)
		return false;
	p->kind = PART_DEAD;
	p->member[0] = to;
	p->nr_members = 1;
	p->frees = group_barren(to);
	p->certainty = to->kind == GROUP_PAIR ? LIKELY : POSSIBLE;
	return true;
}

/* A gateway is met by the destination that only its unanswered ones have. */
static const struct group *narrow_to(const struct occupancy *o, const struct part *p,
				     double whole)
{
	static const enum group_kind kinds[] = { GROUP_PAIR, GROUP_SERVICE, GROUP_DEST };
	size_t i;

	if (p->nr_members != 1)
		return NULL;
	/* nor is a rule for all that it sends needed where all goes to one */
	if (!is_answered(p->member[0])) {
		const struct group *to = mute_target(o, whole);

		return to && to->kind == GROUP_PAIR &&
		       share(group_barren(to), whole) >= 100 - SOME ? to : NULL;
	}
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct group *g = most_barren(o, kinds[i]);

		if (g && share(group_barren(g), whole) >= TH(CONCENTRATED))
			return g;
	}
	return NULL;
}

static bool by_few(const struct netns_table *n, const struct occupancy *o, double whole,
		   struct part *p)
{
	bool own = few_of(o, GROUP_SOURCE, group_barren, accusable, whole, p);
	size_t i, scanners = 0;

	if (!own && !few_of(o, GROUP_SOURCE, group_barren, NULL, whole, p))
		return false;
	if (mute_target(o, whole) && wait_for_it(p))
		return by_dead(o, whole, p);
	p->narrow = narrow_to(o, p, whole);
	/* a gateway or a proxy: without a rule that spares its work, no rule */
	if ((!own && !p->narrow) || all_suffer(o, p)) {
		p->nr_members = 0;
		return false;
	}
	for (i = 0; i < p->nr_members; i++)
		scanners += scans(p->member[i]);
	p->kind = scanners == p->nr_members ? PART_SCAN : PART_FLOOD;
	p->certainty = LIKELY;
	for (i = 0; i < p->nr_members; i++)
		if (!is_answered(p->member[i]))
			p->certainty = SURE;
	weigh(n, p);
	return true;
}

static bool is_net(const struct group *g)
{
	return accusable(g) && !is_answered(g) && known(g->row.sources) >= NET_SOURCES;
}

static bool by_net(const struct netns_table *n, const struct occupancy *o, double whole,
		   struct part *p)
{
	size_t i;

	if (!few_of(o, GROUP_PREFIX, group_barren, is_net, whole, p))
		return false;
	p->kind = PART_FLOOD;
	for (i = 0; i < p->nr_members; i++)
		if (scans(p->member[i]))
			p->kind = PART_SCAN;
	p->certainty = LIKELY;
	weigh(n, p);
	return true;
}

/* Each source has hardly more than one entry, or comes for the first time. */
static bool by_spoofed(const struct netns_table *n, const struct occupancy *o, double whole,
		       struct part *p)
{
	static const enum group_kind kinds[] = { GROUP_PAIR, GROUP_DEST, GROUP_SERVICE };
	const struct group *to = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds) && !to; i++) {
		const struct group *g = most_barren(o, kinds[i]);

		if (g && share(group_barren(g), whole) >= TH(CONCENTRATED))
			to = g;
	}
	if (!ever_new(n) && !(to && 2 * (double)known(to->row.sources) >= group_barren(to) &&
			      known(to->row.sources) > n->spread))
		return false;
	p->kind = PART_SPOOFED;
	p->frees = whole;
	p->arrivals = n->offered;
	p->certainty = ever_new(n) ? SURE : LIKELY;
	p->narrow = to;
	return true;
}

bool barren_part(const struct tables *ts, const struct netns_table *n, struct part *p)
{
	const struct occupancy *o = n->occupancy;
	double whole = o->life[LIFE_UNANSWERED] + o->life[LIFE_HALF_OPEN];
	const struct group *to = mute_target(o, whole);

	(void)ts;
	if (share(whole, o->entries) < TH(PART))
		return false;
	*p = (struct part) { .life = LIFE_UNANSWERED, .holds = whole };
	if (o->life[LIFE_HALF_OPEN] > o->life[LIFE_UNANSWERED])
		p->life = LIFE_HALF_OPEN;
	if (by_oneway(n, o, whole, p) || by_few(n, o, whole, p))
		return true;
	if (to && come_back(n, to))
		return by_dead(o, whole, p);
	if (by_net(n, o, whole, p) || by_spoofed(n, o, whole, p))
		return true;
	/* Many who come back, and hardly one is answered by anybody: the way itself */
	if (share(whole, o->entries) < 100 - 2 * SOME)
		return false;
	p->kind = PART_ONEWAY;
	p->frees = whole;
	p->certainty = POSSIBLE;
	return true;
}
