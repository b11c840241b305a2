/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs of this directory share. */
#ifndef TABLE_COMMON_H
#define TABLE_COMMON_H

#include <stdio.h>
#include <time.h>
#include "table.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* A 64-bit key as a source: an IPv6 /64 of namespace 1. */
static inline struct ctri_source source_of(u64 key)
{
	struct ctri_source src = { .addr = { key, 0 }, .netns = 1, .family = 6 };

	return src;
}

/* splitmix64 (Steele, Lea, Flood 2014): a good mix of 64 bits. */
static inline u64 mix64(u64 x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

/* The same as a generator. */
static inline u64 rnd64(u64 *state)
{
	*state += 0x9e3779b97f4a7c15ULL;
	return mix64(*state);
}

/* A number below @n, n up to 2^32. */
static inline u64 rnd_below(u64 *state, u64 n)
{
	return ((rnd64(state) >> 32) * n) >> 32;
}

static inline u64 nanoseconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000 + (u64)ts.tv_nsec;
}

/* Time that this thread had a CPU: other load on the machine doesn't count. */
static inline u64 cpu_nanoseconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (u64)ts.tv_sec * 1000000000 + (u64)ts.tv_nsec;
}

static inline siphash_key_t key_of(u64 seed)
{
	siphash_key_t key = { { mix64(seed), mix64(~seed) } };

	return key;
}

static inline struct ctri_table *table_must(struct ctri_table *t)
{
	if (!t) {
		fprintf(stderr, "no memory for a table, or too little asked for\n");
		exit(1);
	}
	return t;
}

/* A table as the module makes it. */
static inline struct ctri_table *table_make(size_t bytes, u64 seed)
{
	siphash_key_t key = key_of(seed);

	return table_must(ctri_table_create(bytes, &key, NUMA_NO_NODE));
}

/* A table that gives all of its memory to the class INSERT. */
static inline struct ctri_table *table_make_one(size_t bytes, u64 seed)
{
	static const u8 share[CTRI_CLASSES] = { [CTRI_C_INSERT] = 1 };
	siphash_key_t key = key_of(seed);

	return table_must(ctri_table_create_shares(bytes, share, &key,
						   NUMA_NO_NODE));
}

#endif
