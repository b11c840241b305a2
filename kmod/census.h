/* SPDX-License-Identifier: GPL-2.0 */
/* The census: one walk of the whole conntrack table, and what it found. */
#ifndef CONNTRIAGE_CENSUS_H
#define CONNTRIAGE_CENSUS_H

#include <linux/kref.h>
#include "conntriage.h"

#define CTRI_IDLE_STEPS		8
#define CTRI_CELLS		4096	/* (netns, protocol, state) told apart */
#define CTRI_CHAIN_MAX		127	/* longer chains count as this */
#define CTRI_CENSUS_TOP		64

/* Entries of one namespace, protocol and state. */
struct ctri_cell {
	u32 inum;		/* 0: free */
	u8 l3num, l4proto;
	u8 state;		/* of ctri_state_name() */
	u32 entries, unreplied, assured;
	u32 idle[CTRI_IDLE_STEPS];
};

struct ctri_heavy {
	struct ctri_row row;
	u32 inum;
};

/* Sub-counters of a heavy */
enum ctri_held { CTRI_HELD_UNREPLIED, CTRI_HELD_REPLIED, CTRI_HELD_ASSURED };

enum ctri_heavy_kind { CTRI_H_SOURCE, CTRI_H_DEST, CTRI_H_SERVICE, CTRI_HEAVIES };

/**
 * struct ctri_census - the result of a walk; read-only when it is complete
 * @ref: of the cache and of each open file
 * @when: ns of CLOCK_MONOTONIC at the end
 * @buckets: of the hash table
 * @restarts: how often the table was resized under the walk
 * @usec: how long the walk took
 * @max_usec: the longest time without a scheduling point
 * @unplaced: entries for which there was no cell
 * @bytes_entry: memory of an entry with its extensions, mean of a sample
 * @cell: open addressing, CTRI_CELLS of them
 * @total: the cells of each namespace summed up, @nr_total of them
 * @nr_total: see @total
 * @chain: chains by length; both directions of an entry stand in one
 * @top: heaviest by entries held
 * @nr_top: rows of each
 */
struct ctri_census {
	struct kref ref;
	u64 when;
	u32 buckets, restarts, usec, max_usec, unplaced, bytes_entry;
	struct ctri_cell *cell;
	struct ctri_cell *total;
	unsigned int nr_total;
	u32 chain[CTRI_CHAIN_MAX + 1];
	struct ctri_heavy top[CTRI_HEAVIES][CTRI_CENSUS_TOP];
	unsigned int nr_top[CTRI_HEAVIES];
};

extern const u32 ctri_idle_steps[CTRI_IDLE_STEPS];	/* seconds */

struct ctri_census *ctri_census_get(void);
void ctri_census_put(struct ctri_census *c);
void ctri_census_drop(void);

/* idle.c */
u32 ctri_entry_idle(const struct nf_conn *ct);
u8 ctri_entry_state(const struct nf_conn *ct);
const char *ctri_state_name(u8 l4proto, u8 state);

#endif
