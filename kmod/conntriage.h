/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the stages of the module share. Data flows one way: hook.c, invalid.c
 * and probe.c account events, table.c keeps them per source, snapshot.c and
 * census.c read, debugfs.c prints.
 */
#ifndef CONNTRIAGE_H
#define CONNTRIAGE_H

#include <linux/list.h>
#include <linux/netfilter.h>
#include <linux/percpu.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack.h>
#include "table.h"

#define CTRI_WINDOW		10	/* seconds of a window of the source table */
#define CTRI_TOP		64	/* rows a class in "sources" */
#define CTRI_NR_HOOKS		8

/* Per-namespace counters. The INVALID sub-classes come last, in ABI order. */
enum ctri_count {
	CTRI_N_INSERT,
	CTRI_N_EVICTION,	/* victims of early_drop */
	CTRI_N_GC_EVICTION,	/* victims of the gc worker */
	CTRI_N_EVICTING,	/* connections that made early_drop evict */
	CTRI_N_REFUSAL,
	CTRI_N_INVALID,		/* + enum ctri_invalid */
};

enum ctri_invalid {
	CTRI_INV_MALFORMED,
	CTRI_INV_FLAGS,
	CTRI_INV_MIDSTREAM,
	CTRI_INV_RSTFIN,
	CTRI_INV_SYNACK,
	CTRI_INV_WINDOW,
	CTRI_INV_ICMP,
	CTRI_INV_OTHER,
	CTRI_INV_UNSAMPLED,
	CTRI_INV_KINDS
};

#define CTRI_N_MAX		(CTRI_N_INVALID + CTRI_INV_KINDS)

/* Sub-counters of a source in the classes other than INVALID */
enum ctri_l4 { CTRI_L4_TCP, CTRI_L4_UDP, CTRI_L4_ICMP, CTRI_L4_OTHER };
enum ctri_evicted { CTRI_BY_EARLY_DROP, CTRI_BY_GC };

struct ctri_counts {
	u64 n[CTRI_N_MAX];	/* written by the owner CPU alone, see account.c */
};

/* The kernel's own counters, CPUs summed; each wraps at 32 bits there. */
struct ctri_kstat {
	u32 insert_failed, chaintoolong, clash, drop, early_drop;
	u32 invalid, error;
};

/**
 * struct ctri_net - one watched network namespace (net_generic data)
 * @net: the namespace; valid as long as this is
 * @id: the module's number of it, never reused; set once
 * @counts: freed in exit, a grace period after pre_exit
 * @dying: set in pre_exit; probes, under RCU, let go of @counts then
 * @ops: the hooks as registered; their priv points back here
 * @list: in ctri_nets; under ctri_nets_mutex
 * @base: kernel counters when the watch began; set once
 * @last: kernel counters at the last tick; owned by the tick
 * @last_counts: own counters at the last tick; owned by the tick
 * @last_count: entries at the last tick; owned by the tick
 */
struct ctri_net {
	struct net *net;
	u32 id;
	struct ctri_counts __percpu *counts;
	bool dying;
	struct nf_hook_ops ops[CTRI_NR_HOOKS];
	struct list_head list;
	struct ctri_kstat base;
	struct ctri_kstat last;
	struct ctri_counts last_counts;
	unsigned int last_count;
};

/* The address of one event, before masking. */
struct ctri_addr {
	u8 family;		/* NFPROTO_IPV4 or NFPROTO_IPV6 */
	u8 l4proto;
	union nf_inet_addr u3;
};

/* main.c */
extern unsigned int ctri_prefix4, ctri_prefix6;
extern struct list_head ctri_nets;
extern struct mutex ctri_nets_mutex;
struct ctri_net *ctri_net(const struct net *net);
void ctri_kstat_read(const struct net *net, struct ctri_kstat *k);
void ctri_counts_read(const struct ctri_net *cn, struct ctri_counts *sum);
time64_t ctri_uptime(void);

/* account.c: the only way into the source tables */
int ctri_account_init(size_t bytes_per_cpu);
void ctri_account_exit(void);
void ctri_account_hook(struct ctri_net *cn, enum ctri_class class,
		       unsigned int kind, unsigned int count,
		       const struct ctri_addr *addr);
bool ctri_account_probe(struct ctri_net *cn, enum ctri_class class,
			unsigned int kind, unsigned int count,
			const struct ctri_addr *addr);
unsigned int ctri_account_tables(struct ctri_table ***tables, size_t *bytes);
void ctri_source_mask(struct ctri_source *src, u32 netns,
		      const struct ctri_addr *addr);
enum ctri_l4 ctri_l4_kind(u8 l4proto);

/* hook.c */
int ctri_hooks_register(struct ctri_net *cn);
void ctri_hooks_unregister(struct ctri_net *cn);
bool ctri_conntrack_on(const struct net *net, u8 pf, unsigned int hooknum);

/* invalid.c */
enum ctri_invalid ctri_classify(struct sk_buff *skb,
				const struct nf_hook_state *state,
				struct ctri_addr *addr);

/* probe.c */
enum ctri_probe { CTRI_P_ALLOC, CTRI_P_DROP, CTRI_P_DELETE, CTRI_P_GC, CTRI_PROBES };

struct ctri_probe_state {
	bool attached[CTRI_PROBES];
	bool armed;
	u64 missed, no_cause, no_netns;
};

void ctri_probes_init(void);
void ctri_probes_exit(void);
int ctri_probes_arm(void);
void ctri_probes_disarm(void);
void ctri_probes_state(struct ctri_probe_state *s);

/* pressure.c: when the probes are worth their cost */
void ctri_pressure_init(void);
void ctri_pressure_stop(void);
void ctri_pressure_flush(void);
void ctri_pressure_kick(void);
bool ctri_pressure_near(const struct net *net);
bool ctri_pressure_now(void);
u64 ctri_pressure_armings(void);

/* history.c */
struct ctri_second {
	u64 when;		/* ns of CLOCK_MONOTONIC at the end; 0: empty */
	u32 span;		/* ms */
	u32 count, max, netns;	/* the fullest namespace */
	u64 n[CTRI_N_INVALID];
	u64 invalid;
	struct ctri_kstat k;
	u64 distinct;
};

#define CTRI_SECONDS		600

int ctri_history_init(void);
void ctri_history_exit(void);
void ctri_history_add(const struct ctri_second *s);
unsigned int ctri_history_read(struct ctri_second *out);
u64 ctri_history_missed(void);

/* snapshot.c */
struct ctri_snap_netns {
	u32 inum, id;
	bool conntrack;
	unsigned int count;
	struct ctri_counts counts;
	struct ctri_kstat k;	/* since the watch began */
};

struct ctri_snap_source {
	struct ctri_row row;
	u32 inum;		/* 0: the namespace is gone */
	u8 class;
};

int ctri_snap_netns(struct ctri_snap_netns **rows, unsigned int *nr);
int ctri_snap_sources(struct ctri_snap_source **rows, unsigned int *nr);
int ctri_snap_class(enum ctri_class class, struct ctri_merge_info *info);

/* debugfs.c */
int ctri_debugfs_init(void);
void ctri_debugfs_exit(void);

#endif
