// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that is exactly what it says, tables that refuse bad requests, the
 * hash against its published vectors, and the distinct-source estimate.
 */
#include <malloc.h>
#include "common.h"
#include "tap.h"
#include "table_priv.h"

static bool inside(const struct ctri_table *t, const void *p, size_t n)
{
	const char *a = (const char *)t, *b = p;

	return b >= a && b + n <= a + ctri_table_bytes(t);
}

/* Shards fill the table from its struct on, without overlap, to its end. */
static bool laid_out(size_t bytes)
{
	struct ctri_table *t = table_make(bytes, 1);
	const char *end = (char *)(t + 1) + CTRI_CLASSES * CTRI_HLL_REGS;
	bool good = ctri_table_bytes(t) == (bytes & ~(size_t)4095);
	size_t slots = 0;
	int class;

	for (class = 0; class < CTRI_CLASSES; class++) {
		const struct ctri_shard *sh = &t->shard[class];

		good &= (const char *)sh->bucket == end && sh->buckets;
		good &= !((uintptr_t)sh->bucket % CTRI_LINE);
		good &= inside(t, sh->bucket, sh->buckets * sizeof(*sh->bucket));
		good &= inside(t, sh->hll, CTRI_HLL_REGS);
		good &= sh->hll == (u8 *)(t + 1) + class * CTRI_HLL_REGS;
		end = (const char *)(sh->bucket + sh->buckets);
		slots += sh->buckets;
	}
	good &= (const char *)t + ctri_table_bytes(t) - end <
		(long)sizeof(struct ctri_bucket);
	ctri_table_destroy(t);
	return good;
}

static void test_layout(void)
{
	siphash_key_t key = key_of(1);
	size_t least = ctri_table_min_bytes();
	static const u8 none[CTRI_CLASSES];
	struct ctri_table *t;

	tap_ok(laid_out(least) && laid_out(100000) && laid_out(512 * 1024) &&
	       laid_out(3 << 20), "a table is one piece of the size it says");
	t = ctri_table_create(least - 1, &key, NUMA_NO_NODE);
	tap_ok(!t && !ctri_table_create(0, &key, NUMA_NO_NODE) &&
	       !ctri_table_create(SIZE_MAX, &key, NUMA_NO_NODE) &&
	       !ctri_table_create_shares(least, none, &key, NUMA_NO_NODE),
	       "too little and too much memory are refused");
}

static void test_unchanged(void)
{
	struct ctri_table *t = table_make(128 * 1024, 1);
	size_t before = mallinfo2().uordblks, bytes = ctri_table_bytes(t);
	u64 i;

	for (i = 0; i < 10000000; i++) {
		struct ctri_source src = source_of(i);

		ctri_table_account(t, i % CTRI_CLASSES, i, &src, i >> 20, i >> 18);
	}
	tap_ok(mallinfo2().uordblks == before && ctri_table_bytes(t) == bytes,
	       "ten million sources change nothing about the memory");
	ctri_table_destroy(t);
}

static void test_refusals(void)
{
	struct ctri_table *t[2] = { table_make(128 * 1024, 1),
				    table_make(128 * 1024, 2) };
	struct ctri_table *one = table_make_one(64 * 1024, 1);
	struct ctri_source src = source_of(1);
	struct ctri_merge_info info;
	bool good;

	good = ctri_table_merge(t, 2, 0, 0, 0, 0, 0, NULL, 0, &info) == -EINVAL;
	good &= ctri_table_merge(t, 0, 0, 0, 0, 0, 0, NULL, 0, &info) == -EINVAL;
	good &= ctri_table_merge(t, 1, CTRI_CLASSES, 0, 0, 0, 0, NULL, 0, &info) ==
		-EINVAL;
	good &= ctri_table_merge(&one, 1, 1, 0, 0, 0, 0, NULL, 0, &info) == -EINVAL;
	tap_ok(good, "tables of different keys, no tables and unknown classes are refused");
	src.addr[0] = 0;		/* as in a record that is free */
	ctri_table_account(one, CTRI_C_INVALID, 0, &src, 0, 0);
	src.addr[0] = 1;
	ctri_table_account(one, CTRI_C_INVALID, 0, &src, 0, 0);
	ctri_table_account(one, CTRI_C_INSERT, 99, &src, 0, 0);
	tap_ok(ctri_table_merge(&one, 1, 0, 0, 0, 0, 0, NULL, 0, &info) == 0 &&
	       info.entries == 1, "a class without memory ignores its events");
	ctri_table_destroy(t[0]);
	ctri_table_destroy(t[1]);
	ctri_table_destroy(one);
}

