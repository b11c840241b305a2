/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One function a cause, one file a function. Each adds at most a few findings
 * to the list; none depends on what another has added.
 */
#ifndef CONNTRIAGE_JUDGE_CAUSES_H
#define CONNTRIAGE_JUDGE_CAUSES_H

#include "judge/finding.h"
#include "judge/tables.h"

void cause_pressure(const struct tables *ts, struct findings *fs);
void cause_timeout(const struct tables *ts, struct findings *fs);
void cause_stuck(const struct tables *ts, struct findings *fs);
void cause_invalid(const struct tables *ts, struct findings *fs);
void cause_memory(const struct tables *ts, struct findings *fs);
void cause_buckets(const struct tables *ts, struct findings *fs);
void cause_rules(const struct tables *ts, struct findings *fs);
void cause_clash(const struct tables *ts, struct findings *fs);
void cause_netns(const struct tables *ts, struct findings *fs);
void cause_untrack(const struct tables *ts, struct findings *fs);
void cause_uncounted(const struct tables *ts, struct findings *fs);
void cause_persist(const struct tables *ts, struct findings *fs);
void cause_blind(const struct tables *ts, struct findings *fs);

/* A table that real work fills: the maximum it should have, and can have. */
struct raise {
	int64_t need;		/* entries: twice what was ever seen */
	int64_t max;		/* what memory allows of that, or UNKNOWN */
	bool enough;		/* @max is worth while */
};

/* cause_memory.c */
bool capacity_exceeded(const struct tables *ts);
struct raise raise_possible(const struct tables *ts, const struct netns_table *n);
void raise_cure(const struct tables *ts, const struct netns_table *n,
	       struct finding *f, const struct raise *r);

/* cause_timeout.c: silent TCP connections, and what would end them */
void silent_cure(const struct tables *ts, const struct netns_table *n,
	       struct finding *f, int64_t at_least);

#endif
