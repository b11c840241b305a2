// SPDX-License-Identifier: GPL-2.0
/* The watched network namespaces, and what they have counted. */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/netfilter_ipv4.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include "compat.h"
#include "netns.h"

/* Held, no namespace that is watched can go. */
DEFINE_MUTEX(ctri_nets_mutex);
static atomic_t ctri_net_last_id = ATOMIC_INIT(0);
static DEFINE_XARRAY(ctri_nets);	/* by id; read under RCU as well */
static atomic_t ctri_nets_listed = ATOMIC_INIT(0);
static atomic_t ctri_nets_left = ATOMIC_INIT(0);	/* without a watch */
unsigned int ctri_net_id __read_mostly;

/* Of ctri_nets_each(): about 60 us */
#define CTRI_HOLD		1024

/**
 * ctri_net() - the module's data of a namespace
 * @net: a namespace
 *
 * Context: any, while this module's pernet operations are registered.
 * Return: the data; there for every namespace, watched or not.
 */
struct ctri_net *ctri_net(const struct net *net)
{
	return net_generic(net, ctri_net_id);
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
		k->insert += READ_ONCE(st->insert);
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

/**
 * ctri_sums_read() - what a tick wants of a namespace
 * @cn: the namespace; listed, under ctri_nets_mutex
 * @sum: filled
 *
 * Once a second for each namespace with news and each CPU that there may ever be:
 * every instruction in here counts, and so does every line that it touches.
 *
 * Context: process.
 */
void ctri_sums_read(const struct ctri_net *cn, struct ctri_sums *sum)
{
	unsigned int cpu, i;

	memset(sum, 0, sizeof(*sum));
	/* for_each_possible_cpu() would be a call, and half as much again */
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		const struct ip_conntrack_stat *st;
		const struct ctri_counts *c;
		u64 invalid = 0;

		if (!cpu_possible(cpu))
			continue;
		c = per_cpu_ptr(cn->counts, cpu);
		st = per_cpu_ptr(cn->net->ct.stat, cpu);
#pragma GCC unroll 16
		for (i = 0; i < CTRI_N_INVALID; i++)
			sum->n[i] += READ_ONCE(c->n[i]);
#pragma GCC unroll 16
		for (i = CTRI_N_INVALID; i < CTRI_N_MAX; i++)
			invalid += READ_ONCE(c->n[i]);
		sum->invalid += invalid;
		sum->insert_failed += READ_ONCE(st->insert_failed);
		sum->chaintoolong += ctri_stat_chaintoolong(st);
		sum->drop += READ_ONCE(st->drop);
		sum->early_drop += READ_ONCE(st->early_drop);
	}
}

/**
 * ctri_net_start() - list a namespace, and count in it from here on
 * @cn: its data, zeroed; packets may come as soon as this returns
 * @net: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int ctri_net_start(struct ctri_net *cn, struct net *net)
{
	int err;

	cn->net = net;
	cn->counts = alloc_percpu(struct ctri_counts);
	if (!cn->counts)
		return -ENOMEM;
	ctri_kstat_read(net, &cn->base);
	ctri_sums_read(cn, &cn->last);
	cn->last_count = ctri_ct_count(net);
	cn->id = atomic_inc_return(&ctri_net_last_id);
	/* quiet only once a tick has looked */
	WRITE_ONCE(cn->activity, CTRI_NET_ACTIVE);
	err = xa_err(xa_store(&ctri_nets, cn->id, cn, GFP_KERNEL));
	if (err) {
		free_percpu(cn->counts);
		return err;
	}
	atomic_inc(&ctri_nets_listed);
	return 0;
}

/**
 * ctri_net_stop() - nothing is counted in it from here on
 * @cn: the namespace; who has begun to may go on for a grace period
 *
 * Context: process.
 */
void ctri_net_stop(struct ctri_net *cn)
{
	WRITE_ONCE(cn->dying, true);
	xchg(&cn->activity, CTRI_NET_UNWATCHED);
}

/**
 * ctri_net_leave() - do without the watch of a namespace
 * @cn: its data; not listed, no hook registered, and its counters freed
 *
 * A namespace that can't be made because a recorder had no memory would be a
 * poor bargain. What happens in this one is counted as lost where it is seen.
 *
 * Context: process.
 */
void ctri_net_leave(struct ctri_net *cn)
{
	ctri_net_stop(cn);
	cn->counts = NULL;
	atomic_inc(&ctri_nets_left);
}

/**
 * ctri_net_watched() - is it one of those that are counted in?
 * @cn: the namespace, from the end of its init to its exit
 *
 * Context: any.
 * Return: false if there was no memory for that.
 */
bool ctri_net_watched(const struct ctri_net *cn)
{
	return cn->counts;
}

/**
 * ctri_nets_unwatched() - namespaces that there was no memory to watch
 *
 * Context: any.
 * Return: how many there are now.
 */
unsigned int ctri_nets_unwatched(void)
{
	return atomic_read(&ctri_nets_left);
}

/**
 * ctri_net_bytes() - the memory that a watched namespace adds
 *
 * Context: any.
 * Return: bytes, without the kernel's own for its hooks and its /proc file.
 */
size_t ctri_net_bytes(void)
{
	return sizeof(struct ctri_net) +
	       num_possible_cpus() * sizeof(struct ctri_counts);
}

/**
 * ctri_net_unlist() - no tick and no reader finds it any more
 * @cn: the namespace
 *
 * Context: under ctri_nets_mutex.
 */
