// SPDX-License-Identifier: GPL-2.0
/* The heavy-source table: its memory, which is fixed when it is made. */
#include "table_priv.h"

/* 32nds of a table's buckets by class: most for what comes most. */
static const u8 ctri_shard_shares[CTRI_CLASSES] = {
	[CTRI_C_INSERT]		= 16,
	[CTRI_C_INVALID]	= 5,
	[CTRI_C_REFUSED]	= 3,
	[CTRI_C_EVICTED]	= 2,
	[CTRI_C_EVICTING]	= 1,
	[CTRI_C_INSERT_FAILED]	= 1,
	[CTRI_C_INVALID_TO]	= 1,
	[CTRI_C_REFUSED_TO]	= 1,
	[CTRI_C_EVICTED_TO]	= 1,
	[CTRI_C_PROGRAM]	= 1,
};

/**
 * ctri_table_bytes() - the memory of a table
 * @t: the table
 *
 * Context: any.
 * Return: bytes, fixed since ctri_table_create(), everything included.
 */
size_t ctri_table_bytes(const struct ctri_table *t)
{
	return t->bytes;
}

/* A power of two is what the page allocator hands out without waste. */
static void *ctri_table_alloc(size_t bytes, int node)
{
	if (is_power_of_2(bytes))
		return kvzalloc_node(bytes, GFP_KERNEL, node);
	return vzalloc_node(bytes, node);
}

/* What does not become buckets: the struct, and registers of used classes. */
static size_t ctri_table_fixed(const u8 *share, unsigned int *shares)
{
	size_t bytes = sizeof(struct ctri_table);
	unsigned int class;

	*shares = 0;
	for (class = 0; class < CTRI_CLASSES; class++) {
		*shares += share[class];
		bytes += share[class] ? CTRI_HLL_REGS : 0;
	}
	return bytes;
}

/**
 * ctri_table_min_bytes() - the least memory ctri_table_create() takes
 *
 * Context: any.
 * Return: bytes, whole pages: every class has at least one bucket.
 */
size_t ctri_table_min_bytes(void)
{
	unsigned int shares;
	size_t fixed = ctri_table_fixed(ctri_shard_shares, &shares);

	return round_up(fixed + shares * sizeof(struct ctri_bucket), PAGE_SIZE);
}

/**
 * ctri_table_create_shares() - make the table of one CPU, for some classes
 * @bytes: memory to use in all; rounded down to whole pages
 * @share: of the memory by class, CTRI_CLASSES numbers whose sum is the whole;
 *	events of a class with 0 are ignored
 * @key: hash key; the same for all tables that are merged together
 * @node: memory node of the CPU
 *
 * One allocation holds the struct, the HyperLogLog registers and the buckets
 * of all classes. Tables of the same @bytes and @share can be merged.
 *
 * Context: process; may sleep.
 * Return: the table; NULL: no memory, not a bucket for each share, or more
 *	than INT_MAX bytes.
 */
struct ctri_table *ctri_table_create_shares(size_t bytes, const u8 *share,
					    const siphash_key_t *key, int node)
{
	struct ctri_bucket *bucket;
	unsigned int class, shares;
	struct ctri_table *t;
	size_t fixed, all;
	u8 *hll;

	BUILD_BUG_ON(sizeof(struct ctri_rec0) != CTRI_LINE);
	BUILD_BUG_ON(sizeof(struct ctri_rec1) != CTRI_LINE);
	BUILD_BUG_ON(offsetof(struct ctri_bucket, loss) != CTRI_LINE);
	BUILD_BUG_ON(sizeof(struct ctri_loss) != 2 * CTRI_LINE);

	bytes = round_down(bytes, PAGE_SIZE);
	fixed = ctri_table_fixed(share, &shares);
	if (!shares || bytes < fixed + shares * sizeof(*bucket) ||
	    bytes > INT_MAX)
		return NULL;
	t = ctri_table_alloc(bytes, node);
	if (!t)
		return NULL;

	t->bytes = bytes;
	hll = (u8 *)(t + 1);
	bucket = (struct ctri_bucket *)((u8 *)t + fixed);
	all = (bytes - fixed) / sizeof(*bucket);
	for (class = 0; class < CTRI_CLASSES; class++) {
		struct ctri_shard *sh = &t->shard[class];

		sh->recent = &t->nobody;
		if (!share[class])
			continue;
		/* of what is left, so the last takes what rounding left over */
		sh->buckets = (u32)all * share[class] / shares;
		all -= sh->buckets;
		shares -= share[class];
		sh->bucket = bucket;
		bucket += sh->buckets;
		sh->hll = hll;
		hll += CTRI_HLL_REGS;
		ctri_sip_init(&sh->key, key);
		sh->random = ctri_sip_1u64(class, &sh->key);
	}
	return t;
}

/**
 * ctri_table_create() - make the table of one CPU
 * @bytes: memory to use in all; rounded down to whole pages
 * @key: hash key; the same for all tables that are merged together
 * @node: memory node of the CPU
 *
 * As ctri_table_create_shares() with the shares of the module.
 *
 * Context: process; may sleep.
 * Return: the table; NULL: no memory, less than ctri_table_min_bytes(), or
 *	more than INT_MAX.
 */
struct ctri_table *ctri_table_create(size_t bytes, const siphash_key_t *key,
				     int node)
{
	return ctri_table_create_shares(bytes, ctri_shard_shares, key, node);
}

/**
 * ctri_table_destroy() - free a table
 * @t: the table, or NULL; neither writers nor readers may be left
 *
 * Context: process; may sleep.
 */
void ctri_table_destroy(struct ctri_table *t)
{
	kvfree(t);
}

/**
 * ctri_table_hints_init() - hints that know nobody yet
 * @t: the table that they are for
 * @hint: array of them, for ctri_table_count_hint()
 * @nr: its length
 *
 * Context: any.
 */
void ctri_table_hints_init(struct ctri_table *t, struct ctri_table_hint *hint,
			   unsigned int nr)
{
	while (nr--)
		hint[nr].rec = &t->nobody;
}
