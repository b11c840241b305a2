/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tick and those that it calls need of a kernel: stand-ins, and a
 * clock and work queue that the test moves.
 */
#ifndef RECORDER_SHIM_H
#define RECORDER_SHIM_H

#include <assert.h>
#include <netinet/in.h>
#include "table_shim.h"

typedef int64_t time64_t;
typedef uint16_t __be16;
typedef uint32_t __be32;
#define __force
#define rcu_dereference_raw(p)	(p)

#define NSEC_PER_SEC	1000000000L
#define NSEC_PER_MSEC	1000000L
#define MSEC_PER_SEC	1000L
#define HZ		250
#define KERNEL_VERSION(a, b, c)	(((a) << 16) + ((b) << 8) + (c))
#define LINUX_VERSION_CODE	KERNEL_VERSION(6, 1, 0)
#define CONFIG_64BIT		1
#define CONFIG_HAVE_FUNCTION_ARG_ACCESS_API 1
#define __percpu

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define max(a, b)	({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define min(a, b)	({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ < b_ ? a_ : b_; })
#define max3(a, b, c)	max(max(a, b), c)
#define pr_warn_once(...) do { } while (0)

#define IS_ERR(p)	((uintptr_t)(p) >= (uintptr_t)-4095)

static inline u64 div_u64(u64 a, u32 b)
{
	return a / b;
}

static inline void *kvcalloc(size_t nr, size_t size, int flags)
{
	return calloc(nr, size);
}

static inline void *kvzalloc(size_t size, int flags)
{
	return calloc(1, size);
}

static inline void sort(void *base, size_t nr, size_t size,
			int (*cmp)(const void *, const void *), void *swap)
{
	qsort(base, nr, size, cmp);
}

/* The clocks: ns awake, ns asleep, and what is added for the time of day. */
extern u64 shim_awake, shim_asleep;
extern time64_t shim_wall;

static inline u64 ktime_get_boottime_ns(void)
{
	return shim_awake + shim_asleep;
}

static inline time64_t ktime_get_boottime_seconds(void)
{
	return ktime_get_boottime_ns() / NSEC_PER_SEC;
}

static inline u64 ktime_get_ns(void)
{
	return shim_awake;
}

static inline u64 get_jiffies_64(void)
{
	return shim_awake / (NSEC_PER_SEC / HZ);
}

#define jiffies			((unsigned long)get_jiffies_64())

static inline time64_t ktime_get_real_seconds(void)
{
	return shim_wall + ktime_get_boottime_ns() / NSEC_PER_SEC;
}

struct mutex {
	bool locked;
};

#define DEFINE_MUTEX(name)	struct mutex name

static inline void mutex_lock(struct mutex *m)
{
	assert(!m->locked);
	m->locked = true;
}

static inline void mutex_unlock(struct mutex *m)
{
	assert(m->locked);
	m->locked = false;
}

struct work_struct {
	void (*func)(struct work_struct *work);
};

/* @at: when it is due, in jiffies; 0: it isn't pending. @rest: an idle CPU waits. */
struct delayed_work {
	struct work_struct work;
	u64 at;
	bool rest, known;
};

typedef void (*work_func_t)(struct work_struct *work);

#define INIT_WORK(work, f)		((work)->func = (f))
#define DECLARE_WORK(name, f)		struct work_struct name = { f }
#define DECLARE_DELAYED_WORK(name, f)	struct delayed_work name = { .work = { f } }
#define DECLARE_DEFERRABLE_WORK(name, f)	\
	struct delayed_work name = { .work = { f }, .rest = true }

/* What is to be done at once, and later; the test does it. */
extern struct work_struct *shim_work;
extern struct delayed_work *shim_delayed[2];

static inline void schedule_work(struct work_struct *work)
{
	shim_work = work;
}

/* Nobody waits; the test counts how often they would be woken. */
struct file;
struct poll_table_struct;
extern unsigned int shim_woken;
#define DECLARE_WAIT_QUEUE_HEAD(name)	int name
#define wake_up_interruptible(wq)	((void)(wq), (void)shim_woken++)
#define poll_wait(file, wq, table)	((void)(file), (void)(wq), (void)(table))

#define WQ_UNBOUND	1

struct workqueue_struct;

static inline struct workqueue_struct *alloc_workqueue(const char *name, int flags,
						       int active)
{
	return (struct workqueue_struct *)name;
}

static inline void destroy_workqueue(struct workqueue_struct *wq)
{
}

static inline void queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	shim_work = work;
}

static inline struct workqueue_struct *alloc_ordered_workqueue(const char *name,
							       int flags)
{
	return (struct workqueue_struct *)name;
}

static inline void queue_delayed_work(struct workqueue_struct *wq,
				      struct delayed_work *work, unsigned long delay)
{
	if (!work->known)
		shim_delayed[work->rest] = work;
	work->known = true;
	if (!work->at)
		work->at = jiffies + delay;
}

static inline void cancel_work_sync(struct work_struct *work)
{
}

static inline void cancel_delayed_work_sync(struct delayed_work *work)
{
	work->at = 0;
}

/* Hard interrupts come at once. */
struct irq_work {
	void (*func)(struct irq_work *work);
};

static inline void init_irq_work(struct irq_work *work, void (*f)(struct irq_work *work))
{
	work->func = f;
}

static inline void irq_work_queue(struct irq_work *work)
{
	work->func(work);
}

static inline void irq_work_sync(struct irq_work *work)
{
}

/* Nobody else runs meanwhile. */
#define cmpxchg(p, from, to)	\
	({ __typeof__(*(p)) was_ = *(p); if (was_ == (from)) *(p) = (to); was_; })
#define test_bit(nr, p)		(!!(*(p) & 1UL << (nr)))
#define clear_bit(nr, p)	(*(p) &= ~(1UL << (nr)))
#define test_and_set_bit(nr, p)	\
	({ bool was_ = test_bit(nr, p); *(p) |= 1UL << (nr); was_; })
#define smp_mb__after_atomic()	do { } while (0)
#define cond_resched()		do { } while (0)
#define time_before(a, b)	((long)((a) - (b)) < 0)
#define num_possible_cpus()	4

struct net {
	struct {
		u32 inum;
	} ns;
	unsigned int count;
	struct {
		void *ptr[1];
	} *gen;
};

struct kref {
	int refs;
};

struct nf_hook_ops {
	int unused;
};

union nf_inet_addr {
	u32 all[4];
};

enum ip_conntrack_info { IP_CT_NEW };
struct nf_conn;

struct nf_conntrack_ecache {
	unsigned long missed;
};

enum { IPCT_DESTROY = 2 };

static inline struct nf_conntrack_ecache *nf_ct_ecache_find(const struct nf_conn *ct)
{
	return NULL;
}


struct nf_conntrack_tuple {
	struct {
		u8 protonum;
		union {
			__be16 all;
		} u;
	} dst;
};

struct nf_hook_state;
struct pt_regs;
struct seq_file;
struct sk_buff;

#define NF_CT_EXT_NUM	8
extern unsigned int nf_conntrack_max;

static inline unsigned int nf_conntrack_count(const struct net *net)
{
	return net->count;
}

#endif
