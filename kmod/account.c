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
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bottom_half.h>
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include "account.h"
#include "clock.h"
#include "netns.h"
#include "news.h"
#include "pressure.h"
#include "source.h"
#include "table_inline.h"

/* A CPU looks at the namespace's fill level every so many insertions. */
#define CTRI_LOOK_EVERY	64

/**
 * struct ctri_cpu - what an insertion needs of its CPU
 * @table: the source table; set once. NULL: there was no memory for it when the
 *	CPU came up. Then @second is kept long over, which takes every insertion
 *	to ctri_insert_refresh(), and namespaces alone are counted
 * @second: jiffies when the second of @when began
 * @when: ctri_table_when() of now, as long as that second lasts
 * @look: insertions until the next look at the fill level
 *
 * All but @table are written by the CPU itself, in ctri_account_insert() and
 * ctri_insert_refresh().
 */
struct ctri_cpu {
	struct ctri_table *table;
	unsigned long second;
	u64 when;
	int look;
};

static DEFINE_PER_CPU_ALIGNED(struct ctri_cpu, ctri_cpus);
static DEFINE_PER_CPU(struct ctri_lost_events, ctri_cpu_lost);	/* owner CPU */
/* By CPU; NULL: never online. Each is set once, under the hotplug lock. */
static struct ctri_table **ctri_tables;
static size_t ctri_tables_bytes;
static int ctri_tables_cpuhp;
static siphash_key_t ctri_tables_key __read_mostly;

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
	struct ctri_source src = {
		.addr = { cgroup }, .netns = cn->id,
		.family = CTRI_FAMILY_PROGRAM,
	};
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
		ctri_account_event(CTRI_C_PROGRAM, kind, &src);
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

/**
 * ctri_account_cpus_without() - online CPUs that there was no memory for
 *
 * Context: process.
 * Return: how many have no table.
 */
unsigned int ctri_account_cpus_without(void)
{
	unsigned int cpu, nr = 0;

	cpus_read_lock();
	for_each_online_cpu(cpu)
		nr += !READ_ONCE(ctri_tables[cpu]);
	cpus_read_unlock();
	return nr;
}

/**
 * ctri_account_bytes_cpu() - the memory of one CPU's table
 *
 * Context: any.
 * Return: bytes.
 */
size_t ctri_account_bytes_cpu(void)
{
	return ctri_tables_bytes;
}

/**
 * ctri_account_bytes_most() - the memory of all tables, once every CPU was up
 *
 * Context: any.
 * Return: bytes.
 */
size_t ctri_account_bytes_most(void)
{
	return ctri_tables_bytes * num_possible_cpus();
}

/**
 * ctri_account_tables() - every table there is
 * @tables: set to an array that the caller kvfree()s
 * @bytes: set to the memory of all of them; may be NULL
 *
 * Context: process.
 * Return: how many; 0 without memory for the array.
 */
unsigned int ctri_account_tables(struct ctri_table ***tables, size_t *bytes)
{
	unsigned int cpu, nr = 0;
	size_t sum = 0;

	*tables = kvcalloc(nr_cpu_ids, sizeof(**tables), GFP_KERNEL);
	if (*tables) {
		for_each_possible_cpu(cpu) {
			struct ctri_table *t = READ_ONCE(ctri_tables[cpu]);

			if (!t)
				continue;
			(*tables)[nr++] = t;
			sum += ctri_table_bytes(t);
		}
	}
	if (bytes)
		*bytes = sum;
	return nr;
}

/**
 * ctri_class_events() - how many events of a class some counters hold
 * @n: counters of a namespace, by enum ctri_count
 * @class: the class
 *
 * A source of the class has no more than these. Of those that are counted by
 * service or program as well, each source of either kind has no more.
 *
 * Context: any; counters of one CPU may be counting.
 * Return: events.
 */
