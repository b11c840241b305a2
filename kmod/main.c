// SPDX-License-Identifier: GPL-2.0
/*
 * conntriage: who fills the conntrack table, who is evicted, refused, INVALID.
 * Module parameters, network namespaces, and the order of coming and going.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "abi.h"
#include "account.h"
#include "arm.h"
#include "census.h"
#include "confirm.h"
#include "cpus.h"
#include "debugfs.h"
#include "direct.h"
#include "enable.h"
#include "history.h"
#include "incident.h"
#include "netns.h"
#include "probe.h"
#include "proc.h"
#include "pulse.h"
#include "source.h"
#include "tick.h"

#define CTRI_MEMORY_KIB_MAX	65536	/* a CPU; far above any use */
#define CTRI_MEMORY_MIB_MAX	1048576	/* all CPUs; likewise */

static unsigned int ctri_prefix4 = 32;
module_param_named(prefix4, ctri_prefix4, uint, 0444);
MODULE_PARM_DESC(prefix4, "bits of an IPv4 address that make a source, 1 to 32");

static unsigned int ctri_prefix6 = 64;
module_param_named(prefix6, ctri_prefix6, uint, 0444);
MODULE_PARM_DESC(prefix6, "bits of an IPv6 address that make a source, 1 to 128");

static unsigned int ctri_census_prefix4 = 24;
module_param_named(census_prefix4, ctri_census_prefix4, uint, 0444);
MODULE_PARM_DESC(census_prefix4, "bits of an IPv4 address that make a prefix of the census, 1 to 32");

static unsigned int ctri_census_prefix6 = 48;
module_param_named(census_prefix6, ctri_census_prefix6, uint, 0444);
MODULE_PARM_DESC(census_prefix6, "bits of an IPv6 address that do, 1 to 128");

static unsigned int ctri_memory_kib = 512;
module_param_named(memory_kib, ctri_memory_kib, uint, 0444);
MODULE_PARM_DESC(memory_kib, "KiB a CPU for the source table, up to 65536");

static unsigned int ctri_memory_mib = 32;
module_param_named(memory_mib, ctri_memory_mib, uint, 0444);
MODULE_PARM_DESC(memory_mib, "MiB for the source tables of all CPUs together, which goes before memory_kib");

/* What it did since the last tick goes into the next one. */
static void ctri_net_forget(struct ctri_net *cn)
{
	mutex_lock(&ctri_nets_mutex);
	ctri_tick_last(cn);
	ctri_net_unlist(cn);
	mutex_unlock(&ctri_nets_mutex);
}

static int __net_init ctri_net_watch(struct net *net, struct ctri_net *cn)
{
	int err;

	err = ctri_net_start(cn, net);
	if (err)
		return err;
	err = ctri_enable_add(cn) ?: ctri_proc_add(net);
	if (!err)
		return 0;

	ctri_net_stop(cn);
	ctri_enable_remove(cn);
	ctri_net_forget(cn);
	synchronize_rcu();	/* packets in hooks that are gone again */
	ctri_net_free(cn);
	return err;
}

/* A namespace starts with a watch or without: no container fails for want of it. */
static int __net_init ctri_net_init(struct net *net)
{
	struct ctri_net *cn = ctri_net(net);
	int err = ctri_net_watch(net, cn);

	if (!err)
		return 0;
	ctri_net_leave(cn);
	pr_warn_once("no memory to watch network namespace %u (%d); see \"unwatched\" in status for how many there are\n",
		     net->ns.inum, err);
	return 0;
}

/*
 * Entries of a dying namespace can be evicted until conntrack's own exit,
 * which comes after this module's, so probes may still ask for it: they are
 * told by ctri_net_stop(). The core waits for a grace period between pre_exit and
 * exit, so that no hook and no probe that saw it alive is left when its
 * counters are freed.
 */
static void __net_exit ctri_net_pre_exit(struct net *net)
{
	struct ctri_net *cn = ctri_net(net);

	if (!ctri_net_watched(cn))
		return;
	ctri_proc_remove(net);
	ctri_net_stop(cn);
	ctri_enable_remove(cn);
	ctri_net_forget(cn);
}

