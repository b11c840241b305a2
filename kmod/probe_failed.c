// SPDX-License-Identifier: GPL-2.0
/*
 * Insertions that fail. Confirmation returns NF_DROP for them and raises, with
 * BH off, the counters of its CPU; which of those it raised tells the reason:
 *
 *  __nf_conntrack_confirm(skb)					entry, return
 *
 * insert_failed alone: the entry was dying, or its extensions out of date; with
 * drop: a clash; with chaintoolong: that. A task may be moved to another CPU in
 * between, which leaves the failure unattributed.
 *
 * Armed when insert_failed moves, as it costs every new connection a probe.
 * Handlers run with preemption off, under the hook's rcu_read_lock().
 */
#include <linux/kprobes.h>
#include <linux/netfilter.h>
#include <linux/smp.h>
#include <net/netfilter/nf_conntrack.h>
#include "account.h"
#include "compat.h"
#include "netns.h"
#include "probe_failed.h"
#include "trace.h"

struct ctri_confirm_call {
	struct ctri_net *cn;
	unsigned int cpu;
	u32 insert_failed, chaintoolong, drop;	/* of this CPU, before */
	struct nf_conntrack_tuple tuple;
};

static int ctri_confirm_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct sk_buff *skb = (void *)regs_get_kernel_argument(regs, 0);
	struct ctri_confirm_call *call = (void *)ri->data;
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	const struct ip_conntrack_stat *st;

	if (!ct)
		return 1;
	call->cpu = raw_smp_processor_id();
	st = per_cpu_ptr(nf_ct_net(ct)->ct.stat, call->cpu);
	call->cn = ctri_net(nf_ct_net(ct));
	call->insert_failed = st->insert_failed;
	call->chaintoolong = ctri_stat_chaintoolong(st);
	call->drop = st->drop;
	call->tuple = ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	return 0;
}

NOKPROBE_SYMBOL(ctri_confirm_entry);

static int ctri_confirm_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct ctri_confirm_call *call = (void *)ri->data;
	const struct ip_conntrack_stat *st;
	enum ctri_failed kind;

	if ((regs_return_value(regs) & NF_VERDICT_MASK) != NF_DROP)
		return 0;
	if (call->cpu != raw_smp_processor_id()) {
		ctri_account_no_cause();
		return 0;
	}
	st = per_cpu_ptr(call->cn->net->ct.stat, call->cpu);
	if (st->insert_failed == call->insert_failed)
		return 0;
	if (ctri_stat_chaintoolong(st) != call->chaintoolong)
		kind = CTRI_F_CHAIN;
	else
		kind = st->drop != call->drop ? CTRI_F_CLASH : CTRI_F_DYING;
	if (!ctri_account_probe(call->cn, CTRI_C_INSERT_FAILED, kind,
				CTRI_N_INSERT_FAILED, &call->tuple))
		return 0;
	ctri_account_service(call->cn, CTRI_C_INSERT_FAILED, kind, &call->tuple);
	trace_conntriage_insert_failed(call->cn->net->ns.inum, &call->tuple,
			    CTRI_R_CLASH + kind);
	return 0;
}

NOKPROBE_SYMBOL(ctri_confirm_return);

struct kretprobe ctri_rp_confirm = {
	.entry_handler	= ctri_confirm_entry,
	.handler	= ctri_confirm_return,
	.data_size	= sizeof(struct ctri_confirm_call),
};
