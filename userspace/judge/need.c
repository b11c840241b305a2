// SPDX-License-Identifier: GPL-2.0
/* How large a table would have to be for the work that is offered to it. */
#include <math.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/life.h"
#include "judge/need.h"
#include "judge/occupancy.h"
#include "judge/settings.h"
#include "judge/tables.h"
#include "judge/verdict.h"

#define MOST_LOST	8	/* times what got in: a packet that is refused comes again */

/* New connections a second of those whom no part accuses */
struct offers {
	double tcp_in, tcp_refused;	/* got in; refused */
	double other_in, other_refused;	/* UDP, ICMP and the like */
};

/* Of made-up sources each is offered once; who isn't one has answers. */
static bool is_other(const struct netns_table *n, const struct actor *a)
{
	return !verdict_accuses(n, a) && !actor_sends_invalid(a) && !actor_answers(a) &&
	       (!verdict_part(n, PART_SPOOFED) || actor_real(a));
}

/* Of what it has in the table, the part that anybody answered: what else it offers is no work */
static double answered_part(const struct netns_table *n, const struct actor *a)
{
	const struct occupancy *o = n->occupancy;
	size_t i;

	for (i = 0; i < o->nr[GROUP_SOURCE]; i++) {
		const struct group *g = &o->group[GROUP_SOURCE][i];

		if (g->actor == a && g->entries > 0)
			return 1 - group_barren(g) / g->entries;
	}
	return 1;
}

static struct offers offers_of(const struct netns_table *n)
{
	struct offers o = { .tcp_in = 0 };
	size_t i;

	for (i = 0; i < n->nr_actors; i++) {
		const struct actor *a = &n->actor[i];
		double in = actor_rate(a, SRC_INSERT), refused = actor_rate(a, SRC_REFUSED);
		double tcp_in = in * actor_part(a, SRC_INSERT, "tcp");
		double tcp_refused = refused * actor_part(a, SRC_REFUSED, "tcp");
		double work = answered_part(n, a);

		if (!is_other(n, a))
			continue;
		o.tcp_in += work * tcp_in;
		o.tcp_refused += work * tcp_refused;
		o.other_in += work * (in - tcp_in);
		o.other_refused += work * (refused - tcp_refused);
	}
	return o;
}

/* How many are offered for each that got in */
static double offered_for_one(double in, double refused)
{
	if (refused <= 0)
		return 1;
	return in > 0 ? fmin((in + refused) / in, MOST_LOST) : MOST_LOST;
}

double need_of_work(const struct tables *ts, const struct netns_table *n,
		    const struct verdict *v)
{
	struct offers of = offers_of(n);
	double tcp = offered_for_one(of.tcp_in, of.tcp_refused);
	double other = offered_for_one(of.other_in, of.other_refused);
	double life[LIVES], once;
	size_t i;

	memcpy(life, n->occupancy->life, sizeof(life));
	for (i = 0; i < v->nr; i++)
		life[v->part[i].life] = fmax(life[v->part[i].life] - v->part[i].frees, 0);
	/* questions that a full table evicts stay for less than their timeout */
	once = life[LIFE_ONCE] * other;
	if (n->level >= LEVEL_EVICTING)
		once = fmax(life[LIFE_ONCE], (of.other_in + of.other_refused) *
					     setting_now(ts, n, "udp_timeout"));
	return once + (life[LIFE_CLOSING] + life[LIFE_TALKING]) * tcp + life[LIFE_SILENT] +
	       life[LIFE_UNANSWERED] + life[LIFE_HALF_OPEN];
}
