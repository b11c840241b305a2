/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The heavy-source table: which sources cause most events of a class, how
 * many, and how sure that is, in memory fixed at creation.
 *
 * One struct ctri_table belongs to one CPU. Inside it every event class has
 * a shard of its own, so a flood of one class cannot push out the sources of
 * another. ctri_table_merge() reads the tables of all CPUs without stopping
 * their writers.
 *
 * The files behind this header (table.c the writer, table_merge.c and
 * table_gather.c the reader, table_alloc.c, table_math.c) use nothing that only
 * a kernel has: table_shim.h maps the few helpers, so the selftests run the very
 * same code in userspace. Where a call costs too much, there is table_inline.h.
 */
#ifndef CTRI_TABLE_H
#define CTRI_TABLE_H

#include "table_shim.h"

#define CTRI_KINDS 16			/* sub-counters in a record */

/**
 * enum ctri_class - what happened to a source; each class has its own shard
 * @CTRI_C_INSERT: an entry of the source went to confirmation
 * @CTRI_C_INVALID: a packet of the source was INVALID
 * @CTRI_C_REFUSED: a packet was dropped because the table was full
 * @CTRI_C_EVICTED: an entry of the source was the victim of an eviction
 * @CTRI_C_EVICTING: a new connection of the source made the kernel evict
 * @CTRI_C_INSERT_FAILED: the insertion clashed or met an over-long chain
 * @CTRI_C_INVALID_TO: an INVALID packet, by its destination and service
 * @CTRI_C_REFUSED_TO: a refused packet, likewise
 * @CTRI_C_EVICTED_TO: an evicted entry, likewise
 * @CTRI_C_PROGRAM: an entry that a socket of this host made, by its cgroup
 * @CTRI_CLASSES: how many classes there are
 */
enum ctri_class {
	CTRI_C_INSERT,
	CTRI_C_INVALID,
	CTRI_C_REFUSED,
	CTRI_C_EVICTED,
	CTRI_C_EVICTING,
	CTRI_C_INSERT_FAILED,
	CTRI_C_INVALID_TO,
	CTRI_C_REFUSED_TO,
	CTRI_C_EVICTED_TO,
	CTRI_C_PROGRAM,
	CTRI_CLASSES
};

/**
 * enum ctri_rank - the order of the rows of ctri_table_merge()
 * @CTRI_RANK_WINDOW: estimate of this window and the one before, ties by total
 * @CTRI_RANK_TOTAL: events counted since load
 */
enum ctri_rank {
	CTRI_RANK_WINDOW,
	CTRI_RANK_TOTAL
};

/*
 * ctri_source.family. A service is the protocol and port of a connection's
 * destination, a program the id of a cgroup; they are counted like a source.
 */
#define CTRI_FAMILY_SERVICE	1
#define CTRI_FAMILY_PROGRAM	2
#define CTRI_FAMILY_IPV4	4
#define CTRI_FAMILY_IPV6	6

/**
 * struct ctri_source - who: a masked address in a network namespace
 * @addr: network order bytes, masked; IPv4 in the first 4 bytes, the rest 0
 * @netns: the module's own id of the namespace, never reused
 * @family: CTRI_FAMILY_*, never 0 (0 marks a free record)
 * @pad: ignored by the table, 0 in rows
 */
struct ctri_source {
	u64 addr[2];
	u32 netns;
	u8 family;
	u8 pad[3];
};

/**
 * struct ctri_row - one source, summed over the CPUs
 * @src: the source
 * @total: events counted; the true number since load is in
 *	[@total, @total + @total_err]
 * @total_err: how many more there may be; U64_MAX: no bound known
 * @cur_low: the true number of the current window is at least this
 * @cur_est: best guess, within the bounds
 * @cur_high: and at most this; U32_MAX: no bound known
 * @prev_low: the same for the window before
 * @prev_est: the same for the window before
 * @prev_high: the same for the window before
 * @rate_milli: thousandths of an event per second, decayed (half-life 8 s);
 *	U32_MAX: that or more
 * @first: second in which the oldest live record of the source began
 * @last: second of its last counted event
 * @kind: events by sub-kind, saturating at U32_MAX; a part of @total
 */
