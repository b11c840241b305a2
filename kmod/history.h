/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The flight recorder. Its clock is CLOCK_BOOTTIME, which goes on in a suspend:
 * a suspend shows as one long row, and ages are right after it.
 */
#ifndef CONNTRIAGE_HISTORY_H
#define CONNTRIAGE_HISTORY_H

#include <linux/types.h>
#include "events.h"

struct ctri_second {
	u64 when;		/* ns, at the end; 0: empty */
	u32 span;		/* ms */
	u32 count, max, netns;	/* the fullest namespace */
	u64 n[CTRI_N_INVALID];
	u64 invalid;
	u64 k_insert_failed, k_early_drop;
	u64 k_drop;		/* without those of clashes */
	bool full;		/* some of these drops by a table near its limit */
	bool rest;		/* nobody ticked, as there was nothing to count */
	u64 distinct;
};

/* Per-second series whose minimum, mean and maximum a minute keeps. */
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
size_t ctri_history_bytes(void);
void ctri_history_add(const struct ctri_second *s);
unsigned int ctri_history_seconds(struct ctri_second *out);
unsigned int ctri_history_minutes(struct ctri_minute *out);
u64 ctri_history_missed(void);
u64 ctri_history_generation(void);
u64 ctri_per_second(u64 n, u32 span);

#endif
