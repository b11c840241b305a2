/* SPDX-License-Identifier: GPL-2.0 */
/* Two snapshots of one host, or of two: what changed, and whether cures did what they should. */
#ifndef CONNTRIAGE_JUDGE_COMPARE_H
#define CONNTRIAGE_JUDGE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/finding.h"
#include "lib/lines.h"
#include "snapshot.h"

/* A finding that one of them has, or both */
struct finding_change {
	const struct finding *before, *after;	/* one may be NULL */
};

struct setting_change {
	const char *name;	/* of a sysctl, with "nf_conntrack_" */
	int64_t before, after;	/* UNKNOWN: not told */
};

/* A connection table of both */
struct table_change {
	int64_t netns;		/* of the later one */
	int64_t count[2], max[2];
	/* What the module has counted in between, or UNKNOWN: it was loaded anew */
	int64_t inserts, refusals, evictions, invalid;
};

enum outcome {
	OUTCOME_MET,		/* within a quarter of the prediction */
	OUTCOME_MORE, OUTCOME_LESS,
	OUTCOME_EARLY,		/* the time that it takes isn't over */
	OUTCOME_UNKNOWN,	/* how long it is ago isn't known, or the table isn't */
	OUTCOMES
};

extern const char *const outcome_word[OUTCOMES];

/* What a cure of the earlier one was to do */
struct cure_check {
	const struct finding *finding;
	int64_t predicted;	/* entries at the later one's time, ... */
	int64_t within;		/* ... s after the commands */
	int64_t entries;	/* there are now, or UNKNOWN */
	enum outcome outcome;
};

/* Somebody who was accused, and how busy they are: new connections a second */
struct culprit_change {
	const char *source;
	double before, after;
};

struct comparison {
	const struct snapshot *before, *after;
	bool same_host;		/* as far as their names tell */
	int64_t apart;		/* s from the one to the other, or UNKNOWN */
	struct finding_change *finding;	/* gone, come, still there; worst first in each */
	size_t nr_findings;
	struct setting_change *setting;
	size_t nr_settings;
	struct table_change *table;
	size_t nr_tables;
	struct lines rules_came, rules_gone;	/* tables of ours */
	struct cure_check *cure;
	size_t nr_cures;
	struct culprit_change *culprit;
	size_t nr_culprits;
};

/**
 * snapshots_compare() - what changed
 * @a, @fa: the earlier snapshot and its findings; @b, @fb: the later one's. They have to
 *	stay as long as @out
 * @out: filled; free with comparison_free()
 */
void snapshots_compare(const struct snapshot *a, const struct findings *fa,
		       const struct snapshot *b, const struct findings *fb,
		       struct comparison *out);

void comparison_free(struct comparison *c);

#endif
