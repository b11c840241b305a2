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
#define WORKS		20	/* %: with so much answered it is a gateway, or a proxy */
#define VERY_MANY	256	/* destinations, of one that nobody answers */
#define MANY_DESTS	32	/* destinations, and ... */
#define MANY_PORTS	256	/* ... ports that nobody talks to for work */
#define PER_TARGET	4	/* entries for each of them, at most, of a scan */
#define SYN_SENT	120	/* s, tcp_timeout_syn_sent by default */
#define ABOUT		1.1	/* counts of distinct ones are estimates */
#define OWN_USERS	10	/* times what one source opens, of this host itself */
#define NET_SOURCES	4	/* a network with fewer is named source by source */

static const struct group *most_barren(const struct occupancy *o, enum group_kind kind)
{
	const struct group *most = NULL;
	size_t i;

	for (i = 0; i < o->nr[kind]; i++)
		if (!o->group[kind][i].taken &&
		    (!most || group_barren(&o->group[kind][i]) > group_barren(most)))
			most = &o->group[kind][i];
	return most;
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

/*
 * A source whose packets don't fit what conntrack saw of its connections: it
 * acknowledges a SYN-ACK that passed elsewhere, or sends SYN-ACKs to a SYN that did.
 * A flood sends none.
 */
static bool is_odd(const struct actor *a)
{
	double late = actor_rate(a, SRC_INVALID) * actor_part(a, SRC_INVALID, "inv_window");

	return actor_answers(a) || share(late, a->offered) >= TH(WINDOW_SHARE);
}

/* Picked up in the middle, and slowly: who is seen from one side only. */
static bool is_picked_up(const struct group *g)
{
	return share(g->row.stage[STAGE_MIDSTREAM], group_barren(g)) >= HALF &&
	       offered(g) < TH(FLOOD_RATE);
}

/* Nothing speaks for it: it is a gateway at most, whose others are answered. */
static bool acceptable(const struct group *g)
{
	return !g->taken && !is_picked_up(g) && !(g->actor && is_odd(g->actor));
}

/* Most of its own entries are unanswered, and nothing speaks for it. */
static bool accusable(const struct group *g)
{
	return share(group_barren(g), g->entries) >= HALF &&
	       share(group_fruitful(g), g->entries) < WORKS && acceptable(g);
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

	return dests >= VERY_MANY ||
	       (dests >= MANY_DESTS && group_barren(g) <= PER_TARGET * dests) ||
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
	if (to->row.sources == UNKNOWN)
		return !ever_new(n);
	return 2 * (double)to->row.sources < to->entries || n->fresh < SOME;
}

/*
 * What goes there doesn't fit what was seen: its answers pass elsewhere. A SYN waits
 * for two minutes, its ACKs come at once.
 */
static bool is_late(const struct group *to)
{
	return share(to->late, group_barren(to) / SYN_SENT) >= TH(WINDOW_SHARE);
}

/*
 * Nobody gets an answer there, not now: what was established before it fell silent
 * keeps its entry.
 */
static bool is_mute(const struct group *to)
{
	double now = (double)to->row.stage[STAGE_ONCE] + (double)to->row.stage[STAGE_TALKING] +
		     (double)to->row.stage[STAGE_CLOSING];

	return share(now, to->entries) < HARDLY && !is_late(to) &&
	       share(to->life[LIFE_HALF_OPEN], to->entries) < SOME;
}

/* Most of what is left, or so much of the table that it needs a word of its own */
static bool is_much(const struct occupancy *o, double part, double left)
{
	return share(part, left) >= TH(CONCENTRATED) || share(part, o->entries) >= TH(PART);
}

/* Sources of the groups that are explained, and what they have of it */
static double taken_sources(const struct occupancy *o, double *entries)
{
	static const enum group_kind kinds[] = { GROUP_SOURCE, GROUP_PREFIX };
	double sources = 0;
	size_t i, k;

	*entries = 0;
	for (k = 0; k < ARRAY_SIZE(kinds); k++)
		for (i = 0; i < o->nr[kinds[k]]; i++) {
			const struct group *g = &o->group[kinds[k]][i];

			if (!g->taken)
				continue;
			sources += fmax(known(g->row.sources), 1);
			*entries += group_barren(g);
		}
	return sources;
}

/*
 * The entries of those who are accused already, seen from where they go to: of no more
 * sources than they are.
 */
static bool is_theirs(const struct occupancy *o, const struct group *to)
{
	double entries, sources = taken_sources(o, &entries);

	return sources > 0 && to->row.sources != UNKNOWN && to->row.sources <= sources * ABOUT &&
	       group_barren(to) <= entries * ABOUT;
}

/* A destination that answers nobody and has at least so much of it, or NULL. */
static const struct group *mute_target(const struct occupancy *o, double least)
{
	static const enum group_kind kinds[] = { GROUP_PAIR, GROUP_DEST };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct group *g = most_barren(o, kinds[i]);

		/* who waits for a host that is down asks for a few of its services */
		if (g && kinds[i] == GROUP_DEST && known(g->row.ports) >= MANY_DESTS)
			continue;
		if (g && group_barren(g) >= least && is_mute(g) && !is_theirs(o, g))
			return g;
	}
	return NULL;
}

