// SPDX-License-Identifier: GPL-2.0
/* What a table holds some time after a lever was pulled. */
#include <math.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/life.h"
#include "judge/occupancy.h"
#include "judge/refill.h"
#include "judge/settings.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "lib/numbers.h"
#include "snapshot.h"

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

static struct offers offers_of(const struct netns_table *n)
{
	struct offers o = { .tcp_in = 0 };
	size_t i;

	for (i = 0; i < n->nr_actors; i++) {
		const struct actor *a = &n->actor[i];
		double in = actor_rate(a, SRC_INSERT), refused = actor_rate(a, SRC_REFUSED);
		double tcp_in = in * actor_part(a, SRC_INSERT, "tcp");
		double tcp_refused = refused * actor_part(a, SRC_REFUSED, "tcp");

		if (!is_other(n, a))
			continue;
		o.tcp_in += tcp_in;
		o.tcp_refused += tcp_refused;
		o.other_in += in - tcp_in;
		o.other_refused += refused - tcp_refused;
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

/* Of what is to come, the part that has come after @t s where entries stay @stay */
static double come(double t, double stay)
{
	return stay > 0 ? 1 - exp(-t / stay) : 1;
}

/*
 * Entries of each part of life after @t s, without bound. Closed connections and
 * questions stay as long as their timeout says, talking ones as long as the measured
 * time in the table.
 */
static double entries_after(const struct tables *ts, const struct netns_table *n,
			    const double *life, bool questions, double t)
{
	struct offers of = offers_of(n);
	double tcp = offered_for_one(of.tcp_in, of.tcp_refused);
	double other = offered_for_one(of.other_in, of.other_refused);
	double once = life[LIFE_ONCE], udp = setting_now(ts, n, "udp_timeout"), full;
	double stay = of.tcp_in > 0 ? life[LIFE_TALKING] / of.tcp_in : 0;
	double tw = setting_now(ts, n, "tcp_timeout_time_wait"), sum;

	/* those that a full table evicts stay for less than their timeout */
	full = questions && n->level >= LEVEL_EVICTING ?
	       fmax(once, (of.other_in + of.other_refused) * udp) : once * other;
	sum = once + (full - once) * fmin(t / udp, 1);
	sum += life[LIFE_CLOSING] * (1 + (tcp - 1) * fmin(t / tw, 1));
	sum += life[LIFE_TALKING] * (1 + (tcp - 1) * come(t, stay));
	return sum + life[LIFE_SILENT] + life[LIFE_UNANSWERED] + life[LIFE_HALF_OPEN];
}

double refill_need(const struct tables *ts, const struct netns_table *n,
		   const struct verdict *v)
{
	double life[LIVES];
	size_t i;

	memcpy(life, n->occupancy->life, sizeof(life));
	for (i = 0; i < v->nr; i++)
		life[v->part[i].life] = fmax(life[v->part[i].life] - v->part[i].frees, 0);
	return entries_after(ts, n, life, true, INFINITY);
}

/* Unanswered entries of a part, if nothing is done: they come as fast as they did. */
static double goes_on(const struct tables *ts, const struct netns_table *n,
		      const struct part *p)
{
	double udp = setting_now(ts, n, "udp_timeout");
	double syn = setting_now(ts, n, "tcp_timeout_syn_sent"), sum = 0;
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		const struct actor *a = p->member[i]->actor;
		double tcp = a ? actor_part(a, SRC_INSERT, "tcp") : 0;

		sum += a ? a->offered * (tcp * syn + (1 - tcp) * udp) : 0;
	}
	return fmax(p->frees, sum);
}

/* What the parts before @p have freed, and what those behind it take all the same */
static double other_parts(const struct tables *ts, const struct netns_table *n,
			  const struct part *p, double *life)
{
	const struct verdict *v = n->verdict;
	bool before = true;
	double sum = 0;
	size_t i;

	for (i = 0; i < v->nr; i++) {
		const struct part *o = &v->part[i];
		bool barren = o->kind == PART_FLOOD || o->kind == PART_SCAN ||
			      o->kind == PART_SPOOFED || o->kind == PART_DEAD ||
			      o->kind == PART_ONEWAY;

		if (o->kind == p->kind) {
			before = false;
			continue;
		}
		if (!before && !barren)
			continue;
		if (barren)
			life[LIFE_UNANSWERED] -= o->frees;
		else if (o->kind != PART_GROWTH && o->kind != PART_EXPIRED)
			life[o->life] -= o->frees;
		if (!before && n->level >= LEVEL_EVICTING)
			sum += goes_on(ts, n, o);
		else if (!before)
			sum += o->frees;
	}
	return sum;
}

struct prediction verdict_after(const struct tables *ts, const struct netns_table *n,
				const struct part *p, double more, int64_t within,
				int64_t max)
{
	struct offers of = offers_of(n);
	struct prediction e = { .within = within };
	double life[LIVES], sum;
	int i;

	memcpy(life, n->occupancy->life, sizeof(life));
	life[LIFE_UNANSWERED] += life[LIFE_HALF_OPEN];
	life[LIFE_HALF_OPEN] = 0;
	more += other_parts(ts, n, p, life);
	life[p->life == LIFE_HALF_OPEN ? LIFE_UNANSWERED : p->life] -= p->frees;
	life[LIFE_TALKING] -= p->harms;
	for (i = 0; i < LIVES; i++)
		life[i] = fmax(life[i], 0);
	sum = entries_after(ts, n, life, p->kind != PART_CHATTER, within) + more;
	if (sum > max) {
		sum = max;
		e.refused = of.tcp_refused + of.other_refused;
	}
	e.entries = sum;
	return e;
}
