/* SPDX-License-Identifier: GPL-2.0 */
/* Whose entries have gone between two looks: heavy sources, by kmod/table.c. */
#ifndef CONNTRIAGE_ENTRIES_DEPARTURES_H
#define CONNTRIAGE_ENTRIES_DEPARTURES_H

#include "entries/entry.h"
#include "snapshot.h"

struct departures;

/** departures_begin() - 128 KiB, until departures_free() */
struct departures *departures_begin(void);

/** departures_first() - an entry of the first look */
void departures_first(struct departures *d, const struct entry *e);

/** departures_still() - one that is there at the second look as well */
void departures_still(struct departures *d, const struct entry *e);

/**
 * departures_end() - fill in ->gone of the sources of a namespace that opened any
 * @each: how many entries each that was counted stands for
 */
void departures_end(const struct departures *d, struct snapshot *s, int64_t netns, double each);

void departures_free(struct departures *d);

#endif
