// SPDX-License-Identifier: GPL-2.0
/*
 * The heavy-source table: its memory, and the writer's side.
 *
 * Each shard is an 8-way set-associative table with randomised admission
 * (RAP: R. Ben Basat et al., "Randomized admission policy for efficient
 * top-k and frequency estimation", 2017): an event of an unknown source
 * takes the way with the least rank m with probability 1 / (m + 1), so a
 * flood of sources that come once hardly moves anybody, while a source that
 * comes often soon gets in.
 *
 * Every event is either in a record or in the loss counters of its bucket:
 * a record that is overwritten hands its counts to them, a new one copies
 * them as its own possible error. That is what makes the bounds hold.
 */
#include "table_priv.h"

/* Sixteenths of a table's buckets by class: most for what comes most. */
static const u8 ctri_share[CTRI_CLASSES] = {
	[CTRI_C_INSERT]		= 8,
	[CTRI_C_INVALID]	= 3,
	[CTRI_C_REFUSED]	= 2,
	[CTRI_C_EVICTED]	= 1,
	[CTRI_C_EVICTING]	= 1,
	[CTRI_C_INSERT_FAILED]	= 1,
};

static __always_inline u64 ctri_hash(const siphash_key_t *key,
				     const struct ctri_source *src)
{
	u64 id = src->netns;

	if (likely(src->family == 4)) {
		u32 addr;

		memcpy(&addr, src->addr, sizeof(addr));
		return siphash_1u64(id << 32 | addr, key);
	}
	id |= (u64)src->family << 32;
	if (!src->addr[1])	/* a /64 or shorter */
		return siphash_2u64(src->addr[0], id, key);
	return siphash_3u64(src->addr[0], src->addr[1], id, key);
}

/* The hash's low 16 bits are the tag, the next 12 the HyperLogLog register. */
static __always_inline struct ctri_bucket *
ctri_bucket_of(const struct ctri_shard *sh, u64 hash)
{
	return &sh->bucket[((hash >> 32) * sh->buckets) >> 32];
}

static __always_inline bool ctri_is(const struct ctri_rec0 *r0,
				    const struct ctri_source *src)
{
	return r0->addr[0] == src->addr[0] && r0->addr[1] == src->addr[1] &&
	       r0->netns == src->netns && r0->family == src->family;
}

/*
 * The first way with this tag, or CTRI_WAYS. Written out: 2 instructions a
 * way instead of a loop's 5, on the path of every event.
 */
static __always_inline unsigned int ctri_tag_first(const struct ctri_bucket *b,
						   u16 tag)
{
	BUILD_BUG_ON(CTRI_WAYS != 8);
	if (b->tag[0] == tag)
		return 0;
	if (b->tag[1] == tag)
		return 1;
	if (b->tag[2] == tag)
		return 2;
	if (b->tag[3] == tag)
		return 3;
	if (b->tag[4] == tag)
		return 4;
	if (b->tag[5] == tag)
		return 5;
	if (b->tag[6] == tag)
		return 6;
	if (b->tag[7] == tag)
		return 7;
	return CTRI_WAYS;
}

/* The rest of ctri_find(), for tags that two sources share. */
static noinline unsigned int ctri_find_slow(const struct ctri_bucket *b,
					    u16 tag,
					    const struct ctri_source *src)
{
	unsigned int way;

	for (way = 0; way < CTRI_WAYS; way++) {
		if (b->tag[way] == tag && ctri_is(&b->rec0[way], src))
			break;
	}
	return way;
}

/* The way of @src, or CTRI_WAYS. Free ways have family 0 and don't match. */
static __always_inline unsigned int ctri_find(const struct ctri_bucket *b,
					      u16 tag,
					      const struct ctri_source *src)
{
	unsigned int way = ctri_tag_first(b, tag);

	if (way == CTRI_WAYS || likely(ctri_is(&b->rec0[way], src)))
		return way;
	return ctri_find_slow(b, tag, src);
}

