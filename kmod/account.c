// SPDX-License-Identifier: GPL-2.0
/*
 * Counts events by namespace and by source. There is one source table a CPU,
 * written by that CPU alone.
 *
 * Writers are softirqs (forwarded and received packets), tasks (packets sent
 * by this host) and kprobe handlers that interrupt either. Each turns off what
 * could interrupt it. Hooks turn off BH; on PREEMPT_RT, where a softirq is a
 * task, preemption. Probes turn off interrupts: to turn BH on again inside a
 * handler would run softirqs there. No probe interrupts a hook while it counts,
 * as nothing that is called there is probed.
 */
#include <linux/bottom_half.h>
#include <linux/cpumask.h>
#include <linux/in.h>
#include <linux/in6.h>
#include "account.h"
#include "clock.h"
#include "cpus.h"
#include "netns.h"
#include "news.h"
#include "pressure.h"
#include "source.h"
#include "table_inline.h"

/* A CPU looks at the namespace's fill level every so many insertions. */
#define CTRI_LOOK_EVERY	64

const u8 ctri_l4_kinds[U8_MAX + 1] = {
	[0] = CTRI_L4_OTHER,
	[IPPROTO_ICMP] = CTRI_L4_ICMP,
	[IPPROTO_ICMP + 1 ... IPPROTO_TCP - 1] = CTRI_L4_OTHER,
	[IPPROTO_TCP] = CTRI_L4_TCP,
	[IPPROTO_TCP + 1 ... IPPROTO_UDP - 1] = CTRI_L4_OTHER,
	[IPPROTO_UDP] = CTRI_L4_UDP,
	[IPPROTO_UDP + 1 ... IPPROTO_ICMPV6 - 1] = CTRI_L4_OTHER,
	[IPPROTO_ICMPV6] = CTRI_L4_ICMP,
	[IPPROTO_ICMPV6 + 1 ... U8_MAX] = CTRI_L4_OTHER,
};

static DEFINE_PER_CPU(struct ctri_lost_events, ctri_cpu_lost);	/* owner CPU */

/* What is about to be counted in @cn, may it be? If not, it counts as lost. */
static __always_inline bool ctri_account_may(struct ctri_net *cn)
{
	if (likely(ctri_news_note(cn)))
		return true;
	this_cpu_inc(ctri_cpu_lost.no_netns);
	return false;
}

/* On the table's CPU, with whatever else counts there kept out. */
static void ctri_account_event(enum ctri_class class, unsigned int kind,
			       const struct ctri_source *src)
{
	struct ctri_table *table = __this_cpu_read(ctri_cpus.table);
	u32 now = ctri_now();

	if (likely(table))
		ctri_table_account(table, class, kind, src, now / CTRI_WINDOW,
				   now);
}

/* One event, whatever it would have been counted as: by the source or service. */
static void ctri_account_table_used(void)
{
	if (unlikely(!__this_cpu_read(ctri_cpus.table)))
		this_cpu_inc(ctri_cpu_lost.no_table);
}

/* The same for what an entry or packet was for: its destination and service. */
static void ctri_account_event_to(enum ctri_class class, unsigned int kind,
				  u32 netns,
				  const struct nf_conntrack_tuple *tuple)
{
	struct ctri_source src;

	ctri_source_whole(&src, netns, tuple->src.l3num, &tuple->dst.u3);
	ctri_account_event(class, kind, &src);
	/* no service has port 0: an INVALID packet was too short for its ports */
	if (tuple->dst.u.all && ctri_source_service(&src, netns, tuple))
		ctri_account_event(class, kind, &src);
}

/* Is whatever else counts on this CPU kept out already? */
static __always_inline bool ctri_cpu_is_ours(void)
{
	return IS_ENABLED(CONFIG_PREEMPT_RT) ? preempt_count() :
					       softirq_count();
}

static void ctri_cpu_take(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_disable();
	else
		local_bh_disable();
}

static void ctri_cpu_release(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_enable();
	else
		local_bh_enable();
}

/* Mostly a packet that a task sends; on PREEMPT_RT every packet. */
static noinline void ctri_insert_task(struct ctri_net *cn,
				      const struct nf_conntrack_tuple *tuple)
{
	ctri_cpu_take();
	ctri_account_insert(cn, tuple);
	ctri_cpu_release();
}

/* The first event of the namespace since the last tick, or it isn't watched. */
static noinline void ctri_insert_first(struct ctri_net *cn,
				       const struct nf_conntrack_tuple *tuple)
{
	if (ctri_account_may(cn))
		ctri_account_insert(cn, tuple);
}

