/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hash that decides where a source is counted: SipHash-1-3 (J.-P. Aumasson
 * and D. J. Bernstein, "SipHash: a fast short-input PRF", 2012) of one to three
 * words. That is what <linux/siphash.h> offers for hash tables as hsiphash on
 * 64-bit machines; here it is inlined, the same on all machines, and all 64
 * bits of it are used. Nobody sees a result, so nobody can aim at a bucket.
 */
#ifndef CTRI_TABLE_HASH_H
#define CTRI_TABLE_HASH_H

#include "table_shim.h"

#ifndef SIPHASH_PERMUTATION	/* the kernel's own, from 5.19 on */
#define SIPHASH_PERMUTATION(a, b, c, d) ( \
	(a) += (b), (b) = rol64((b), 13), (b) ^= (a), (a) = rol64((a), 32), \
	(c) += (d), (d) = rol64((d), 16), (d) ^= (c), \
	(a) += (d), (d) = rol64((d), 21), (d) ^= (a), \
	(c) += (b), (b) = rol64((b), 17), (b) ^= (c), (c) = rol64((c), 32))
#define SIPHASH_CONST_0	0x736f6d6570736575ULL
#define SIPHASH_CONST_1	0x646f72616e646f6dULL
#define SIPHASH_CONST_2	0x6c7967656e657261ULL
#define SIPHASH_CONST_3	0x7465646279746573ULL
#endif

/**
 * struct ctri_sip - the state of the hash; that of a key before any input
 * @v: four words
 */
struct ctri_sip {
	u64 v[4];
};

static __always_inline void ctri_sip_round(struct ctri_sip *s)
{
	SIPHASH_PERMUTATION(s->v[0], s->v[1], s->v[2], s->v[3]);
}

static inline void ctri_sip_init(struct ctri_sip *s, const siphash_key_t *key)
{
	s->v[0] = SIPHASH_CONST_0 ^ key->key[0];
	s->v[1] = SIPHASH_CONST_1 ^ key->key[1];
	s->v[2] = SIPHASH_CONST_2 ^ key->key[0];
	s->v[3] = SIPHASH_CONST_3 ^ key->key[1];
}

static __always_inline void ctri_sip_word(struct ctri_sip *s, u64 word)
{
	s->v[3] ^= word;
	ctri_sip_round(s);
	s->v[0] ^= word;
}

/* The last word holds nothing but the length: the input is whole words. */
static __always_inline u64 ctri_sip_end(struct ctri_sip *s, u64 words)
{
	ctri_sip_word(s, words * sizeof(u64) << 56);
	s->v[2] ^= 0xff;
	ctri_sip_round(s);
	ctri_sip_round(s);
	ctri_sip_round(s);
	return (s->v[0] ^ s->v[1]) ^ (s->v[2] ^ s->v[3]);
}

static __always_inline u64 ctri_sip_1u64(u64 a, const struct ctri_sip *key)
{
	struct ctri_sip s = *key;

	ctri_sip_word(&s, a);
	return ctri_sip_end(&s, 1);
}

static __always_inline u64 ctri_sip_2u64(u64 a, u64 b,
					 const struct ctri_sip *key)
{
	struct ctri_sip s = *key;

	ctri_sip_word(&s, a);
	ctri_sip_word(&s, b);
	return ctri_sip_end(&s, 2);
}

static __always_inline u64 ctri_sip_3u64(u64 a, u64 b, u64 c,
					 const struct ctri_sip *key)
{
	struct ctri_sip s = *key;

	ctri_sip_word(&s, a);
	ctri_sip_word(&s, b);
	ctri_sip_word(&s, c);
	return ctri_sip_end(&s, 3);
}

#endif /* CTRI_TABLE_HASH_H */