/* Readers try again while the count is odd, or has moved. */
static __always_inline void ctri_write_begin(struct ctri_bucket *b)
{
	b->seq++;
	smp_wmb();	/* with ctri_copy(): odd before anything changes */
}

static __always_inline void ctri_write_end(struct ctri_bucket *b)
{
	smp_wmb();	/* with ctri_copy(): everything before it is even */
	b->seq++;
}

static __always_inline void ctri_hit(struct ctri_bucket *b, unsigned int way,
				     unsigned int kind)
{
	struct ctri_rec0 *r0 = &b->rec0[way];
	u32 *count = &b->rec1[way].kind[kind];

	b->score[way]++;
	r0->cur++;
	r0->sec++;
	if (unlikely(!++*count)) {
		*count = U32_MAX;
		ctri_inc(&r0->excess);
	}
}

/**
 * ctri_bucket_roll() - bring a bucket to another window
 * @b: the bucket; its owner's own, or a reader's copy
 * @epoch: the window to enter, another than @b is in
 *
 * Ranks are halved once a window, so that who stopped makes room. Counts move
 * from this window to the one before, or are dropped if they are older. Kept
 * out of line: it happens once a window and bucket.
 *
 * Context: any.
 */
noinline void ctri_bucket_roll(struct ctri_bucket *b, u32 epoch)
{
	u32 gone = epoch - b->epoch;	/* never 0; right across a wrap */
	unsigned int shift = min_t(u32, gone, 31), way;

	b->epoch = epoch;
	for (way = 0; way < CTRI_WAYS; way++) {
		struct ctri_rec0 *r0 = &b->rec0[way];
		bool next = gone == 1;

		if (!b->score[way])	/* ways are filled in order */
			break;
		b->score[way] = ((b->score[way] - 1) >> shift) + 1;
		if (!next || !r0->cur_err)
			r0->gain = 0;
		r0->prev = next ? r0->cur : 0;
		r0->prev_err = next ? r0->cur_err : 0;
		r0->cur = 0;
		r0->cur_err = 0;
	}
	if (!b->lost)			/* then nor has a cell counted */
		return;
	b->miss = 0;
	memset(b->cell[epoch & 1], 0, sizeof(b->cell[0]));
	if (gone != 1)
		memset(b->cell[~epoch & 1], 0, sizeof(b->cell[0]));
}

static void ctri_cell_add(u16 *cell, u32 n)
{
	*cell = min_t(u64, (u64)*cell + n, U16_MAX);
}

/* The record's counts become losses of its bucket. */
static void ctri_push_out(struct ctri_bucket *b, unsigned int way)
{
	struct ctri_rec0 *r0 = &b->rec0[way];
	unsigned int cell = b->tag[way] % CTRI_CELLS;

	ctri_cell_add(&b->cell[b->epoch & 1][cell], r0->cur);
	ctri_cell_add(&b->cell[~b->epoch & 1][cell], r0->prev);
	b->miss = ctri_sat_add(b->miss, r0->cur);
	b->lost = ctri_sat_add(b->lost, ctri_total(r0, &b->rec1[way]));
}

/*
 * Give @src the first way with score @least. Its possible error is what the
 * bucket had lost before: not the victim's counts, for they are another's.
 */
