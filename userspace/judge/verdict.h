/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why a table is full, decided by one question: what would each lever free, and
 * whom would it hurt? A part of the answer is a stage of a connection's life, with
 * those who have its entries in common.
 */
#ifndef CONNTRIAGE_JUDGE_VERDICT_H
#define CONNTRIAGE_JUDGE_VERDICT_H

#include "judge/finding.h"
#include "judge/occupancy.h"
#include "judge/tables.h"

/* In the order of judgement: what is told of equals comes first. */
enum part_kind {
	PART_FORGOTTEN,		/* the same, of connections that this host has lost */
	PART_INVALID,		/* INVALID packets that evict */
	PART_FLOOD,		/* unanswered, of a source, a few, a network */
	PART_SCAN,		/* the same, to many destinations or ports */
	PART_SPOOFED,		/* unanswered, of sources that are ever new */
	PART_DEAD,		/* one destination and service answers nobody */
	PART_ONEWAY,		/* one direction passes elsewhere */
	PART_UNANSWERED,	/* unanswered, and nobody is to blame */
	PART_LEAK,		/* silent, of a source or to a destination */
	PART_TIMEOUT,		/* waiting for a timeout that is too long */
	PART_EXPIRED,		/* over, and not reaped */
	PART_UNLISTED,		/* counted, and in no list */
	PART_CHATTER,		/* questions and answers of one service */
	PART_CHURN,		/* closed connections */
	PART_GROWTH,		/* real work, more than the table holds */
	PART_UNKNOWN,		/* nobody can see what it holds */
	PART_KINDS
};

#define PART_MEMBERS	8	/* as many as a person blocks one by one */
#define PARTS		6

struct part {
	enum part_kind kind;
	enum life life;
	const struct group *member[PART_MEMBERS];	/* heaviest first */
	size_t nr_members;
	const struct group *narrow;	/* a destination that meets only what is useless */
	bool mixed;		/* its members have work here that no rule would spare */
	bool suspect;		/* it may be another kind as well: the module would tell */
	double arrivals;	/* of the members, a second */
	double holds;		/* entries of that stage in the whole table */
	double frees, harms;	/* useless and useful entries that go with the lever */
	enum certainty certainty;
	/* Of PART_TIMEOUT and PART_CHURN: the setting, what it is and is to be, s */
	const char *key;
	int64_t now, then;
	const struct census_row *state;	/* the heaviest that waits for it, or NULL */
};

struct verdict {
	struct part part[PARTS];	/* the one that frees most first */
	size_t nr;
	double need;		/* entries that it would hold if nothing were lost */
	double target;		/* entries that fit with room to spare */
};

/**
 * verdict_decide() - find the parts of a table that is pressed, or about to be
 * @n: one of @ts, with level and occupancy
 */
void verdict_decide(const struct tables *ts, struct netns_table *n);

/* The part of a kind, or NULL. */
const struct part *verdict_part(const struct netns_table *n, enum part_kind kind);

/* A source that is a member of @p, by itself or by its network; @p may be NULL */
bool part_has(const struct part *p, const struct actor *a);

/* A source that a part accuses, by itself or by its network, or whose waiting it is. */
bool verdict_accuses(const struct netns_table *n, const struct actor *a);

#endif
