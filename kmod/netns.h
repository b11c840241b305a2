/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The watched network namespaces: what is kept of each, and the list of them.
 * Everything that happens to a namespace as it comes and goes is in main.c.
 */
#ifndef CONNTRIAGE_NETNS_H
#define CONNTRIAGE_NETNS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/percpu.h>
#include <linux/types.h>
#include <net/netns/generic.h>
#include "events.h"

#define CTRI_NR_HOOKS		8
#define CTRI_ZONES		16	/* of a namespace that are known */

struct ctri_proc;

struct ctri_counts {
	u64 n[CTRI_N_MAX];	/* written by the owner CPU alone, see account.c */
};

/* The kernel's own counters, CPUs summed; each wraps at 32 bits there. */
struct ctri_kstat {
	u32 insert_failed, chaintoolong, clash, drop, early_drop;
	u32 invalid, error, insert;
};

/* What a tick wants of both, CPUs summed: see ctri_sums_read(). */
struct ctri_sums {
	u64 n[CTRI_N_INVALID];
	u64 invalid;		/* of all kinds */
	u32 insert_failed, chaintoolong, drop, early_drop;	/* the kernel's */
};

/* See news.h. Zeroed memory is a namespace that isn't watched yet. */
enum ctri_activity {
	CTRI_NET_UNWATCHED,	/* not yet, not any more, or never */
	CTRI_NET_ACTIVE,	/* something was counted since the last tick */
	CTRI_NET_QUIET
};

/**
 * struct ctri_net - a network namespace (net_generic data)
 * @net: the namespace; valid as long as this is
 * @id: the module's number of it, never reused; set once
 * @counts: freed in exit, a grace period after pre_exit; NULL: there was no
 *	memory to watch it, so @dying is set, and neither listed nor hooked
 * @activity: enum ctri_activity; UNWATCHED from pre_exit on for good: who
 *	counts, under RCU, lets go of @counts then. Else moved by cmpxchg() alone
 * @dying: the same, for those who only want to know that
 * @wanted: conntrack was asked for here; set once
 * @hooked: @ops are registered; under enable.c's mutex
 * @active: it was, at the last tick; owned by the tick
 * @ops: the hooks as registered; their priv points back here
 * @base: kernel counters when the watch began; set once
 * @last: what had been counted at the last tick that looked; owned by the tick
 * @last_count: entries at the last tick; owned by the tick
 * @proc: of its file in /proc, NULL: it has none; set once
 * @zones: zones that connections were in, but for 0; see zones.c
 * @more_zones: and more than these
 */
struct ctri_net {
	struct net *net;
	u32 id;
	int activity;
	struct ctri_counts __percpu *counts;
	bool dying;
	bool wanted;
	bool hooked;
	bool active;
	struct nf_hook_ops ops[CTRI_NR_HOOKS];
	struct ctri_kstat base;
	struct ctri_sums last;
	unsigned int last_count;
	struct ctri_proc *proc;
	u32 zones[CTRI_ZONES];
	bool more_zones;
};

extern struct mutex ctri_nets_mutex;
extern unsigned int ctri_net_id;

/*
 * ctri_net() for the packet path: inline, and within the caller's RCU section.
 * Any kind of it will do: packets are under rcu_read_lock(), those that act_ct
 * sees on their way out under rcu_read_lock_bh().
 */
static __always_inline struct ctri_net *ctri_net_rcu(const struct net *net)
{
	return rcu_dereference_raw(net->gen)->ptr[ctri_net_id];
}

struct ctri_net *ctri_net(const struct net *net);
int ctri_net_start(struct ctri_net *cn, struct net *net);
void ctri_net_stop(struct ctri_net *cn);
void ctri_net_leave(struct ctri_net *cn);
bool ctri_net_watched(const struct ctri_net *cn);
unsigned int ctri_nets_unwatched(void);
size_t ctri_net_bytes(void);
void ctri_nets_exit(void);
void ctri_net_unlist(struct ctri_net *cn);
unsigned int ctri_nets_nr(void);
void ctri_nets_each(unsigned int (*look)(struct ctri_net *cn, void *arg), void *arg);
void ctri_net_free(struct ctri_net *cn);
u32 ctri_net_inum(u32 id);
void ctri_kstat_read(const struct net *net, struct ctri_kstat *k);
void ctri_sums_read(const struct ctri_net *cn, struct ctri_sums *sum);
void ctri_counts_read(const struct ctri_net *cn, struct ctri_counts *sum);
const struct nf_hook_entries *ctri_net_hooks(const struct net *net, u8 pf,
					     unsigned int hooknum);
bool ctri_conntrack_on(const struct net *net, u8 pf, unsigned int hooknum);
bool ctri_net_tracked(const struct net *net);

#endif
