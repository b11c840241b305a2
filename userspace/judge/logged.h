/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's log as evidence: that packets were refused, and when. Its lines are few
 * (net_warn_ratelimited()), so that their number is the least that there were, and before
 * Linux 6.17 they don't say whose table it was.
 */
#ifndef CONNTRIAGE_JUDGE_LOGGED_H
#define CONNTRIAGE_JUDGE_LOGGED_H

#include <stdbool.h>

#include "judge/finding.h"
#include "judge/tables.h"
#include "snapshot.h"

/**
 * logged_full() - the last spell of refusals that the log tells of a table
 *
 * A line that names no namespace is of this one where its counter of drops says that
 * there were any. What the module counted itself doesn't count: only spells that began
 * before it was loaded.
 *
 * Return: a spell of the snapshot, or NULL.
 */
const struct log_spell *logged_full(const struct tables *ts, const struct netns_table *n);

/**
 * logged_elsewhere() - the last spell of each table that nothing else is known of
 * @spell: the one to go on behind, or NULL
 *
 * Return: the next, or NULL. Where its netns is UNKNOWN it is of some other namespace.
 */
const struct log_spell *logged_elsewhere(const struct tables *ts, const struct log_spell *spell);

/** logged_expect() - the last spell of a full expectation table, or NULL */
const struct log_spell *logged_expect(const struct snapshot *s);

/** logged_within() - whether its last line is at most so old; not where that isn't told */
bool logged_within(const struct log_spell *spell, double seconds);

/** logged_names() - whether lines of this kernel name a namespace, but for the initial one */
bool logged_names(const struct snapshot *s);

/**
 * logged_fact() - what a spell says
 * @what: "packets were refused"
 * @quote: the words of the log: "table full"
 */
void logged_fact(const struct log_spell *spell, const char *what, const char *quote,
		 struct facts *facts);

/** logged_evidence() - what the log says of a table, for and against */
void logged_evidence(const struct tables *ts, const struct netns_table *n, struct finding *f);

#endif
