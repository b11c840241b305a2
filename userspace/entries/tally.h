/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a table holds, counted entry by entry as the module's census counts it
 * (kmod/census_walk.c): by state, stage, silence and zone, and who holds most. In memory
 * that is the same whatever the table holds.
 */
#ifndef CONNTRIAGE_ENTRIES_TALLY_H
#define CONNTRIAGE_ENTRIES_TALLY_H

#include "entries/entry.h"
#include "entries/timeouts.h"
#include "snapshot.h"

struct tally;

/**
 * tally_begin() - count from nothing
 * @t: the timeouts in force: silence is what they gave minus what is left
 *
 * Return: for tally_end().
 */
struct tally *tally_begin(const struct timeouts *t);

/** tally_add() - count an entry */
void tally_add(struct tally *y, const struct entry *e);

/**
 * tally_end() - put the census of one namespace into a snapshot, and free it
 * @netns: inode of the namespace
 * @each: how many entries each that was counted stands for: 1, but of a sample
 */
void tally_end(struct tally *y, struct snapshot *s, int64_t netns, double each);

#endif
