// SPDX-License-Identifier: GPL-2.0
/*
 * Evictions and refusals. Both happen inside __nf_conntrack_alloc(), before
 * any later hook, and nothing exported tells of them. So, while armed:
 *
 *  __nf_conntrack_alloc(net, zone, orig, repl, gfp, hash)	entry
 *	whose connection this CPU is making
 *  early_drop(net, hash)					entry, return
 *	called over the maximum only. true: it evicted for that connection;
 *	false: that connection's packet is refused
 *  nf_ct_delete(ct, portid, report)				entry, return
 *	called from early_drop or gc_worker, told by its return address, and
 *	returning true: @ct is a victim
 *  gc_worker(work)						never armed
 *	its extent is needed, to tell its kills
 *
 * alloc and early_drop are matched by (net, hash), which early_drop is given
 * on from the very alloc that called it, in the slot of this CPU and context.
 * A task that moved to another CPU or was preempted in between finds no match
 * and is counted as such.
 *
 * Handlers run with preemption off. Those of early_drop and nf_ct_delete stand
 * under the caller's rcu_read_lock(), which holds the namespace's data: see
 * ctri_net_pre_exit().
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <net/netfilter/nf_conntrack.h>
#include "compat.h"
#include "conntriage.h"

/* A connection that is being made. Owned by its CPU and context. */
struct ctri_making {
	const struct net *net;
	u32 hash;
	struct ctri_addr addr;
};

/* One for tasks, one for softirqs, which interrupt them. */
static DEFINE_PER_CPU(struct ctri_making [2], ctri_making);

struct ctri_losses {
	u64 no_cause, no_netns;
};

static DEFINE_PER_CPU(struct ctri_losses, ctri_losses);	/* owner CPU, irqs off */

struct ctri_extent {
	unsigned long start, end;
};

/* Set at load, before anything is armed. */
static struct ctri_extent ctri_in_early_drop __read_mostly;
static struct ctri_extent ctri_in_gc __read_mostly;
static bool ctri_attached[CTRI_PROBES];

/* Calls under way at once: a task and a softirq a CPU, and preempted tasks */
#define CTRI_MAXACTIVE		(4 * num_possible_cpus() + 16)

static DEFINE_MUTEX(ctri_probe_mutex);	/* arming */
static bool ctri_armed;			/* under ctri_probe_mutex */

static bool ctri_within(const struct ctri_extent *e, unsigned long addr)
{
	return addr > e->start && addr <= e->end;
}

static void ctri_tuple_addr(struct ctri_addr *addr,
			    const struct nf_conntrack_tuple *t)
{
	addr->family = t->src.l3num;
	addr->l4proto = t->dst.protonum;
	addr->u3 = t->src.u3;
}

static int ctri_on_alloc(struct kprobe *p, struct pt_regs *regs)
{
	struct ctri_making *m =
		&raw_cpu_ptr(ctri_making)[in_serving_softirq() ? 1 : 0];

	m->net = (void *)regs_get_kernel_argument(regs, 0);
	m->hash = regs_get_kernel_argument(regs, 5);
	ctri_tuple_addr(&m->addr, (void *)regs_get_kernel_argument(regs, 2));
	return 0;
}
NOKPROBE_SYMBOL(ctri_on_alloc);

struct ctri_drop_call {
	struct ctri_net *cn;
	bool known;
	struct ctri_addr addr;
};

static int ctri_on_drop(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct ctri_making *m =
		&raw_cpu_ptr(ctri_making)[in_serving_softirq() ? 1 : 0];
	const struct net *net = (void *)regs_get_kernel_argument(regs, 0);
	struct ctri_drop_call *call = (void *)ri->data;

	call->cn = ctri_net(net);
	call->known = m->net == net &&
		      m->hash == (u32)regs_get_kernel_argument(regs, 1);
	if (call->known)
		call->addr = m->addr;
	return 0;
}
NOKPROBE_SYMBOL(ctri_on_drop);

static int ctri_after_drop(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct ctri_drop_call *call = (void *)ri->data;
	const struct ctri_addr *addr = call->known ? &call->addr : NULL;
	unsigned int kind = addr ? ctri_l4_kind(addr->l4proto) : 0;
	/* int or bool, by kernel: the low byte tells in both */
	bool evicted = (u8)regs_return_value(regs);

	if (!addr)
		this_cpu_inc(ctri_losses.no_cause);
	if (!ctri_account_probe(call->cn,
				evicted ? CTRI_C_EVICTING : CTRI_C_REFUSED, kind,
				evicted ? CTRI_N_EVICTING : CTRI_N_REFUSAL, addr))
		this_cpu_inc(ctri_losses.no_netns);
	return 0;
}
NOKPROBE_SYMBOL(ctri_after_drop);

