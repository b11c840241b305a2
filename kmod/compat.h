/* SPDX-License-Identifier: GPL-2.0 */
/* The differences between kernels: the only file that asks for a version. */
#ifndef CONNTRIAGE_COMPAT_H
#define CONNTRIAGE_COMPAT_H

#include <linux/jiffies.h>
#include <linux/kprobes.h>
#include <linux/netfilter.h>
#include <linux/version.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 0)
#error "conntriage needs Linux 5.10 or newer"
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

/* 5.15: chains are bounded, and counted where they were too long. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 15, 0)
#define CTRI_HAVE_CHAINTOOLONG	1
#define ctri_stat_chaintoolong(st)	((st)->chaintoolong)
#else
#define CTRI_HAVE_CHAINTOOLONG	0
#define ctri_stat_chaintoolong(st)	0
#endif

/* 5.14: nf_tables marks its hooks; before, only its NAT hooks are marked. */
static inline bool ctri_hook_is_nft(const struct nf_hook_ops *ops)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	return ops->hook_ops_type == NF_HOOK_OP_NF_TABLES;
#else
	return false;
#endif
}

/* Seconds that neither jump nor count a suspend; 64-bit jiffies don't wrap. */
static inline u32 ctri_now(void)
{
	return (u32)div_u64(get_jiffies_64(), HZ);
}

/*
 * The caller of the function that a kretprobe's entry handler stands in, from
 * where its architecture keeps a return address at function entry; 0 where
 * that isn't known.
 */
static inline unsigned long ctri_caller(struct pt_regs *regs)
{
#if defined(CONFIG_X86)
	return *(unsigned long *)kernel_stack_pointer(regs);
#elif defined(CONFIG_ARM64)
	return procedure_link_pointer(regs);
#else
	return 0;
#endif
}

#endif
