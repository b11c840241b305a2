/* SPDX-License-Identifier: GPL-2.0 */
/* What a finding about a pressed table says, whatever the cause. */
#ifndef CONNTRIAGE_JUDGE_PRESSED_H
#define CONNTRIAGE_JUDGE_PRESSED_H

#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/tables.h"

/**
 * pressed_begin() - begin a finding about a pressed table
 *
 * Severity and rank follow from its level.
 */
struct finding *pressed_begin(struct findings *fs, const struct cause *cause,
			      const struct tables *ts,
			      const struct netns_table *n);

/** pressed_evidence() - how full it is, what that cost, and what it holds */
void pressed_evidence(const struct tables *ts, const struct netns_table *n,
		      struct finding *f);

/** pressed_culprits() - the sources that blame_decide() found */
void pressed_culprits(const struct netns_table *n, struct finding *f);

/** pressed_victims() - the sources that lost most */
void pressed_victims(const struct tables *ts, const struct netns_table *n,
		     struct finding *f);

#endif
