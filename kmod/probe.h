/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The probes. probe_full.c watches evictions and refusals, probe_failed.c
 * insertions that fail; each is armed as a whole.
 */
#ifndef CONNTRIAGE_PROBE_H
#define CONNTRIAGE_PROBE_H

#include <linux/types.h>

enum ctri_probe {
	CTRI_P_ALLOC,		/* armed in this order, disarmed backwards */
	CTRI_P_DELETE,
	CTRI_P_DROP,
	CTRI_P_CONFIRM,
	CTRI_P_GC,		/* always armed, as the next */
	CTRI_P_CLASH,
	CTRI_PROBES
};

/*
 * What the probes are armed for: a full table, or insertions that fail and that
 * CTRI_P_CLASH, if it is attached, doesn't see.
 */
enum ctri_watch { CTRI_W_FULL, CTRI_W_FAILED, CTRI_WATCHES };

struct ctri_probe_state {
	bool attached[CTRI_PROBES];
	bool armed[CTRI_WATCHES];
	u64 missed;		/* calls that no probe saw, kprobe.nmissed */
};

void ctri_probes_init(void);
void ctri_probes_exit(void);
int ctri_probes_arm(enum ctri_watch watch);
void ctri_probes_disarm(enum ctri_watch watch);
void ctri_probes_state(struct ctri_probe_state *s);

#endif
