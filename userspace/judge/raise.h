/* SPDX-License-Identifier: GPL-2.0 */
/* A bigger table for real work: what is said of it, and what is typed. */
#ifndef CONNTRIAGE_JUDGE_RAISE_H
#define CONNTRIAGE_JUDGE_RAISE_H

#include "fix/fix.h"
#include "judge/capacity.h"
#include "judge/finding.h"
#include "judge/tables.h"
#include "judge/verdict.h"

/**
 * raise_busiest() - who has most of the work in @n, and who opens most
 * @p: the part that is work, or NULL where only what is opened is known; one who has most
 *	of it comes first, and may open nothing by now
 */
void raise_busiest(const struct tables *ts, const struct netns_table *n,
		   const struct part *p, struct finding *f);

/** raise_evidence() - the memory that all tables take once @n has @max entries */
void raise_evidence(const struct tables *ts, const struct netns_table *n, struct finding *f,
		    int64_t max);

/**
 * raise_room() - a bigger table, into @x and the effect and price of @f
 * @max: entries
 *
 * Buckets first, where there are fewer, so that chains never get longer than they are.
 */
void raise_room(const struct tables *ts, struct fix *x, struct finding *f, int64_t max);

/**
 * raise_cure() - evidence and cure of a table that real work fills
 * @r: what raise_possible() says of it
 */
void raise_cure(const struct tables *ts, const struct netns_table *n,
		const struct part *p, struct finding *f, const struct raise *r);

#endif
