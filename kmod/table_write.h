/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The writer's side of the heavy-source table as far as it is inlined: an event
 * of a source whose record is known. For table.c, which has the rest, and for
 * table_inline.h.
 *
 * A source is handed on in registers, address and all: a struct in memory
 * would cost a dozen instructions more.
 */
#ifndef CTRI_TABLE_WRITE_H
#define CTRI_TABLE_WRITE_H

#include "table_priv.h"

void ctri_shard_account_ipv4(struct ctri_shard *sh, u64 id, unsigned int kind,
			     u64 when);
void ctri_way_count_slow(struct ctri_bucket *b, unsigned int way,
			 unsigned int kind, u64 when);

/* What ctri_shard_account_ipv4() takes. */
static __always_inline u64 ctri_ipv4_id(u64 addr0, u32 netns)
{
	u32 addr;

	memcpy(&addr, &addr0, sizeof(addr));
	return (u64)netns << 32 | addr;
}

static __always_inline bool ctri_record_is(const struct ctri_rec0 *r0, u64 addr0,
					   u64 addr1, u32 netns, u8 family)
{
	return r0->addr[0] == addr0 && r0->addr[1] == addr1 &&
	       r0->netns == netns && r0->family == family;
}

/*
 * Readers try again while the count is odd, or has moved. The writes are plain
 * ones, as those of a seqcount (do_raw_write_seqcount_begin() in
 * include/linux/seqlock.h), and KCSAN is told so in the same way.
 */
static __always_inline void ctri_write_begin(struct ctri_bucket *b)
{
	kcsan_nestable_atomic_begin();
	b->seq++;
	smp_wmb();	/* with ctri_bucket_copy(): odd before anything changes */
}

static __always_inline void ctri_write_end(struct ctri_bucket *b)
{
	smp_wmb();	/* with ctri_bucket_copy(): everything before it is even */
	b->seq++;
	kcsan_nestable_atomic_end();
}

static __always_inline void ctri_hit(struct ctri_bucket *b,
				     struct ctri_rec0 *r0, unsigned int way)
{
	b->score[way]++;
	r0->cur++;
	r0->sec++;
}

/*
 * One event of the source whose record is @r0, @way of @b. @kind is below CTRI_KINDS;
 * the mask shows that to those who check each index (CONFIG_UBSAN_BOUNDS). Where one
 * is checked something is called, and whoever calls saves registers first.
 */
static __always_inline void ctri_way_count(struct ctri_bucket *b,
					   struct ctri_rec0 *r0, unsigned long way,
					   unsigned int kind, u64 when)
{
	u32 *count = &b->rec1[way].kind[kind % CTRI_KINDS];

	if (unlikely(r0->last != (u32)when || b->epoch != when >> 32 ||
		     r0->sec == U16_MAX || *count == U32_MAX)) {
		ctri_way_count_slow(b, way, kind, when);
		return;
	}
	ctri_write_begin(b);
	ctri_hit(b, r0, way);
	++*count;
	ctri_write_end(b);
}

/*
 * One event of the source whose record it is, as ctri_record_is() told. Its way is
 * below CTRI_WAYS, which its mask shows likewise.
 */
static __always_inline void ctri_record_count(struct ctri_rec0 *r0,
					      unsigned int kind, u64 when)
{
	ctri_way_count(ctri_bucket_with(r0), r0, r0->way % CTRI_WAYS, kind, when);
}

#endif /* CTRI_TABLE_WRITE_H */
