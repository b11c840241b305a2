/* SPDX-License-Identifier: GPL-2.0 */
/* Entries that nobody answered: whose they are, and so what they are. */
#ifndef CONNTRIAGE_JUDGE_BARREN_H
#define CONNTRIAGE_JUDGE_BARREN_H

#include <stdbool.h>

#include "judge/tables.h"
#include "judge/verdict.h"

/**
 * barren_part() - flood, scan, made-up sources, dead service, or one-way path
 * @p: filled
 *
 * Return: false where there is too little of it to be anything.
 */
bool barren_part(const struct tables *ts, const struct netns_table *n, struct part *p);

#endif