/*
 * Too slow for a flood, or answered by others: such clients wait for the service. This
 * host's own programs stand for all their users, as a resolver does.
 */
static bool wait_for_it(const struct part *p)
{
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		const struct group *g = p->member[i];

		if (!is_answered(g) &&
		    offered(g) >= TH(FLOOD_RATE) * (g->own ? OWN_USERS : 1))
			return false;
	}
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

static bool by_dead(const struct group *to, double left, struct part *p)
{
	p->kind = PART_DEAD;
	p->member[0] = to;
	p->nr_members = 1;
	p->frees = fmin(group_barren(to), left);
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
	if (!is_answered(p->member[0]) && !p->member[0]->guarded) {
		const struct group *to = mute_target(o, whole * (100 - SOME) / 100);

		return to && to->kind == GROUP_PAIR ? to : NULL;
	}
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct group *g = most_barren(o, kinds[i]);

		/* a service that others are answered by is no destination of its own */
		if (g && share(group_barren(g), whole) >= TH(CONCENTRATED) &&
		    (kinds[i] != GROUP_SERVICE || share(group_barren(g), g->entries) >= HALF))
			return g;
	}
	return NULL;
}

/* Of the few, those that scan apart from those that flood. */
static size_t split(const struct netns_table *n, const struct part *few, struct part *p)
{
	static const enum part_kind kinds[] = { PART_FLOOD, PART_SCAN };
	size_t i, k, nr = 0;

	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct part *one = &p[nr];

		*one = *few;
		one->kind = kinds[k];
		one->certainty = LIKELY;
		one->nr_members = 0;
		for (i = 0; i < few->nr_members; i++) {
			if (scans(few->member[i]) != (kinds[k] == PART_SCAN))
				continue;
			one->member[one->nr_members++] = few->member[i];
			if (!is_answered(few->member[i]))
				one->certainty = SURE;
		}
		if (!one->nr_members)
			continue;
		weigh(n, one);
		nr++;
	}
	return nr;
}

/* One source that has so much of the table that it needs no comparison */
static bool by_one(const struct occupancy *o, struct part *p)
{
	size_t i;

	for (i = 0; i < o->nr[GROUP_SOURCE]; i++) {
		const struct group *g = &o->group[GROUP_SOURCE][i];

		if (accusable(g) && share(group_barren(g), o->entries) >= TH(PART) &&
		    p->nr_members < PART_MEMBERS)
			p->member[p->nr_members++] = g;
	}
	return p->nr_members;
}

static size_t by_few(const struct netns_table *n, const struct occupancy *o, double left,
		     struct part *p)
{
	const struct group *to;
	struct part few = *p;
	bool own = few_of(o, GROUP_SOURCE, group_barren, accusable, left, &few) ||
		   by_one(o, &few);