static void __net_exit ctri_net_exit(struct net *net)
{
	ctri_net_free(ctri_net(net));
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
	       ctri_check_range("census_prefix4", ctri_census_prefix4, 1, 32) ?:
	       ctri_check_range("census_prefix6", ctri_census_prefix6, 1, 128) ?:
	       ctri_check_range("memory_kib", ctri_memory_kib,
				DIV_ROUND_UP(ctri_table_min_bytes(), 1024),
				CTRI_MEMORY_KIB_MAX) ?:
	       ctri_check_range("memory_mib", ctri_memory_mib, 1,
				CTRI_MEMORY_MIB_MAX);
}

/*
 * Bytes of a CPU's table: what was asked for, or its share of the whole where
 * that is less, but never less than a table needs. By possible CPUs, as any of
 * them may come up.
 */
static size_t __init ctri_memory_cpu(void)
{
	u64 share = div_u64((u64)ctri_memory_mib << 20, num_possible_cpus());
	size_t bytes = ctri_memory_kib * 1024UL;

	if (share < bytes) {
		bytes = max_t(size_t, share, ctri_table_min_bytes());
		pr_info("a source table of %zu KiB a CPU: memory_mib=%u is shared by %u possible CPUs\n",
			bytes / 1024, ctri_memory_mib, num_possible_cpus());
	}
	return round_down(bytes, PAGE_SIZE);
}

static int __init ctri_init(void)
{
	int err;

	err = ctri_check_params();
	if (err)
		return err;
	ctri_masks_init(&ctri_source_masks, ctri_prefix4, ctri_prefix6);
	ctri_masks_init(&ctri_census_masks, ctri_census_prefix4,
			ctri_census_prefix6);

	err = ctri_cpus_init(ctri_memory_cpu());
	if (err) {
		pr_err("no memory for the source tables (%d), load with a smaller memory_mib than %u\n",
		       err, ctri_memory_mib);
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
	err = ctri_tick_init();
	if (err) {
		pr_err("no memory for the tick's work queue (%d)\n", err);
		goto err_incident;
	}
	ctri_pulse_init();
	ctri_confirm_init();
	ctri_enable_init();
	ctri_arm_init();
	err = register_pernet_subsys(&ctri_net_ops);
	if (err) {
		pr_err("cannot watch network namespaces (%d)\n", err);
		goto err_enable;
	}
	ctri_confirm_start();
	ctri_enable_start();
	ctri_direct_init();
	ctri_probes_init();
	err = ctri_debugfs_init();
	if (err)
		goto err_debugfs;
	ctri_arm_start();
	ctri_tick_start();
	return 0;

err_debugfs:
	ctri_census_drop();	/* some of the files were there */
	ctri_probes_exit();
	ctri_direct_exit();
	ctri_enable_stop();
	ctri_confirm_exit();
	ctri_pulse_exit();
	unregister_pernet_subsys(&ctri_net_ops);
	goto err_nets;
err_enable:
	ctri_enable_stop();
	ctri_confirm_exit();
	ctri_pulse_exit();
err_nets:
	ctri_nets_exit();
	ctri_arm_exit();	/* packets may have woken it */
	ctri_tick_exit();	/* likewise */
err_incident:
	ctri_incident_exit();
err_history:
	ctri_history_exit();
err_account:
	ctri_cpus_exit();
	return err;
}

/* Readers first, then what arms the probes, the probes, the hooks, and memory. */
static void __exit ctri_exit(void)
{
	ctri_debugfs_exit();
	ctri_arm_stop();
	ctri_tick_stop();
	ctri_incident_stop();
	ctri_census_drop();
	ctri_probes_exit();
	ctri_direct_exit();
	ctri_enable_stop();
	ctri_confirm_exit();
	ctri_pulse_exit();
	unregister_pernet_subsys(&ctri_net_ops);
	ctri_nets_exit();
	ctri_tick_exit();
	ctri_arm_exit();
	ctri_incident_exit();
	ctri_history_exit();
	ctri_cpus_exit();
}

module_init(ctri_init);
module_exit(ctri_exit);

MODULE_DESCRIPTION("Names the sources that fill the conntrack table; unloading drops packets in nfqueues");
MODULE_LICENSE("GPL");
MODULE_VERSION(CTRI_VERSION);
