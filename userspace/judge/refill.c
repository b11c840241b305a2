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

/* An unanswered entry of a source stays for so long, s */
static double waits(const struct tables *ts, const struct netns_table *n, const struct actor *a)
{
	double tcp = actor_part(a, SRC_INSERT, "tcp");

	return tcp * setting_now(ts, n, "tcp_timeout_syn_sent") +
	       (1 - tcp) * setting_now(ts, n, "udp_timeout");
}

static bool is_member(const struct part *p, const struct group *g)
{
	size_t i;

	for (i = 0; i < p->nr_members; i++)
		if (p->member[i] == g || (p->member[i]->kind == GROUP_PREFIX &&
					  group_contains(p->member[i], g->row.name)))
			return true;
	return false;
}

/*
 * Unanswered entries of the sources that no lever has met: a table that evicts holds
 * fewer of them than they open, and a bigger one is filled by them.
 */
static double unanswered_of(const struct tables *ts, const struct netns_table *n,
			    const struct part *const *pulled, size_t nr, double held)
{
	const struct occupancy *o = n->occupancy;
	double listed = 0, demand = 0, offered = 0;
	size_t i, k;

	for (i = 0; i < n->nr_actors; i++)
		offered += n->actor[i].offered;
	for (i = 0; i < o->nr[GROUP_SOURCE]; i++) {
		const struct group *g = &o->group[GROUP_SOURCE][i];
		bool met = false;

		for (k = 0; k < nr; k++)
			met |= is_member(pulled[k], g) || pulled[k]->kind == PART_SPOOFED;
		if (met || !g->actor || g->entries <= 0)
			continue;
		listed += group_barren(g);
		demand += group_barren(g) / g->entries * g->actor->offered *
			  waits(ts, n, g->actor);
	}
	if (n->level < LEVEL_EVICTING || demand <= listed)
		return held;
	/* who isn't listed is like those who are */
	if (offered > 0 && n->offered > offered)
		demand *= n->offered / offered;
	return fmax(held, demand);
}

/* What the parts up to @p have freed is gone; into @pulled, those that met somebody. */
static size_t pull(const struct netns_table *n, const struct part *p, double *life,
		   const struct part **pulled)
{
	const struct verdict *v = n->verdict;
	size_t i, nr = 0;

	for (i = 0; v && i < v->nr && v->part[i].kind != p->kind; i++) {
		const struct part *o = &v->part[i];

		if (o->life == LIFE_UNANSWERED || o->life == LIFE_HALF_OPEN)
			pulled[nr++] = o;
		if (o->kind != PART_GROWTH && o->kind != PART_EXPIRED &&
		    o->kind != PART_INVALID && o->kind != PART_FORGOTTEN)
			life[o->life == LIFE_HALF_OPEN ? LIFE_UNANSWERED : o->life] -= o->frees;
	}
	if (p->life == LIFE_UNANSWERED || p->life == LIFE_HALF_OPEN)
		pulled[nr++] = p;
	life[p->life == LIFE_HALF_OPEN ? LIFE_UNANSWERED : p->life] -= p->frees;
	life[LIFE_TALKING] -= p->harms;
	return nr;
}

struct prediction verdict_after(const struct tables *ts, const struct netns_table *n,
				const struct part *p, double more, int64_t within,
				int64_t max)
{
	const struct part *pulled[PARTS + 1];
	struct offers of = offers_of(n);
	struct prediction e = { .within = within };
	double life[LIVES], sum;
	size_t nr;
	int i;

	memcpy(life, n->occupancy->life, sizeof(life));
	life[LIFE_UNANSWERED] += life[LIFE_HALF_OPEN];
	life[LIFE_HALF_OPEN] = 0;
	nr = pull(n, p, life, pulled);
	for (i = 0; i < LIVES; i++)
		life[i] = fmax(life[i], 0);
	life[LIFE_UNANSWERED] = unanswered_of(ts, n, pulled, nr, life[LIFE_UNANSWERED]);
	sum = entries_after(ts, n, life, p->kind != PART_CHATTER, within) + more;
	if (sum > max) {
		sum = max;
		e.refused = of.tcp_refused + of.other_refused;
	}
	e.entries = sum;
	return e;
}
