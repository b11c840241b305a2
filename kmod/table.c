// SPDX-License-Identifier: GPL-2.0
/*
 * The heavy-source table: the writer's side.
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
#include "table_ways.h"
#include "table_write.h"

/* The hash's low 16 bits are the tag, the next 12 the HyperLogLog register. */
static __always_inline struct ctri_bucket *
ctri_bucket_of(const struct ctri_shard *sh, u64 hash)
{
	return &sh->bucket[((hash >> 32) * sh->buckets) >> 32];
}

static __always_inline bool ctri_record_is_source(const struct ctri_rec0 *r0,
						  const struct ctri_source *src)
{
	return ctri_record_is(r0, src->addr[0], src->addr[1], src->netns,
			      src->family);
}

/* The way of a source, or CTRI_WAYS. Free ways have family 0 and don't match. */
static unsigned int ctri_way_find(const struct ctri_bucket *b, u16 tag,
				  const struct ctri_source *src)
{
	unsigned int way = ctri_way_first(b, tag);

	/* two sources may share a tag */
	for (; way < CTRI_WAYS; way++) {
		if (b->tag[way] == tag && ctri_record_is_source(&b->rec0[way], src))
			break;
	}
	return way;
}

/* A score some windows later; a free way stays free. */
static u32 ctri_halved(u32 score, unsigned int windows)
{
	return score ? ((score - 1) >> windows) + 1 : 0;
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

	b->lost = ctri_bucket_lost(b);
	b->epoch = epoch;
	b->floor = ctri_halved(b->floor, shift);
	for (way = 0; way < CTRI_WAYS; way++) {
		struct ctri_rec0 *r0 = &b->rec0[way];
		bool next = gone == 1;

		if (!b->score[way])	/* ways are filled in order */
			break;
		b->score[way] = ctri_halved(b->score[way], shift);
		if (!next || !r0->cur_err)
			r0->gain = 0;
		r0->prev = next ? r0->cur : 0;
		r0->prev_err = next ? r0->cur_err : 0;
		r0->cur = 0;
		r0->cur_err = 0;
	}
	if (!b->lost)			/* then nor has a cell counted */
		return;
	memset(&b->loss[epoch & 1], 0, sizeof(b->loss[0]));
	if (gone != 1)
		memset(&b->loss[~epoch & 1], 0, sizeof(b->loss[0]));
}

static void ctri_loss_add(struct ctri_loss *loss, unsigned int cell, u32 n)
{
	loss->miss = ctri_sat_add(loss->miss, n);
	loss->cell[cell] = min_t(u64, (u64)loss->cell[cell] + n, U16_MAX);
}

/* The record's counts become losses of its bucket. */
static void ctri_way_push_out(struct ctri_bucket *b, unsigned int way)
{
	struct ctri_rec0 *r0 = &b->rec0[way];
	unsigned int cell = ctri_loss_cell(b->tag[way]);
	u64 total = ctri_record_total(r0, &b->rec1[way]);

	ctri_loss_add(&b->loss[b->epoch & 1], cell, ctri_most(r0->cur));
	ctri_loss_add(&b->loss[~b->epoch & 1], cell, ctri_most(r0->prev));
	if (total > r0->cur)
		b->lost = ctri_sat_add(b->lost, total - r0->cur);
}

/*
 * Give a source the first way with score @least. Its possible error is what the
 * bucket had lost before: not the victim's counts, for they are another's.
 */
static __always_inline void
ctri_way_admit(struct ctri_shard *sh, struct ctri_bucket *b, u16 tag, u32 least,
	       u64 addr0, u64 addr1, u32 netns, u8 family, unsigned int kind,
	       u32 now)
{
	u32 cur_err = ctri_loss_cur(b, ctri_loss_cell(tag));
	u32 prev_err = ctri_loss_prev(b, ctri_loss_cell(tag));
	u32 lost = ctri_bucket_lost(b);
	struct ctri_rec0 *r0;
	unsigned int way = ctri_way_least(b->score, least);

	if (least) {
		ctri_way_push_out(b, way);
		WRITE_ONCE(sh->replaced, sh->replaced + 1);
	}
	r0 = &b->rec0[way];
	r0->addr[0] = addr0;
	r0->addr[1] = addr1;
	r0->netns = netns;
	r0->family = family;
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
	b->score[way] = least ? min_t(u32, least + 1, CTRI_SCORE_FULL) : 2;
	WRITE_ONCE(sh->recent, r0);	/* with ctri_shard_used() */
}

