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
#include "judge/oneway.h"
#include "judge/pace.h"
#include "judge/streams.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/unheard.h"
#include "judge/verdict.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SOME		5	/* %: less than that is nothing, as lists have errors */
#define HALF		50	/* % */
#define WORKS		20	/* %: with so much answered it is a gateway, or a proxy */
#define VERY_MANY	256	/* destinations, of one that nobody answers */
#define MANY_DESTS	32	/* destinations, and ... */
#define MANY_PORTS	256	/* ... ports that nobody talks to for work */
#define PER_TARGET	4	/* entries for each of them, at most, of a scan */
#define OWN_USERS	10	/* times what one source opens, of this host itself */
#define BEHIND		100	/* the same of a gateway, or a server with its clients */
#define SPLIT		3	/* parts that explain_left() makes at most */
#define NET_SOURCES	4	/* a network with fewer is named source by source */
#define AGAIN		1.5	/* entries for each of its targets: it comes back */
#define POLLS		5	/* s: nobody who looks after others asks them more often */

/* Somebody answers it, here or elsewhere. */
static bool is_answered(const struct group *g)
{
	return share(group_fruitful(g), g->entries) >= SOME;
}

/* Picked up in the middle, and slowly: who is seen from one side only. */
static bool is_picked_up(const struct group *g)
{
	return share(g->row.stage[STAGE_MIDSTREAM], group_barren(g)) >= HALF &&
	       group_offered(g) < TH(FLOOD_RATE);
}

/* Nothing speaks for it: it is a gateway at most, whose others are answered. */
static bool acceptable(const struct group *g)
{
	return !g->taken && !is_picked_up(g) && !oneway_answers(g) &&
	       !(g->actor && oneway_odd(g->actor));
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

/* The same at most: who isn't listed opens no more than the least that is */
static double offered_at_most(const struct netns_table *n, const struct group *g)
{
	double least = INFINITY, listed = 0;
	size_t i;

	for (i = 0; i < n->nr_actors; i++) {
		if (n->actor[i].offered <= 0)
			continue;
		least = fmin(least, n->actor[i].offered);
		listed += group_contains(g, n->actor[i].source);
	}
	if (!isfinite(least))
		return 0;
	return offered_in(n, g) + fmax(known(g->row.sources) - listed, 0) * least;
}

/* New connections a second of each source in a group, where these are alike */
static double offered_each(const struct netns_table *n, const struct group *g)
{
	return g->kind == GROUP_PREFIX ? offered_in(n, g) / fmax(known(g->row.sources), 1) :
	       group_offered(g);
}

static void weigh(const struct netns_table *n, struct part *p)
{
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		const struct group *g = p->member[i];

		p->frees += group_barren(g);
		p->harms += p->narrow ? 0 : group_fruitful(g) + g->life[LIFE_SILENT];
		p->arrivals += g->kind == GROUP_PREFIX ? offered_in(n, g) : group_offered(g);
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

/* Clients that ask these again, rather than each one once. */
static bool come_back(const struct netns_table *n, const struct part *to)
{
	size_t i;

	for (i = 0; i < to->nr_members; i++) {
		const struct group *g = to->member[i];

		if (g->row.sources == UNKNOWN ? ever_new(n) :
		    2 * (double)g->row.sources >= g->entries && n->fresh >= SOME)
			return false;
	}
	return true;
}

/* Of what it asks for, TCP that is refused: where nobody tells whose, its share of all that is */
static double refused_tcp(const struct actor *a)
{
	if (a->row[SRC_REFUSED])
		return actor_rate(a, SRC_REFUSED) * actor_part(a, SRC_REFUSED, "tcp");
	return fmax(a->offered - actor_rate(a, SRC_INSERT), 0) * actor_part(a, SRC_INSERT, "tcp");
}

/* Connections a second that it wants, if it is a client: what is refused is sent again. */
static double asks(const struct group *g)
{
	return group_offered(g) - SENT_AGAIN * (g->actor ? refused_tcp(g->actor) : 0);
}

/*
 * This host's own programs stand for all their users, as a resolver does, and a gateway
 * or a server for those behind. Who floods has several targets more often than clients
 * have several dead services.
 */
static int users(const struct group *g, bool several)
{
	return g->guarded ? BEHIND : several ? 0 : g->own ? OWN_USERS : 1;
}

/* Too slow for a flood, or answered by others: such clients wait for the service. */
static bool wait_for_it(const struct part *p, bool several)
{
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		const struct group *g = p->member[i];

		if (!is_answered(g) && asks(g) >= TH(FLOOD_RATE) * users(g, several))
			return false;
	}
	return true;
}

/*
 * This host's resolvers, a gateway of its, and what waits for them here: who asks these
 * as its users do isn't to blame.
 */
static bool is_needed(const struct part *dead)
{
	size_t i, beyond = 0;

	for (i = 0; i < dead->nr_members; i++) {
		if (!dead->member[i]->guarded)
			return false;
		beyond += !dead->member[i]->own;
	}
	return beyond;
}

/*
 * Slow ones, and nobody else is answered either: it is the way beyond that answers
 * nobody, and these are all who use it.
 */
static bool all_suffer(const struct netns_table *n, const struct part *p)
{
	const struct occupancy *o = n->occupancy;
	double others = o->life[LIFE_ONCE] + o->life[LIFE_TALKING] + o->life[LIFE_CLOSING];
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		if (offered_each(n, p->member[i]) >= TH(FLOOD_RATE))
			return false;
		others -= group_fruitful(p->member[i]);
	}
	return share(others, o->entries) < SOME;
}