u64 ctri_class_events(const u64 *n, enum ctri_class class)
{
	u64 sum = 0;
	unsigned int i;

	switch (class) {
	case CTRI_C_INSERT:
	case CTRI_C_PROGRAM:
		return READ_ONCE(n[CTRI_N_INSERT]);
	case CTRI_C_REFUSED:
	case CTRI_C_REFUSED_TO:
		return READ_ONCE(n[CTRI_N_REFUSAL]);
	case CTRI_C_EVICTED:
	case CTRI_C_EVICTED_TO:
		return READ_ONCE(n[CTRI_N_EVICTION]) +
		       READ_ONCE(n[CTRI_N_GC_EVICTION]);
	case CTRI_C_EVICTING:
		return READ_ONCE(n[CTRI_N_EVICTING]);
	case CTRI_C_INSERT_FAILED:
		return READ_ONCE(n[CTRI_N_INSERT_FAILED]);
	case CTRI_C_INVALID:
	case CTRI_C_INVALID_TO:
		for (i = CTRI_N_INVALID; i < CTRI_N_MAX; i++)
			sum += READ_ONCE(n[i]);
		break;
	case CTRI_CLASSES:		/* so that a new class isn't forgotten */
		break;
	}
	return sum;
}

/**
 * ctri_account_tables_of() - the tables that can have sources of a namespace
 * @cn: the namespace; it can't go away
 * @class: sources of this class
 * @tables: filled, room for nr_cpu_ids
 *
 * Those of the CPUs on which the namespace had an event of the class. A CPU on
 * which it has its first just now may be missing.
 *
 * Context: process.
 * Return: how many.
 */
unsigned int ctri_account_tables_of(const struct ctri_net *cn, enum ctri_class class,
				    struct ctri_table **tables)
{
	unsigned int cpu, nr = 0;

	for_each_possible_cpu(cpu) {
		struct ctri_table *t = READ_ONCE(ctri_tables[cpu]);

		if (t && ctri_class_events(per_cpu_ptr(cn->counts, cpu)->n, class))
			tables[nr++] = t;
	}
	return nr;
}

/* When a CPU goes, its table stays, with its counts. Under the hotplug lock. */
static int ctri_tables_add(unsigned int cpu)
{
	struct ctri_table *t;

	if (ctri_tables[cpu])
		return 0;
	per_cpu(ctri_cpus, cpu).second = jiffies - HZ;	/* over */
	t = ctri_table_create(ctri_tables_bytes, &ctri_tables_key,
			      cpu_to_node(cpu));
	if (!t)
		return -ENOMEM;
	per_cpu(ctri_cpus, cpu).table = t;
	WRITE_ONCE(ctri_tables[cpu], t);
	return 0;
}

/* Before a CPU comes up, which it does without a table as well. */
static int ctri_tables_prepare(unsigned int cpu)
{
	if (ctri_tables_add(cpu))
		pr_warn("no memory for the source table of CPU %u: what it sees is counted for no source until it comes up again\n",
			cpu);
	return 0;
}

/*
 * Under the hotplug lock. The CPUs that are up are done here: 5.10, and others
 * of its time, don't call back for them in a state that isn't one of
 * CPUHP_AP_ONLINE_DYN.
 */
static int ctri_tables_fill(void)
{
	unsigned int cpu;
	int err;

	err = cpuhp_setup_state_nocalls_cpuslocked(CPUHP_BP_PREPARE_DYN,
						   "net/conntriage:prepare",
						   ctri_tables_prepare, NULL);
	if (err < 0)
		return err;
	ctri_tables_cpuhp = err;
	for_each_online_cpu(cpu) {
		err = ctri_tables_add(cpu);
		if (err) {
			cpuhp_remove_state_nocalls_cpuslocked(ctri_tables_cpuhp);
			return err;
		}
	}
	return 0;
}

static void ctri_tables_free(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (ctri_tables[cpu])
			ctri_table_destroy(ctri_tables[cpu]);
	kvfree(ctri_tables);
}

/**
 * ctri_account_init() - make the tables of all CPUs
 * @bytes_per_cpu: memory of each, in whole pages
 *
 * Context: process.
 * Return: 0 or -errno with nothing left behind.
 */
int ctri_account_init(size_t bytes_per_cpu)
{
	int err;

	get_random_bytes(&ctri_tables_key, sizeof(ctri_tables_key));
	ctri_tables_bytes = bytes_per_cpu;
	ctri_tables = kvcalloc(nr_cpu_ids, sizeof(*ctri_tables), GFP_KERNEL);
	if (!ctri_tables)
		return -ENOMEM;
	cpus_read_lock();
	err = ctri_tables_fill();
	cpus_read_unlock();
	if (err)
		ctri_tables_free();
	return err;
}

/**
 * ctri_account_exit() - free the tables; nothing accounts any more
 *
 * Context: process.
 */
void ctri_account_exit(void)
{
	cpuhp_remove_state_nocalls(ctri_tables_cpuhp);
	ctri_tables_free();
}
