/* SPDX-License-Identifier: GPL-2.0 */
/* What kmod/table_shim.h takes from the kernel's headers, for userspace. */
#ifndef SHIM_USER_H
#define SHIM_USER_H

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;

#define U16_MAX		UINT16_MAX
#define U32_MAX		UINT32_MAX
#define U64_MAX		UINT64_MAX

#define PAGE_SIZE	4096UL
#define NUMA_NO_NODE	(-1)
#define GFP_KERNEL	0

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define noinline	__attribute__((__noinline__))
#undef __always_inline			/* the C library has its own */
#define __always_inline	inline __attribute__((__always_inline__))
#define __aligned(x)	__attribute__((__aligned__(x)))

#define READ_ONCE(x)	(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) \
	do { *(volatile __typeof__(x) *)&(x) = (v); } while (0)
/* Cheap where the CPU keeps stores in order (x86), as the kernel's are. */
#define smp_wmb()	__atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)

#define data_race(x)	(x)

#define BUILD_BUG_ON(e)	_Static_assert(!(e), "BUILD_BUG_ON: " #e)
#define BIT_ULL(n)	(1ULL << (n))
#define max_t(t, a, b)	((t)(a) > (t)(b) ? (t)(a) : (t)(b))
#define min_t(t, a, b)	((t)(a) < (t)(b) ? (t)(a) : (t)(b))
#define round_up(x, y)	((((x) - 1) | ((__typeof__(x))(y) - 1)) + 1)
#define round_down(x, y) ((x) & ~((__typeof__(x))(y) - 1))
#define is_power_of_2(n) ((n) && !((n) & ((n) - 1)))

#define container_of(p, type, member) \
	((type *)((char *)(p) - offsetof(type, member)))

static inline unsigned long __ffs64(u64 x)
{
	return __builtin_ctzll(x);
}

static inline u64 div64_u64(u64 a, u64 b)
{
	return a / b;
}

static inline void cpu_relax(void)
{
	__asm__ __volatile__("" : : : "memory");
}

static inline void cond_resched(void)
{
}

/* Page aligned, as the kernel's are from a page upwards. */
static inline void *kvzalloc_node(size_t bytes, int flags, int node)
{
	void *p;

	(void)flags;
	(void)node;
	if (posix_memalign(&p, PAGE_SIZE, bytes))
		return NULL;
	return memset(p, 0, bytes);
}

static inline void *vzalloc_node(unsigned long bytes, int node)
{
	return kvzalloc_node(bytes, GFP_KERNEL, node);
}

static inline void kvfree(const void *p)
{
	free((void *)p);
}

/*
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of one to three words, with
 * the results of the kernel's siphash_*u64(). Never inlined, because the
 * kernel's are calls as well and the benchmarks count instructions.
 */
typedef struct {
	u64 key[2];
} siphash_key_t;

struct ctri_sip {
	u64 v0, v1, v2, v3;
};

#define CTRI_SIP_ROL(x, n)	(((x) << (n)) | ((x) >> (64 - (n))))

static __always_inline void ctri_sip_round(struct ctri_sip *s)
{
	s->v0 += s->v1;
	s->v1 = CTRI_SIP_ROL(s->v1, 13);
	s->v1 ^= s->v0;
	s->v0 = CTRI_SIP_ROL(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = CTRI_SIP_ROL(s->v3, 16);
	s->v3 ^= s->v2;
	s->v0 += s->v3;
	s->v3 = CTRI_SIP_ROL(s->v3, 21);
	s->v3 ^= s->v0;
	s->v2 += s->v1;
	s->v1 = CTRI_SIP_ROL(s->v1, 17);
	s->v1 ^= s->v2;
	s->v2 = CTRI_SIP_ROL(s->v2, 32);
}

static __always_inline void ctri_sip_init(struct ctri_sip *s,
					  const siphash_key_t *key)
{
	s->v0 = 0x736f6d6570736575ULL ^ key->key[0];
	s->v1 = 0x646f72616e646f6dULL ^ key->key[1];
	s->v2 = 0x6c7967656e657261ULL ^ key->key[0];
	s->v3 = 0x7465646279746573ULL ^ key->key[1];
}

static __always_inline void ctri_sip_word(struct ctri_sip *s, u64 m)
{
	s->v3 ^= m;
	ctri_sip_round(s);
	ctri_sip_round(s);
	s->v0 ^= m;
}

/* The last word holds nothing but the length: the input is whole words. */
static __always_inline u64 ctri_sip_end(struct ctri_sip *s, u64 bytes)
{
	ctri_sip_word(s, bytes << 56);
	s->v2 ^= 0xff;
	ctri_sip_round(s);
	ctri_sip_round(s);
	ctri_sip_round(s);
	ctri_sip_round(s);
	return (s->v0 ^ s->v1) ^ (s->v2 ^ s->v3);
}

static noinline __attribute__((__unused__))
u64 siphash_1u64(u64 a, const siphash_key_t *key)
{
	struct ctri_sip s;

	ctri_sip_init(&s, key);
	ctri_sip_word(&s, a);
	return ctri_sip_end(&s, 8);
}

static noinline __attribute__((__unused__))
u64 siphash_2u64(u64 a, u64 b, const siphash_key_t *key)
{
	struct ctri_sip s;

	ctri_sip_init(&s, key);
	ctri_sip_word(&s, a);
	ctri_sip_word(&s, b);
	return ctri_sip_end(&s, 16);
}

static noinline __attribute__((__unused__))
u64 siphash_3u64(u64 a, u64 b, u64 c, const siphash_key_t *key)
{
	struct ctri_sip s;

	ctri_sip_init(&s, key);
	ctri_sip_word(&s, a);
	ctri_sip_word(&s, b);
	ctri_sip_word(&s, c);
	return ctri_sip_end(&s, 24);
}

#endif