/* A new second has begun, or it is time to look at the fill level. */
static noinline void ctri_insert_refresh(struct ctri_net *cn,
					 const struct nf_conntrack_tuple *tuple)
{
	struct ctri_cpu *cpu = this_cpu_ptr(&ctri_cpus);
	u32 now = ctri_now();

	if (cpu->look <= 0) {
		cpu->look = CTRI_LOOK_EVERY;
		ctri_pressure_look(cn->net);
	}
	if (unlikely(!cpu->table)) {
		cpu->look--;
		cpu->second = jiffies - HZ;
		__this_cpu_inc(cn->counts->n[CTRI_N_INSERT]);
		ctri_account_table_used();
		return;
	}
	cpu->second = (unsigned long)now * HZ;
	cpu->when = ctri_table_when(now / CTRI_WINDOW, now);
	ctri_account_insert(cn, tuple);
}

static noinline void ctri_insert_ipv6(struct ctri_net *cn,
				      const struct nf_conntrack_tuple *tuple,
				      const struct ctri_cpu *cpu)
{
	struct ctri_source src;

	ctri_source_address(&src, cn->id, tuple->src.l3num, &tuple->src.u3);
	ctri_table_account(cpu->table, CTRI_C_INSERT,
			   ctri_l4_kind(tuple->dst.protonum), &src,
			   cpu->when >> 32, cpu->when);
}

/**
 * ctri_account_insert() - an entry goes to confirmation
 * @cn: the namespace
 * @tuple: of the entry's original direction
 *
 * Every new connection pays for this, so what is rare is out of line and comes
 * back here, and an IPv4 source is never a struct in memory.
 *
 * Context: softirq or task, under rcu_read_lock().
 */
void ctri_account_insert(struct ctri_net *cn,
			 const struct nf_conntrack_tuple *tuple)
{
	struct ctri_cpu *cpu;

	if (unlikely(!ctri_cpu_is_ours())) {
		ctri_insert_task(cn, tuple);
		return;
	}
	if (unlikely(!ctri_news_noted(cn))) {
		ctri_insert_first(cn, tuple);
		return;
	}
	cpu = this_cpu_ptr(&ctri_cpus);
	if (unlikely(jiffies - cpu->second >= HZ || --cpu->look < 0)) {
		ctri_insert_refresh(cn, tuple);
		return;
	}
	__this_cpu_inc(cn->counts->n[CTRI_N_INSERT]);
	if (unlikely(tuple->src.l3num != NFPROTO_IPV4)) {
		ctri_insert_ipv6(cn, tuple, cpu);
		return;
	}
	ctri_table_account_ipv4(cpu->table, CTRI_C_INSERT, cn->id,
				ctri_ipv4_source(tuple->src.u3.ip),
				ctri_l4_kind(tuple->dst.protonum), cpu->when);
}

/* Another program than the last: a struct in memory is built for it alone. */
static noinline void ctri_account_program(u32 netns, u64 cgroup, unsigned int kind)
{
	struct ctri_source src = {
		.addr = { cgroup }, .netns = netns, .family = CTRI_FAMILY_PROGRAM,
	};

	ctri_account_event(CTRI_C_PROGRAM, kind, &src);
}

/**
 * ctri_account_insert_local() - an entry of a socket of this host likewise
 * @cn: the namespace
 * @tuple: of the entry's original direction
 * @cgroup: the socket's, cgroup_id()
 *
 * Context: softirq or task, under rcu_read_lock().
 */
void ctri_account_insert_local(struct ctri_net *cn,
			       const struct nf_conntrack_tuple *tuple,
			       u64 cgroup)
{
	unsigned int kind = ctri_l4_kind(tuple->dst.protonum);
	bool alone = ctri_cpu_is_ours();
	const struct ctri_cpu *cpu;

	if (!alone)
		ctri_cpu_take();
	ctri_account_insert(cn, tuple);
	/* which has looked at the clock; mostly the last program comes again */
	cpu = this_cpu_ptr(&ctri_cpus);
	if (likely(cpu->table) &&
	    !ctri_table_account_again(cpu->table, CTRI_C_PROGRAM, cgroup,
				      cn->id, CTRI_FAMILY_PROGRAM, kind,
				      cpu->when))
		ctri_account_program(cn->id, cgroup, kind);
	if (!alone)
		ctri_cpu_release();
}

/**
 * ctri_account_invalid() - an INVALID packet
 * @cn: the namespace
 * @kind: what is wrong with it
 * @tuple: whose it is; where it was too short for its ports, they are 0
 *
 * Its destination is counted as well if it was looked into.
 *
 * Context: softirq or task, under rcu_read_lock().
 */
void ctri_account_invalid(struct ctri_net *cn, enum ctri_invalid kind,
			  const struct nf_conntrack_tuple *tuple)
{
	bool alone = ctri_cpu_is_ours();
	struct ctri_source src;

	if (!ctri_account_may(cn))
		return;
	ctri_source_address(&src, cn->id, tuple->src.l3num, &tuple->src.u3);
	if (!alone)
		ctri_cpu_take();
	__this_cpu_inc(cn->counts->n[CTRI_N_INVALID + kind]);
	ctri_account_table_used();
	ctri_account_event(CTRI_C_INVALID, kind, &src);
	if (kind != CTRI_INV_UNSAMPLED)
		ctri_account_event_to(CTRI_C_INVALID_TO, kind, cn->id, tuple);
	if (!alone)
		ctri_cpu_release();
}

