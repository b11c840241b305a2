// SPDX-License-Identifier: GPL-2.0
/* A path that this host sees one direction of: both ends' packets say so. */
#include <math.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/few.h"
#include "judge/occupancy.h"
#include "judge/oneway.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/unheard.h"
#include "judge/verdict.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SOME		5	/* %: less than that is nothing, as lists have errors */
#define HALF		50	/* % */
#define SEEN_FROM_ONE_SIDE 50	/* %: so many of them send a packet that doesn't fit */
#define CHOSEN_PORTS	32768
#define ANSWERED	16	/* ports: fewer may be chance */
#define ANSWERED_SHARE	4	/* entries for each of them, at most */

/*
 * A source whose packets don't fit what conntrack saw of its connections: it
 * acknowledges a SYN-ACK that passed elsewhere, or sends SYN-ACKs to a SYN that did.
 * A flood sends none.
 */
bool oneway_odd(const struct actor *a)
{
	double late = actor_rate(a, SRC_INVALID) * actor_part(a, SRC_INVALID, "inv_window");

	return actor_answers(a) || share(late, a->offered) >= TH(WINDOW_SHARE);
}

/*
 * What a client opens is from ports of its system's choice, which begin at 32768
 * (net.ipv4.ip_local_port_range); what a server answers is from its own port, to ports
 * that others have chosen.
 */
bool oneway_answers(const struct group *g)
{
	double ports = known(g->row.ports);

	return g->row.sport > 0 && g->row.sport < CHOSEN_PORTS && ports >= ANSWERED &&
	       ANSWERED_SHARE * ports >= group_barren(g);
}

static bool is_odd(const struct group *g)
{
	return (g->actor && oneway_odd(g->actor)) || oneway_answers(g);
}

/* Most of what is left, or so much of the table that it needs a word of its own */
static bool is_much(const struct occupancy *o, double part, double left)
{
	return share(part, left) >= TH(CONCENTRATED) || share(part, o->all) >= TH(PART);
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
		    share(least, group_offered(g)) >= TH(WINDOW_SHARE))
			continue;
		all += group_barren(g);
		odd += is_odd(g) ? group_barren(g) : 0;
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

		if (unheard_late(g))
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
	return is_odd(g) ? group_barren(g) : 0;
}

/* One direction of it passes elsewhere: both ends' packets say so. */
bool oneway_find(const struct netns_table *n, const struct occupancy *o, double left,
		 struct part *p)
{
	p->kind = PART_ONEWAY;
	p->certainty = SURE;
	p->frees = left * odd_part(n, o);
	if (!is_much(o, p->frees, left))
		return false;
	if (!few_of(o, GROUP_SOURCE, odd_barren, NULL, p->frees, p))
		few_of(o, GROUP_DEST, group_barren, NULL, left, p);
	if (p->nr_members && p->member[0]->kind == GROUP_SOURCE && oneway_answers(p->member[0]))
		p->certainty = LIKELY;
	return true;
}

static double opens_tcp(const struct actor *a)
{
	return actor_rate(a, SRC_INSERT) * actor_part(a, SRC_INSERT, "tcp");
}

/* New connections of TCP a second: no other protocol's packets don't fit. */
static double opened_tcp(const struct netns_table *n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n->nr_actors; i++)
		sum += opens_tcp(&n->actor[i]);
	return sum;
}

bool oneway_suspected(const struct netns_table *n, double left)
{
	/* of what comes, as much waits for an answer as of what is there, about */
	double waits = fmin(known(n->waiting_tcp), left);
	double barren = opened_tcp(n) * waits / n->occupancy->entries;

	return n->invalid_whose >= 1 && share(waits, left) >= SOME &&
	       100 * n->invalid_whose >= SOME * barren;
}

/* What it opens, or who asks it, is surely no TCP. */
static bool is_other(const struct group *g)
{
	if (g->kind == GROUP_PAIR || g->kind == GROUP_SERVICE)
		return strcmp(g->row.proto, "tcp");
	return g->kind == GROUP_SOURCE && g->actor && actor_rate(g->actor, SRC_INSERT) > 0 &&
	       100 * actor_part(g->actor, SRC_INSERT, "tcp") < SOME;
}

/*
 * It opens more than there are INVALID packets, of which each connection that is seen from
 * one side has one at least, but for those that were evicted before. Who was picked up in
 * the middle has had one each time, and is a server mostly.
 */
static bool opens_more(const struct netns_table *n, const struct group *g)
{
	return g->kind == GROUP_SOURCE && g->actor &&
	       share(g->row.stage[STAGE_MIDSTREAM], group_barren(g)) < HALF &&
	       SEEN_FROM_ONE_SIDE * g->actor->offered > 100 * n->invalid_whose;
}

void oneway_set_aside(const struct netns_table *n)
{
	struct occupancy *o = n->occupancy;
	size_t i;
	int kind;

	for (kind = 0; kind < GROUP_KINDS; kind++)
		for (i = 0; i < o->nr[kind]; i++)
			o->group[kind][i].taken = !is_other(&o->group[kind][i]) &&
						  !opens_more(n, &o->group[kind][i]);
}

void oneway_suspect(const struct occupancy *o, double left, struct part *p)
{
	p->kind = PART_ONEWAY;
	p->certainty = LIKELY;
	p->suspect = true;
	p->frees = left;
	if (!few_of(o, GROUP_SOURCE, group_barren, NULL, left, p))
		few_of(o, GROUP_DEST, group_barren, NULL, left, p);
}

/* The same by what was picked up in the middle, and stays */
bool oneway_midstream(const struct occupancy *o, double left, struct part *p)
{
	double middle = fmin(o->stage[STAGE_MIDSTREAM], left);

	if (share(middle, left) < HALF)
		return false;
	p->kind = PART_ONEWAY;
	p->certainty = LIKELY;
	p->frees = middle;
	if (!few_of(o, GROUP_SOURCE, group_barren, NULL, left, p))
		few_of(o, GROUP_DEST, group_barren, NULL, left, p);
	return true;
}

/* One whose connections are answered as ever shows that the way is open. */
static bool somebody_gets_through(const struct occupancy *o)
{
	size_t i;

	for (i = 0; i < o->nr[GROUP_SOURCE]; i++)
		if (share(group_fruitful(&o->group[GROUP_SOURCE][i]),
			  o->group[GROUP_SOURCE][i].entries) >= HALF)
			return true;
	return false;
}

/* Many who come back, and hardly one is answered by anybody: the way itself */
bool oneway_everybody(const struct occupancy *o, double left, struct part *p)
{
	if (share(left, o->entries) < 100 - 2 * SOME || somebody_gets_through(o))
		return false;
	p->kind = PART_ONEWAY;
	p->frees = left;
	p->certainty = POSSIBLE;
	return true;
}

bool oneway_is_much(const struct netns_table *n)
{
	const struct occupancy *o = n->occupancy;
	double whole = o->life[LIFE_UNANSWERED] + o->life[LIFE_HALF_OPEN];

	return share(whole * odd_part(n, o), o->entries) >= TH(PART);
}
