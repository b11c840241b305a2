// SPDX-License-Identifier: GPL-2.0
/*
 * Evictions and refusals. Both happen inside __nf_conntrack_alloc(), before
 * any later hook could see the packet, and nothing exported reports them. So,
 * while armed:
 *
 *  __nf_conntrack_alloc(net, zone, orig, repl, gfp, hash)	entry
 *	whose connection this CPU is allocating
 *  early_drop(net, hash)					entry, return
 *	called over the maximum only. true: it evicted for that connection;
 *	false: that connection's packet is refused
 *  nf_ct_helper_destroy(ct)				entry
 *	nf_ct_delete() calls it for each entry, once it is certain that no other
 *	CPU deletes it as well. Within early_drop() or gc_worker() @ct is a
 *	victim, unless its time was over
 *  gc_worker(work)						entry, return
 *	which task it is
 *
 * __nf_conntrack_alloc() passes net and hash on to early_drop(): by these two the
 * calls are matched, in the slot of this CPU and context. A task that was moved
 * to another CPU or preempted in between finds no match, which is counted.
 *
 * Handlers run with preemption off. Those of early_drop and nf_ct_helper_destroy
 * run under the caller's rcu_read_lock(), which holds the namespace's data: see
 * ctri_net_pre_exit().
 */
#include <linux/kprobes.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <net/netfilter/nf_conntrack.h>
#include "account.h"
#include "compat.h"
#include "idle.h"
#include "netns.h"
#include "probe_full.h"
#include "probe_inside.h"
#include "stage.h"
#include "trace.h"

/* The arguments of the newest __nf_conntrack_alloc() in a CPU's context. */
struct ctri_alloc_call {
	const struct net *net;
	u32 hash;
	struct nf_conntrack_tuple tuple;
};

/* One for tasks, one for softirqs, which interrupt them; owner CPU. */
static DEFINE_PER_CPU(struct ctri_alloc_call [2], ctri_alloc_call);

/*
 * The task that is in gc_worker(), which is one work item: it never runs twice at
 * the same time. Written by that task; others only see that they are not it.
 */
static struct task_struct *ctri_gc_task __read_mostly;

static struct ctri_alloc_call *ctri_alloc_call_here(void)
{
	return &raw_cpu_ptr(ctri_alloc_call)[in_serving_softirq() ? 1 : 0];
}

static int ctri_alloc_entry(struct kprobe *p, struct pt_regs *regs)
{
	struct ctri_alloc_call *m = ctri_alloc_call_here();

	m->net = (void *)ctri_argument(regs, 0);
	m->hash = ctri_argument(regs, 5);
	m->tuple = *(struct nf_conntrack_tuple *)ctri_argument(regs, 2);
	return 0;
}

NOKPROBE_SYMBOL(ctri_alloc_entry);

struct ctri_drop_call {
	struct ctri_net *cn;
	struct ctri_inside *in;
	bool known;
	struct nf_conntrack_tuple tuple;
};

static int ctri_drop_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct net *net = (void *)ctri_argument(regs, 0);
	const struct ctri_alloc_call *m = ctri_alloc_call_here();
	struct ctri_drop_call *call = (void *)ri->data;

	call->in = ctri_inside_enter();
	call->cn = ctri_net(net);
	call->known = m->net == net &&
		      m->hash == (u32)ctri_argument(regs, 1);
	if (call->known)
		call->tuple = m->tuple;
	return 0;
}

NOKPROBE_SYMBOL(ctri_drop_entry);

static int ctri_drop_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct ctri_drop_call *call = (void *)ri->data;
	const struct nf_conntrack_tuple *tuple = call->known ? &call->tuple : NULL;
	unsigned int kind = tuple ? ctri_l4_kind(tuple->dst.protonum) : 0;
	/* int or bool, by kernel: the low byte tells in both */
	bool evicted = (u8)regs_return_value(regs);

	if (evicted && !(call->in && call->in->victims))
		ctri_account_no_victim();
	if (call->in)
		ctri_inside_leave(call->in);
	if (ctri_account_probe(call->cn,
			       evicted ? CTRI_C_EVICTING : CTRI_C_REFUSED, kind,
			       evicted ? CTRI_N_EVICTING : CTRI_N_REFUSAL, tuple) &&
	    tuple && !evicted)
		trace_conntriage_refuse(call->cn->net->ns.inum, tuple, CTRI_R_TABLE_FULL);
	return 0;
}

