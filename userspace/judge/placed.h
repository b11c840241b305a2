/* SPDX-License-Identifier: GPL-2.0 */
/* Cures that are in place already: what they met, and whether they work. */
#ifndef CONNTRIAGE_JUDGE_PLACED_H
#define CONNTRIAGE_JUDGE_PLACED_H

#include <stdbool.h>

#include "fix/fix.h"
#include "judge/finding.h"
#include "judge/tables.h"
#include "judge/verdict.h"

/**
 * placed_say() - what a finding says where rules that it would print stand already
 * @x: after fix_end(); nothing is said where all of its rules had to be written
 * @p: whom the rules are about: members that are sources tell whether they work; or
 *	NULL
 *
 * Return: false where all of it stands, and connections get past it all the same: then
 * nothing can be predicted.
 */
bool placed_say(const struct netns_table *n, const struct fix *x, const struct part *p,
		struct finding *f);

/* It was typed for a while: all but a limit that is there for good. */
bool placed_in_need(const struct placed_rule *r);

/**
 * placed_next() - the rules of our tables that were typed for a while, one after another
 * @after: the last one, or NULL
 */
const struct placed_rule *placed_next(const struct snapshot *s, const struct placed_rule *after);

#define PLACED_TOLD	5	/* rules of a list; nobody reads more */

/** placed_tell() - where one stands, and what it met; placed_list() - the first few */
void placed_tell(struct facts *l, const struct placed_rule *r);
void placed_list(const struct snapshot *s, struct facts *l);

/** placed_met() - "met 1,234 packets", "met nothing yet", or "counts nothing" */
const char *placed_met(int64_t packets);

#endif
