/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Single events, for perf, trace-cmd and bpftrace. Nothing is paid for them
 * while nobody listens.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM conntriage

#if !defined(CONNTRIAGE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define CONNTRIAGE_TRACE_H

#include <linux/in6.h>
#include <linux/netfilter.h>
#include <linux/tracepoint.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "events.h"

void ctri_trace_addr(u8 *sockaddr, u16 family, const union nf_inet_addr *addr,
		     __be16 port);

TRACE_DEFINE_ENUM(CTRI_R_TABLE_FULL);
TRACE_DEFINE_ENUM(CTRI_R_EARLY_DROP);
TRACE_DEFINE_ENUM(CTRI_R_GC);
TRACE_DEFINE_ENUM(CTRI_R_CLASH);
TRACE_DEFINE_ENUM(CTRI_R_CHAIN);
TRACE_DEFINE_ENUM(CTRI_R_DYING);
TRACE_DEFINE_ENUM(CTRI_R_INVALID);
TRACE_DEFINE_ENUM(CTRI_INV_MALFORMED);
TRACE_DEFINE_ENUM(CTRI_INV_FLAGS);
TRACE_DEFINE_ENUM(CTRI_INV_MIDSTREAM);
TRACE_DEFINE_ENUM(CTRI_INV_RSTFIN);
TRACE_DEFINE_ENUM(CTRI_INV_SYNACK);
TRACE_DEFINE_ENUM(CTRI_INV_WINDOW);
TRACE_DEFINE_ENUM(CTRI_INV_ICMP);
TRACE_DEFINE_ENUM(CTRI_INV_OTHER);
TRACE_DEFINE_ENUM(CTRI_INV_UNSAMPLED);

#define ctri_reason_names					\
	{ CTRI_R_TABLE_FULL,		"table_full" },		\
	{ CTRI_R_EARLY_DROP,		"early_drop" },		\
	{ CTRI_R_GC,			"gc" },			\
	{ CTRI_R_CLASH,			"clash" },		\
	{ CTRI_R_CHAIN,			"chain" },		\
	{ CTRI_R_DYING,			"dying" },		\
	{ CTRI_R_INVALID + CTRI_INV_MALFORMED,	"malformed" },	\
	{ CTRI_R_INVALID + CTRI_INV_FLAGS,	"flags" },	\
	{ CTRI_R_INVALID + CTRI_INV_MIDSTREAM,	"midstream" },	\
	{ CTRI_R_INVALID + CTRI_INV_RSTFIN,	"rstfin" },	\
	{ CTRI_R_INVALID + CTRI_INV_SYNACK,	"synack" },	\
	{ CTRI_R_INVALID + CTRI_INV_WINDOW,	"window" },	\
	{ CTRI_R_INVALID + CTRI_INV_ICMP,	"icmp" },	\
	{ CTRI_R_INVALID + CTRI_INV_OTHER,	"other" },	\
	{ CTRI_R_INVALID + CTRI_INV_UNSAMPLED,	"unsampled" }

DECLARE_EVENT_CLASS(conntriage_tuple,

	TP_PROTO(u32 netns, const struct nf_conntrack_tuple *tuple,
		 unsigned int reason),

	TP_ARGS(netns, tuple, reason),

	TP_STRUCT__entry(
		__field(u32, netns)
		__field(u8, reason)
		__field(u8, proto)
		__field(u16, family)
		__field(u16, sport)
		__field(u16, dport)
		__array(u8, saddr, sizeof(struct sockaddr_in6))
		__array(u8, daddr, sizeof(struct sockaddr_in6))
	),

	TP_fast_assign(
		__entry->netns = netns;
		__entry->reason = reason;
		__entry->proto = tuple->dst.protonum;
		__entry->family = tuple->src.l3num;
		__entry->sport = ntohs(tuple->src.u.all);
		__entry->dport = ntohs(tuple->dst.u.all);
		ctri_trace_addr(__entry->saddr, tuple->src.l3num,
				&tuple->src.u3, tuple->src.u.all);
		ctri_trace_addr(__entry->daddr, tuple->src.l3num,
				&tuple->dst.u3, tuple->dst.u.all);
	),

	TP_printk("netns=%u proto=%u src=%pISpc dst=%pISpc reason=%s",
		  __entry->netns, __entry->proto, __entry->saddr,
		  __entry->daddr,
		  __print_symbolic(__entry->reason, ctri_reason_names))
);

/* @tuple is the victim's */
DEFINE_EVENT(conntriage_tuple, conntriage_evict,
	TP_PROTO(u32 netns, const struct nf_conntrack_tuple *tuple,
		 unsigned int reason),
	TP_ARGS(netns, tuple, reason)
);

DEFINE_EVENT(conntriage_tuple, conntriage_refuse,
	TP_PROTO(u32 netns, const struct nf_conntrack_tuple *tuple,
		 unsigned int reason),
	TP_ARGS(netns, tuple, reason)
);

DEFINE_EVENT(conntriage_tuple, conntriage_invalid,
	TP_PROTO(u32 netns, const struct nf_conntrack_tuple *tuple,
		 unsigned int reason),
	TP_ARGS(netns, tuple, reason)
);

DEFINE_EVENT(conntriage_tuple, conntriage_insert_failed,
	TP_PROTO(u32 netns, const struct nf_conntrack_tuple *tuple,
		 unsigned int reason),
	TP_ARGS(netns, tuple, reason)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