/* Rank m has score m + 1, so 1 in score are let in, and all at 0. */
static __always_inline bool ctri_wins(u32 random, u32 score)
{
	return ((u64)random * score) >> 32 == 0;
}

/*
 * A linear congruential generator (D. Knuth's MMIX), of which the high half is
 * good: ctri_drawn(). Its period is whole with any odd increment (Knuth, "The Art of
 * Computer Programming", vol. 2, 3.2.1.2, theorem A), and none draws better than
 * another, as their states differ by sign and a constant: so the one that costs least.
 */
static __always_inline void ctri_draw(struct ctri_shard *sh)
{
	sh->random = sh->random * 6364136223846793005ULL + 1;
}

static __always_inline u32 ctri_drawn(const struct ctri_shard *sh)
{
	return sh->random >> 32;
}

/* The source is one of those that came, whether or not it gets a record. */
static __always_inline void ctri_distinct_add(struct ctri_shard *sh, u64 hash)
{
	u8 *reg = &sh->hll[hash >> 16 & (CTRI_HLL_REGS - 1)];
	u8 zeros = __ffs64(hash >> 28 | BIT_ULL(CTRI_HLL_TAIL));

	if (unlikely(*reg <= zeros))
		WRITE_ONCE(*reg, zeros + 1);
}

/* An event that no record holds. */
static __always_inline void ctri_lose(struct ctri_shard *sh,
				      struct ctri_bucket *b, u64 hash, u32 epoch)
{
	struct ctri_loss *loss = &b->loss[epoch & 1];
	u16 *cell;

	OPTIMIZER_HIDE_VAR(loss);	/* one address, not one of each of its fields */
	cell = &loss->cell[ctri_loss_cell(hash)];
	/* a full one means "or more"; barriers keep two instructions two */
	if (unlikely(!++*cell)) {
		barrier();
		*cell = U16_MAX;
	}
	if (unlikely(!++loss->miss)) {
		barrier();
		loss->miss = U32_MAX;
	}
	sh->missed++;	/* whole, being a word; see ctri_table_merge() */
}

/* A source that has no record: let it in, or only count its event as lost. */
static __always_inline void
ctri_miss(struct ctri_shard *sh, struct ctri_bucket *b, u64 hash, u64 addr0,
	  u64 addr1, u32 netns, u8 family, unsigned int kind, u64 when)
{
	u32 least;

	ctri_write_begin(b);
	if (unlikely(b->epoch != when >> 32))
		ctri_bucket_roll(b, when >> 32);
	least = ctri_least(b->score);
	b->floor = min_t(u32, least, CTRI_SCORE_FULL);
	if (ctri_wins(ctri_drawn(sh), least))
		ctri_way_admit(sh, b, hash, least, addr0, addr1, netns, family,
			       kind, when);
	else
		ctri_lose(sh, b, hash, when >> 32);
	ctri_write_end(b);
}

static noinline void ctri_miss_ipv4(struct ctri_shard *sh, u64 id,
				    unsigned int kind, u64 when, u64 hash,
				    struct ctri_bucket *b)
{
	ctri_miss(sh, b, hash, ctri_addr4(id), 0, id >> 32, CTRI_FAMILY_IPV4, kind,
		  when);
}

static noinline void ctri_miss_other(struct ctri_shard *sh,
				     struct ctri_bucket *b, u64 hash,
				     const struct ctri_source *src,
				     unsigned int kind, u64 when)
{
	ctri_miss(sh, b, hash, src->addr[0], src->addr[1], src->netns,
		  src->family, kind, when);
}

/**
 * ctri_way_count_slow() - ctri_way_count() where a second or a window begins
 * @b: the bucket
 * @way: whose event it is
 * @kind: sub-counter, below CTRI_KINDS
 * @when: ctri_table_when()
 *
 * Also where a counter is full.
 *
 * Context: as ctri_table_account().
 */
noinline void ctri_way_count_slow(struct ctri_bucket *b, unsigned int way,
				  unsigned int kind, u64 when)
{
	struct ctri_rec0 *r0 = &b->rec0[way];
	u32 *count = &b->rec1[way].kind[kind];
	u32 now = when;

	ctri_write_begin(b);
	if (b->epoch != when >> 32)
		ctri_bucket_roll(b, when >> 32);
	if (r0->last != now) {
		r0->ewma = ctri_rate_fold(r0->ewma, r0->sec, now - r0->last);
		r0->last = now;
		r0->sec = 0;
	} else if (r0->sec == U16_MAX) {
		r0->ewma = ctri_rate_full(r0->ewma);
		r0->sec = 0;
	}
	r0->cur = min_t(u32, r0->cur, CTRI_CUR_FULL);
	b->score[way] = min_t(u32, b->score[way], CTRI_SCORE_FULL);
	ctri_hit(b, r0, way);
	if (*count != U32_MAX)
		++*count;
	else if (r0->excess != U32_MAX)
		r0->excess++;
	ctri_write_end(b);
}

