// SPDX-License-Identifier: GPL-2.0
/*
 * Why a table is pressed. A flood, a full table, evictions and victims are one
 * story: this decides which cause tells it, and who its culprits are.
 */
#include <math.h>
#include <string.h>

#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/numbers.h"
#include "snapshot.h"

/* Real clients get answers and keep connections that the kernel won't evict. */
bool actor_real(const struct actor *a)
{
	return a->held && a->held->entries > 0 &&
	       share(known(a->held->assured), a->held->entries) >= TH(REAL_ASSURED) &&
	       share(known(a->held->unreplied), a->held->entries) < TH(REAL_UNREPLIED);
}

/*
 * After a flood the rates are gone; the mean since each source was first seen
 * still tells who opened most.
 */
static void look_back(struct ns_view *n)
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
	view_sort_actors(n);
	n->offered = sum;
}

/*
 * Whoever opens most is no flooder where somebody else holds the table: the few
 * entries that it has itself explain nothing.
 */
static bool bystander(const struct ns_view *n, const struct actor *a)
{
	const struct actor *holder = view_holder(n);

	if (n->level == LEVEL_WAS || !n->total || !holder || holder == a)
		return false;
	return !a->held || share(a->held->entries, n->count) < TH(FLOOD_PART);
}

static bool flood_by_one(struct ns_view *n)
{
	if (!n->nr_actors || n->actor[0].offered < TH(FLOOD_RATE) ||
	    share(n->actor[0].offered, n->offered) < TH(FLOOD_SHARE) ||
	    actor_real(&n->actor[0]) || bystander(n, &n->actor[0]))
		return false;
	n->nr_culprits = 1;
	return true;
}

/* Who opens far less than the first, or has real work, is none of the handful. */
static bool alike(const struct ns_view *n, const struct actor *a)
{
	return !actor_real(a) && a->offered >= n->actor[0].offered / 4;
}

static bool flood_by_few(struct ns_view *n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n->nr_actors && i < TH(FEW_SOURCES); i++) {
		const struct actor *a = &n->actor[i];

		if (a->offered < TH(FLOOD_RATE) || !alike(n, a) ||
		    share(a->offered, n->offered) < TH(FEW_EACH))
			break;
		sum += a->offered;
	}
	if (i < 2 || share(sum, n->offered) < TH(FEW_SHARE))
		return false;
	n->nr_culprits = i;
	return true;
}

/* A server's answer to a SYN takes the mark of UNREPLIED away, no more. */
int64_t view_unanswered(const struct view *v, const struct ns_view *n)
{
	const struct census_row *half = view_state(v, n->netns, "tcp", "SYN_RECV");

	return plus(n->total ? n->total->unreplied : 0,
		    half ? minus(half->entries, half->unreplied) : 0);
}

/*
 * Made-up addresses: most new connections come from one never seen before, no
 * single one stands out, and the answers reach nobody. Where only the latter
 * two hold, it may be a herd of real ones: as many as can't be blocked either,
 * unless their shares say that it's a few.
 */
static bool flood_spoofed(const struct view *v, struct ns_view *n)
{
	bool past = n->level == LEVEL_WAS;
	const struct spell *sp = past ? &v->spell : &v->recent;
	double inserts = sp->inserts, fresh = sp->new_sources;
	const struct census_row *t = past ? NULL : n->total;

	if (n->offered < TH(FLOOD_RATE) ||
	    (n->nr_actors && share(n->actor[0].offered, n->offered) >= TH(FLOOD_SHARE)))
		return false;
	n->spread = view_spread(v, n);
	if (!sp->seconds) {
		inserts = known(n->row->inserts);
		fresh = known(v->s->class[SRC_INSERT].distinct);
	}
	/* Both are estimates */
	n->fresh = fmin(share(fresh, inserts), 100);
	if (!t || !known(t->entries))
		return n->fresh >= TH(SPOOF_NEW);
	return share(view_unanswered(v, n), t->entries) >= TH(SPOOF_UNREPLIED);
}

/* The culprits are the first actors: @a becomes the only one. */
static void accuse(struct ns_view *n, const struct actor *a)
{
	struct actor only = *a;

	memmove(n->actor + 1, n->actor, (a - n->actor) * sizeof(*a));
	n->actor[0] = only;
	n->nr_culprits = 1;
}

/*
 * Unanswered connections of a few, of whom one opens far more than the others:
 * who would be told apart by hand is told here.
 */
static enum root heaviest(struct ns_view *n)
{
	size_t i;

	for (i = 0; i < n->nr_actors && i < TH(FEW_SOURCES); i++)
		if (!alike(n, &n->actor[i]) || bystander(n, &n->actor[i]))
			break;
	n->nr_culprits = i;
	return !i ? ROOT_SPOOFED : i == 1 ? ROOT_FLOOD : ROOT_FEW;
}

