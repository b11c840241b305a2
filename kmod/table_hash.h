/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hash that decides where a source is counted: SipHash-1-3 (J.-P. Aumasson
 * and D. J. Bernstein, "SipHash: a fast short-input PRF", 2012) of one to three
 * words. That is what <linux/siphash.h> offers for hash tables as hsiphash on
 * 64-bit machines; here it is inlined, the same on all machines, and all 64
 * bits of it are used. The byte that SipHash has for the length is data, as
 * each of these functions has but one length. Nobody sees a result, so nobody
 * can aim at a bucket.
 *
 * SipHash reads bytes, the first of a word lowest, and so do those who hash an
 * address here (ctri_le64()): one key gives the same counts and estimates on every
 * machine. That is nothing to do where the first byte is the lowest anyway.
 */
#ifndef CTRI_TABLE_HASH_H
#define CTRI_TABLE_HASH_H

#include "table_shim.h"

#ifndef SIPHASH_CONST_0		/* from 5.19 on the kernel names them */
#define SIPHASH_CONST_0	0x736f6d6570736575ULL
#define SIPHASH_CONST_1	0x646f72616e646f6dULL
#define SIPHASH_CONST_2	0x6c7967656e657261ULL
#define SIPHASH_CONST_3	0x7465646279746573ULL
#endif

/**
 * struct ctri_sip - the state of the hash; a key is that before any input
 * @v: four words
 */
struct ctri_sip {
	u64 v[4];
};

/* A round in two steps: the first word of input changes nothing of this one. */
static __always_inline void ctri_sip_round1(struct ctri_sip *s)
{
	s->v[0] += s->v[1];
	s->v[1] = rol64(s->v[1], 13) ^ s->v[0];
	s->v[0] = rol64(s->v[0], 32);
}

static __always_inline void ctri_sip_round2(struct ctri_sip *s)
{
	s->v[2] += s->v[3];
	s->v[3] = rol64(s->v[3], 16) ^ s->v[2];
	s->v[0] += s->v[3];
	s->v[3] = rol64(s->v[3], 21) ^ s->v[0];
	s->v[2] += s->v[1];
	s->v[1] = rol64(s->v[1], 17) ^ s->v[2];
	s->v[2] = rol64(s->v[2], 32);
}

static __always_inline void ctri_sip_round(struct ctri_sip *s)
{
	ctri_sip_round1(s);
	ctri_sip_round2(s);
}

/*
 * A word of an address, which is as in memory, with its bytes in the order of a
 * little-endian machine; and back.
 */
static __always_inline u64 ctri_le64(u64 word)
{
	return le64_to_cpu((__force __le64)word);
}

/* The same of an IPv4 address. */
static __always_inline u32 ctri_le32(u32 word)
{
	return le32_to_cpu((__force __le32)word);
}

static inline void ctri_sip_init(struct ctri_sip *s, const siphash_key_t *key)
{
	s->v[0] = SIPHASH_CONST_0 ^ key->key[0];
	s->v[1] = SIPHASH_CONST_1 ^ key->key[1];
	s->v[2] = SIPHASH_CONST_2 ^ key->key[0];
	s->v[3] = SIPHASH_CONST_3 ^ key->key[1];
	ctri_sip_round1(s);
}

static __always_inline struct ctri_sip ctri_sip_begin(const struct ctri_sip *key,
						      u64 word)
{
	struct ctri_sip s = *key;

	s.v[3] ^= word;
	ctri_sip_round2(&s);
	s.v[0] ^= word;
	return s;
}

static __always_inline void ctri_sip_word(struct ctri_sip *s, u64 word)
{
	s->v[3] ^= word;
	ctri_sip_round(s);
	s->v[0] ^= word;
}

static __always_inline u64 ctri_sip_end(struct ctri_sip *s)
{
	s->v[2] ^= 0xff;
	ctri_sip_round(s);
	ctri_sip_round(s);
	ctri_sip_round(s);
	return s->v[0] ^ s->v[1] ^ s->v[2] ^ s->v[3];
}

static __always_inline u64 ctri_sip_1u64(u64 a, const struct ctri_sip *key)
{
	struct ctri_sip s = ctri_sip_begin(key, a);

	return ctri_sip_end(&s);
}

static __always_inline u64 ctri_sip_2u64(u64 a, u64 b,
					 const struct ctri_sip *key)
{
	struct ctri_sip s = ctri_sip_begin(key, a);

	ctri_sip_word(&s, b);
	return ctri_sip_end(&s);
}

static __always_inline u64 ctri_sip_3u64(u64 a, u64 b, u64 c,
					 const struct ctri_sip *key)
{
	struct ctri_sip s = ctri_sip_begin(key, a);

	ctri_sip_word(&s, b);
	ctri_sip_word(&s, c);
	return ctri_sip_end(&s);
}

#endif /* CTRI_TABLE_HASH_H */
