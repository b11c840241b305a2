/* SPDX-License-Identifier: GPL-2.0 */
/* What the judgement tells the cure: a place, and sources. fix/ knows no other. */
#ifndef CONNTRIAGE_JUDGE_CURE_H
#define CONNTRIAGE_JUDGE_CURE_H

#include "fix/fix.h"
#include "judge/finding.h"
#include "judge/occupancy.h"
#include "judge/tables.h"

/**
 * cure_begin() - fix_begin() for a finding
 * @n: the namespace that the commands are for; NULL: the reader's own
 * @f: takes the commands
 */
void cure_begin(struct fix *x, const struct tables *ts,
		const struct netns_table *n, struct finding *f);

/**
 * cure_predict() - what the fix will do, and the command that shows whether it did
 * @f: takes both; of a table, as its ->effect says
 */
void cure_predict(const struct tables *ts, struct finding *f, struct prediction p);

/**
 * cure_translated() - rules give packets of this namespace other addresses (NAT)
 *
 * What isn't tracked isn't translated either, so it would get lost.
 */
bool cure_translated(const struct tables *ts, const struct netns_table *n);

/* A group as rules see it: a destination, a service, or both */
struct cure_target {
	char address[64], port[64];
	struct fix_target to;	/* points into this */
};

void cure_target(struct cure_target *t, const struct group *g);
/* A source or a network as rules see it */
struct fix_source cure_group(const struct group *g);

/* An actor as rules see it */
struct fix_source cure_source(const struct actor *a);

#endif
