/* SPDX-License-Identifier: GPL-2.0 */
/* The probes of evictions and refusals. */
#ifndef CONNTRIAGE_PROBE_FULL_H
#define CONNTRIAGE_PROBE_FULL_H

#include <linux/kprobes.h>

/* Where the code of a function is; 0 to 0: not known. */
struct ctri_extent {
	unsigned long start, end;
};

extern struct kprobe ctri_kp_alloc;
extern struct kretprobe ctri_rp_drop, ctri_rp_delete;
/* Set by probe.c at load, before anything is armed. */
extern struct ctri_extent ctri_in_early_drop, ctri_in_gc;

#endif
