// SPDX-License-Identifier: GPL-2.0
/* Destinations that answer nobody. */
#include <math.h>
#include <string.h>

#include "judge/few.h"
#include "judge/occupancy.h"
#include "judge/thresholds.h"
#include "judge/unheard.h"
#include "judge/verdict.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SOME		5	/* %: less than that is nothing, as lists have errors */
#define HARDLY		0.5	/* %: one in 200 */
#define MANY_PORTS	32	/* services of one host that somebody waits for */
#define SYN_SENT	120	/* s, tcp_timeout_syn_sent by default */
#define ABOUT		1.1	/* counts of distinct ones are estimates */

const struct group *unheard_most(const struct occupancy *o, enum group_kind kind)
{
	const struct group *most = NULL;
	size_t i;

	for (i = 0; i < o->nr[kind]; i++)
		if (!o->group[kind][i].taken &&
		    (!most || group_barren(&o->group[kind][i]) > group_barren(most)))
			most = &o->group[kind][i];
	return most;
}

/*
 * What goes there doesn't fit what was seen: its answers pass elsewhere. A SYN waits
 * for two minutes, its ACKs come at once.
 */
bool unheard_late(const struct group *to)
{
	return share(to->late, group_barren(to) / SYN_SENT) >= TH(WINDOW_SHARE);
}

/*
 * Nobody gets an answer there, not now: what was established before it fell silent
 * keeps its entry.
 */
bool unheard_mute(const struct group *to)
{
	double now = (double)to->row.stage[STAGE_ONCE] + (double)to->row.stage[STAGE_TALKING] +
		     (double)to->row.stage[STAGE_CLOSING];

	return share(now, to->entries) < HARDLY && !unheard_late(to) &&
	       share(to->life[LIFE_HALF_OPEN], to->entries) < SOME;
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

const struct group *unheard_target(const struct occupancy *o, double least)
{
	static const enum group_kind kinds[] = { GROUP_PAIR, GROUP_DEST };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct group *g = unheard_most(o, kinds[i]);

		/* who waits for a host that is down asks for a few of its services */
		if (g && kinds[i] == GROUP_DEST && known(g->row.ports) >= MANY_PORTS)
			continue;
		if (g && group_barren(g) >= least && unheard_mute(g) && !is_theirs(o, g))
			return g;
	}
	return NULL;
}

static bool is_mute_pair(const struct group *g)
{
	return !g->taken && unheard_mute(g);
}

bool unheard_few(const struct occupancy *o, double whole, struct part *p)
{
	struct part few = { .nr_members = 0 };
	size_t i;

	if (!few_of(o, GROUP_PAIR, group_barren, is_mute_pair, whole, &few))
		return false;
	for (i = 0; i < few.nr_members; i++)
		if (is_theirs(o, few.member[i]))
			return false;
	memcpy(p->member, few.member, sizeof(few.member));
	p->nr_members = few.nr_members;
	return true;
}