/* INVALID packets allocate an entry before they are judged (facts 21). */
static bool by_invalid(struct ns_view *n)
{
	const struct actor *a = view_top(n, SRC_INVALID);

	if (!a || actor_rate(a, SRC_INVALID) < TH(FLOOD_RATE) ||
	    actor_rate(a, SRC_INVALID) <= n->offered)
		return false;
	accuse(n, a);
	return true;
}

static bool by_idle(const struct view *v, const struct ns_view *n,
		    enum root *root)
{
	const struct census_row *e = view_state(v, n->netns, "tcp", "ESTABLISHED");
	double entries = n->total ? known(n->total->entries) : 0;

	if (!e)
		return false;
	if (share(known(e->idle[IDLE_DAY]), entries) >= TH(STUCK_SHARE) &&
	    2 * (double)known(e->idle[IDLE_DAY]) >= known(e->idle[IDLE_HOUR])) {
		*root = ROOT_STUCK;
		return true;
	}
	*root = ROOT_IDLE;
	return share(known(e->idle[IDLE_HOUR]), entries) >= TH(IDLE_SHARE);
}

/* Entries of closed connections go after a minute or two, if nobody raised that. */
const struct census_row *view_lingering(const struct view *v,
					const struct ns_view *n)
{
	static const char *const closing[] = {
		"FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "CLOSE",
	};
	const struct census_row *worst = NULL;
	size_t i;

	for (i = 0; i < NR(closing); i++) {
		const struct census_row *row = view_state(v, n->netns, "tcp", closing[i]);

		if (row && (!worst || known(row->idle[IDLE_5MIN]) >
				      known(worst->idle[IDLE_5MIN])))
			worst = row;
	}
	if (!worst || !n->total || share(known(worst->idle[IDLE_5MIN]),
					 known(n->total->entries)) < TH(STUCK_SHARE))
		return NULL;
	return worst;
}

/* What isn't TCP, or not yet or no longer established, is silent for minutes. */
static bool by_waiting(const struct view *v, const struct ns_view *n)
{
	const struct census_row *row = view_heaviest(v, CENSUS_STATE, n->netns);
	double entries = n->total ? known(n->total->entries) : 0, sum = 0;

	for (; row; row = view_next(v, row))
		if (strcmp(row->name, "ESTABLISHED"))
			sum += known(row->idle[IDLE_5MIN]);
	return share(sum, entries) >= TH(IDLE_SHARE);
}

const struct census_row *view_chatter(const struct view *v,
				      const struct ns_view *n)
{
	const struct census_row *row = view_heaviest(v, CENSUS_SERVICE, n->netns);

	while (row && strcmp(row->proto, "udp"))
		row = view_next(v, row);
	/* Streams become ASSURED (facts 20); the port becomes part of commands. */
	if (!row || share(known(row->assured), row->entries) >= TH(REAL_ASSURED) ||
	    share(row->entries, n->count) < TH(UNTRACK_SHARE) ||
	    !row->name[0] || strspn(row->name, "0123456789") != strlen(row->name))
		return NULL;
	return row;
}

static bool by_holder(struct ns_view *n)
{
	const struct actor *a = view_holder(n);

	if (!a || share(a->held->entries, n->count) < TH(HOLD_SHARE))
		return false;
	accuse(n, a);
	return true;
}

/**
 * root_decide() - find @n->root and the culprits of a pressed table
 * @v: the view
 * @n: one of its namespaces, whose level is known and not LEVEL_CALM
 *
 * Floods first: they fill any table, so what else is in it explains nothing.
 */
void root_decide(const struct view *v, struct ns_view *n)
{
	if (!n->row) {
		n->root = ROOT_UNKNOWN;
		return;
	}
	if (n->level == LEVEL_WAS)
		look_back(n);
	if (flood_by_one(n))
		n->root = ROOT_FLOOD;
	else if (flood_by_few(n))
		n->root = ROOT_FEW;
	else if (flood_spoofed(v, n))
		n->root = n->spread < TH(SPOOF_SPREAD) ? heaviest(n) : ROOT_SPOOFED;
	else if (n->level == LEVEL_WAS)
		n->root = ROOT_UNKNOWN;	/* what is in the table now says nothing */
	else if (by_invalid(n))
		n->root = ROOT_INVALID;
	else if (by_idle(v, n, &n->root))
		;
	else if (view_lingering(v, n))
		n->root = ROOT_STUCK;
	else if (by_waiting(v, n))
		n->root = ROOT_IDLE;
	else if (view_chatter(v, n))
		n->root = ROOT_UNTRACK;
	else if (by_holder(n))
		n->root = ROOT_HOLD;
	else if (n->total)
		n->root = ROOT_BUSY;
	else
		n->root = ROOT_UNKNOWN;
}
