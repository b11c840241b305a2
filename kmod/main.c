// SPDX-License-Identifier: GPL-2.0
/*
 * conntriage: who fills the conntrack table, who is evicted, refused, INVALID.
 * Module parameters, network namespaces, and the order of coming and going.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/timekeeping.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "abi.h"
#include "census.h"
#include "compat.h"
#include "conntriage.h"

#define CTRI_MEMORY_KIB_MAX	65536	/* a CPU; far above any use */

unsigned int ctri_prefix4 = 32;
module_param_named(prefix4, ctri_prefix4, uint, 0444);
MODULE_PARM_DESC(prefix4, "bits of an IPv4 address that make a source, 1 to 32");

unsigned int ctri_prefix6 = 64;
module_param_named(prefix6, ctri_prefix6, uint, 0444);
MODULE_PARM_DESC(prefix6, "bits of an IPv6 address that make a source, 1 to 128");

static unsigned int ctri_memory_kib = 512;
module_param_named(memory_kib, ctri_memory_kib, uint, 0444);
MODULE_PARM_DESC(memory_kib, "KiB a CPU for the source table, up to 65536");

LIST_HEAD(ctri_nets);
DEFINE_MUTEX(ctri_nets_mutex);		/* the list of namespaces */
static u32 ctri_last_id;		/* under ctri_nets_mutex */
unsigned int ctri_net_id __read_mostly;
static time64_t ctri_loaded;		/* CLOCK_BOOTTIME s, set at load */

/**
 * ctri_net() - the module's data of a namespace
 * @net: a namespace
 *
 * Context: any, while this module's pernet operations are registered.
 * Return: the data; there for every namespace.
 */
struct ctri_net *ctri_net(const struct net *net)
{
	return net_generic(net, ctri_net_id);
}

/**
 * ctri_uptime() - seconds since the module was loaded, suspends included
 *
 * Context: any.
 * Return: seconds.
 */
time64_t ctri_uptime(void)
{
	return ktime_get_boottime_seconds() - ctri_loaded;
}

/**
 * ctri_kstat_read() - conntrack's own counters of a namespace
 * @net: the namespace
 * @k: filled with the sums over the CPUs, which wrap at 32 bits
 *
 * Context: any.
 */
void ctri_kstat_read(const struct net *net, struct ctri_kstat *k)
{
	unsigned int cpu;

	memset(k, 0, sizeof(*k));
	for_each_possible_cpu(cpu) {
		const struct ip_conntrack_stat *st =
			per_cpu_ptr(net->ct.stat, cpu);

		k->insert_failed += READ_ONCE(st->insert_failed);
		k->chaintoolong += ctri_stat_chaintoolong(st);
		k->clash += READ_ONCE(st->clash_resolve);
		k->drop += READ_ONCE(st->drop);
		k->early_drop += READ_ONCE(st->early_drop);
		k->invalid += READ_ONCE(st->invalid);
		k->error += READ_ONCE(st->error);
	}
}

/**
 * ctri_counts_read() - this module's counters of a namespace
 * @cn: the namespace; listed, under ctri_nets_mutex
 * @sum: filled with the sums over the CPUs
 *
 * Context: process.
 */
void ctri_counts_read(const struct ctri_net *cn, struct ctri_counts *sum)
{
	unsigned int cpu, i;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct ctri_counts *c = per_cpu_ptr(cn->counts, cpu);

		for (i = 0; i < CTRI_N_MAX; i++)
			sum->n[i] += READ_ONCE(c->n[i]);
	}
}

static void ctri_net_unlist(struct ctri_net *cn)
{
	mutex_lock(&ctri_nets_mutex);
	ctri_pressure_last(cn);
	list_del(&cn->list);
	mutex_unlock(&ctri_nets_mutex);
}

static int __net_init ctri_net_init(struct net *net)
{
	struct ctri_net *cn = ctri_net(net);
	int err;

	cn->net = net;
	cn->counts = alloc_percpu(struct ctri_counts);
	if (!cn->counts)
		return -ENOMEM;
	ctri_kstat_read(net, &cn->base);
	cn->last = cn->base;
	cn->last_count = ctri_ct_count(net);

	mutex_lock(&ctri_nets_mutex);
	cn->id = ++ctri_last_id;
	list_add_tail(&cn->list, &ctri_nets);
	mutex_unlock(&ctri_nets_mutex);

	err = ctri_hooks_register(cn);
	if (err)
		goto err_hooks;
	err = ctri_proc_add(net);
	if (err)
		goto err_proc;
	return 0;

err_proc:
	ctri_hooks_unregister(cn);
err_hooks:
	ctri_net_unlist(cn);
	synchronize_rcu();	/* packets in hooks that are gone again */
	free_percpu(cn->counts);
	return err;
}