/* ctri_table_account() of another source than the last. */
static noinline void ctri_shard_account_other(struct ctri_shard *sh, u64 hash,
					      const struct ctri_source *src,
					      unsigned int kind, u64 when)
{
	struct ctri_bucket *b = ctri_bucket_of(sh, hash);
	unsigned int way = ctri_way_find(b, hash, src);

	if (way < CTRI_WAYS) {
		WRITE_ONCE(sh->recent, &b->rec0[way]);
		ctri_way_count(b, &b->rec0[way], way, kind, when);
		return;
	}
	ctri_distinct_add(sh, hash);
	ctri_draw(sh);
	ctri_miss_other(sh, b, hash, src, kind, when);
}

/* The hash of an IPv4 source: of ctri_ipv4_id(). */
static __always_inline u64 ctri_ipv4_hash(const struct ctri_sip *key, u64 id)
{
	return ctri_sip_1u64((id & ~(u64)U32_MAX) | ctri_le32(id), key);
}

/* The same for an IPv4 source, where another one has the same tag. */
static noinline void ctri_shard_account_same_tag(struct ctri_shard *sh, u64 hash,
						 u64 id, unsigned int kind,
						 u64 when)
{
	struct ctri_source src = {
		.addr = { ctri_addr4(id) }, .netns = id >> 32,
		.family = CTRI_FAMILY_IPV4,
	};

	ctri_shard_account_other(sh, hash, &src, kind, when);
}

/**
 * ctri_shard_account_ipv4() - count one event of an IPv4 source, not the last one
 * @sh: of the class; it has memory
 * @id: ctri_ipv4_id()
 * @kind: sub-counter, below CTRI_KINDS
 * @when: ctri_table_when()
 *
 * For floods of new connections from many sources: those that it knows, and
 * those that it turns away. Whatever else may be is left to others by its last
 * action, so that nothing needs to be saved meanwhile.
 *
 * Context: as ctri_table_account().
 */
void notrace ctri_shard_account_ipv4(struct ctri_shard *sh, u64 id,
				     unsigned int kind, u64 when)
{
	u64 hash = ctri_ipv4_hash(&sh->key, id);
	struct ctri_bucket *b = ctri_bucket_of(sh, hash);
	unsigned long way = ctri_way_first(b, hash);

	if (way < CTRI_WAYS) {
		struct ctri_rec0 *r0 = &b->rec0[way];

		OPTIMIZER_HIDE_VAR(r0);		/* likewise: no register need be saved */
		if (unlikely(!ctri_record_is(r0, ctri_addr4(id), 0, id >> 32,
					     CTRI_FAMILY_IPV4))) {
			ctri_shard_account_same_tag(sh, hash, id, kind, when);
			return;
		}
		WRITE_ONCE(sh->recent, r0);
		ctri_way_count(b, r0, way, kind, when);
		return;
	}
	ctri_distinct_add(sh, hash);
	ctri_draw(sh);
	/*
	 * Scores only rise within a window, so whoever loses against the floor
	 * would have lost against the least of them.
	 */
	if (unlikely(b->epoch != when >> 32 ||
		     ctri_wins(ctri_drawn(sh), b->floor))) {
		ctri_miss_ipv4(sh, id, kind, when, hash, b);
		return;
	}
	ctri_write_begin(b);
	ctri_lose(sh, b, hash, when >> 32);
	ctri_write_end(b);
}

/* The hash of a source that isn't an IPv4 address. Services, programs are numbers. */
static __always_inline u64 ctri_source_hash(const struct ctri_sip *key,
					    const struct ctri_source *src)
{
	u64 id = (u64)src->family << 32 | src->netns, addr0 = src->addr[0];

	if (src->family >= CTRI_FAMILY_IPV4)
		addr0 = ctri_le64(addr0);
	if (likely(!src->addr[1]))	/* a /64 or shorter */
		return ctri_sip_2u64(addr0, id, key);
	return ctri_sip_3u64(addr0, ctri_le64(src->addr[1]), id, key);
}

