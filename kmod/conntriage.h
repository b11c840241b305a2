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
#include <net/netns/generic.h>
#include "clock.h"
#include "events.h"
#include "netns.h"
#include "table.h"

#define CTRI_TOP		64	/* rows a class in "sources" */


/* account.c: the only way into the source tables */
struct ctri_lost_events {
	u64 no_cause;		/* whose it was isn't known */
	u64 no_netns;		/* in a namespace that is going away */
};

int ctri_account_init(size_t bytes_per_cpu);
void ctri_account_exit(void);
void ctri_account_insert(struct ctri_net *cn,
			 const struct nf_conntrack_tuple *tuple);
void ctri_account_invalid(struct ctri_net *cn, enum ctri_invalid kind,
			  const struct nf_conntrack_tuple *tuple);
bool ctri_account_probe(struct ctri_net *cn, enum ctri_class class,
			unsigned int kind, unsigned int count,
			const struct nf_conntrack_tuple *tuple);
void ctri_account_service(struct ctri_net *cn, enum ctri_class class,
			  unsigned int kind,
			  const struct nf_conntrack_tuple *tuple);
void ctri_account_no_cause(void);
void ctri_account_lost(struct ctri_lost_events *lost);
unsigned int ctri_account_tables(struct ctri_table ***tables, size_t *bytes);

/* confirm.c */
void ctri_confirm_init(void);
void ctri_confirm_start(void);
void ctri_confirm_exit(void);
bool ctri_confirm_needs_hooks(void);
void ctri_confirm(struct ctri_net *cn, const struct nf_conn *ct,
		  enum ip_conntrack_info ctinfo);

/* hook.c */
int ctri_hooks_register(struct ctri_net *cn);
void ctri_hooks_unregister(struct ctri_net *cn);

/* invalid.c */
enum ctri_invalid ctri_classify(struct sk_buff *skb,
				const struct nf_hook_state *state,
				struct nf_conntrack_tuple *tuple);

/*
 * probe.c: attaches and arms. probe_full.c watches evictions and refusals,
 * probe_failed.c insertions that fail; each is armed as a whole.
 */
enum ctri_probe {
	CTRI_P_ALLOC,		/* armed in this order, disarmed backwards */
	CTRI_P_DELETE,
	CTRI_P_DROP,
	CTRI_P_CONFIRM,
	CTRI_P_GC,		/* never armed: only its extent is needed */
	CTRI_PROBES
};

enum ctri_watch { CTRI_W_FULL, CTRI_W_FAILED, CTRI_WATCHES };

struct ctri_extent {
	unsigned long start, end;
};

struct ctri_probe_state {
	bool attached[CTRI_PROBES];
	bool armed[CTRI_WATCHES];
	u64 missed;
};

extern struct kprobe ctri_kp_alloc;
extern struct kretprobe ctri_rp_drop, ctri_rp_delete, ctri_rp_confirm;
extern struct ctri_extent ctri_in_early_drop, ctri_in_gc;

void ctri_probes_init(void);
void ctri_probes_exit(void);
int ctri_probes_arm(enum ctri_watch watch);
void ctri_probes_disarm(enum ctri_watch watch);
void ctri_probes_state(struct ctri_probe_state *s);

/* history.c: the flight recorder. Its clock is CLOCK_BOOTTIME: a suspend is a
 * long row, and what happened is as long ago as it is.
 */
struct ctri_second {
	u64 when;		/* ns, at the end; 0: empty */
	u32 span;		/* ms */
	u32 count, max, netns;	/* the fullest namespace */
	u64 n[CTRI_N_INVALID];
	u64 invalid;
	u64 k_insert_failed, k_early_drop;
	u64 k_drop;		/* without those of clashes */
	bool full;		/* some of these by a table that is full */
	u64 distinct;
};

/* What of a second a minute keeps the least, mean and most of. */
enum ctri_series {
	CTRI_S_COUNT, CTRI_S_INSERTS, CTRI_S_INSERT_FAILED, CTRI_S_EVICTIONS,
	CTRI_S_GC_EVICTIONS, CTRI_S_REFUSALS, CTRI_S_K_DROP, CTRI_S_INVALID,
	CTRI_SERIES
};

struct ctri_minute {
	u64 when;		/* as in a second */
	u32 span, max;
	u64 distinct;
	struct {
		u32 min, mean, max;	/* a second; of count, entries */
	} s[CTRI_SERIES];
};

#define CTRI_SECONDS		600
#define CTRI_MINUTES		1440

int ctri_history_init(void);
void ctri_history_exit(void);
void ctri_history_add(const struct ctri_second *s);
unsigned int ctri_history_seconds(struct ctri_second *out);
unsigned int ctri_history_minutes(struct ctri_minute *out);
u64 ctri_history_missed(void);
u64 ctri_per_second(u64 n, u32 span);

/* incident.c: spells of evictions and refusals */
#define CTRI_INCIDENTS		32
#define CTRI_INC_TOP		16

struct ctri_share {		/* one source's part in an incident */
	struct ctri_source src;
	u32 inum;
	bool seen;		/* ctri_sum_add()'s */
	u64 count, err;		/* err U64_MAX: no bound */
};

enum ctri_inc_list {
	CTRI_I_BEFORE, CTRI_I_INSERT, CTRI_I_EVICTED, CTRI_I_REFUSED,
	CTRI_I_EVICTING, CTRI_I_HELD, CTRI_I_LISTS
};

struct ctri_incident {
	u32 nr;				/* from 1; 0: none here */
	bool over;
	time64_t begin_wall, end_wall;	/* s since 1970 */
	u64 begin, end;			/* ns, as in a second */
	u32 count_peak, max, netns;
	u64 n[CTRI_N_INVALID], peak[CTRI_N_INVALID];
	u64 invalid, k_drop, k_early_drop, k_insert_failed;
	struct ctri_share top[CTRI_I_LISTS][CTRI_INC_TOP];
};

int ctri_incident_init(void);
void ctri_incident_stop(void);
void ctri_incident_exit(void);
void ctri_incident_second(struct ctri_second *s);
unsigned int ctri_incident_read(struct ctri_incident *out);

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
void ctri_snap_one(const struct ctri_net *cn, struct ctri_snap_netns *row);
int ctri_snap_sources(const struct ctri_net *only,
		      struct ctri_snap_source **rows, unsigned int *nr);
int ctri_snap_top(enum ctri_class class, enum ctri_rank rank, u32 netns,
		  struct ctri_row *top, unsigned int k,
		  struct ctri_merge_info *info);

/* proc.c */
int ctri_proc_add(struct net *net);
void ctri_proc_remove(struct net *net);

/* debugfs.c */
int ctri_debugfs_init(void);
void ctri_debugfs_exit(void);

#endif
