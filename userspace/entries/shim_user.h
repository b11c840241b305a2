/* SPDX-License-Identifier: GPL-2.0 */
/* What kmod/table_shim.h takes from the kernel's headers, for userspace. */
#ifndef SHIM_USER_H
#define SHIM_USER_H

#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <linux/types.h>
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

#undef PAGE_SIZE		/* limits.h of musl has one */
#define PAGE_SIZE	4096UL
#define NUMA_NO_NODE	(-1)
#define GFP_KERNEL	0

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define noinline	__attribute__((__noinline__))
#define notrace
#undef __always_inline			/* the C library has its own */
#define __always_inline	inline __attribute__((__always_inline__))
#define __aligned(x)	__attribute__((__aligned__(x)))

#define READ_ONCE(x)	(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) \
	do { *(volatile __typeof__(x) *)&(x) = (v); } while (0)
/* Cheap where the CPU keeps stores in order (x86), as the kernel's are. */
#define smp_wmb()	__atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)

#define __force
#define le64_to_cpu(x)	le64toh(x)
#define le32_to_cpu(x)	le32toh(x)

#define data_race(x)	(x)
#define kcsan_nestable_atomic_begin()	do { } while (0)
#define kcsan_nestable_atomic_end()	do { } while (0)
#define OPTIMIZER_HIDE_VAR(var)	__asm__("" : "=r" (var) : "0" (var))
#define barrier()	__asm__ __volatile__("" : : : "memory")

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
static inline void *kvmalloc_node(size_t bytes, int flags, int node)
{
	void *p;

	(void)flags;
	(void)node;
	return posix_memalign(&p, PAGE_SIZE, bytes) ? NULL : p;
}

static inline void *kvzalloc_node(size_t bytes, int flags, int node)
{
	void *p = kvmalloc_node(bytes, flags, node);

	return p ? memset(p, 0, bytes) : NULL;
}

static inline void *vzalloc_node(unsigned long bytes, int node)
{
	return kvzalloc_node(bytes, GFP_KERNEL, node);
}

static inline void kvfree(const void *p)
{
	free((void *)p);
}

static inline u64 rol64(u64 word, unsigned int shift)
{
	return word << (shift & 63) | word >> (-shift & 63);
}

typedef struct {
	u64 key[2];
} siphash_key_t;

#endif
