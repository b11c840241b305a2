/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The causes: one file each, judge/cause_NAME.c, which judges, names the cure and
 * has its words. To add one, write that file, its row below and a captured tree in
 * tests/diagnose; nothing else lists them.
 */
#ifndef CONNTRIAGE_JUDGE_CAUSES_H
#define CONNTRIAGE_JUDGE_CAUSES_H

#include <stdint.h>

#include "judge/finding.h"
#include "judge/tables.h"

struct cause {
	const char *name;	/* on the command line and in JSON */
	const char *title;	/* of "explain": a line without an end */
	const char *text;	/* of "explain": how it works, and what it is not */
	/*
	 * Ranks its findings among those of one severity, greater first: what
	 * loses packets now before what may. A pressed table goes before all.
	 */
	int64_t weight;
	/*
	 * Adds a few findings at most; doesn't depend on what others have added,
	 * and reads nothing but @ts.
	 */
	void (*judge)(const struct tables *ts, struct findings *fs);
};

/* In the order in which "explain" lists them */
#define CAUSES(CAUSE)	\
	CAUSE(flood)	\
	CAUSE(scan)	\
	CAUSE(spoofed)	\
	CAUSE(dead)	\
	CAUSE(oneway)	\
	CAUSE(unanswered) \
	CAUSE(forgotten) \
	CAUSE(invalid)	\
	CAUSE(leak)	\
	CAUSE(timeout)	\
	CAUSE(short)	\
	CAUSE(expired)	\
	CAUSE(growth)	\
	CAUSE(churn)	\
	CAUSE(chatter)	\
	CAUSE(full)	\
	CAUSE(memory)	\
	CAUSE(buckets)	\
	CAUSE(rules)	\
	CAUSE(clash)	\
	CAUSE(netns)	\
	CAUSE(uncounted) \
	CAUSE(persist)	\
	CAUSE(writer)	\
	CAUSE(expect)	\
	CAUSE(cloud)	\
	CAUSE(natports)	\
	CAUSE(stale)	\
	CAUSE(unlisted)	\
	CAUSE(blind)

#define CAUSE_DECLARATION(name) extern const struct cause cause_##name;
CAUSES(CAUSE_DECLARATION)
#undef CAUSE_DECLARATION

extern const struct cause *const causes[];	/* all of them, and NULL */

#endif
