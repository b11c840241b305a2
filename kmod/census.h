/* SPDX-License-Identifier: GPL-2.0 */
/* The census: one walk of the whole conntrack table, and what it found. */
#ifndef CONNTRIAGE_CENSUS_H
#define CONNTRIAGE_CENSUS_H

#include <linux/kref.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack_extend.h>
#include "census_heavy.h"
#include "stage.h"

#define CTRI_IDLE_STEPS		8
#define CTRI_HIST		21	/* octaves of idle time: 0, 1 s ... 2^19 s */
#define CTRI_CHAIN_MAX		127	/* longer chains count as this */

/* ctri_cell.state of all states that found no room */
#define CTRI_STATE_OTHER	255

/**
 * struct ctri_cell - entries of one namespace, or of a part of them
 * @inum: inode number of the namespace
 * @zone: of a zone's; 0: of all zones that found no room
 * @l4proto: of a state's
 * @state: of a state's: of ctri_state_name(), or CTRI_STATE_OTHER
 * @entries: how many
 * @unreplied: of these, without an answer
 * @assured: of these, not evictable
 * @unknown: of these, silent for nobody knows how long
 * @stage: by stage
 * @idle: silent for so long at least, ctri_idle_steps
 */
struct ctri_cell {
	u32 inum;
	u16 zone;
	u8 l4proto, state;
	u32 entries, unreplied, assured, unknown;
	u32 stage[CTRI_NR_STAGES];
	u32 idle[CTRI_IDLE_STEPS];
};

/**
 * struct ctri_state_cell - entries of one namespace, protocol and state
 * @cell: as of others
 * @longest: silence from the step before on, s
 * @hist: by octave of silence
 */
struct ctri_state_cell {
	struct ctri_cell cell;
	u32 longest[CTRI_IDLE_STEPS];
	u32 hist[CTRI_HIST];
};

/**
 * struct ctri_census - the result of a walk; read-only when it is complete
 * @ref: of the cache and of each open file
 * @when: ns of CLOCK_MONOTONIC at the end
 * @generation: of when it began, see ctri_history_generation()
 * @buckets: of the hash table
 * @restarts: how often the walk began anew, as the table was resized under it;
 *	one more than it may: the last walk was resized as well and went on
 * @usec: how long the walk took
 * @max_usec: the longest time without a scheduling point
 * @unplaced: entries in states that found no room
 * @chain_max: the longest chain
 * @sampled: entries whose memory was looked at
 * @bytes_entry: memory of one of those with its extensions, mean
 * @bytes_ext: of its extensions alone, mean
 * @ext: how many of those have each extension
 * @total: of each namespace that has entries
 * @nr_total: how many
 * @zone: of each zone but 0
 * @nr_zone: how many
 * @state: of each state
 * @nr_state: how many
 * @chain: chains by length; both directions of an entry stand in one
 * @top: heaviest by entries held
 * @nr_top: rows of each
 */
struct ctri_census {
	struct kref ref;
	u64 when, generation;
	u32 buckets, restarts, usec, max_usec, unplaced, chain_max;
	u32 sampled, bytes_entry, bytes_ext, ext[NF_CT_EXT_NUM];
	struct ctri_cell *total, *zone;
	struct ctri_state_cell *state;
	unsigned int nr_total, nr_zone, nr_state;
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
