/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Layout of the heavy-source table, for its own files. table_inline.h includes
 * it as well, so that the compiler sees what it inlines; nobody who includes that
 * uses anything of this.
 *
 * Owner of everything here: the CPU the table belongs to. It alone writes,
 * in ctri_table_account(). Readers copy a whole bucket between two equal,
 * even values of its sequence count and work on the copy.
 */
#ifndef CTRI_TABLE_PRIV_H
#define CTRI_TABLE_PRIV_H

#include "table.h"
#include "table_hash.h"

#define CTRI_LINE	64		/* cache line the layout is made for */
#define CTRI_WAYS	8		/* records of a bucket */
#define CTRI_LOSS_CELLS	62		/* loss counters of a bucket and window */
#define CTRI_LOSS_PLACES	64		/* and what it would have without a sum */
#define CTRI_HLL_BITS	12
#define CTRI_HLL_REGS	4096		/* standard error 1.04 / 64 = 1.6 % */
#define CTRI_HLL_TAIL	36		/* hash bits the rank is taken from */
#define CTRI_HLL_RANKS	(CTRI_HLL_TAIL + 2)

/*
 * From here on a record's count of a window means "or more", and its score rises
 * no further. Not every event checks that: the first of each second does, and one
 * in U16_MAX (ctri_way_count_slow()), which is often enough.
 */
#define CTRI_CUR_FULL	(U32_MAX - 2 * U16_MAX)
#define CTRI_SCORE_FULL	(U32_MAX - 2 * U16_MAX)

/**
 * struct ctri_rec0 - who a way belongs to, and its counts by window
 * @addr: as in struct ctri_source
 * @netns: as in struct ctri_source
 * @family: as in struct ctri_source; 0: the way is free
 * @way: which way of its bucket it is
 * @sec: events in second @last; when it is full it is folded into @ewma
 * @cur: events counted in the window the bucket is in; see CTRI_CUR_FULL
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
 * struct ctri_loss - the events of one window that no record holds
 * @cell: the same as @miss by tag, see ctri_loss_cell(); saturating. Those that
 *	@miss lies in aren't used: with so many of them, whoever checks each index
 *	(CONFIG_UBSAN_BOUNDS) sees by its six bits that it is none too high
 * @used: as many as are
 * @miss: all of the bucket's, saturating
 */
struct ctri_loss {
	union {
		u16 cell[CTRI_LOSS_PLACES];
		struct {
			u16 used[CTRI_LOSS_CELLS];
			u32 miss;
		};
	};
} __aligned(CTRI_LINE);

/**
 * struct ctri_bucket - eight ways, and what is known of the events they lost
 * @seq: odd while the owner writes
 * @epoch: window of the newest event
 * @tag: 16 bits of each way's hash
 * @score: 0: free, else 1 + the rank that admission competes with; halved
 *	in every new window, unlike the counts
 * @floor: no score is below this; what admission looks at first
 * @lost: events that no record holds, since load, but for those of the window
 *	@epoch; saturating
 * @loss: of the window @epoch in [@epoch & 1], of the one before in the other
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
	u32 floor;
	u32 lost;
	struct ctri_loss loss[2];
	struct ctri_rec0 rec0[CTRI_WAYS];
	struct ctri_rec1 rec1[CTRI_WAYS];
} __aligned(CTRI_LINE);

/**
 * struct ctri_shard - the memory of one class
 * @recent: the record hit last, tried before hashing; ctri_table.nobody until the
 *	first event, and never again. Written by the owner alone; a reader looks
 *	whether there was an event, and needs no order for that: what it then finds
 *	in a bucket goes by the bucket's sequence count
 * @key: of the hash, the same on every CPU
 * @bucket: array of @buckets buckets
 * @hll: HyperLogLog registers, CTRI_HLL_REGS of them
 * @random: state of the admission's random numbers
 * @missed: events not admitted
 * @buckets: number of buckets, the same on every CPU
 * @replaced: records overwritten by another source
 */
struct ctri_shard {
	struct ctri_rec0 *recent;
	struct ctri_sip key;
	struct ctri_bucket *bucket;
	u8 *hll;
	u64 random;
	unsigned long missed;
	u32 buckets;
	unsigned long replaced;
} __aligned(CTRI_LINE);

/**
 * struct ctri_table - one CPU's table
 * @bytes: size of the allocation that holds this struct and all below
 * @nobody: a record that stays free: @recent of a shard without events
 * @shard: one per class
 */
struct ctri_table {
	size_t bytes;
	struct ctri_rec0 nobody;
	struct ctri_shard shard[CTRI_CLASSES];
} __aligned(CTRI_LINE);

/* The bucket that the record lies in. */
static __always_inline struct ctri_bucket *ctri_bucket_with(struct ctri_rec0 *r0)
{
	return container_of(r0 - r0->way, struct ctri_bucket, rec0[0]);
}

static inline u32 ctri_sat_add(u32 a, u64 b)
{
	u64 sum = a + b;

	return sum < b || sum > U32_MAX ? U32_MAX : sum;
}

/* What a record counted since its admission. Written out, for admission. */
static inline u64 ctri_record_total(const struct ctri_rec0 *r0,
				    const struct ctri_rec1 *r1)
{
	const u32 *k = r1->kind;

	BUILD_BUG_ON(CTRI_KINDS != 16);
	return (u64)r0->excess + k[0] + k[1] + k[2] + k[3] + k[4] + k[5] + k[6] +
	       k[7] + k[8] + k[9] + k[10] + k[11] + k[12] + k[13] + k[14] + k[15];
}

/* The events of a window; U32_MAX: that or more. */
static inline u32 ctri_most(u32 count)
{
	return likely(count < CTRI_CUR_FULL) ? count : U32_MAX;
}

static __always_inline unsigned int ctri_loss_cell(u16 tag)
{
	return (u32)tag * CTRI_LOSS_CELLS >> 16;
}

static inline u32 ctri_loss_of(const struct ctri_loss *loss, unsigned int cell)
{
	return likely(loss->cell[cell] != U16_MAX) ? loss->cell[cell] : loss->miss;
}

/*
 * At most how many events of the bucket's own window the sources of a cell
 * lost: the cell, or, where that is full, everything the bucket lost then.
 */
static inline u32 ctri_loss_cur(const struct ctri_bucket *b, unsigned int cell)
{
	return ctri_loss_of(&b->loss[b->epoch & 1], cell);
}

/* The same for the window before. */
static inline u32 ctri_loss_prev(const struct ctri_bucket *b, unsigned int cell)
{
	return ctri_loss_of(&b->loss[~b->epoch & 1], cell);
}

/* What the bucket lost since load; U32_MAX: or more. */
static inline u32 ctri_bucket_lost(const struct ctri_bucket *b)
{
	return ctri_sat_add(b->lost, b->loss[b->epoch & 1].miss);
}

void ctri_bucket_roll(struct ctri_bucket *b, u32 epoch);
u32 ctri_rate_fold(u32 ewma, u32 sec, u32 seconds);
u32 ctri_rate_full(u32 ewma);
u32 ctri_rate_milli(u64 ewma, u32 seconds);
u64 ctri_hll_estimate(const u32 *ranks, unsigned int bits);

#endif /* CTRI_TABLE_PRIV_H */
