/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A snapshot as the causes look at it: by namespace, by source, and as what
 * happens now against what happened once. Only arithmetic; the causes judge.
 */
#ifndef CONNTRIAGE_JUDGE_TABLES_H
#define CONNTRIAGE_JUDGE_TABLES_H

#include "snapshot.h"

/* Columns of struct census_row's idle[] that the causes look at */
enum idle_step { IDLE_1MIN, IDLE_2MIN, IDLE_5MIN, IDLE_10MIN, IDLE_30MIN,
		 IDLE_HOUR, IDLE_2HOURS, IDLE_DAY };

/* How hard a table is pressed, mildest first. */
enum level {
	LEVEL_CALM,
	LEVEL_WAS,		/* refused packets within TH(SPELL), not now */
	LEVEL_TIGHT,		/* over TH(TIGHT), and not by evictable entries */
	LEVEL_EVICTING,		/* kills entries to make room */
	LEVEL_REFUSING,		/* drops packets */
};

/* Why it is: the one cause whose finding tells the whole story. */
enum blame {
	BLAME_NONE,
	BLAME_UNKNOWN,		/* without the module: who and what can't be seen */
	BLAME_FLOOD,		/* one source */
	BLAME_FEW,		/* a handful of sources */
	BLAME_SPOOFED,		/* made-up sources, or too many to tell apart */
	BLAME_INVALID,		/* INVALID packets that make the kernel evict */
	BLAME_STUCK,
	BLAME_IDLE,		/* timeouts */
	BLAME_UNTRACK,		/* one UDP service of questions and answers */
	BLAME_HOLD,		/* one source holds most, and opens little */
	BLAME_BUSY,		/* real work, more than the table holds */
};

/* One source in one namespace, from all files that speak of it. */
struct actor {
	const char *source;
	int family;
	int64_t netns;
	const struct source_row *row[SRC_CLASSES];	/* or NULL */
	const struct census_row *held;			/* or NULL */
	double offered;		/* new connections a second, refused ones too */
	bool local;		/* an address of this host */
};

/* What history says of a span of time. */
struct spell {
	int64_t seconds;	/* covered by rows; 0: there is no history */
	int64_t inserts, insert_failed, evictions, gc_evictions, new_sources;
	int64_t peak;		/* entries of the fullest namespace */
};

struct netns_table {
	const struct netns_row *row;		/* NULL without the module */
	int64_t netns;				/* UNKNOWN without the module */
	int64_t count, max;
	bool own;				/* the reader runs in it */
	bool init;				/* nf_conntrack_max can be written */
	const char *name;			/* as "ip netns" calls it, or "" */
	char label[112];			/* "namespace red (4026532281)", own: "" */
	const struct census_row *total;		/* or NULL */
	struct actor *actor;			/* most offered first */
	size_t nr_actors;
	double offered;				/* new connections a second, all */
	double offered_now;			/* the same, whatever the story is about */
	double fresh;				/* % of them from sources never seen before */
	double spread;				/* sources that share them, see actors_spread() */
	int64_t refused, evicted;		/* within TH(RECENT), at least */
	int64_t was_refused;			/* within TH(SPELL), at least */
	int64_t last_refused;			/* s ago, or UNKNOWN */
	enum level level;
	enum blame blame;
	size_t nr_culprits;			/* the first so many actors */
};

struct tables {
	const struct snapshot *s;
	struct netns_table *netns;
	size_t nr_netns;
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

void tables_begin(struct tables *ts, const struct snapshot *s);
void tables_free(struct tables *ts);

/* actors_collect.c */
void actors_collect(struct tables *ts);
void actors_sort(struct netns_table *n);
const struct actor *actors_top(const struct netns_table *n, enum source_class class);
const struct actor *actors_holder(const struct netns_table *n);
/* As many sources with equal shares of all new connections have the entropy of these. */
double actors_spread(const struct tables *ts, const struct netns_table *n);
int64_t actor_recent(const struct actor *a, enum source_class class);
int64_t actor_count(const struct actor *a, enum source_class class);
double actor_rate(const struct actor *a, enum source_class class);
/* Mostly INVALID packets, as far as they were judged. */
bool actor_sends_invalid(const struct actor *a);
bool actor_culprit(const struct netns_table *n, const struct actor *a);
const char *actor_proto(const struct actor *a, enum source_class class);
/* How many events of a row are of a kind. */
int64_t row_kind(const struct source_row *row, const char *kind);
/* Of all events of a class, those of a kind: 0 to 1. */
double actor_part(const struct actor *a, enum source_class class,
		  const char *kind);

/* root.c */
/* Entries that wait for an answer, or for the last step of a handshake. */
int64_t unanswered(const struct tables *ts, const struct netns_table *n);
void blame_decide(const struct tables *ts, struct netns_table *n);
bool actor_real(const struct actor *a);
/* The UDP service that takes TH(UNTRACK_SHARE) of the entries, or NULL. */
const struct census_row *blame_chatter(const struct tables *ts,
				      const struct netns_table *n);
/* The closing state of TCP that too many entries linger in, or NULL. */
const struct census_row *blame_lingering(const struct tables *ts,
					const struct netns_table *n);

struct netns_table *tables_netns(const struct tables *ts, int64_t netns);	/* or NULL */
/* The entries of a state in a namespace, or NULL. */
const struct census_row *tables_state(const struct tables *ts, int64_t netns,
				    const char *proto, const char *state);
/* The first, that is heaviest, of a kind in a namespace, or NULL. */
const struct census_row *tables_heaviest(const struct tables *ts,
				       enum census_record record, int64_t netns);
/* The next of the same kind and namespace, or NULL. */
const struct census_row *tables_next(const struct tables *ts,
				   const struct census_row *row);
/* The release is at least @major.@minor; unknown releases are taken for new. */
bool view_kernel(const struct tables *ts, int major, int minor);

/* For prose that has to name it, its own too. */
static inline const char *phrase_netns(const struct netns_table *n)
{
	return n->label[0] ? n->label : "this namespace";
}

#endif