/* A destination that answers nobody and has so much of it, into @p */
static bool find_dead(const struct occupancy *o, double least, struct part *p)
{
	p->member[0] = unheard_target(o, least);
	p->nr_members = p->member[0] != NULL;
	return p->nr_members;
}

static bool by_dead(double left, struct part *p)
{
	double theirs = 0;
	size_t i;

	for (i = 0; i < p->nr_members; i++)
		theirs += group_barren(p->member[i]);
	p->kind = PART_DEAD;
	p->frees = fmin(theirs, left);
	p->certainty = p->member[0]->kind == GROUP_PAIR ? LIKELY : POSSIBLE;
	return true;
}

/*
 * A destination that meets only what is unanswered of a source. A limit turns away the
 * same share of what would be answered there, and whose that is isn't known.
 */
static bool spares_work(const struct group *to, const struct group *of)
{
	double work = fmin(group_fruitful(to), group_fruitful(of));

	return share(work, group_barren(to)) < SOME;
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
		const struct group *to = unheard_target(o, whole * (100 - SOME) / 100);

		if (to && to->kind == GROUP_PAIR)
			return to;
		/* other programs of this host have as much right as its users */
		if (!p->member[0]->own)
			return NULL;
	}
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct group *g = unheard_most(o, kinds[i]);

		if (g && share(group_barren(g), whole) >= TH(CONCENTRATED) &&
		    spares_work(g, p->member[0]) &&
		    (kinds[i] != GROUP_DEST || unheard_mute(g)))
			return g;
	}
	return NULL;
}

/*
 * Who asks the same ones again and again, and not too often, looks after them, as
 * monitoring does: its targets are what fails.
 */
static bool looks_after(const struct group *g)
{
	/* as many of them don't answer as of its entries */
	double targets = known(g->row.dests) * fmax(known(g->row.ports), 1);
	double barren = targets * share(group_barren(g), g->entries) / 100;

	return known(g->row.ports) < MANY_PORTS && group_barren(g) >= AGAIN * barren &&
	       group_offered(g) * POLLS < targets;
}

/* An incident doesn't tell how many it asked: who was answered, too, isn't accused. */
static bool may_look_after(const struct group *g)
{
	return looks_after(g) || (g->row.dests == UNKNOWN && is_answered(g));
}

static enum part_kind kind_of_member(const struct group *g)
{
	return may_look_after(g) ? PART_UNANSWERED : scans(g) ? PART_SCAN : PART_FLOOD;
}

/* Of the few, those that flood, those that scan, and those that look after others. */
static size_t split(const struct netns_table *n, const struct part *few, struct part *p)
{
	static const enum part_kind kinds[] = { PART_FLOOD, PART_SCAN, PART_UNANSWERED };
	size_t i, k, nr = 0;

	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct part *one = &p[nr];

		*one = *few;
		one->kind = kinds[k];
		one->certainty = LIKELY;
		one->nr_members = 0;
		for (i = 0; i < few->nr_members; i++) {
			if (kind_of_member(few->member[i]) != kinds[k])
				continue;
			one->member[one->nr_members++] = few->member[i];
			if (!is_answered(few->member[i]) && kinds[k] != PART_UNANSWERED)
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

		if (accusable(g) && share(group_barren(g), o->all) >= TH(PART) &&
		    p->nr_members < PART_MEMBERS)
			p->member[p->nr_members++] = g;
	}
	return p->nr_members;
}

static bool mostly_barren(const struct part *p)
{
	size_t i;

	for (i = 0; i < p->nr_members; i++)
		if (share(group_barren(p->member[i]), p->member[i]->entries) < HALF)
			return false;
	return true;
}

/* This host's own programs, some of which are answered: a limit meets these as well. */
static bool has_work(const struct part *p)
{
	size_t i;

	for (i = 0; i < p->nr_members; i++)
		if (p->member[i]->own && is_answered(p->member[i]))
			return true;
	return false;
}

static size_t by_few(const struct netns_table *n, const struct occupancy *o, double left,
		     struct part *p)
{
	struct part few = *p, dead = *p;
	bool own = few_of(o, GROUP_SOURCE, group_barren, accusable, left, &few) ||
		   by_one(o, &few);

