/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a table is full of: entries by part of a connection's life, as a whole and
 * for each group that one lever could meet. Entries are arrivals times the time in
 * the table (Little 1961), so these two are all that a judgement needs.
 *
 * Numbers only; what they mean is verdict.c's.
 */
#ifndef CONNTRIAGE_JUDGE_OCCUPANCY_H
#define CONNTRIAGE_JUDGE_OCCUPANCY_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/life.h"
#include "judge/tables.h"
#include "snapshot.h"

enum group_kind {
	GROUP_SOURCE, GROUP_PREFIX, GROUP_DEST, GROUP_SERVICE, GROUP_PAIR,
	GROUP_KINDS
};

/* Entries that have an address, a network, a service, ... in common */
struct group {
	enum group_kind kind;
	struct census_row row;		/* name, proto, stages, peers */
	const struct actor *actor;	/* of a source, or NULL */
	double life[LIVES];
	double entries;			/* expired ones not among them */
	double late;			/* INVALID, out of window, a second: from or to it */
	bool own;			/* an address of this host */
	char who[WHO_SIZE];		/* whose it is, see lib/who.h; "": not known */
	bool guarded;			/* no rule may cut it off: see guard.h */
	bool taken;			/* barren.c's: a part explains its entries */
};

/* What one namespace's table holds, or held in the worst minute of an incident */
struct occupancy {
	double life[LIVES];
	int64_t stage[STAGES];
	double entries;			/* without expired ones */
	double all;			/* what counts against the maximum, at least these */
	const struct incident_row *incident;	/* whose worst minute, or NULL: now */
	struct group *group[GROUP_KINDS];	/* heaviest first */
	size_t nr[GROUP_KINDS];
};

/**
 * occupancy_fill() - read the census, or what an incident kept of one
 * @n: its ->occupancy is filled; by an incident where the table was full and is no
 *	more, or where there is no census and it goes on. After actors_collect() and
 *	level_decide().
 *
 * Free with occupancy_free().
 */
void occupancy_fill(const struct tables *ts, struct netns_table *n);
void occupancy_free(struct occupancy *o);

/* Entries that the census, or the incident, has: expired ones among them. */
double occupancy_listed(const struct occupancy *o);

/* It is known what the table holds. */
bool occupancy_known(const struct occupancy *o);

/* Entries that nobody answered, or whose client never completed the handshake */
double group_barren(const struct group *g);
/* New connections of a source that would come if none were refused, a second */
double group_offered(const struct group *g);
/* Entries that were answered and are used, or were until they closed */
double group_fruitful(const struct group *g);
/* Entries that were established and have fallen silent */
double group_silent(const struct group *g);

double group_once(const struct group *g);
double group_closing(const struct group *g);

/* Whether an address, or the address of a pair, lies in a network, as text */
bool group_contains(const struct group *g, const char *address);

#endif
