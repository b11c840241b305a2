/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parts of findings that more than one cause tells: how full a table is, who
 * presses it and who suffers. The words are fixed here, once.
 */
#ifndef CONNTRIAGE_JUDGE_PRESSED_H
#define CONNTRIAGE_JUDGE_PRESSED_H

#include "judge/finding.h"
#include "judge/tables.h"
#include "snapshot.h"

/* Weights: a pressed table first, then what loses packets, then the rest. */
enum weight {
	WEIGHT_PRESSED = 10000,
	WEIGHT_RULES = 900,
	WEIGHT_BUCKETS = 800,
	WEIGHT_NETNS = 700,
	WEIGHT_CLASH = 600,
	WEIGHT_INVALID = 500,
	WEIGHT_MEMORY = 450,
	WEIGHT_UNCOUNTED = 400,
	WEIGHT_TIMEOUT = 350,
	WEIGHT_STUCK = 340,
	WEIGHT_UNTRACK = 300,
	WEIGHT_PAST = 250,	/* a story that is over: what goes on comes first */
	WEIGHT_PERSIST = 200,
	WEIGHT_BLIND = 100,
};

/* A finding for a pressed table: severity and weight follow from the level. */
struct finding *pressed_begin(struct findings *fs, enum cause cause,
			    const struct tables *ts, const struct netns_table *n);

/* Static text, good until the next call of the same function. */
const char *phrase_table(const struct netns_table *n);	/* "The connection table" */
const char *phrase_state(const struct netns_table *n);	/* "is full" */
const char *phrase_losers(const struct netns_table *n);	/* ", and X is losing ..." */
const char *phrase_names(const struct actor *a, size_t nr);	/* "A, B and C" */
const char *phrase_count(const struct source_row *row);	/* "12" or "12 to 14" */

void pressed_evidence(const struct tables *ts, const struct netns_table *n,
		    struct finding *f);
void pressed_culprits(const struct netns_table *n, struct finding *f);
void pressed_victims(const struct tables *ts, const struct netns_table *n,
		   struct finding *f);

/* The protocol that the culprits' connections are of, or "": several. */
const char *limit_proto(const struct netns_table *n);
/*
 * A limit of new connections a second for one source, of @proto alone unless
 * that is "".
 */
int64_t limit_rate(const struct tables *ts, const struct netns_table *n,
		    const char *proto);

#endif
