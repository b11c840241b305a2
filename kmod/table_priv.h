/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Layout of the heavy-source table, shared by its writer (table.c) and its
 * reader (table_merge.c), and by nobody else.
 *
 * Owner of everything here: the CPU the table belongs to. It alone writes,
 * in ctri_table_account(). Readers copy a whole bucket between two equal,
 * even values of its sequence count and work on the copy.
 */
#ifndef CTRI_TABLE_PRIV_H
#define CTRI_TABLE_PRIV_H

#include "table.h"

#define CTRI_LINE	64		/* cache line the layout is made for */
#define CTRI_WAYS	8		/* records of a bucket */
#define CTRI_CELLS	64		/* loss counters of a bucket and window */
#define CTRI_HLL_BITS	12
#define CTRI_HLL_REGS	4096		/* standard error 1.04 / 64 = 1.6 % */
#define CTRI_HLL_TAIL	36		/* hash bits the rank is taken from */
#define CTRI_HLL_RANKS	(CTRI_HLL_TAIL + 2)

/**
 * struct ctri_rec0 - who a way belongs to, and its counts by window
 * @addr: as in struct ctri_source
 * @netns: as in struct ctri_source
 * @family: as in struct ctri_source; 0: the way is free
 * @way: which way of its bucket it is
 * @sec: events in second @last; when it is full it is folded into @ewma
 * @cur: events counted in the window the bucket is in
 * @cur_err: events of that window lost before the record was admitted, at most
 * @prev: the same for the window before
 * @prev_err: the same for the window before
 * @gain: how many of the lost events were probably its own; speaks of the
 *	window of the admission: @cur while @cur_err is not 0, else @prev
 * @lost: events lost before the admission, at most; U32_MAX: no bound known
 * @excess: events that found their kind's counter full
 * @first: second of the admission
 * @last: second of the newest event
 * @ewma: events per second, decayed, in 1/1024, of the seconds before @last
 */
struct ctri_rec0 {
	u64 addr[2];
	u32 netns;
	u8 family;
	u8 way;
	u16 sec;
	u32 cur;
	u32 cur_err;
	u32 prev;
	u32 prev_err;
	u32 gain;
	u32 lost;
	u32 excess;
	u32 first;
	u32 last;
	u32 ewma;
} __aligned(CTRI_LINE);

/**
 * struct ctri_rec1 - events of a way by kind; their sum is its total
 * @kind: events by kind, saturating
 */
struct ctri_rec1 {
	u32 kind[CTRI_KINDS];
} __aligned(CTRI_LINE);

/**
 * struct ctri_bucket - eight ways, and what is known of the events they lost
 * @seq: odd while the owner writes
 * @epoch: window of the newest event
 * @tag: 16 bits of each way's hash
 * @score: 0: free, else 1 + the rank that admission competes with; halved
 *	in every new window, unlike the counts
 * @miss: events of the window @epoch that no record holds, saturating
 * @lost: the same since load
 * @cell: events that no record holds, by the low bits of the tag, saturating:
 *	of the window @epoch in [@epoch & 1], of the one before in the other
 * @rec0: see struct ctri_rec0
 * @rec1: see struct ctri_rec1
 *
 * The first line is all that a look-up reads besides the matching record.
 */
struct ctri_bucket {
	u32 seq;
	u32 epoch;
	u16 tag[CTRI_WAYS];
	u32 score[CTRI_WAYS];
	u32 miss;
	u32 lost;
	u16 cell[2][CTRI_CELLS];
	struct ctri_rec0 rec0[CTRI_WAYS];
	struct ctri_rec1 rec1[CTRI_WAYS];
} __aligned(CTRI_LINE);

/**
 * struct ctri_shard - the memory of one class
 * @bucket: array of @buckets buckets
 * @hll: HyperLogLog registers, CTRI_HLL_REGS of them
 * @buckets: number of buckets, the same on every CPU
 * @recent: the record hit last, tried before hashing
 * @random: state of the admission's random numbers (xorshift32), never 0
 * @replaced: records overwritten by another source
 * @missed: events not admitted
 */
struct ctri_shard {
	struct ctri_rec0 *recent;
	u32 buckets;
	struct ctri_bucket *bucket;
	u8 *hll;
	u32 random;
	unsigned long replaced;
	unsigned long missed;
} __aligned(CTRI_LINE);

/**
 * struct ctri_table - one CPU's table
 * @key: hash key, the same on every CPU
 * @bytes: size of the allocation that holds this struct and all below
 * @nobody: free for ever; the most recent record of a shard that has none
 * @shard: one per class
 */
struct ctri_table {
	siphash_key_t key;
	size_t bytes;
	struct ctri_rec0 nobody;
	struct ctri_shard shard[CTRI_CLASSES];
} __aligned(CTRI_LINE);

/* The bucket that the record lies in. */
static __always_inline struct ctri_bucket *ctri_bucket_with(struct ctri_rec0 *r0)
{
	return container_of(r0 - r0->way, struct ctri_bucket, rec0[0]);
}

/* Counters stop at the top; a full one means "or more". */
static __always_inline void ctri_inc(u32 *counter)
{
	if (unlikely(!++*counter))
		*counter = U32_MAX;
}

static inline u32 ctri_sat_add(u32 a, u64 b)
{
	u64 sum = a + b;

	return sum < b || sum > U32_MAX ? U32_MAX : sum;
}

/* What a record counted since its admission. */
static inline u64 ctri_total(const struct ctri_rec0 *r0,
			     const struct ctri_rec1 *r1)
{
	u64 sum = r0->excess;
	unsigned int i;

	for (i = 0; i < CTRI_KINDS; i++)
		sum += r1->kind[i];
	return sum;
}

/*
 * At most how many events of the bucket's own window a source of this tag
 * lost: its cell, or, where that is full, everything the bucket lost.
 */
static inline u32 ctri_cell_cur(const struct ctri_bucket *b, u16 tag)
{
	u16 cell = b->cell[b->epoch & 1][tag % CTRI_CELLS];

	return likely(cell != U16_MAX) ? cell : b->miss;
}

/* The same for the window before. Its sum of losses is not kept apart. */
static inline u32 ctri_cell_prev(const struct ctri_bucket *b, u16 tag)
{
	u16 cell = b->cell[~b->epoch & 1][tag % CTRI_CELLS];

	return likely(cell != U16_MAX) ? cell : b->lost;
}

void ctri_bucket_roll(struct ctri_bucket *b, u32 epoch);
u32 ctri_rate_fold(u32 ewma, u32 sec, u32 seconds);
u32 ctri_rate_full(u32 ewma);
u32 ctri_rate_milli(u64 ewma, u32 seconds);
u64 ctri_hll_estimate(const u32 *ranks);

#endif /* CTRI_TABLE_PRIV_H */
