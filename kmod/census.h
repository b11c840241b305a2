/* SPDX-License-Identifier: GPL-2.0 */
/* The census: one walk of the whole conntrack table, and what it found. */
#ifndef CONNTRIAGE_CENSUS_H
#define CONNTRIAGE_CENSUS_H

#include <linux/kref.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack_extend.h>
#include "stage.h"
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
	u32 stage[CTRI_NR_STAGES];
	u32 idle[CTRI_IDLE_STEPS];
	u32 longest[CTRI_IDLE_STEPS];	/* silence from the step before on, s */
	u32 hist[CTRI_HIST];
};

enum ctri_heavy_kind {
	CTRI_H_SOURCE, CTRI_H_DEST, CTRI_H_SERVICE, CTRI_H_PREFIX, CTRI_H_PAIR,
	CTRI_HEAVIES
};

/**
 * struct ctri_heavy - one of those that hold most entries
 * @row: its entries; kind[] by stage. Of a pair, the source is its destination
 * @inum: inode number of its namespace
 * @service: of a pair: ctri_service()
 * @sources: distinct ones, about; see CTRI_HEAD_CENSUS
 * @dests: likewise
 * @ports: likewise
 */
struct ctri_heavy {
	struct ctri_row row;
	u32 inum;
	u32 service;
	u32 sources, dests, ports;
};

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
 * @cell: of each state; while the walk lasts, CTRI_CELLS by open addressing
 * @nr_cell: how many, after the walk
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
	unsigned int nr_cell;
	struct ctri_cell *total;
	unsigned int nr_total;
	u32 chain[CTRI_CHAIN_MAX + 1];
	struct ctri_heavy top[CTRI_HEAVIES][CTRI_CENSUS_TOP];
	unsigned int nr_top[CTRI_HEAVIES];
};

/* seconds */
extern const u32 ctri_idle_steps[CTRI_IDLE_STEPS];

struct ctri_census *ctri_census_get(void);
void ctri_census_put(struct ctri_census *c);
void ctri_census_drop(void);
size_t ctri_census_bytes(void);

#endif
