/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a table holds, counted entry by entry as the module's census counts it
 * (kmod/census_walk.c): by state, stage, silence and zone, and who holds most. In memory
 * that is the same whatever the table holds: 10 MiB at most.
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

/** tally_entries() - how many were counted */
int64_t tally_entries(const struct tally *y);

/**
 * tally_expired() - note entries that were there and in no list, as they are over
 *
 * The kernel passes over them, and ends them (ctnetlink_dump_table()).
 */
void tally_expired(struct tally *y, int64_t entries);

/**
 * tally_end() - put the census of one namespace into a snapshot, and free it
 * @netns: inode of the namespace
 * @each: how many entries each that was counted stands for: 1, but of a sample
 */
void tally_end(struct tally *y, struct snapshot *s, int64_t netns, double each);

/** tally_free() - free it, and tell nothing */
void tally_free(struct tally *y);

#endif