static void ctri_admit(struct ctri_shard *sh, struct ctri_bucket *b, u16 tag,
		       u32 least, unsigned int kind,
		       const struct ctri_source *src, u32 now)
{
	u32 cur_err = ctri_cell_cur(b, tag), prev_err = ctri_cell_prev(b, tag);
	u32 lost = b->lost;
	struct ctri_rec0 *r0;
	unsigned int way = 0;

	while (b->score[way] != least)
		way++;
	if (least) {
		ctri_push_out(b, way);
		WRITE_ONCE(sh->replaced, sh->replaced + 1);
	}
	r0 = &b->rec0[way];
	r0->addr[0] = src->addr[0];
	r0->addr[1] = src->addr[1];
	r0->netns = src->netns;
	r0->family = src->family;
	r0->way = way;
	r0->sec = 1;
	r0->cur = 1;
	r0->cur_err = cur_err;
	r0->prev = 0;
	r0->prev_err = prev_err;
	/* it was refused m times on average before it got in with rank m + 1 */
	r0->gain = least ? min_t(u32, cur_err, least - 1) : 0;
	r0->lost = lost;
	r0->excess = 0;
	r0->first = now;
	r0->last = now;
	r0->ewma = 0;
	memset(&b->rec1[way], 0, sizeof(b->rec1[way]));
	b->rec1[way].kind[kind] = 1;
	b->tag[way] = tag;
	b->score[way] = max_t(u32, least, 1);
	ctri_inc(&b->score[way]);
}

static u32 ctri_random(struct ctri_shard *sh)
{
	u32 x = sh->random;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	sh->random = x;
	return x;
}

/* Written out like ctri_tag_first(): floods of new sources come here. */
static __always_inline u32 ctri_least(const u32 *score)
{
	u32 least = score[0];

	BUILD_BUG_ON(CTRI_WAYS != 8);
	least = min_t(u32, least, score[1]);
	least = min_t(u32, least, score[2]);
	least = min_t(u32, least, score[3]);
	least = min_t(u32, least, score[4]);
	least = min_t(u32, least, score[5]);
	least = min_t(u32, least, score[6]);
	return min_t(u32, least, score[7]);
}

/* A source that has no record: let it in, or only count its event as lost. */
static noinline void ctri_miss(struct ctri_shard *sh, struct ctri_bucket *b,
			       u64 hash, unsigned int kind,
			       const struct ctri_source *src, u32 epoch,
			       u32 now)
{
	u8 *reg = &sh->hll[hash >> 16 & (CTRI_HLL_REGS - 1)];
	u8 rank = __ffs64(hash >> 28 | BIT_ULL(CTRI_HLL_TAIL)) + 1;
	u32 least;
	u16 *cell;

	if (*reg < rank)
		WRITE_ONCE(*reg, rank);
	ctri_write_begin(b);
	if (unlikely(b->epoch != epoch))
		ctri_bucket_roll(b, epoch);
	least = ctri_least(b->score);
	/* rank m has score m + 1, so 1 in score are let in, and all at 0 */
	if (((u64)ctri_random(sh) * least) >> 32 == 0) {
		ctri_admit(sh, b, hash, least, kind, src, now);
	} else {
		cell = &b->cell[epoch & 1][hash % CTRI_CELLS];
		if (unlikely(!++*cell))
			*cell = U16_MAX;
		ctri_inc(&b->miss);
		ctri_inc(&b->lost);
		WRITE_ONCE(sh->missed, sh->missed + 1);
	}
	ctri_write_end(b);
}

/* ctri_count() where a second or a window begins, or a counter is full. */
static noinline void ctri_count_slow(struct ctri_bucket *b, unsigned int way,
				     unsigned int kind, u32 epoch, u32 now)
{
	struct ctri_rec0 *r0 = &b->rec0[way];

	ctri_write_begin(b);
	if (b->epoch != epoch)
		ctri_bucket_roll(b, epoch);
	if (r0->last != now) {
		r0->ewma = ctri_rate_fold(r0->ewma, r0->sec, now - r0->last);
		r0->last = now;
		r0->sec = 0;
	} else if (r0->sec == U16_MAX) {
		r0->ewma = ctri_rate_full(r0->ewma);
		r0->sec = 0;
	}
	/* the hit makes U32_MAX of these again */
	b->score[way] -= b->score[way] == U32_MAX;
	r0->cur -= r0->cur == U32_MAX;
	ctri_hit(b, way, kind);
	ctri_write_end(b);
}

