/* SPDX-License-Identifier: GPL-2.0 */
/* What the cells of a census need of a kernel: stand-ins. */
#ifndef CENSUS_SHIM_H
#define CENSUS_SHIM_H

#include "table_shim.h"

#define NF_CT_EXT_NUM	10

struct kref {
	int refs;
};

#define ilog2(n)		(31 - __builtin_clz(n))
#define rounddown_pow_of_two(n)	(1U << ilog2(n))
#define roundup_pow_of_two(n)	(1U << (ilog2((n) - 1) + 1))
#define min(a, b)		((a) < (b) ? (a) : (b))
#define clamp_t(t, v, lo, hi)	min_t(t, max_t(t, v, lo), hi)

/* Bytes that are allocated, and an allocation that fails: 0, none. */
extern size_t shim_bytes;
extern int shim_fails;

static inline void *kvcalloc(size_t nr, size_t size, int flags)
{
	if (shim_fails && !--shim_fails)
		return NULL;
	shim_bytes += nr * size;
	return calloc(nr, size);
}

static inline void *kvzalloc(size_t size, int flags)
{
	return kvcalloc(1, size, flags);
}

static inline void get_random_bytes(void *to, size_t size)
{
	memset(to, 0x5a, size);
}

static inline u32 jhash_1word(u32 word, u32 seed)
{
	return (word ^ seed) * 0x9e3779b1U >> 3;
}

#endif
