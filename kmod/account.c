// SPDX-License-Identifier: GPL-2.0
/*
 * The way into the source tables: one table a CPU, written by that CPU alone.
 *
 * Writers are softirqs (forwarded and received packets), tasks (packets sent
 * by this host) and kprobe handlers on top of either. They exclude each other
 * by turning off what could interrupt them: BH for hooks (preemption on
 * PREEMPT_RT, where a softirq is a task), interrupts for probes, in which BH
 * can't be turned on again without running softirqs inside the handler. A
 * probe never fires inside a hook's section: nothing there is probed.
 */
#include <linux/bottom_half.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include "compat.h"
#include "conntriage.h"

static DEFINE_PER_CPU(struct ctri_table *, ctri_table);	/* set once */
static struct ctri_table **ctri_tables;	/* by CPU; NULL: never online. Entries are
					 * set once, under the hotplug lock
					 */
static size_t ctri_table_size;
static int ctri_cpuhp_state;
static siphash_key_t ctri_key __read_mostly;
static __be32 ctri_mask4 __read_mostly;
static u64 ctri_mask6[2] __read_mostly;

/**
 * ctri_l4_kind() - the sub-counter of an IP protocol
 * @l4proto: IPPROTO_*
 *
 * Context: any.
 */
enum ctri_l4 ctri_l4_kind(u8 l4proto)
{
	switch (l4proto) {
	case IPPROTO_TCP:
		return CTRI_L4_TCP;
	case IPPROTO_UDP:
		return CTRI_L4_UDP;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return CTRI_L4_ICMP;
	default:
		return CTRI_L4_OTHER;
	}
}

/**
 * ctri_source_mask() - the source that an address belongs to
 * @src: filled
 * @netns: ctri_net.id
 * @addr: the address as seen
 *
 * Context: any.
 */
void ctri_source_mask(struct ctri_source *src, u32 netns,
		      const struct ctri_addr *addr)
{
	src->netns = netns;
	memset(src->pad, 0, sizeof(src->pad));
	if (addr->family == NFPROTO_IPV4) {
		__be32 a[2] = { addr->u3.ip & ctri_mask4, 0 };

		src->family = 4;
		memcpy(&src->addr[0], a, sizeof(a));
		src->addr[1] = 0;
	} else {
		u64 a[2];

		memcpy(a, &addr->u3.in6, sizeof(a));
		src->family = 6;
		src->addr[0] = a[0] & ctri_mask6[0];
		src->addr[1] = a[1] & ctri_mask6[1];
	}
}

/* Owner CPU, nothing that also accounts can interrupt. */
static __always_inline void __ctri_account(struct ctri_net *cn,
					   enum ctri_class class,
					   unsigned int kind,
					   const struct ctri_addr *addr)
{
	u32 now = ctri_now();
	struct ctri_source src;

	ctri_source_mask(&src, cn->id, addr);
	ctri_table_account(this_cpu_read(ctri_table), class, kind, &src,
			   now / CTRI_WINDOW, now);
}

/**
 * ctri_account_hook() - one event, from a netfilter hook
 * @cn: the namespace
 * @class: what happened
 * @kind: its sub-counter in the source's record
 * @count: its counter in the namespace, enum ctri_count
 * @addr: whose it is
 *
 * Context: softirq or task, under rcu_read_lock().
 */
void ctri_account_hook(struct ctri_net *cn, enum ctri_class class,
		       unsigned int kind, unsigned int count,
		       const struct ctri_addr *addr)
{
	bool bh = !IS_ENABLED(CONFIG_PREEMPT_RT) && !softirq_count();

	if (bh)
		local_bh_disable();
	else if (IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_disable();
	this_cpu_inc(cn->counts->n[count]);
	__ctri_account(cn, class, kind, addr);
	if (bh)
		local_bh_enable();
	else if (IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_enable();
}

/**
 * ctri_account_probe() - one event, from a kprobe's handler
 * @cn: the namespace
 * @class: what happened
 * @kind: its sub-counter in the source's record
 * @count: its counter in the namespace, enum ctri_count
 * @addr: whose it is; NULL: not known, the namespace alone is counted
 *
 * Context: any, preemption off, under rcu_read_lock().
 * Return: false if @cn is going away, with nothing counted.
 */
bool ctri_account_probe(struct ctri_net *cn, enum ctri_class class,
			unsigned int kind, unsigned int count,
			const struct ctri_addr *addr)
{
	unsigned long flags;

	if (READ_ONCE(cn->dying))
		return false;
	local_irq_save(flags);
	this_cpu_inc(cn->counts->n[count]);
	if (addr)
		__ctri_account(cn, class, kind, addr);
	local_irq_restore(flags);
	return true;
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

/* Before a CPU comes up. A table stays when its CPU goes, with its counts. */
static int ctri_cpu_prepare(unsigned int cpu)
{
	struct ctri_table *t;

	if (ctri_tables[cpu])
		return 0;
	t = ctri_table_create(ctri_table_size, &ctri_key, cpu_to_node(cpu));
	if (!t)
		return -ENOMEM;
	per_cpu(ctri_table, cpu) = t;
	WRITE_ONCE(ctri_tables[cpu], t);
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
 * @bytes_per_cpu: memory of each
 *
 * Context: process.
 * Return: 0 or -errno with nothing left behind.
 */
int ctri_account_init(size_t bytes_per_cpu)
{
	unsigned int shift;
	int err;

	get_random_bytes(&ctri_key, sizeof(ctri_key));
	ctri_table_size = bytes_per_cpu;
	ctri_mask4 = ctri_prefix4 ? htonl(~0U << (32 - ctri_prefix4)) : 0;
	shift = 128 - ctri_prefix6;
	ctri_mask6[0] = (__force u64)cpu_to_be64(shift > 64 ?
						 ~0ULL << (shift - 64) : ~0ULL);
	ctri_mask6[1] = (__force u64)cpu_to_be64(shift < 64 ? ~0ULL << shift : 0);

	ctri_tables = kvcalloc(nr_cpu_ids, sizeof(*ctri_tables), GFP_KERNEL);
	if (!ctri_tables)
		return -ENOMEM;
	err = cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, "net/conntriage:prepare",
				ctri_cpu_prepare, NULL);
	if (err < 0) {
		ctri_tables_free();
		return err;
	}
	ctri_cpuhp_state = err;
	return 0;
}

/**
 * ctri_account_exit() - free the tables; nothing accounts any more
 *
 * Context: process.
 */
void ctri_account_exit(void)
{
	cpuhp_remove_state_nocalls(ctri_cpuhp_state);
	ctri_tables_free();
}