	if (!own && !few_of(o, GROUP_SOURCE, group_barren, acceptable, left, &few))
		return 0;
	to = mute_target(o, left * TH(CONCENTRATED) / 100);
	if (to && wait_for_it(&few))
		return by_dead(to, left, p);
	few.narrow = narrow_to(o, &few, left);
	/* a gateway or a proxy: without a rule that spares its work, no rule */
	if ((!own && !few.narrow) || all_suffer(o, &few))
		return 0;
	return split(n, &few, p);
}

/* None of those in it that are listed speaks for another reading. */
static bool is_plain(const struct netns_table *n, const struct group *g)
{
	size_t i;

	for (i = 0; i < n->nr_actors; i++)
		if (is_odd(&n->actor[i]) && group_contains(g, n->actor[i].source))
			return false;
	return true;
}

static bool is_net(const struct group *g)
{
	/* incidents don't tell how many */
	return accusable(g) && !is_answered(g) &&
	       (g->row.sources == UNKNOWN || known(g->row.sources) >= NET_SOURCES);
}

static bool by_net(const struct netns_table *n, const struct occupancy *o, double whole,
		   struct part *p)
{
	size_t i;

	if (!few_of(o, GROUP_PREFIX, group_barren, is_net, whole, p))
		return false;
	p->kind = PART_FLOOD;
	for (i = 0; i < p->nr_members; i++) {
		if (scans(p->member[i]))
			p->kind = PART_SCAN;
		if (is_plain(n, p->member[i]))
			continue;
		p->nr_members = 0;
		return false;
	}
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
	if (!ever_new(n) && !(to && 2 * (double)known(to->row.sources) >= group_barren(to)))
		return false;
	p->kind = PART_SPOOFED;
	p->frees = whole;
	p->arrivals = n->offered;
	p->certainty = ever_new(n) ? SURE : LIKELY;
	p->narrow = to;
	return true;
}

/* The least of the INVALID rates that are listed; 0 where all are. */
static double least_listed(const struct netns_table *n)
{
	double least = INFINITY;
	size_t i, nr = 0;

	for (i = 0; i < n->nr_actors; i++) {
		if (!n->actor[i].row[SRC_INVALID])
			continue;
		least = fmin(least, actor_rate(&n->actor[i], SRC_INVALID));
		nr++;
	}
	return nr >= LIST_ROWS ? least : 0;
}

/* Of those who are listed, the part that is seen from one side: all are like them. */
static double odd_sources(const struct netns_table *n, const struct occupancy *o)
{
	double odd = 0, all = 0, least = least_listed(n);
	size_t i;

	for (i = 0; i < o->nr[GROUP_SOURCE]; i++) {
		const struct group *g = &o->group[GROUP_SOURCE][i];

		if (!g->actor || share(group_barren(g), g->entries) < HALF)
			continue;
		/* what isn't listed of it may be as much as of the last that is */
		if (!g->actor->row[SRC_INVALID] &&
		    share(least, offered(g)) >= TH(WINDOW_SHARE))
			continue;
		all += group_barren(g);
		odd += is_odd(g->actor) ? group_barren(g) : 0;
	}
	return all > 0 ? odd / all : 0;
}

/* The same by destination */
static double odd_dests(const struct occupancy *o, double whole)
{
	double odd = 0;
	size_t i;

	for (i = 0; i < o->nr[GROUP_DEST]; i++) {
		const struct group *g = &o->group[GROUP_DEST][i];

		if (is_late(g))
			odd += group_barren(g);
	}
	return whole > 0 ? fmin(odd / whole, 1) : 0;
}

static double odd_part(const struct netns_table *n, const struct occupancy *o)
{
	double whole = o->life[LIFE_UNANSWERED] + o->life[LIFE_HALF_OPEN];

	return fmax(odd_sources(n, o), odd_dests(o, whole));
}

static double odd_barren(const struct group *g)
{
	return g->actor && is_odd(g->actor) ? group_barren(g) : 0;
}