static __always_inline void ctri_count(struct ctri_bucket *b, unsigned int way,
				       unsigned int kind, u32 epoch, u32 now)
{
	const struct ctri_rec0 *r0 = &b->rec0[way];

	if (unlikely(r0->last != now || b->epoch != epoch ||
		     r0->sec == U16_MAX || r0->cur == U32_MAX ||
		     b->score[way] == U32_MAX)) {
		ctri_count_slow(b, way, kind, epoch, now);
		return;
	}
	ctri_write_begin(b);
	ctri_hit(b, way, kind);
	ctri_write_end(b);
}

/* ctri_table_account() of another source than the last. */
static noinline void ctri_account_other(struct ctri_table *t,
					enum ctri_class class,
					unsigned int kind,
					const struct ctri_source *src,
					u32 epoch, u32 now)
{
	u64 hash = ctri_hash(&t->key, src);
	struct ctri_shard *sh = &t->shard[class];
	struct ctri_bucket *b = ctri_bucket_of(sh, hash);
	unsigned int way;

	if (unlikely(!sh->buckets))
		return;
	way = ctri_find(b, hash, src);
	kind %= CTRI_KINDS;
	if (unlikely(way == CTRI_WAYS)) {
		ctri_miss(sh, b, hash, kind, src, epoch, now);
		return;
	}
	sh->recent = &b->rec0[way];
	ctri_count(b, way, kind, epoch, now);
}

/* ctri_table_account() of the last source, if all of its key is the same. */
static noinline void ctri_account_same(struct ctri_table *t,
				       enum ctri_class class,
				       unsigned int kind,
				       const struct ctri_source *src,
				       u32 epoch, u32 now)
{
	struct ctri_rec0 *r0 = t->shard[class].recent;

	if (unlikely(!ctri_is(r0, src))) {
		ctri_account_other(t, class, kind, src, epoch, now);
		return;
	}
	ctri_count(ctri_bucket_with(r0), r0->way, kind % CTRI_KINDS, epoch, now);
}

/**
 * ctri_table_account() - count one event of a source
 * @t: the table of the CPU this runs on
 * @class: the event's class, below CTRI_CLASSES
 * @kind: sub-counter of the class; only its low 4 bits are used
 * @src: the source, masked; copied
 * @epoch: number of the current window; never behind an earlier call's on
 *	this table, but it may wrap
 * @now: seconds, of the clock that the reader uses; may wrap
 *
 * A source that comes twice in a row is found without hashing: the record of
 * the last hit is compared first. That costs the others 8 instructions, for
 * which the three ways on from here are calls that don't return here.
 * Everything that changes in a bucket, the turn of a window included, changes
 * within its sequence section. No lock, no atomic, no allocation, and work
 * bounded by the eight ways of one bucket.
 *
 * Context: the caller is alone on @t: its owner CPU, with whatever else could
 *	account there kept out (BH off; on PREEMPT_RT not preemptible either).
 */
void ctri_table_account(struct ctri_table *t, enum ctri_class class,
			unsigned int kind, const struct ctri_source *src,
			u32 epoch, u32 now)
{
	if (t->shard[class].recent->addr[0] == src->addr[0])
		ctri_account_same(t, class, kind, src, epoch, now);
	else
		ctri_account_other(t, class, kind, src, epoch, now);
}

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
static size_t ctri_fixed(const u8 *share, unsigned int *shares)
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
	size_t fixed = ctri_fixed(ctri_share, &shares);

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
	BUILD_BUG_ON(offsetof(struct ctri_bucket, cell) != CTRI_LINE);

	bytes = round_down(bytes, PAGE_SIZE);
	fixed = ctri_fixed(share, &shares);
	if (!shares || bytes < fixed + shares * sizeof(*bucket) ||
	    bytes > INT_MAX)
		return NULL;
	t = ctri_table_alloc(bytes, node);
	if (!t)
		return NULL;

	t->bytes = bytes;
	t->key = *key;
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
		sh->random = siphash_1u64(class, key) | 1;
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
	return ctri_table_create_shares(bytes, ctri_share, key, node);
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
