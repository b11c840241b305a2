/* SPDX-License-Identifier: GPL-2.0 */
/* Events, counted by namespace and by source: one source table a CPU. */
#ifndef CONNTRIAGE_ACCOUNT_H
#define CONNTRIAGE_ACCOUNT_H

#include <linux/limits.h>
#include <linux/types.h>
#include "events.h"
#include "table.h"

struct ctri_net;
struct nf_conntrack_tuple;

struct ctri_lost_events {
	u64 no_cause;		/* whose it was isn't known */
	u64 no_netns;		/* in a namespace that isn't watched (any more) */
	u64 no_table;		/* on a CPU that there was no memory for */
	u64 no_victim;		/* early_drop() evicted, and nobody saw what */
};

extern const u8 ctri_l4_kinds[U8_MAX + 1];

/* By protocol: a load, where comparisons would be a dozen for TCP. */
static inline enum ctri_l4 ctri_l4_kind(u8 l4proto)
{
	return ctri_l4_kinds[l4proto];
}

void ctri_account_insert(struct ctri_net *cn,
			 const struct nf_conntrack_tuple *tuple);
void ctri_account_insert_local(struct ctri_net *cn,
			       const struct nf_conntrack_tuple *tuple,
			       u64 cgroup);
void ctri_account_insert_direct(struct ctri_net *cn,
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
void ctri_account_no_victim(void);
void ctri_account_lost(struct ctri_lost_events *lost);

#endif