/* One direction of it passes elsewhere: both ends' packets say so. */
static bool by_odd(const struct netns_table *n, const struct occupancy *o, double left,
		   struct part *p)
{
	p->kind = PART_ONEWAY;
	p->certainty = SURE;
	p->frees = left * odd_part(n, o);
	if (!is_much(o, p->frees, left))
		return false;
	if (!few_of(o, GROUP_SOURCE, odd_barren, NULL, p->frees, p))
		few_of(o, GROUP_DEST, group_barren, NULL, left, p);
	return true;
}

/* The same by what was picked up in the middle, and stays */
static bool by_midstream(const struct netns_table *n, const struct occupancy *o, double left,
			 struct part *p)
{
	double middle = fmin(o->stage[STAGE_MIDSTREAM], left);

	if (share(middle, left) < HALF || ever_new(n))
		return false;
	p->kind = PART_ONEWAY;
	p->certainty = LIKELY;
	p->frees = middle;
	if (!few_of(o, GROUP_SOURCE, group_barren, NULL, left, p))
		few_of(o, GROUP_DEST, group_barren, NULL, left, p);
	return true;
}

/* Many who come back, and hardly one is answered by anybody: the way itself */
static bool by_way(const struct occupancy *o, double left, struct part *p)
{
	if (share(left, o->entries) < 100 - 2 * SOME)
		return false;
	p->kind = PART_ONEWAY;
	p->frees = left;
	p->certainty = POSSIBLE;
	return true;
}

/* What explains most of what is left, into @p; returns how many parts */
static size_t explain_left(const struct netns_table *n, const struct occupancy *o,
			   double left, struct part *p)
{
	const struct group *to = mute_target(o, fmin(left * TH(CONCENTRATED),
						     o->entries * TH(PART)) / 100);
	struct part start = *p;
	size_t nr = by_few(n, o, left, p);

	if (nr)
		return nr;
	*p = start;
	if (to && come_back(n, to))
		return by_dead(to, left, p);
	/* made-up ones may fill a few networks; those of a real one soon come again */
	if (!ever_new(n) && by_net(n, o, left, p))
		return 1;
	*p = start;
	if (by_midstream(n, o, left, p) || by_spoofed(n, o, left, p))
		return 1;
	*p = start;
	return by_way(o, left, p);
}

bool barren_is_odd(const struct netns_table *n)
{
	const struct occupancy *o = n->occupancy;
	double whole = o->life[LIFE_UNANSWERED] + o->life[LIFE_HALF_OPEN];

	return share(whole * odd_part(n, o), o->entries) >= TH(PART);
}

/* A part's members are explained; NULL: nobody is, yet. */
static void take(struct occupancy *o, const struct part *p)
{
	size_t i;
	int kind;

	for (kind = 0; !p && kind < GROUP_KINDS; kind++)
		for (i = 0; i < o->nr[kind]; i++)
			o->group[kind][i].taken = false;
	for (i = 0; p && i < p->nr_members; i++)
		o->group[p->member[i]->kind][p->member[i] -
			 o->group[p->member[i]->kind]].taken = true;
}

size_t barren_parts(const struct netns_table *n, struct part *p)
{
	struct occupancy *o = n->occupancy;
	double left = o->life[LIFE_UNANSWERED] + o->life[LIFE_HALF_OPEN];
	struct part start = { .life = LIFE_UNANSWERED, .holds = left };
	size_t nr = 0, more, i;

	if (o->life[LIFE_HALF_OPEN] > o->life[LIFE_UNANSWERED])
		start.life = LIFE_HALF_OPEN;
	*p = start;
	take(o, NULL);
	if (share(left, o->entries) >= TH(PART) && by_odd(n, o, left, p))
		left -= p[nr++].frees;
	while (share(left, o->entries) >= TH(PART) && nr + 2 <= BARREN_PARTS) {
		p[nr] = start;
		more = explain_left(n, o, left, &p[nr]);
		if (!more)
			break;
		for (i = 0; i < more; i++) {
			left -= p[nr].frees;
			take(o, &p[nr++]);
		}
	}
	return nr;
}
