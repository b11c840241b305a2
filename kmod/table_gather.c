// SPDX-License-Identifier: GPL-2.0
/*
 * The heavy-source table: what a reader copies of it.
 *
 * What nobody wrote to costs next to nothing, as there are hundreds of CPUs on some
 * machines: a shard without an event is known by a word (ctri_shard_used()), a
 * bucket by its first score, a register by the word it is in; and of a bucket no
 * more is copied than its ways in use.
 */
#include "table_merge.h"

#define CTRI_RETRIES	1000		/* readings of a bucket until it is torn */

/*
 * Copy the first line, and if there are @rows to make of it the losses and the ways in
 * use. The owner may be writing: whatever it does, @to isn't left. Returns those ways.
 */
static unsigned int ctri_bucket_read(struct ctri_bucket *to,
				     const struct ctri_bucket *b, bool rows)
{
	unsigned int ways;

	memcpy(to, b, offsetof(struct ctri_bucket, loss));
	ways = ctri_bucket_ways(to);
	if (rows) {
		memcpy(to->loss, b->loss, sizeof(to->loss));
		memcpy(to->rec0, b->rec0, ways * sizeof(to->rec0[0]));
		memcpy(to->rec1, b->rec1, ways * sizeof(to->rec1[0]));
	}
	return ways;
}

/*
 * Copy a bucket between two equal and even sequence counts. The number of
 * attempts is bounded: a writer may have been preempted inside its section
 * for as long as a hypervisor likes.
 */
static bool ctri_bucket_copy(struct ctri_merge *m, const struct ctri_bucket *b,
			     struct ctri_bucket *to)
{
	unsigned int i;
	u32 seq;

	for (i = 0; i < CTRI_RETRIES; i++) {
		seq = READ_ONCE(b->seq);
		if (!(seq & 1)) {
			smp_rmb();	/* with ctri_write_begin() */
			/* a copy that the writer spoilt is not used */
			(void)data_race(ctri_bucket_read(to, b, m->k));
			smp_rmb();	/* with ctri_write_end() */
			if (READ_ONCE(b->seq) == seq)
				return true;
		}
		m->info->retries++;
		cpu_relax();
	}
	return false;
}

/*
 * Has the bucket a record of the namespace? Without its sequence count: one that
 * comes or goes just now may be missed, as if one had looked before or after. A
 * free way belongs to namespace 0, which there is none.
 */
static bool ctri_bucket_has(const struct ctri_bucket *b, u32 netns)
{
	unsigned int way;
	bool has = false;

	for (way = 0; way < CTRI_WAYS; way++)
		/* the owner may write it: see above */
		has |= data_race(READ_ONCE(b->rec0[way].netns)) == netns;
	return has;
}

/* Is there anything of interest in a bucket? */
static bool ctri_merge_wants(const struct ctri_merge *m, const struct ctri_bucket *b)
{
	return READ_ONCE(b->score[0]) && (!m->netns || ctri_bucket_has(b, m->netns));
}

/**
 * ctri_merge_look() - note which buckets there is something in
 * @m: the merge
 *
 * One shard after the other: bucket by bucket each look would be at another page, and in
 * caches all of them in one place. What gets its first record from now on is missed, as
 * if one had looked before.
 *
 * Context: process; may sleep.
 */
void ctri_merge_look(struct ctri_merge *m)
{
	unsigned int c;
	u32 i;

	memset(m->wanted, 0, (size_t)m->n * m->words * sizeof(*m->wanted));
	for (c = 0; c < m->n; c++) {
		u64 *wanted = &m->wanted[(size_t)c * m->words];

		for (i = 0; i < m->buckets; i++)
			if (ctri_merge_wants(m, &m->sh[c]->bucket[i]))
				wanted[i / 64] |= BIT_ULL(i % 64);
		cond_resched();
	}
}

/**
 * ctri_merge_gather() - copy the buckets of a number, and bring them to the merge's window
 * @m: the merge
 * @i: the number
 * @last_try: who is in a later window counts as torn
 *
 * Context: process.
 * Return: 0; -EAGAIN: a writer is in a later window, which the merge's is now.
 */
int ctri_merge_gather(struct ctri_merge *m, u32 i, bool last_try)
{
	unsigned int c;

	m->torn = false;
	m->copies = 0;
	for (c = 0; c < m->n; c++) {
		const struct ctri_bucket *from = &m->sh[c]->bucket[i];
		struct ctri_bucket *b = &m->copy[m->copies];
		bool good;

		if (!(m->wanted[(size_t)c * m->words + i / 64] & BIT_ULL(i % 64)))
			continue;
		good = ctri_bucket_copy(m, from, b);
		if (good && (s32)(m->epoch - b->epoch) < 0) {
			/* its owner is in the next window already */
			if (!last_try) {
				m->epoch = b->epoch;
				return -EAGAIN;
			}
			good = false;
		}
		if (!good) {
			m->info->torn++;
			m->torn = true;
			continue;
		}
		if (m->k && b->epoch != m->epoch)
			ctri_bucket_roll(b, m->epoch);
		m->copies++;
	}
	return 0;
}

#define CTRI_BYTES(x)	(~0ULL / 0xff * (x))	/* that byte, eight times */

/* The larger of each of eight bytes, all below 128: no borrow passes from one on. */
static u64 ctri_bytes_max(u64 a, u64 b)
{
	u64 not_less = (a | CTRI_BYTES(0x80)) - b;
	u64 mask = (not_less >> 7 & CTRI_BYTES(1)) * 0xff;

	return (a & mask) | (b & ~mask);
}

/**
 * ctri_merge_distinct() - how many sources came
 * @m: the merge; its ranks are filled
 *
 * Eight registers at a time, most of which are 0 where a class had few sources, and one
 * shard after the other, as ctri_merge_look() does.
 *
 * Context: process.
 * Return: the estimate.
 */
u64 ctri_merge_distinct(struct ctri_merge *m)
{
	u32 ranks[CTRI_HLL_RANKS] = { 0 };
	unsigned int c, word, byte;

	BUILD_BUG_ON(CTRI_HLL_RANKS > 128);
	BUILD_BUG_ON(CTRI_HLL_REGS % sizeof(u64));
	for (c = 0; c < m->n; c++) {
		const u64 *hll = (const u64 *)m->sh[c]->hll;

		for (word = 0; word < CTRI_HLL_REGS / sizeof(u64); word++) {
			u64 its = READ_ONCE(hll[word]);

			if (its)
				m->ranks[word] = ctri_bytes_max(m->ranks[word], its);
		}
	}
	for (word = 0; word < CTRI_HLL_REGS / sizeof(u64); word++) {
		u64 rank = m->ranks[word];

		for (byte = 0; rank && byte < sizeof(u64); byte++, rank >>= 8)
			ranks[rank & 0xff]++;
		ranks[0] += sizeof(u64) - byte;
	}
	return ctri_hll_estimate(ranks, CTRI_HLL_BITS);
}
