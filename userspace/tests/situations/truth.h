/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is right to say of a situation. It follows from who did what, and what the
 * table holds of it; nothing here knows how the reader judges.
 */
#ifndef CONNTRIAGE_SITUATIONS_TRUTH_H
#define CONNTRIAGE_SITUATIONS_TRUTH_H

#include "judge/finding.h"
#include "tests/situations/members.h"

enum right_cause {
	C_CLEAR,	/* an all-clear */
	C_FLOOD, C_SCAN, C_SPOOFED, C_DEAD, C_ONEWAY, C_FORGOTTEN, C_INVALID, C_LEAK,
	C_UNANSWERED, C_TIMEOUT, C_EXPIRED, C_CHATTER, C_CHURN, C_GROWTH,
	C_OTHER,	/* of the host, not of its traffic */
	CAUSE_KINDS
};

extern const char *const right_cause_names[CAUSE_KINDS];

struct truth {
	unsigned int first;	/* bits of causes of which one is to be told first */
	unsigned int also;	/* bits of those that may be told behind it */
	enum right_cause chief;	/* what weighs most of @first */
	double frees[CAUSE_KINDS];	/* entries that would go with its lever, or are its work */
	bool lossy;		/* something was lost within the history */
};

/**
 * truth_blurs() - whom nobody can tell from a culprit, by what is left in the table
 * @s: its crowds take that role
 */
void truth_blurs(struct situation *s, const struct view *v);

/** truth_of() - what is right to say */
void truth_of(struct truth *t, const struct queue *q, const struct view *v);

/** cause_told() - what a finding says, in these words */
enum right_cause cause_told(const struct finding *f);

/** truth_first() - what is told first */
enum right_cause truth_first(const struct findings *found);

/**
 * truth_stray() - a cause that is told, and isn't there
 *
 * Return: C_CLEAR where there is none.
 */
enum right_cause truth_stray(const struct truth *t, const struct findings *found);

#endif
