/* SPDX-License-Identifier: GPL-2.0 */
/* What a finding about a pressed table says, whatever the cause. */
#ifndef CONNTRIAGE_JUDGE_PRESSED_H
#define CONNTRIAGE_JUDGE_PRESSED_H

#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/tables.h"
#include "judge/verdict.h"

/**
 * pressed_begin() - begin a finding about a pressed table
 *
 * Severity and rank follow from its level, and from what the part's lever frees.
 */
struct finding *pressed_begin(struct findings *fs, const struct cause *cause,
			      const struct tables *ts, const struct netns_table *n,
			      const struct part *p);

/**
 * pressed_rules() - commands that show what our rules met, and how full it is
 * @table, @chain: where iptables has them
 */
void pressed_rules(const struct fix *x, struct finding *f, const char *table,
		   const char *chain);

/** pressed_evidence() - how full it is, what that cost, and what it holds */
void pressed_evidence(const struct tables *ts, const struct netns_table *n,
		      struct finding *f);

/**
 * pressed_members() - who has a part in common: names and numbers
 * @f: takes them as culprits
 */
void pressed_members(const struct tables *ts, const struct netns_table *n, const struct part *p,
		     struct finding *f);

/** pressed_by_host() - whether this host itself opens a part, or a good share of it */
bool pressed_by_host(const struct netns_table *n, const struct part *p);

/** pressed_programs() - which programs open connections, where this host does */
void pressed_programs(const struct tables *ts, const struct netns_table *n,
		      const struct part *p, struct finding *f);

/** pressed_victims() - the sources that lost most */
void pressed_victims(const struct tables *ts, const struct netns_table *n,
		     struct finding *f);

#endif
