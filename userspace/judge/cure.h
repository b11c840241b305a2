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
 * cure_needs_entries() - why packets of a namespace may not go without an entry
 *
 * What isn't tracked is neither translated (NAT) nor known as established, so it would
 * get lost where rules do that. Where they can't be read, they may.
 *
 * Return: words for a person, good until the next call; NULL: none needs them.
 */
const char *cure_needs_entries(const struct tables *ts, const struct netns_table *n);

/** cure_unread() - say in a finding whose commands load rules that the host's aren't known */
void cure_unread(const struct tables *ts, struct finding *f);

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
