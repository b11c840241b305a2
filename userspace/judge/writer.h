/* SPDX-License-Identifier: GPL-2.0 */
/* Whether a program that sets a setting explains what is wrong. */
#ifndef CONNTRIAGE_JUDGE_WRITER_H
#define CONNTRIAGE_JUDGE_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/tables.h"
#include "snapshot.h"

/**
 * writer_explains() - why a setting isn't what the boot files make it
 *
 * A known program has set it, or, of the maximum, something has lowered it.
 */
bool writer_explains(const struct snapshot *s, const struct ct_sysctl *c);

/**
 * writer_took_room() - whether a program's maximum is all that is wrong with a table
 *
 * What the boot files set would hold the table's work, with room to spare.
 */
bool writer_took_room(const struct tables *ts, const struct netns_table *n);

#endif
