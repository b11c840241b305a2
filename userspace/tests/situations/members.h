/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whose the entries and events of a played situation are: the rows that the module
 * would have, the heaviest of each kind.
 */
#ifndef CONNTRIAGE_SITUATIONS_MEMBERS_H
#define CONNTRIAGE_SITUATIONS_MEMBERS_H

#include "snapshot.h"
#include "tests/situations/crowd.h"
#include "tests/situations/queue.h"

#define HEAVY		64	/* rows of a kind that the module keeps */
#define EVENT_KINDS	12	/* in "kinds" of a row of "sources" */

/* Kinds of rows: of the census, then the classes of "sources" */
enum row_kind {
	ROW_SOURCE, ROW_DEST, ROW_SERVICE, ROW_PREFIX, ROW_PAIR,
	ROW_CLASS, ROW_KINDS = ROW_CLASS + SRC_CLASSES
};

struct member_row {
	enum row_kind kind;
	struct address address;		/* family 0: a service or a program */
	int proto, port;
	int met_port;			/* of the last flow that had one alone */
	int64_t entries, err, unreplied, assured;
	int64_t stage[STAGES];
	double sources, dests, ports;	/* distinct ones */
	struct seen seen;
	double events[EVENT_KINDS];
};

/* A row "state" of the census, or a sum of them */
struct state_row {
	int proto;
	const char *name;
	int64_t entries, unreplied, assured;
	int64_t stage[STAGES], hist[IDLE_OCTAVES], idle[IDLE_STEPS];
	int longest;			/* silence, s */
};

#define MOST_STATES	16

struct view {
	struct member_row *row;
	size_t nr_rows;
	struct member_row *heavy[ROW_KINDS][HEAVY];
	int nr_heavy[ROW_KINDS];
	double distinct[SRC_CLASSES];
	struct state_row state[MOST_STATES], all;
	int nr_states;
	/* By ingredient: what of its entries is in which stage */
	int64_t stage[MOST_INGREDIENTS][STAGES];
	int64_t count;
	int32_t *hash;
};

/**
 * view_make() - what the module would see
 * @v: zeroed at first; may be used again and again, then view_free()
 * @c: for what is drawn: rounding, and the errors of estimates
 */
void view_make(struct view *v, const struct queue *q, struct chance *c);

void view_free(struct view *v);

#endif
