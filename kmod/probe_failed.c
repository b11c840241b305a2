// SPDX-License-Identifier: GPL-2.0
/*
 * Insertions that fail. Nearly all of them are clashes that the kernel can't
 * resolve, and only these call
 *
 *  nf_ct_resolve_clash(skb, ...)				entry, return
 *
 * which returns NF_DROP then. Its probe is always armed: a connection that doesn't
 * clash pays nothing. The others are seen where confirmation returns NF_DROP and has
 * raised, with BH off, the counters of its CPU; which of those tells the reason:
 *
 *  __nf_conntrack_confirm(skb)					entry, return
 *
 * insert_failed alone: the entry was dying, or its extensions out of date; with
 * drop: a clash, which the first probe has seen; with chaintoolong: that. A task may
 * be moved to another CPU in between, which leaves the failure unattributed. This
 * probe costs every new connection, so it is armed when insert_failed moves by more
 * than clashes.
 *
 * Handlers run with preemption off, under the hook's rcu_read_lock().
 */
#include <linux/kprobes.h>
#include <linux/netfilter.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <net/netfilter/nf_conntrack.h>
#include "account.h"
#include "compat.h"
#include "netns.h"
#include "probe_failed.h"
#include "trace.h"

static bool ctri_clash_apart __read_mostly;	/* the first probe is attached */
static DEFINE_PER_CPU(u32, ctri_clashes);	/* seen by it */

/* Whose insertion it is; the packet may have another entry afterwards. */
struct ctri_failed_call {
	struct ctri_net *cn;
	struct nf_conntrack_tuple tuple;
};

struct ctri_confirm_call {
	struct ctri_failed_call failed;
	unsigned int cpu;
	u32 insert_failed, chaintoolong, drop;	/* of this CPU, before */
};

static __always_inline const struct nf_conn *
ctri_failed_entry(struct ctri_failed_call *call, struct pt_regs *regs)
{
	const struct sk_buff *skb = (void *)ctri_argument(regs, 0);
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (ct) {
		call->cn = ctri_net(nf_ct_net(ct));
		call->tuple = ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	}
	return ct;
}

static void ctri_failed(const struct ctri_failed_call *call, enum ctri_failed kind)
{
	if (!ctri_account_probe(call->cn, CTRI_C_INSERT_FAILED, kind,
				CTRI_N_INSERT_FAILED, &call->tuple))
		return;
	ctri_account_service(call->cn, CTRI_C_INSERT_FAILED, kind, &call->tuple);
	trace_conntriage_insert_failed(call->cn->net->ns.inum, &call->tuple,
				       CTRI_R_CLASH + kind);
}

NOKPROBE_SYMBOL(ctri_failed);

static bool ctri_dropped(struct pt_regs *regs)
{
	return (regs_return_value(regs) & NF_VERDICT_MASK) == NF_DROP;
}

NOKPROBE_SYMBOL(ctri_dropped);

static int ctri_clash_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	return !ctri_failed_entry((void *)ri->data, regs);
}

NOKPROBE_SYMBOL(ctri_clash_entry);

static int ctri_clash_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (!ctri_dropped(regs))
		return 0;
	this_cpu_inc(ctri_clashes);
	ctri_failed((void *)ri->data, CTRI_F_CLASH);
	return 0;
}

NOKPROBE_SYMBOL(ctri_clash_return);

static int ctri_confirm_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct ctri_confirm_call *call = (void *)ri->data;
	const struct nf_conn *ct = ctri_failed_entry(&call->failed, regs);
	const struct ip_conntrack_stat *st;

	if (!ct)
		return 1;
	call->cpu = raw_smp_processor_id();
	st = per_cpu_ptr(nf_ct_net(ct)->ct.stat, call->cpu);
	call->insert_failed = st->insert_failed;
	call->chaintoolong = ctri_stat_chaintoolong(st);
	call->drop = st->drop;
	return 0;
}

NOKPROBE_SYMBOL(ctri_confirm_entry);

static int ctri_confirm_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct ctri_confirm_call *call = (void *)ri->data;
	const struct ip_conntrack_stat *st;
	enum ctri_failed kind;

	if (!ctri_dropped(regs))
		return 0;
	if (call->cpu != raw_smp_processor_id()) {
		ctri_account_no_cause();
		return 0;
	}
	st = per_cpu_ptr(call->failed.cn->net->ct.stat, call->cpu);
	if (st->insert_failed == call->insert_failed)
		return 0;
	if (ctri_stat_chaintoolong(st) != call->chaintoolong)
		kind = CTRI_F_CHAIN;
	else
		kind = st->drop != call->drop ? CTRI_F_CLASH : CTRI_F_DYING;
	if (kind != CTRI_F_CLASH || !ctri_clash_apart)
		ctri_failed(&call->failed, kind);
	return 0;
}

NOKPROBE_SYMBOL(ctri_confirm_return);

struct kretprobe ctri_rp_clash = {
	.entry_handler	= ctri_clash_entry,
	.handler	= ctri_clash_return,
	.data_size	= sizeof(struct ctri_failed_call),
};

struct kretprobe ctri_rp_confirm = {
	.entry_handler	= ctri_confirm_entry,
	.handler	= ctri_confirm_return,
	.data_size	= sizeof(struct ctri_confirm_call),
};

/**
 * ctri_failed_init() - how clashes are seen
 * @clash: by ctri_rp_clash; else by ctri_rp_confirm
 *
 * Context: process, before the latter is armed.
 */
void ctri_failed_init(bool clash)
{
	ctri_clash_apart = clash;
}

/**
 * ctri_failed_clashes() - what ctri_rp_clash has seen
 *
 * Context: any.
 * Return: clashes that weren't resolved, in all namespaces; it wraps.
 */
u32 ctri_failed_clashes(void)
{
	unsigned int cpu;
	u32 n = 0;

	for_each_possible_cpu(cpu)
		n += READ_ONCE(per_cpu(ctri_clashes, cpu));
	return n;
}
