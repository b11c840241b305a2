/* SPDX-License-Identifier: GPL-2.0 */
/* The probes of evictions and refusals. */
#ifndef CONNTRIAGE_PROBE_FULL_H
#define CONNTRIAGE_PROBE_FULL_H

#include <linux/kprobes.h>

extern struct kprobe ctri_kp_alloc, ctri_kp_delete;
extern struct kretprobe ctri_rp_drop, ctri_rp_gc;

#endif