/*
 * Entries of a dying namespace can be evicted until conntrack's own exit,
 * which comes after this module's, so probes may still ask for it: they are
 * told by cn->dying. The core waits for a grace period between pre_exit and
 * exit, so that no hook and no probe that saw it alive is left when its
 * counters are freed.
 */
static void __net_exit ctri_net_pre_exit(struct net *net)
{
	struct ctri_net *cn = ctri_net(net);

	ctri_proc_remove(net);
	WRITE_ONCE(cn->dying, true);
	ctri_hooks_unregister(cn);
	ctri_net_unlist(cn);
}

static void __net_exit ctri_net_exit(struct net *net)
{
	struct ctri_net *cn = ctri_net(net);

	free_percpu(cn->counts);
}

static struct pernet_operations ctri_net_ops = {
	.init		= ctri_net_init,
	.pre_exit	= ctri_net_pre_exit,
	.exit		= ctri_net_exit,
	.id		= &ctri_net_id,
	.size		= sizeof(struct ctri_net),
};

static int __init ctri_check_range(const char *name, unsigned int value,
				   unsigned int least, unsigned int most)
{
	if (value >= least && value <= most)
		return 0;
	pr_err("parameter %s=%u is out of range, give %u to %u\n",
	       name, value, least, most);
	return -EINVAL;
}

static int __init ctri_check_params(void)
{
	return ctri_check_range("prefix4", ctri_prefix4, 1, 32) ?:
	       ctri_check_range("prefix6", ctri_prefix6, 1, 128) ?:
	       ctri_check_range("memory_kib", ctri_memory_kib,
				DIV_ROUND_UP(ctri_table_min_bytes(), 1024),
				CTRI_MEMORY_KIB_MAX);
}

static int __init ctri_init(void)
{
	int err;

	err = ctri_check_params();
	if (err)
		return err;
	ctri_loaded = ktime_get_boottime_seconds();

	err = ctri_account_init(ctri_memory_kib * 1024UL);
	if (err) {
		pr_err("no memory for the source tables (%d), load with a smaller memory_kib than %u\n",
		       err, ctri_memory_kib);
		return err;
	}
	err = ctri_history_init();
	if (err) {
		pr_err("no memory for the history (%d)\n", err);
		goto err_account;
	}
	err = ctri_incident_init();
	if (err) {
		pr_err("no memory for the incidents (%d)\n", err);
		goto err_history;
	}
	ctri_confirm_init();
	ctri_pressure_begin();
	err = register_pernet_subsys(&ctri_net_ops);
	if (err) {
		pr_err("cannot watch every network namespace (%d)\n", err);
		goto err_confirm;
	}
	ctri_confirm_start();
	ctri_probes_init();
	err = ctri_debugfs_init();
	if (err)
		goto err_debugfs;
	ctri_pressure_init();
	return 0;

err_debugfs:
	ctri_census_drop();	/* some of the files were there */
	ctri_probes_exit();
	ctri_confirm_exit();
	unregister_pernet_subsys(&ctri_net_ops);
	goto err_incident;
err_confirm:
	ctri_confirm_exit();
err_incident:
	ctri_pressure_flush();	/* packets may have kicked */
	ctri_incident_exit();
err_history:
	ctri_history_exit();
err_account:
	ctri_account_exit();
	return err;
}

/* Readers first, then what arms probes, probes, packets, and their memory. */
static void __exit ctri_exit(void)
{
	ctri_debugfs_exit();
	ctri_pressure_stop();
	ctri_incident_stop();
	ctri_census_drop();
	ctri_probes_exit();
	ctri_confirm_exit();
	unregister_pernet_subsys(&ctri_net_ops);
	ctri_pressure_flush();
	ctri_incident_exit();
	ctri_history_exit();
	ctri_account_exit();
}

module_init(ctri_init);
module_exit(ctri_exit);

MODULE_DESCRIPTION("Names the sources that fill the conntrack table");
MODULE_LICENSE("GPL");
MODULE_VERSION(CTRI_VERSION);
