// SPDX-License-Identifier: GPL-2.0
/*
 * Why a table is pressed. A flood, a full table, evictions and victims have one
 * reason: this decides which it is, and so which cause speaks of all of them,
 * and who the culprits are.
 */
#include <math.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/blame.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/numbers.h"
#include "snapshot.h"

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
	actors_sort(n);
	n->offered = sum;
}

/*
 * Where somebody else holds the table, the source that opens most is no
 * flooder: the few entries that it has itself explain nothing.
 */
static bool bystander(const struct netns_table *n, const struct actor *a)
{
	const struct actor *holder = actors_holder(n);

	if (n->level == LEVEL_WAS || !n->total || !holder || holder == a)
		return false;
	return !a->held || share(a->held->entries, n->count) < TH(FLOOD_PART);
}

static bool flood_by_one(struct netns_table *n)
{
	if (!n->nr_actors || n->actor[0].offered < TH(FLOOD_RATE) ||
	    share(n->actor[0].offered, n->offered) < TH(FLOOD_SHARE) ||
	    actor_real(&n->actor[0]) || bystander(n, &n->actor[0]))
		return false;
	n->nr_culprits = 1;
	return true;
}

/*
 * A source that opens far less than the first, or has real work, is none of the
 * handful.
 */
static bool alike(const struct netns_table *n, const struct actor *a)
{
	return !actor_real(a) && a->offered >= n->actor[0].offered / 4;
}

static bool flood_by_few(struct netns_table *n)
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

/*
 * Entries that wait for an answer, or for the last step of a handshake: a
 * server's answer to a SYN takes the mark of UNREPLIED away, no more.
 */
static int64_t unanswered(const struct tables *ts, const struct netns_table *n)
{
	const struct census_row *half = tables_state(ts, n->netns, "tcp", "SYN_RECV");

	return plus(n->total ? n->total->unreplied : 0,
		    half ? minus(half->entries, half->unreplied) : 0);
}

/*
 * Made-up addresses: most new connections come from an address never seen
 * before, none of them stands out, and the answers reach nobody. Where only the
 * latter two hold, it may be a herd of real clients: too many to block, as
 * well, unless their shares say that a few open most.
 */
static bool flood_spoofed(const struct tables *ts, struct netns_table *n)
{
	bool past = n->level == LEVEL_WAS;
	const struct spell *sp = past ? &ts->spell : &ts->recent;
	double inserts = sp->inserts, fresh = sp->new_sources;
	const struct census_row *t = past ? NULL : n->total;

	if (n->offered < TH(FLOOD_RATE) ||
	    (n->nr_actors && share(n->actor[0].offered, n->offered) >= TH(FLOOD_SHARE)))
		return false;
	n->spread = actors_spread(ts, n);
	if (!sp->seconds) {
		inserts = known(n->row->inserts);
		fresh = known(ts->s->class[SRC_INSERT].distinct);
	}
	/* Both are estimates */
	n->fresh = fmin(share(fresh, inserts), 100);
	if (!t || !known(t->entries))
		return n->fresh >= TH(SPOOF_NEW);
	return share(unanswered(ts, n), t->entries) >= TH(SPOOF_UNREPLIED);
}

/* The culprits are the first actors: @a becomes the only one. */
static void accuse(struct netns_table *n, const struct actor *a)
{
	struct actor only = *a;

	memmove(n->actor + 1, n->actor, (a - n->actor) * sizeof(*a));
	n->actor[0] = only;
	n->nr_culprits = 1;
}

/*
 * Connections that get no answer, and a few sources that open far more of them
 * than the others: those are the culprits, as anybody who looks at the list
 * would say.
 */
static enum blame heaviest(struct netns_table *n)
{
	size_t i;

	for (i = 0; i < n->nr_actors && i < TH(FEW_SOURCES); i++)
		if (!alike(n, &n->actor[i]) || bystander(n, &n->actor[i]))
			break;
	n->nr_culprits = i;
	return !i ? BLAME_SPOOFED : i == 1 ? BLAME_FLOOD : BLAME_FEW;
}

/*
 * INVALID packets take an entry before they are judged: resolve_normal_ct()
 * comes before nf_conntrack_handle_packet() in nf_conntrack_in().
 */
static bool by_invalid(struct netns_table *n)
{
	const struct actor *a = actors_top(n, SRC_INVALID);

	if (!a || actor_rate(a, SRC_INVALID) < TH(FLOOD_RATE) ||
	    actor_rate(a, SRC_INVALID) <= n->offered)
		return false;
	accuse(n, a);
	return true;
}