NOKPROBE_SYMBOL(ctri_drop_return);

/* What dies with the entry; the silence of some isn't known and passes for 0. */
static enum ctri_victim ctri_victim_of(const struct nf_conn *ct)
{
	bool known;
	u32 idle = ctri_entry_idle(ct, &known);

	switch (ctri_entry_stage(ct, idle)) {
	case CTRI_STAGE_EXPIRED:	/* just now: early_drop saw it alive */
	case CTRI_STAGE_UNANSWERED:
	case CTRI_STAGE_UNANSWERED_60:
		return idle < CTRI_V_WAITS ? CTRI_V_WAITING : CTRI_V_UNANSWERED;
	case CTRI_STAGE_HALF_OPEN:
		return idle < CTRI_V_WAITS ? CTRI_V_WAITING : CTRI_V_HALF_OPEN;
	case CTRI_STAGE_ONCE:
	case CTRI_STAGE_ONCE_60:
		return CTRI_V_ONCE;
	case CTRI_STAGE_CLOSING:
	case CTRI_STAGE_CLOSING_120:
		return CTRI_V_CLOSING;
	case CTRI_STAGE_MIDSTREAM:
		return READ_ONCE(ct->proto.tcp.state) == TCP_CONNTRACK_ESTABLISHED ?
		       CTRI_V_LIVE : CTRI_V_CLOSING;
	default:
		return CTRI_V_LIVE;
	}
}

/*
 * Within gc_worker(), which is preemptible: a softirq that interrupts it, or that
 * its task runs, is not it.
 */
static bool ctri_in_gc(void)
{
	return READ_ONCE(ctri_gc_task) == current && !in_serving_softirq();
}

/*
 * Both reap expired entries as well, by nf_ct_gc_expired(). And if a listener
 * wants its event for certain and it couldn't be delivered, early_drop() doesn't
 * call it room, nor count it, as the entry lives on until it is.
 */
static bool ctri_is_victim(const struct nf_conn *ct)
{
	return !nf_ct_is_expired(ct) && !ctri_destroy_undelivered(ct);
}

static int ctri_delete_entry(struct kprobe *p, struct pt_regs *regs)
{
	struct ctri_inside *in = ctri_inside_here();
	const struct nf_conntrack_tuple *tuple;
	const struct nf_conn *ct;
	enum ctri_evicted by;
	struct ctri_net *cn;

	if (!in && !ctri_in_gc())
		return 0;
	ct = (void *)ctri_argument(regs, 0);
	if (!ctri_is_victim(ct))
		return 0;
	by = in ? CTRI_BY_EARLY_DROP : CTRI_BY_GC;
	if (in)
		in->victims++;
	cn = ctri_net(nf_ct_net(ct));
	tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	if (ctri_account_probe(cn, CTRI_C_EVICTED,
			       by * CTRI_VICTIMS + ctri_victim_of(ct),
			       in ? CTRI_N_EVICTION : CTRI_N_GC_EVICTION, tuple))
		trace_conntriage_evict(cn->net->ns.inum, tuple, CTRI_R_EARLY_DROP + by);
	return 0;
}

NOKPROBE_SYMBOL(ctri_delete_entry);

static int ctri_gc_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	WRITE_ONCE(ctri_gc_task, current);
	return 0;
}

NOKPROBE_SYMBOL(ctri_gc_entry);

static int ctri_gc_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	WRITE_ONCE(ctri_gc_task, NULL);
	return 0;
}

NOKPROBE_SYMBOL(ctri_gc_return);

struct kprobe ctri_kp_alloc = {
	.pre_handler	= ctri_alloc_entry,
};

struct kretprobe ctri_rp_drop = {
	.entry_handler	= ctri_drop_entry,
	.handler	= ctri_drop_return,
	.data_size	= sizeof(struct ctri_drop_call),
};

struct kprobe ctri_kp_delete = {
	.pre_handler	= ctri_delete_entry,
};

struct kretprobe ctri_rp_gc = {
	.entry_handler	= ctri_gc_entry,
	.handler	= ctri_gc_return,
};