struct ctri_row {
	struct ctri_source src;
	u64 total;
	u64 total_err;
	u32 cur_low;
	u32 cur_est;
	u32 cur_high;
	u32 prev_low;
	u32 prev_est;
	u32 prev_high;
	u32 rate_milli;
	u32 first;
	u32 last;
	u32 kind[CTRI_KINDS];
};

/**
 * struct ctri_merge_info - what a merge knows about its own uncertainty
 * @distinct: estimated distinct sources of the class since load
 *	(HyperLogLog, standard error 1.6 %)
 * @entries: records in use, summed over the CPUs
 * @counted: events in the records of one namespace's addresses
 * @slots: records there is room for, summed over the CPUs
 * @replaced: records overwritten by another source since load (wraps with
 *	an unsigned long)
 * @missed: events since load that no record counted (wraps likewise)
 * @torn: buckets left out because their writer never paused; rows that share
 *	such a bucket have no upper bounds
 * @retries: how often a bucket had to be read again
 * @epoch: window the rows speak of: the caller's, or a later one that a
 *	writer had entered meanwhile
 */
struct ctri_merge_info {
	u64 distinct;
	u64 entries;
	u64 counted;
	u64 slots;
	u64 replaced;
	u64 missed;
	u32 torn;
	u32 retries;
	u32 epoch;
};

struct ctri_table;
struct ctri_rec0;

/**
 * struct ctri_table_hint - a guess which record is a source's; the table's own
 * @rec: the record
 * @score: its score
 * @kind: its sub-counters
 */
struct ctri_table_hint {
	struct ctri_rec0 *rec;
	u32 *score;
	u32 *kind;
};

/* The window and the second of an event in one word. */
static __always_inline u64 ctri_table_when(u32 epoch, u32 now)
{
	return (u64)epoch << 32 | now;
}

/* The first 4 bytes of ctri_source.addr, the others being 0. */
static __always_inline u64 ctri_addr4(u32 addr)
{
	u64 word = 0;

	memcpy(&word, &addr, sizeof(addr));
	return word;
}

struct ctri_table *ctri_table_create(size_t bytes, const siphash_key_t *key,
				     int node);
struct ctri_table *ctri_table_create_shares(size_t bytes, const u8 *share,
					    const siphash_key_t *key, int node);
void ctri_table_destroy(struct ctri_table *t);
void ctri_table_hints_init(struct ctri_table *t, struct ctri_table_hint *hint,
			   unsigned int nr);
size_t ctri_table_bytes(const struct ctri_table *t);
size_t ctri_table_min_bytes(void);
void ctri_table_account(struct ctri_table *t, enum ctri_class class,
			unsigned int kind, const struct ctri_source *src,
			u32 epoch, u32 now);
bool ctri_table_account_hint(struct ctri_table *t, enum ctri_class class,
			     unsigned int kind, const struct ctri_source *src,
			     struct ctri_table_hint *hint, bool *admitted);
bool ctri_table_find(struct ctri_table *t, enum ctri_class class,
		     const struct ctri_source *src, struct ctri_table_hint *hint);
unsigned int ctri_table_slot(const struct ctri_table *t, enum ctri_class class,
			     const struct ctri_table_hint *hint);
unsigned int ctri_table_slots(const struct ctri_table *t, enum ctri_class class);
int ctri_table_merge(struct ctri_table *const *t, unsigned int n,
		     enum ctri_class class, enum ctri_rank rank, u32 netns,
		     u32 epoch, u32 now, struct ctri_row *top, unsigned int k,
		     struct ctri_merge_info *info);

#endif /* CTRI_TABLE_H */
