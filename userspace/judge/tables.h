/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A snapshot as the causes look at it: the connection table of each network
 * namespace, the sources in it, and what happens now against what happened
 * once. tables.c adds up; level.c, actors.c, occupancy.c and verdict.c fill in what
 * they find.
 */
#ifndef CONNTRIAGE_JUDGE_TABLES_H
#define CONNTRIAGE_JUDGE_TABLES_H

#include "lib/who.h"
#include "lib/words.h"
#include "snapshot.h"

/* How hard a table is pressed, mildest first. */
enum level {
	LEVEL_CALM,
	LEVEL_WAS,		/* refused packets within TH(SPELL), not now */
	LEVEL_TIGHT,		/* over TH(TIGHT), and not by evictable entries */
	LEVEL_EVICTING,		/* kills entries to make room */
	LEVEL_REFUSING,		/* drops packets */
};

struct occupancy;
struct streams;
struct verdict;

/* One source in one namespace, from all files that speak of it. */
struct actor {
	const char *source;
	int family;
	int64_t netns;
	const struct source_row *row[SRC_CLASSES];	/* or NULL */
	const struct census_row *held;			/* or NULL */
	double offered;		/* new connections a second, refused ones too */
	bool local;		/* an address of this host */
	char who[WHO_SIZE];	/* whose it is, see lib/who.h; "": not known */
};

/* What history says of a span of time. */
struct spell {
	int64_t seconds;	/* covered by rows; 0: there is no history */
	int64_t inserts, insert_failed, evictions, gc_evictions, new_sources;
	int64_t peak;		/* entries of the fullest namespace */
};

/* The connection table of one network namespace */
struct netns_table {
	const struct netns_row *row;		/* NULL without the module */
	int64_t netns;				/* UNKNOWN without the module */
	int64_t count, max;
	bool own;				/* the reader runs in it */
	bool init;				/* nf_conntrack_max can be written */
	const char *name;			/* as "ip netns" calls it, or "" */
	char label[WORD_SIZE];			/* "namespace red (4026532281)", own: "" */
	const struct census_row *total;		/* or NULL */
	struct actor *actor;			/* most offered first */
	size_t nr_actors;
	bool openers_cut, losers_cut;		/* their lists are full: there may be more */
	double offered;				/* new connections a second, all */
	double offered_now;			/* now, where @offered looks back */
	double fresh;				/* % of them from sources never seen before */
	double spread;				/* sources that share them, see actors_spread() */
	int64_t waiting_tcp;			/* entries of TCP of which one direction was seen */
	double invalid_whose;			/* INVALID packets a second, nobody knows whose */
	int64_t refused, evicted;		/* within TH(RECENT), at least */
	int64_t was_refused, was_evicted;	/* within TH(SPELL), at least */
	int64_t last_refused;			/* s ago, or UNKNOWN */
	enum level level;
	struct occupancy *occupancy;		/* or NULL: nothing is known of it */
	struct verdict *verdict;		/* NULL: nothing presses it */
	struct streams *streams;		/* likewise */
};

/* Those of all namespaces */
struct tables {
	const struct snapshot *s;
	struct netns_table *netns;
	size_t nr_netns;
	struct netns_row own_row;		/* where the module's list is damaged */
	struct actor *actor;			/* of all namespaces */
	size_t nr_actors;
	struct census_row *census;		/* sorted copy */
	size_t nr_census;
	struct spell recent, spell;		/* TH(RECENT), TH(SPELL) */
	double invalid;				/* INVALID packets a second, everywhere */
	double entry_bytes;			/* memory of one entry */
	const char *entry_bytes_from;		/* how that is known */
	int64_t entries;			/* of all namespaces */
	size_t nr_tables;			/* namespaces that track */
	const struct netns_table *fullest[2];	/* by entries; or NULL */
	bool probes;				/* refusals and evictions are seen */
	int64_t init_netns;			/* or UNKNOWN */
};

/**
 * tables_begin() - set up the tables of all namespaces
 * @ts: filled but for levels, sources, occupancy and verdict; free with
 *	tables_free()
 * @s: the snapshot; @ts points into it
 */
void tables_begin(struct tables *ts, const struct snapshot *s);

/** tables_free() - free what tables_begin() and actors_collect() allocated */
void tables_free(struct tables *ts);

/* The table of a namespace, or NULL. */
struct netns_table *tables_netns(const struct tables *ts, int64_t netns);

/* What the tables hold is from lists by the reader: history is of the seconds between two. */
bool tables_listed(const struct tables *ts);

/* The reader is known to run outside of the initial namespace. */
bool tables_outside(const struct tables *ts);

/* The entries of a state in a namespace, or NULL. */
const struct census_row *tables_state(const struct tables *ts, int64_t netns,
				      const char *proto, const char *state);
/* The first, that is heaviest, of a kind in a namespace, or NULL. */
const struct census_row *tables_heaviest(const struct tables *ts,
					 enum census_record record, int64_t netns);
/* The next of the same kind and namespace, or NULL. */
const struct census_row *tables_next(const struct tables *ts,
				     const struct census_row *row);

#endif
