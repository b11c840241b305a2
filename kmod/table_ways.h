/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which of a bucket's eight ways: by the tag, and by the score. For table.c alone,
 * on the path of every event, so nothing here loops.
 */
#ifndef CTRI_TABLE_WAYS_H
#define CTRI_TABLE_WAYS_H

#include "table_priv.h"

/*
 * The first way with this tag, or CTRI_WAYS. On the path of every event, so written
 * out: 2 instructions a way instead of a loop's 5, where a comparison reads memory.
 * Where it doesn't, it would be 3, and four tags at once are 16 for all eight ways; Kbuild
 * says where. Of four, 0x8000 stands for each that is the same, and maybe for some
 * behind it (H. Warren, "Hacker's Delight", 6-1), but in none before the first.
 *
 * A long, as it indexes: or a register more is taken, and saved, for its extension.
 */
#ifdef CTRI_TAGS_BY_WORDS

static __always_inline u64 ctri_tags_same(const u16 *tags, u64 four)
{
	u64 word;

	memcpy(&word, tags, sizeof(word));
	word ^= four;
	return (word - 0x0001000100010001ULL) & ~word & 0x8000800080008000ULL;
}

static __always_inline unsigned long ctri_way_first(const struct ctri_bucket *b,
						    u16 tag)
{
	u64 four = tag * 0x0001000100010001ULL;
	u64 low = ctri_tags_same(&b->tag[0], four);
	u64 high = ctri_tags_same(&b->tag[4], four);

	BUILD_BUG_ON(CTRI_WAYS != 8);
	if (low)
		return __ffs64(low) / 16;
	if (high)
		return __ffs64(high) / 16 + 4;
	return CTRI_WAYS;
}

#else

static __always_inline unsigned long ctri_way_first(const struct ctri_bucket *b,
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

#endif

/* Written out like ctri_way_first(). */
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

/*
 * The first way with score @least, which one has. Written out like
 * ctri_way_first(), so that its bound shows to those who check each index, too.
 */
static __always_inline unsigned int ctri_way_least(const u32 *score, u32 least)
{
	BUILD_BUG_ON(CTRI_WAYS != 8);
	if (score[0] == least)
		return 0;
	if (score[1] == least)
		return 1;
	if (score[2] == least)
		return 2;
	if (score[3] == least)
		return 3;
	if (score[4] == least)
		return 4;
	if (score[5] == least)
		return 5;
	if (score[6] == least)
		return 6;
	return 7;
}

#endif /* CTRI_TABLE_WAYS_H */
