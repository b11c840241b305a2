/* SPDX-License-Identifier: GPL-2.0 */
/* Entries that nobody answered: whose they are, and so what they are. */
#ifndef CONNTRIAGE_JUDGE_BARREN_H
#define CONNTRIAGE_JUDGE_BARREN_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/tables.h"
#include "judge/verdict.h"

#define BARREN_PARTS	5	/* a table has few reasons */

/**
 * barren_parts() - flood, scan, made-up sources, dead service, one-way path
 * @n: with its occupancy
 * @p: room for BARREN_PARTS; what explains most of it first, then what explains
 *	most of the rest
 *
 * Return: how many there are; 0 where there is too little of it to be anything.
 */
size_t barren_parts(const struct netns_table *n, struct part *p);

#endif