void ctri_net_unlist(struct ctri_net *cn)
{
	lockdep_assert_held(&ctri_nets_mutex);
	xa_erase(&ctri_nets, cn->id);
	atomic_dec(&ctri_nets_listed);
}

/**
 * ctri_nets_nr() - how many namespaces are watched
 *
 * Context: any.
 * Return: their number, which may have changed before it is used.
 */
unsigned int ctri_nets_nr(void)
{
	return atomic_read(&ctri_nets_listed);
}

/* Some of those after @id, in one hold of the mutex. Returns false after the last. */
static noinline bool ctri_nets_some(unsigned long *id, unsigned long last,
				    unsigned int (*look)(struct ctri_net *cn, void *arg),
				    void *arg)
{
	XA_STATE(xas, &ctri_nets, *id + 1);
	unsigned int cost = 0;
	struct ctri_net *cn;

	mutex_lock(&ctri_nets_mutex);
	rcu_read_lock();
	xas_for_each(&xas, cn, last) {
		if (xas_retry(&xas, cn))
			continue;
		cost += look(cn, arg);
		if (cost >= CTRI_HOLD)
			break;
	}
	rcu_read_unlock();
	mutex_unlock(&ctri_nets_mutex);
	*id = xas.xa_index;
	return cn;
}

/**
 * ctri_nets_each() - look at every namespace that is watched, oldest first
 * @look: does; under ctri_nets_mutex and RCU. Returns its cost, in CPUs' counters read:
 *	some 60 ns each. The mutex, which a namespace's end waits for, is let go of
 *	every CTRI_HOLD of these
 * @arg: passed to it
 *
 * None is left out that was there before and stays; one that comes meanwhile may be.
 *
 * Context: process; sleeps.
 */
void ctri_nets_each(unsigned int (*look)(struct ctri_net *cn, void *arg), void *arg)
{
	unsigned long id = 0, last = atomic_read(&ctri_net_last_id);

	while (ctri_nets_some(&id, last, look, arg))
		cond_resched();
}

/**
 * ctri_nets_exit() - the end; no namespace is watched any more
 *
 * Context: process.
 */
void ctri_nets_exit(void)
{
	xa_destroy(&ctri_nets);
}

/**
 * ctri_net_free() - free its counters, if it has any
 * @cn: the namespace; a grace period ago it was dying, and without hooks
 *
 * Context: process.
 */
void ctri_net_free(struct ctri_net *cn)
{
	if (!cn->counts)
		atomic_dec(&ctri_nets_left);
	free_percpu(cn->counts);
}

/**
 * ctri_net_inum() - the inode number of a namespace
 * @id: its ctri_net.id
 *
 * Context: any.
 * Return: 0 if it is gone.
 */
u32 ctri_net_inum(u32 id)
{
	const struct ctri_net *cn;
	u32 inum;

	rcu_read_lock();
	/* there until a grace period after it is unlisted, and its net with it */
	cn = xa_load(&ctri_nets, id);
	inum = cn ? cn->net->ns.inum : 0;
	rcu_read_unlock();
	return inum;
}

/**
 * ctri_net_hooks() - the hooks of a place in a namespace, sorted by priority
 * @net: the namespace
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @hooknum: of enum nf_inet_hooks
 *
 * Context: any, under rcu_read_lock().
 * Return: NULL if there are none.
 */
const struct nf_hook_entries *ctri_net_hooks(const struct net *net, u8 pf,
					     unsigned int hooknum)
{
	return pf == NFPROTO_IPV4 ? rcu_dereference(net->nf.hooks_ipv4[hooknum]) :
				    rcu_dereference(net->nf.hooks_ipv6[hooknum]);
}

/**
 * ctri_conntrack_on() - does conntrack see this namespace's packets?
 * @net: the namespace
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @hooknum: NF_INET_PRE_ROUTING or NF_INET_LOCAL_OUT
 *
 * Where it doesn't, every packet looks INVALID. Conntrack registers its hooks
 * at NF_IP_PRI_CONNTRACK (net/netfilter/nf_conntrack_proto.c) with the first
 * rule that needs it; nothing exported tells. Entries are sorted by priority,
 * so the walk ends there. A removed hook has priority INT_MIN. What else may
 * stand there, chains of nf_tables and BPF programs, has private data;
 * conntrack's own hooks have none.
 *
 * Context: any, under rcu_read_lock().
 * Return: true if its hook stands there.
 */
bool ctri_conntrack_on(const struct net *net, u8 pf, unsigned int hooknum)
{
	const struct nf_hook_entries *e = ctri_net_hooks(net, pf, hooknum);
	struct nf_hook_ops **ops;
	unsigned int i;

	if (!e)
		return false;
	ops = nf_hook_entries_get_hook_ops(e);
	for (i = 0; i < e->num_hook_entries; i++) {
		if (ops[i]->priority < NF_IP_PRI_CONNTRACK)
			continue;
		if (ops[i]->priority > NF_IP_PRI_CONNTRACK)
			return false;
		if (!ops[i]->priv)
			return true;
	}
	return false;
}

/**
 * ctri_net_tracked() - does conntrack see packets of either family that come in?
 * @net: a namespace
 *
 * Context: any.
 * Return: true if it is on.
 */
bool ctri_net_tracked(const struct net *net)
{
	bool on;

	rcu_read_lock();
	on = ctri_conntrack_on(net, NFPROTO_IPV4, NF_INET_PRE_ROUTING) ||
	     ctri_conntrack_on(net, NFPROTO_IPV6, NF_INET_PRE_ROUTING);
	rcu_read_unlock();
	return on;
}
