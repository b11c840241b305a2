/* SPDX-License-Identifier: GPL-2.0 */
/* What can happen to a connection: the numbers that all files share. */
#ifndef CONNTRIAGE_EVENTS_H
#define CONNTRIAGE_EVENTS_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/types.h>

/* Per-namespace counters. The INVALID sub-classes come last, in ABI order. */
enum ctri_count {
	CTRI_N_INSERT,
	CTRI_N_EVICTION,	/* victims of early_drop */
	CTRI_N_GC_EVICTION,	/* victims of the gc worker */
	CTRI_N_EVICTING,	/* connections that made early_drop evict */
	CTRI_N_REFUSAL,
	CTRI_N_INSERT_FAILED,
	CTRI_N_INSERT_DIRECT,	/* of the insertions, those without a packet */
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

/* Sub-counters of a source: by class INVALID enum ctri_invalid, else these */
enum ctri_l4 {
	CTRI_L4_TCP, CTRI_L4_UDP, CTRI_L4_ICMP, CTRI_L4_OTHER,
	CTRI_L4_DIRECT		/* of INSERT: whatever protocol, without a packet */
};

enum ctri_evicted { CTRI_BY_EARLY_DROP, CTRI_BY_GC };	/* * CTRI_VICTIMS ... */
enum ctri_victim {		/* ... + this; in ABI order */
	CTRI_V_WAITING,		/* since less than CTRI_V_WAITS seconds */
	CTRI_V_UNANSWERED,
	CTRI_V_HALF_OPEN,
	CTRI_V_ONCE,
	CTRI_V_CLOSING,
	CTRI_V_LIVE,
	CTRI_VICTIMS
};

#define CTRI_V_WAITS	5
enum ctri_failed { CTRI_F_CLASH, CTRI_F_CHAIN, CTRI_F_DYING };

/* The tracepoints' reasons; those of all events have one numbering. */
enum ctri_reason {
	CTRI_R_TABLE_FULL,
	CTRI_R_EARLY_DROP,	/* + enum ctri_evicted */
	CTRI_R_GC,
	CTRI_R_CLASH,		/* + enum ctri_failed */
	CTRI_R_CHAIN,
	CTRI_R_DYING,
	CTRI_R_INVALID,		/* + enum ctri_invalid */
};

#endif