/**
 * ctri_account_no_cause() - an event whose packet can't be told
 *
 * Context: any, preemption off.
 */
void ctri_account_no_cause(void)
{
	this_cpu_inc(ctri_cpu_lost.no_cause);
}

/**
 * ctri_account_no_victim() - a call of early_drop() evicted what no probe saw
 *
 * Context: any, preemption off.
 */
void ctri_account_no_victim(void)
{
	this_cpu_inc(ctri_cpu_lost.no_victim);
}

/* The class of the same events by destination and service; none: CTRI_CLASSES */
static enum ctri_class ctri_class_to(enum ctri_class class)
{
	switch (class) {
	case CTRI_C_REFUSED:
		return CTRI_C_REFUSED_TO;
	case CTRI_C_EVICTED:
		return CTRI_C_EVICTED_TO;
	default:
		return CTRI_CLASSES;
	}
}

/**
 * ctri_account_probe() - one event, from a kprobe's handler
 * @cn: the namespace
 * @class: what happened
 * @kind: its sub-counter in the source's record
 * @count: its counter in the namespace, enum ctri_count
 * @tuple: whose it is; NULL: not known, which counts as lost, and the namespace
 *	alone is counted
 *
 * What was lost, refused or evicted, is counted by its destination as well.
 *
 * Context: any, preemption off, under rcu_read_lock().
 * Return: false if @cn isn't watched, or no more: the event counts as lost.
 */
bool ctri_account_probe(struct ctri_net *cn, enum ctri_class class,
			unsigned int kind, unsigned int count,
			const struct nf_conntrack_tuple *tuple)
{
	enum ctri_class to = ctri_class_to(class);
	struct ctri_source src;
	unsigned long flags;

	if (!tuple)
		ctri_account_no_cause();
	if (!ctri_account_may(cn))
		return false;
	if (tuple)
		ctri_source_address(&src, cn->id, tuple->src.l3num,
				    &tuple->src.u3);
	local_irq_save(flags);
	this_cpu_inc(cn->counts->n[count]);
	if (tuple) {
		ctri_account_table_used();
		ctri_account_event(class, kind, &src);
	}
	if (tuple && to != CTRI_CLASSES)
		ctri_account_event_to(to, kind, cn->id, tuple);
	local_irq_restore(flags);
	return true;
}

/**
 * ctri_account_insert_direct() - an entry goes into the table without a packet
 * @cn: the namespace
 * @tuple: of the entry's original direction
 *
 * It is one of the insertions; conntrackd can put in a whole table between two
 * ticks.
 *
 * Context: softirq or task, also in a kprobe's handler; preemption off, under
 * rcu_read_lock().
 */
void ctri_account_insert_direct(struct ctri_net *cn,
				const struct nf_conntrack_tuple *tuple)
{
	if (!ctri_account_probe(cn, CTRI_C_INSERT, CTRI_L4_DIRECT,
				CTRI_N_INSERT_DIRECT, tuple))
		return;
	this_cpu_inc(cn->counts->n[CTRI_N_INSERT]);
	ctri_pressure_look(cn->net);
}

/**
 * ctri_account_service() - the same event, for its service
 * @cn: the namespace
 * @class: what happened
 * @kind: its sub-counter in the service's record
 * @tuple: of the original direction
 *
 * Context: any, preemption off, under rcu_read_lock().
 */
void ctri_account_service(struct ctri_net *cn, enum ctri_class class,
			  unsigned int kind,
			  const struct nf_conntrack_tuple *tuple)
{
	struct ctri_source src;
	unsigned long flags;

	if (!ctri_source_service(&src, cn->id, tuple))
		return;
	local_irq_save(flags);
	ctri_account_event(class, kind, &src);
	local_irq_restore(flags);
}

/**
 * ctri_account_lost() - events of the probes that are no source's
 * @lost: filled, since the module was loaded
 *
 * Context: process.
 */
void ctri_account_lost(struct ctri_lost_events *lost)
{
	unsigned int cpu;

	memset(lost, 0, sizeof(*lost));
	for_each_possible_cpu(cpu) {
		const struct ctri_lost_events *l = per_cpu_ptr(&ctri_cpu_lost, cpu);

		lost->no_cause += READ_ONCE(l->no_cause);
		lost->no_netns += READ_ONCE(l->no_netns);
		lost->no_table += READ_ONCE(l->no_table);
		lost->no_victim += READ_ONCE(l->no_victim);
	}
}