struct ctri_delete_call {
	struct ctri_net *cn;
	enum ctri_evicted by;
	struct ctri_addr addr;
};

/* Nonzero: this deletion is not an eviction, leave its return alone. */
static int ctri_on_delete(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct nf_conn *ct = (void *)regs_get_kernel_argument(regs, 0);
	struct ctri_delete_call *call = (void *)ri->data;
	unsigned long caller = ctri_caller(regs);

	if (ctri_within(&ctri_in_early_drop, caller))
		call->by = CTRI_BY_EARLY_DROP;
	else if (ctri_within(&ctri_in_gc, caller) && !nf_ct_is_expired(ct))
		call->by = CTRI_BY_GC;
	else
		return 1;
	call->cn = ctri_net(nf_ct_net(ct));
	ctri_tuple_addr(&call->addr, &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple);
	return 0;
}
NOKPROBE_SYMBOL(ctri_on_delete);

static int ctri_after_delete(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	const struct ctri_delete_call *call = (void *)ri->data;

	if (!(u8)regs_return_value(regs))
		return 0;
	if (!ctri_account_probe(call->cn, CTRI_C_EVICTED, call->by,
				call->by == CTRI_BY_GC ? CTRI_N_GC_EVICTION :
							 CTRI_N_EVICTION,
				&call->addr))
		this_cpu_inc(ctri_losses.no_netns);
	return 0;
}
NOKPROBE_SYMBOL(ctri_after_delete);

static struct kprobe ctri_kp_alloc = {
	.pre_handler	= ctri_on_alloc,
};

static struct kretprobe ctri_rp_drop = {
	.entry_handler	= ctri_on_drop,
	.handler	= ctri_after_drop,
	.data_size	= sizeof(struct ctri_drop_call),
};

static struct kretprobe ctri_rp_delete = {
	.entry_handler	= ctri_on_delete,
	.handler	= ctri_after_delete,
	.data_size	= sizeof(struct ctri_delete_call),
};

static struct kprobe ctri_kp_gc;

/*
 * A function's place under its names: as a module's or built in, and as the
 * compiler left it. Registered, but not armed. register_*() of a name that
 * isn't there leaves traces in @kp, hence the new start each time.
 */
static int ctri_attach(struct kprobe *kp, struct kretprobe *rp,
		       const char *const *symbols)
{
	kprobe_pre_handler_t handler = kp->pre_handler;
	int err = -ENOENT;

	for (; err && *symbols; symbols++) {
		memset(kp, 0, sizeof(*kp));
		kp->pre_handler = handler;
		kp->symbol_name = *symbols;
		kp->flags = KPROBE_FLAG_DISABLED;
		if (rp) {
			rp->maxactive = CTRI_MAXACTIVE;
			err = register_kretprobe(rp);
		} else {
			err = register_kprobe(kp);
		}
	}
	return err;
}

/* kallsyms prints "symbol+0xOFFSET/0xSIZE [module]"; its size isn't exported. */
static int ctri_extent_of(struct ctri_extent *e, const struct kprobe *kp)
{
	unsigned long addr = (unsigned long)kp->addr, offset, size;
	char name[KSYM_SYMBOL_LEN];
	const char *plus;

	sprint_symbol(name, addr);
	plus = strrchr(name, '+');
	if (!plus || sscanf(plus, "+0x%lx/0x%lx", &offset, &size) != 2)
		return -ENOENT;
	e->start = addr - offset;
	e->end = e->start + size;
	return 0;
}

static const char *const ctri_sym_alloc[] = {
	"nf_conntrack:__nf_conntrack_alloc", "__nf_conntrack_alloc", NULL
};

static const char *const ctri_sym_drop[] = {
	"nf_conntrack:early_drop", "early_drop", NULL
};

/* gcc splits it on 5.10; what follows the test of IPS_DYING is the part */
static const char *const ctri_sym_delete[] = {
	"nf_conntrack:nf_ct_delete.part.0", "nf_ct_delete.part.0",
	"nf_conntrack:nf_ct_delete", "nf_ct_delete", NULL
};

/* Not unique enough a name to be looked for outside of the module */
static const char *const ctri_sym_gc[] = {
	"nf_conntrack:gc_worker", NULL
};

static void ctri_attach_or_warn(enum ctri_probe which, struct kprobe *kp,
				struct kretprobe *rp,
				const char *const *symbols, const char *lost)
{
	int err = ctri_attach(kp, rp, symbols);

	ctri_attached[which] = !err;
	if (err)
		pr_notice("cannot attach to %s (%d): %s on this kernel\n",
			  symbols[0], err, lost);
}

/**
 * ctri_probes_init() - find the places to attach to; none is armed
 *
 * What can't be attached to is named in the log and in "status"; the rest
 * works without.
 *
 * Context: process.
 */
