/* SPDX-License-Identifier: GPL-2.0 */
/* Whether a few have most of something in common. */
#ifndef CONNTRIAGE_JUDGE_FEW_H
#define CONNTRIAGE_JUDGE_FEW_H

#include <stdbool.h>

#include "judge/occupancy.h"
#include "judge/verdict.h"

/**
 * few_of() - the few groups of a kind that have most of something
 * @value: what they have; @fits: which groups count, or NULL
 * @whole: of the table
 * @p: takes them as members, heaviest first
 *
 * Return: false where no PART_MEMBERS of them have TH(CONCENTRATED) of it: then no
 * member is added.
 */
bool few_of(const struct occupancy *o, enum group_kind kind,
	    double (*value)(const struct group *g), bool (*fits)(const struct group *g),
	    double whole, struct part *p);

#endif
