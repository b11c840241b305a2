/* SPDX-License-Identifier: GPL-2.0 */
/* The census: one walk of the whole conntrack table, and what it found. */
#ifndef CONNTRIAGE_CENSUS_H
#define CONNTRIAGE_CENSUS_H

#include <linux/kref.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack_extend.h>
#include "table.h"

#define CTRI_IDLE_STEPS		8
#define CTRI_HIST		21	/* octaves of idle time: 0, 1 s ... 2^19 s */
#define CTRI_CELLS		4096	/* (netns, zone, protocol, state) told apart */
#define CTRI_CHAIN_MAX		127	/* longer chains count as this */
#define CTRI_CENSUS_TOP		64

/* Entries of one namespace, zone, protocol and state. */
struct ctri_cell {
	u32 inum;		/* 0: free */
	u8 l3num, l4proto;
	u8 state;		/* of ctri_state_name() */
	u16 zone;
	u32 entries, unreplied, assured, unknown;	/* silence: unknown */
	u32 idle[CTRI_IDLE_STEPS];
	u32 longest[CTRI_IDLE_STEPS];	/* silence from the step before on, s */
	u32 hist[CTRI_HIST];
};

/* One of those that hold most entries. */
struct ctri_heavy {
	struct ctri_row row;
	u32 inum;
};

/*
 * Sub-counters of a struct ctri_heavy: how far the connection got, and within
 * that for how long it has been silent, in steps of ctri_heavy_idle[].
 */
enum ctri_held { CTRI_HELD_UNREPLIED, CTRI_HELD_REPLIED, CTRI_HELD_ASSURED };
#define CTRI_HELD_STATES	3
#define CTRI_HEAVY_IDLE		5

enum ctri_heavy_kind { CTRI_H_SOURCE, CTRI_H_DEST, CTRI_H_SERVICE, CTRI_HEAVIES };

/**
 * struct ctri_census - the result of a walk; read-only when it is complete
 * @ref: of the cache and of each open file
 * @when: ns of CLOCK_MONOTONIC at the end
 * @buckets: of the hash table
 * @restarts: how often the walk began anew, as the table was resized under it;
 *	one more than it may: the last walk was resized as well and went on
 * @usec: how long the walk took
 * @max_usec: the longest time without a scheduling point
 * @unplaced: entries for which there was no cell
 * @chain_max: the longest chain
 * @sampled: entries whose memory was looked at
 * @bytes_entry: memory of one of those with its extensions, mean
 * @bytes_ext: of its extensions alone, mean
 * @ext: how many of those have each extension
 * @cell: open addressing, CTRI_CELLS of them
 * @total: the cells of each namespace, and of each zone where it has others
 *	than 0, summed up; @nr_total of them
 * @nr_total: see @total
 * @chain: chains by length; both directions of an entry stand in one
 * @top: heaviest by entries held
 * @nr_top: rows of each
 */
struct ctri_census {
	struct kref ref;
	u64 when;
	u32 buckets, restarts, usec, max_usec, unplaced, chain_max;
	u32 sampled, bytes_entry, bytes_ext, ext[NF_CT_EXT_NUM];
	struct ctri_cell *cell;
	struct ctri_cell *total;
	unsigned int nr_total;
	u32 chain[CTRI_CHAIN_MAX + 1];
	struct ctri_heavy top[CTRI_HEAVIES][CTRI_CENSUS_TOP];
	unsigned int nr_top[CTRI_HEAVIES];
};

/* seconds */
extern const u32 ctri_idle_steps[CTRI_IDLE_STEPS];
extern const u32 ctri_heavy_idle[CTRI_HEAVY_IDLE];

struct ctri_census *ctri_census_get(void);
void ctri_census_put(struct ctri_census *c);
void ctri_census_drop(void);

#endif