	if (!own && !few_of(o, GROUP_SOURCE, group_barren, acceptable, left, &few))
		return 0;
	if ((find_dead(o, left * TH(CONCENTRATED) / 100, &dead) &&
	     (wait_for_it(&few, false) || is_needed(&dead))) ||
	    (unheard_few(o, left, &dead) && (wait_for_it(&few, true) || is_needed(&dead)))) {
		*p = dead;
		return by_dead(left, p);
	}
	few.narrow = narrow_to(o, &few, left);
	if (all_suffer(n, &few))
		return 0;
	/* a gateway or a proxy: without a rule that spares its work, no rule */
	few.mixed = !few.narrow && (!own || has_work(&few));
	if (!own && few.mixed && !mostly_barren(&few))
		return 0;
	return split(n, &few, p);
}

/* None of those in it that are listed speaks for another reading. */
static bool is_plain(const struct netns_table *n, const struct group *g)
{
	size_t i;

	for (i = 0; i < n->nr_actors; i++)
		if (oneway_odd(&n->actor[i]) && group_contains(g, n->actor[i].source))
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
		if (is_plain(n, p->member[i]) &&
		    (n->level == LEVEL_WAS ||
		     offered_at_most(n, p->member[i]) >= TH(FLOOD_RATE)))
			continue;
		p->nr_members = 0;
		return false;
	}
	/* a network that asks everywhere, where nobody else is answered, has lost its way */
	if (p->kind == PART_SCAN && all_suffer(n, p))
		return false;
	p->certainty = LIKELY;
	weigh(n, p);
	return true;
}

/* Answered and never completed, by many: no client does that. */
static bool half_open(const struct occupancy *o, double whole)
{
	return share(o->life[LIFE_HALF_OPEN], whole) >= HALF;
}

/* Each source has hardly more than one entry, comes for the first time, or never completes. */
static bool by_spoofed(const struct netns_table *n, const struct occupancy *o, double whole,
		       struct part *p)
{
	static const enum group_kind kinds[] = { GROUP_PAIR, GROUP_DEST, GROUP_SERVICE };
	const struct group *to = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds) && !to; i++) {
		const struct group *g = unheard_most(o, kinds[i]);

		if (g && share(group_barren(g), whole) >= TH(CONCENTRATED))
			to = g;
	}
	if (!ever_new(n) && !(to && (half_open(o, whole) ||
				     2 * (double)known(to->row.sources) >= group_barren(to))))
		return false;
	p->kind = PART_SPOOFED;
	p->frees = whole;
	p->arrivals = n->offered;
	p->certainty = ever_new(n) ? SURE : LIKELY;
	p->narrow = to;
	return true;
}

/* More than any work has of the table, and nobody stands out */
static bool by_crowd(const struct occupancy *o, double left, struct part *p)
{
	if (left <= o->life[LIFE_CLOSING] || left <= o->life[LIFE_ONCE] ||
	    left <= o->life[LIFE_TALKING] + o->life[LIFE_SILENT])
		return false;
	p->kind = PART_UNANSWERED;
	p->holds = left;
	p->frees = left;
	p->certainty = POSSIBLE;
	return true;
}

/* What explains most of what is left, into @p; returns how many parts */
static size_t explain_left(const struct netns_table *n, const struct occupancy *o,
			   double left, bool suspect, struct part *p)
{
	double least = fmin(left * TH(CONCENTRATED), o->all * TH(PART)) / 100;
	struct part start = *p;
	size_t nr = by_few(n, o, left, p);

	if (nr)
		return nr;
	*p = start;
	if (find_dead(o, least, p) && come_back(n, p))
		return by_dead(left, p);
	*p = start;
	if (suspect) {
		oneway_suspect(o, left, p);
		return 1;
	}
	/* made-up ones may fill a few networks; those of a real one soon come again */
	if (!ever_new(n) && by_net(n, o, left, p))
		return 1;
	*p = start;
	if (unheard_few(o, left, p) && come_back(n, p))
		return by_dead(left, p);
	*p = start;
	if ((!ever_new(n) && oneway_midstream(o, left, p)) || by_spoofed(n, o, left, p))
		return 1;
	*p = start;
	return oneway_everybody(o, left, p) || by_crowd(o, left, p);
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
	bool suspect;

	if (o->life[LIFE_HALF_OPEN] > o->life[LIFE_UNANSWERED])
		start.life = LIFE_HALF_OPEN;
	*p = start;
	take(o, NULL);
	suspect = oneway_suspected(n, left);
	if (suspect)
		oneway_set_aside(n);
	if (share(left, o->all) >= TH(PART) && oneway_find(n, o, left, p))
		left -= p[nr++].frees;
	while (share(left, o->all) >= TH(PART) && nr + SPLIT <= BARREN_PARTS) {
		p[nr] = start;
		more = explain_left(n, o, left, suspect, &p[nr]);
		if (!more)
			break;
		for (i = 0; i < more; i++) {
			left -= p[nr].frees;
			take(o, &p[nr++]);
		}
	}
	return nr;
}
