/* SPDX-License-Identifier: GPL-2.0 */
/* All that is found of the tables before anybody judges them. */
#ifndef CONNTRIAGE_JUDGE_SURVEY_H
#define CONNTRIAGE_JUDGE_SURVEY_H

#include "judge/tables.h"
#include "snapshot.h"

/**
 * survey_begin() - fill in the tables of a snapshot, and what each step finds of them
 * @ts: filled; free with survey_end()
 * @s: the snapshot; @ts points into it
 */
void survey_begin(struct tables *ts, const struct snapshot *s);

/** survey_end() - free what survey_begin() allocated */
void survey_end(struct tables *ts);

#endif
