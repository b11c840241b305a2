/* SPDX-License-Identifier: GPL-2.0 */
/* The differences between kernels: the only file that asks for a version. */
#ifndef CONNTRIAGE_COMPAT_H
#define CONNTRIAGE_COMPAT_H

#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/version.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_ecache.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 0)
#error "conntriage needs Linux 5.10 or newer"
#endif
#ifndef CONFIG_HAVE_FUNCTION_ARG_ACCESS_API
#error "conntriage needs kprobes that know a function's arguments: regs_get_kernel_argument()"
#endif
#ifndef CONFIG_64BIT
#error "conntriage needs a 64-bit kernel: its counters would be read in halves"
#endif

/*
 * What a function was called with, at its entry. s390's regs_get_kernel_argument()
 * calls functions that aren't exported (6.12): as there, five arguments are in
 * registers from r2 on, and the others above the caller's frame.
 */
#ifdef CONFIG_S390
static inline unsigned long ctri_argument(struct pt_regs *regs, unsigned int n)
{
	const unsigned long *more = (void *)(regs->gprs[15] + STACK_FRAME_OVERHEAD);

	return n < 5 ? regs->gprs[2 + n] : more[n - 5];
}
#else
#define ctri_argument(regs, n)	regs_get_kernel_argument(regs, n)
#endif

/* 5.13: the per-namespace count moved behind a function. */
static inline unsigned int ctri_ct_count(const struct net *net)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 13, 0)
	return nf_conntrack_count(net);
#else
	return atomic_read(&net->ct.count);
#endif
}

/*
 * The most entries that a namespace may have; 0: no limit. Every kernel up to 7.3
 * compares one number with the count of each (__nf_conntrack_alloc() in
 * net/netfilter/nf_conntrack_core.c). Patches for a number of each namespace's own
 * have been proposed: this is the only place that knows.
 */
static inline unsigned int ctri_ct_max(const struct net *net)
{
	return READ_ONCE(nf_conntrack_max);
}

/* 5.17: a file of /proc hands out its data under a name in small letters. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
#define ctri_proc_data(inode)	pde_data(inode)
#else
#define ctri_proc_data(inode)	PDE_DATA(inode)
#endif

/* 5.15: chains are bounded, and counted where they were too long. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 15, 0)
#define CTRI_HAVE_CHAINTOOLONG	1
#define ctri_stat_chaintoolong(st)	((st)->chaintoolong)
#else
#define CTRI_HAVE_CHAINTOOLONG	0
#define ctri_stat_chaintoolong(st)	0
#endif

/*
 * 5.11: ftrace callbacks see the function's arguments at no further cost; 6.2
 * gave that a name, before it was x86's alone. s390's calls what isn't exported, as
 * above: hooks and kprobes, then.
 */
#if defined(CONFIG_DYNAMIC_FTRACE_WITH_ARGS) && !defined(CONFIG_S390)
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define CTRI_FTRACE_ARGS	1
#define ctri_ftrace_arg0(fregs)	ftrace_regs_get_argument(fregs, 0)
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0) && defined(CONFIG_X86_64)
#define CTRI_FTRACE_ARGS	1
#define ctri_ftrace_arg0(fregs)	((fregs)->regs.di)
#endif
#endif

/*
 * 5.11: what an ftrace callback is given of the registers has a type of its own.
 * 5.10 doesn't export ftrace_free_filter(); an empty filter holds no memory either.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0)
#define ctri_ftrace_regs	ftrace_regs
#define ctri_ftrace_forget(ops)	ftrace_free_filter(ops)
#else
#define ctri_ftrace_regs	pt_regs
#define ctri_ftrace_forget(ops)	ftrace_set_filter(ops, NULL, 0, 1)
#endif

/*
 * Could nf_ct_delete() not deliver the event of @ct, which it deletes? Set by
 * nf_conntrack_eventmask_report(); 5.15: it is one of the missed events.
 */
static inline bool ctri_destroy_undelivered(const struct nf_conn *ct)
{
	const struct nf_conntrack_ecache *e = nf_ct_ecache_find(ct);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 15, 0)
	return e && READ_ONCE(e->missed) & (1 << IPCT_DESTROY);
#else
	return e && e->state == NFCT_ECACHE_DESTROY_FAIL;
#endif
}

#endif