/*
 * The authors' way to give vectors: key 00..0f, input 00, 01, 02 ... of 7, 15,
 * 23 bytes, after which SipHash puts just that number. The low halves are those
 * of hsiphash in the kernel's own test.
 */
static void test_siphash(void)
{
	siphash_key_t k = { { 0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL } };
	u64 a = k.key[0], b = k.key[1], c = 0x1716151413121110ULL;
	struct ctri_sip s;

	ctri_sip_init(&s, &k);
	tap_ok(ctri_sip_1u64(a, &s) == 0xd3927d989bb11140ULL &&
	       ctri_sip_2u64(a, b, &s) == 0xd320d86d2a519956ULL &&
	       ctri_sip_3u64(a, b, c, &s) == 0x525a0e7fdae6c123ULL,
	       "SipHash-1-3 gives its published results");
}

/* Sources that differ in one thing only are different sources. */
static void test_identity(void)
{
	struct ctri_table *t = table_make(512 * 1024, 1);
	struct ctri_source s[6] = {
		{ .addr = { 0x01020304 }, .netns = 1, .family = 4 },
		{ .addr = { 0x01020304 }, .netns = 2, .family = 4 },
		{ .addr = { 0x01020304 }, .netns = 1, .family = 6 },
		{ .addr = { 0x01020304, 1 }, .netns = 1, .family = 6 },
		{ .addr = { 0x01020304, 2 }, .netns = 1, .family = 6 },
		{ .addr = { 0x05020304 }, .netns = 1, .family = 4 },
	};
	struct ctri_merge_info info;
	struct ctri_row rows[8];
	bool good;
	int i, j, n;

	for (i = 0; i < 6; i++) {
		s[i].pad[0] = 1;	/* of no account */
		for (j = 0; j < 10 + i; j++)
			ctri_table_account(t, 0, 0, &s[i], 1, 1);
	}
	for (j = 0; j < 100; j++) {	/* in turn, not in rows */
		for (i = 0; i < 6; i++)
			ctri_table_account(t, 0, 0, &s[i], 1, 1);
	}
	n = ctri_table_merge(&t, 1, 0, 0, 0, 1, 1, rows, 8, &info);
	good = n == 6;
	for (i = 0; i < n; i++) {
		s[i].pad[0] = 0;
		good &= !memcmp(&rows[5 - i].src, &s[i], sizeof(s[i])) &&
			rows[5 - i].total == 110 + (u64)i;
	}
	tap_ok(good, "namespace, family and every address bit tell sources apart");
	ctri_table_destroy(t);
}

static void test_distinct(void)
{
	static const u64 sizes[] = { 1, 10, 100, 1000, 10000, 30000, 200000 };
	struct ctri_merge_info info;
	struct ctri_table *t[2];
	bool good = true;
	u64 i, n;

	for (n = 0; n < ARRAY_SIZE(sizes); n++) {
		t[0] = table_make(128 * 1024, n);
		t[1] = table_make(128 * 1024, n);
		for (i = 0; i < 2 * sizes[n]; i++) {
			struct ctri_source src = source_of(i % sizes[n]);

			ctri_table_account(t[i & 1], 0, 0, &src, 1, 1);
		}
		ctri_table_merge(t, 2, 0, 0, 0, 1, 1, NULL, 0, &info);
		/* 6 %, and half a source for the rounding of small numbers */
		good &= info.distinct * 200 >= sizes[n] * 188 - 100 &&
			info.distinct * 200 <= sizes[n] * 212 + 100;
		ctri_table_destroy(t[0]);
		ctri_table_destroy(t[1]);
	}
	tap_ok(good, "distinct sources of two CPUs are estimated within 6 %");
}

int main(void)
{
	tap_begin(8);
	test_layout();
	test_unchanged();
	test_refusals();
	test_siphash();
	test_identity();
	test_distinct();
	return tap_end(8);
}
