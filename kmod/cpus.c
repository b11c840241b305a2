// SPDX-License-Identifier: GPL-2.0
/*
 * The source tables, one a CPU: made when the module is loaded, or the CPU comes up,
 * and freed with the module. account.c writes them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include "cpus.h"
#include "netns.h"

DEFINE_PER_CPU_ALIGNED(struct ctri_cpu, ctri_cpus);
/* By CPU; NULL: never online. Each is set once, under the hotplug lock. */
static struct ctri_table **ctri_tables;
static size_t ctri_tables_bytes;
static int ctri_tables_cpuhp;
static siphash_key_t ctri_tables_key __read_mostly;

/**
 * ctri_cpus_without() - online CPUs that there was no memory for
 *
 * Context: process.
 * Return: how many have no table.
 */
unsigned int ctri_cpus_without(void)
{
	unsigned int cpu, nr = 0;

	cpus_read_lock();
	for_each_online_cpu(cpu)
		nr += !READ_ONCE(ctri_tables[cpu]);
	cpus_read_unlock();
	return nr;
}

/**
 * ctri_cpus_bytes_each() - the memory of one CPU's table
 *
 * Context: any.
 * Return: bytes.
 */
size_t ctri_cpus_bytes_each(void)
{
	return ctri_tables_bytes;
}

/**
 * ctri_cpus_bytes_most() - the memory of all tables, once every CPU was up
 *
 * Context: any.
 * Return: bytes.
 */
size_t ctri_cpus_bytes_most(void)
{
	return ctri_tables_bytes * num_possible_cpus();
}

/**
 * ctri_cpus_tables() - every table there is
 * @tables: set to an array that the caller kvfree()s
 * @bytes: set to the memory of all of them; may be NULL
 *
 * Context: process.
 * Return: how many; 0 without memory for the array.
 */
unsigned int ctri_cpus_tables(struct ctri_table ***tables, size_t *bytes)
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
 * ctri_cpus_tables_of() - the tables that can have sources of a namespace
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
unsigned int ctri_cpus_tables_of(const struct ctri_net *cn, enum ctri_class class,
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
	smp_store_release(&ctri_tables[cpu], t);	/* its contents first */
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
 * ctri_cpus_init() - make the tables of all CPUs
 * @bytes_per_cpu: memory of each, in whole pages
 *
 * Context: process.
 * Return: 0 or -errno with nothing left behind.
 */
int ctri_cpus_init(size_t bytes_per_cpu)
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
 * ctri_cpus_exit() - free the tables; nothing accounts any more
 *
 * Context: process.
 */
void ctri_cpus_exit(void)
{
	cpuhp_remove_state_nocalls(ctri_tables_cpuhp);
	ctri_tables_free();
}