/* The hash of any source. */
static u64 ctri_hash_of(const struct ctri_sip *key, const struct ctri_source *src)
{
	if (src->family == CTRI_FAMILY_IPV4)
		return ctri_ipv4_hash(key, ctri_ipv4_id(src->addr[0], src->netns));
	return ctri_source_hash(key, src);
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
 * the last hit is compared first. Everything that changes in a bucket, the turn
 * of a window included, changes within its sequence section. No lock, no atomic,
 * no allocation, and work bounded by the eight ways of one bucket.
 *
 * Context: the caller is alone on @t: its owner CPU, with whatever else could
 *	account there kept out (BH off; on PREEMPT_RT not preemptible either).
 */
void ctri_table_account(struct ctri_table *t, enum ctri_class class,
			unsigned int kind, const struct ctri_source *src,
			u32 epoch, u32 now)
{
	struct ctri_shard *sh = &t->shard[class];
	u64 when = ctri_table_when(epoch, now);

	kind %= CTRI_KINDS;
	if (ctri_record_is_source(sh->recent, src))
		ctri_record_count(sh->recent, kind, when);
	else if (unlikely(!sh->buckets))
		return;
	else if (src->family == CTRI_FAMILY_IPV4)
		ctri_shard_account_ipv4(sh, ctri_ipv4_id(src->addr[0], src->netns),
					kind, when);
	else
		ctri_shard_account_other(sh, ctri_source_hash(&sh->key, src), src,
					 kind, when);
}

static void ctri_hint_set(struct ctri_table_hint *hint, struct ctri_rec0 *r0)
{
	struct ctri_bucket *b = ctri_bucket_with(r0);

	hint->rec = r0;
	hint->score = &b->score[r0->way];
	hint->kind = b->rec1[r0->way].kind;
}

/**
 * ctri_table_account_hint() - the same in a table of one window, with a hint
 * @t: the table; all its events are of window 0 and second 0
 * @class: the event's class; it has memory
 * @kind: sub-counter of the class
 * @src: the source, masked; copied
 * @hint: becomes the source's, for ctri_table_count_hint(); left where it has no
 *	record
 * @admitted: set to whether the record is new with this event, or another's up
 *	to now
 *
 * Context: as ctri_table_account().
 * Return: false where the source has no record.
 */
bool ctri_table_account_hint(struct ctri_table *t, enum ctri_class class,
			     unsigned int kind, const struct ctri_source *src,
			     struct ctri_table_hint *hint, bool *admitted)
{
	struct ctri_shard *sh = &t->shard[class];

	ctri_table_account(t, class, kind, src, 0, 0);
	if (!ctri_record_is_source(sh->recent, src))
		return false;
	ctri_hint_set(hint, sh->recent);
	*admitted = sh->recent->cur == 1;
	return true;
}

/**
 * ctri_table_find() - the record of a source
 * @t: the table
 * @class: the class; it has memory
 * @src: the source, masked
 * @hint: becomes the source's
 *
 * Context: as ctri_table_account().
 * Return: false where the source has no record.
 */
bool ctri_table_find(struct ctri_table *t, enum ctri_class class,
		     const struct ctri_source *src, struct ctri_table_hint *hint)
{
	struct ctri_shard *sh = &t->shard[class];
	u64 hash = ctri_hash_of(&sh->key, src);
	struct ctri_bucket *b = ctri_bucket_of(sh, hash);
	unsigned int way = ctri_way_find(b, hash, src);

	if (way == CTRI_WAYS)
		return false;
	ctri_hint_set(hint, &b->rec0[way]);
	return true;
}

/**
 * ctri_table_slot() - a number for what a caller keeps beside a record
 * @t: the table
 * @class: the class
 * @hint: of a record that is in use
 *
 * Context: any.
 * Return: below ctri_table_slots(). It stays the record's while that goes to
 * other sources, which ctri_table_account_hint() tells.
 */
unsigned int ctri_table_slot(const struct ctri_table *t, enum ctri_class class,
			     const struct ctri_table_hint *hint)
{
	const struct ctri_bucket *b = ctri_bucket_with(hint->rec);

	return (b - t->shard[class].bucket) * CTRI_WAYS + hint->rec->way;
}

/**
 * ctri_table_slots() - how many records a class has room for
 * @t: the table
 * @class: the class
 *
 * Context: any.
 * Return: their number, fixed since ctri_table_create().
 */
unsigned int ctri_table_slots(const struct ctri_table *t, enum ctri_class class)
{
	return t->shard[class].buckets * CTRI_WAYS;
}