const struct census_row *blame_dead(const struct tables *ts,
				    const struct netns_table *n)
{
	const struct census_row *e = tables_state(ts, n->netns, "tcp", "ESTABLISHED");

	if (!e || !n->total || share(known(e->idle[IDLE_DAY]),
				     known(n->total->entries)) < TH(STUCK_SHARE) ||
	    2 * (double)known(e->idle[IDLE_DAY]) < known(e->idle[IDLE_HOUR]))
		return NULL;
	return e;
}

static bool by_idle(const struct tables *ts, const struct netns_table *n)
{
	const struct census_row *e = tables_state(ts, n->netns, "tcp", "ESTABLISHED");

	return e && share(known(e->idle[IDLE_HOUR]),
			  n->total ? known(n->total->entries) : 0) >= TH(IDLE_SHARE);
}

/*
 * The kernel drops entries of closed connections after two minutes at most,
 * unless somebody raised those timeouts.
 */
const struct census_row *blame_lingering(const struct tables *ts,
					 const struct netns_table *n)
{
	static const char *const closing[] = {
		"FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "CLOSE",
	};
	const struct census_row *worst = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(closing); i++) {
		const struct census_row *row = tables_state(ts, n->netns, "tcp", closing[i]);

		if (row && (!worst || known(row->idle[IDLE_5MIN]) >
				      known(worst->idle[IDLE_5MIN])))
			worst = row;
	}
	if (!worst || !n->total || share(known(worst->idle[IDLE_5MIN]),
					 known(n->total->entries)) < TH(STUCK_SHARE))
		return NULL;
	return worst;
}

/*
 * Everything but established TCP has a timeout of a few minutes at most: what
 * has been silent for longer mostly waits out one that somebody raised.
 */
static bool by_waiting(const struct tables *ts, const struct netns_table *n)
{
	const struct census_row *row = tables_heaviest(ts, CENSUS_STATE, n->netns);
	double entries = n->total ? known(n->total->entries) : 0, sum = 0;

	for (; row; row = tables_next(ts, row))
		if (strcmp(row->name, "ESTABLISHED"))
			sum += known(row->idle[IDLE_5MIN]);
	return share(sum, entries) >= TH(IDLE_SHARE);
}

const struct census_row *blame_chatter(const struct tables *ts,
				       const struct netns_table *n)
{
	const struct census_row *row = tables_heaviest(ts, CENSUS_SERVICE, n->netns);

	while (row && strcmp(row->proto, "udp"))
		row = tables_next(ts, row);
	/*
	 * UDP that is still answered after 2 s is a stream and becomes ASSURED
	 * (nf_conntrack_udp_packet()), questions and answers don't. The port
	 * becomes part of commands.
	 */
	if (!row || share(known(row->assured), row->entries) >= TH(REAL_ASSURED) ||
	    share(row->entries, n->count) < TH(UNTRACK_SHARE) ||
	    !row->name[0] || strspn(row->name, "0123456789") != strlen(row->name))
		return NULL;
	return row;
}

static bool by_holder(struct netns_table *n)
{
	const struct actor *a = actors_holder(n);

	if (!a || share(a->held->entries, n->count) < TH(HOLD_SHARE))
		return false;
	accuse(n, a);
	return true;
}

void blame_decide(const struct tables *ts, struct netns_table *n)
{
	if (!n->row) {
		n->blame = BLAME_UNKNOWN;
		return;
	}
	if (n->level == LEVEL_WAS)
		look_back(n);
	if (flood_by_one(n))
		n->blame = BLAME_FLOOD;
	else if (flood_by_few(n))
		n->blame = BLAME_FEW;
	else if (flood_spoofed(ts, n))
		n->blame = n->spread < TH(SPOOF_SPREAD) ? heaviest(n) : BLAME_SPOOFED;
	else if (n->level == LEVEL_WAS)
		n->blame = BLAME_UNKNOWN;	/* what is in the table now says nothing */
	else if (by_invalid(n))
		n->blame = BLAME_INVALID;
	else if (blame_dead(ts, n))
		n->blame = BLAME_STUCK;
	else if (by_idle(ts, n))
		n->blame = BLAME_IDLE;
	else if (blame_lingering(ts, n))
		n->blame = BLAME_STUCK;
	else if (by_waiting(ts, n))
		n->blame = BLAME_IDLE;
	else if (blame_chatter(ts, n))
		n->blame = BLAME_UNTRACK;
	else if (by_holder(n))
		n->blame = BLAME_HOLD;
	else if (n->total)
		n->blame = BLAME_BUSY;
	else
		n->blame = BLAME_UNKNOWN;
}
