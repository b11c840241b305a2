/* SPDX-License-Identifier: GPL-2.0 */
/* Of a merge of source tables: what table_merge.c and table_gather.c share. */
#ifndef CTRI_TABLE_MERGE_H
#define CTRI_TABLE_MERGE_H

#include "table_priv.h"

/**
 * struct ctri_merge_source - a source while it is being added up
 * @row: what will be handed out; the upper bounds come last
 * @ewma: rate over the seconds before this one, 1/1024 events per second
 * @fresh: the same with this second as if it were over, for sources that
 *	began in it
 * @cur_slack: possible losses of this window, minus the loss counters of the
 *	CPUs that have a record (modulo 2^64)
 * @prev_slack: the same for the window before
 * @lost_slack: the same since load
 * @tag: low bits of its hash
 */
struct ctri_merge_source {
	struct ctri_row row;
	u64 ewma;
	u64 fresh;
	u64 cur_slack;
	u64 prev_slack;
	u64 lost_slack;
	u16 tag;
};

/**
 * struct ctri_merge - one merge
 * @sh: the shards of the class that have counted an event
 * @n: how many
 * @buckets: of each of them
 * @rank: order of the rows
 * @netns: 0, or the only one whose sources are wanted, without bounds
 * @epoch: window it is about
 * @now: seconds
 * @top: the k worst, a heap with the least of them first
 * @rows: how many @top holds
 * @k: how many it may hold
 * @info: counts for the caller
 * @wanted: a bit for each bucket of each of @sh: there is something in it; see
 *	ctri_merge_look()
 * @words: of @wanted, for each of @sh
 * @copy: the buckets in hand: those of one number that have a record, and could be read
 * @copies: how many
 * @source: those of the buckets in hand, @n * CTRI_WAYS at most
 * @sources: how many @source holds
 * @slot: hash from tags to 1 + index in @source, open addressing
 * @slots: size of @slot, a power of two, at least twice as many as sources
 * @cur: what the CPUs lost of this window, by cell
 * @prev: the same of the window before
 * @lost: the same since load, whole bucket
 * @torn: a bucket of this number could not be read
 * @ranks: the registers of distinct sources, eight in a word
 */
struct ctri_merge {
	const struct ctri_shard **sh;
	unsigned int n;
	u32 buckets;
	enum ctri_rank rank;
	u32 netns;
	u32 epoch;
	u32 now;
	struct ctri_row *top;
	unsigned int rows;
	unsigned int k;
	struct ctri_merge_info *info;
	u64 *wanted;
	unsigned int words;
	struct ctri_bucket *copy;
	unsigned int copies;
	struct ctri_merge_source *source;
	unsigned int sources;
	u32 *slot;
	unsigned int slots;
	u64 cur[CTRI_LOSS_CELLS];
	u64 prev[CTRI_LOSS_CELLS];
	u64 lost;
	bool torn;
	u64 ranks[CTRI_HLL_REGS / sizeof(u64)];
};

/*
 * Has the shard counted an event since it was made? Its first one always gets a
 * record, which @recent is then, and from then on it is never @nobody again. One that
 * has its first just now may be missed, as if one had looked before.
 */
static inline bool ctri_shard_used(const struct ctri_table *t, const struct ctri_shard *sh)
{
	return READ_ONCE(sh->recent) != &t->nobody;
}

/* How many ways are in use: they are filled in order, and never emptied. */
static inline unsigned int ctri_bucket_ways(const struct ctri_bucket *b)
{
	unsigned int way = 0;

	while (way < CTRI_WAYS && b->score[way])
		way++;
	return way;
}

void ctri_merge_look(struct ctri_merge *m);
int ctri_merge_gather(struct ctri_merge *m, u32 i, bool last_try);
u64 ctri_merge_distinct(struct ctri_merge *m);

#endif /* CTRI_TABLE_MERGE_H */