void ctri_probes_init(void)
{
	ctri_attach_or_warn(CTRI_P_ALLOC, &ctri_kp_alloc, NULL, ctri_sym_alloc,
			    "who evicts and who is refused stays unknown");
	ctri_attach_or_warn(CTRI_P_DROP, &ctri_rp_drop.kp, &ctri_rp_drop,
			    ctri_sym_drop, "evictions and refusals stay unseen");
	ctri_attach_or_warn(CTRI_P_DELETE, &ctri_rp_delete.kp, &ctri_rp_delete,
			    ctri_sym_delete, "victims stay unknown");
	ctri_attach_or_warn(CTRI_P_GC, &ctri_kp_gc, NULL, ctri_sym_gc,
			    "the gc worker's evictions stay unseen");

	if (ctri_attached[CTRI_P_GC]) {
		if (ctri_extent_of(&ctri_in_gc, &ctri_kp_gc))
			ctri_attached[CTRI_P_GC] = false;
		unregister_kprobe(&ctri_kp_gc);
	}
	if (ctri_attached[CTRI_P_DROP] && ctri_attached[CTRI_P_DELETE] &&
	    ctri_extent_of(&ctri_in_early_drop, &ctri_rp_drop.kp)) {
		unregister_kretprobe(&ctri_rp_delete);
		ctri_attached[CTRI_P_DELETE] = false;
	}
}

/**
 * ctri_probes_exit() - let go; no handler runs any more on return
 *
 * Context: process.
 */
void ctri_probes_exit(void)
{
	if (ctri_attached[CTRI_P_DELETE])
		unregister_kretprobe(&ctri_rp_delete);
	if (ctri_attached[CTRI_P_DROP])
		unregister_kretprobe(&ctri_rp_drop);
	if (ctri_attached[CTRI_P_ALLOC])
		unregister_kprobe(&ctri_kp_alloc);
}

static int ctri_set_armed(enum ctri_probe which, struct kprobe *kp, bool arm)
{
	if (!ctri_attached[which])
		return 0;
	return arm ? enable_kprobe(kp) : disable_kprobe(kp);
}

static void __ctri_probes_disarm(void)
{
	ctri_set_armed(CTRI_P_DELETE, &ctri_rp_delete.kp, false);
	ctri_set_armed(CTRI_P_DROP, &ctri_rp_drop.kp, false);
	ctri_set_armed(CTRI_P_ALLOC, &ctri_kp_alloc, false);
	ctri_armed = false;
}

/**
 * ctri_probes_arm() - watch evictions and refusals from here on
 *
 * The alloc probe first: early_drop finds its cause from the first call on.
 *
 * Context: process.
 * Return: 1 if it armed them, 0 if they were, or -errno with none armed.
 */
int ctri_probes_arm(void)
{
	int err = 0;

	mutex_lock(&ctri_probe_mutex);
	if (!ctri_armed) {
		ctri_armed = true;
		err = ctri_set_armed(CTRI_P_ALLOC, &ctri_kp_alloc, true);
		if (!err)
			err = ctri_set_armed(CTRI_P_DELETE, &ctri_rp_delete.kp,
					     true);
		if (!err)
			err = ctri_set_armed(CTRI_P_DROP, &ctri_rp_drop.kp,
					     true);
		if (err)
			__ctri_probes_disarm();
		else
			err = 1;
	}
	mutex_unlock(&ctri_probe_mutex);
	return err;
}

/**
 * ctri_probes_disarm() - stop paying for the probes
 *
 * Context: process.
 */
void ctri_probes_disarm(void)
{
	mutex_lock(&ctri_probe_mutex);
	if (ctri_armed)
		__ctri_probes_disarm();
	mutex_unlock(&ctri_probe_mutex);
}

/**
 * ctri_probes_state() - for "status"
 * @s: filled
 *
 * Context: process.
 */
void ctri_probes_state(struct ctri_probe_state *s)
{
	unsigned int cpu;

	memset(s, 0, sizeof(*s));
	mutex_lock(&ctri_probe_mutex);
	memcpy(s->attached, ctri_attached, sizeof(s->attached));
	s->armed = ctri_armed;
	mutex_unlock(&ctri_probe_mutex);

	s->missed = ctri_kp_alloc.nmissed +
		    ctri_rp_drop.nmissed + ctri_rp_drop.kp.nmissed +
		    ctri_rp_delete.nmissed + ctri_rp_delete.kp.nmissed;
	for_each_possible_cpu(cpu) {
		const struct ctri_losses *l = per_cpu_ptr(&ctri_losses, cpu);

		s->no_cause += READ_ONCE(l->no_cause);
		s->no_netns += READ_ONCE(l->no_netns);
	}
}
