/* SPDX-License-Identifier: GPL-2.0 */
/* The probes of insertions that fail. */
#ifndef CONNTRIAGE_PROBE_FAILED_H
#define CONNTRIAGE_PROBE_FAILED_H

#include <linux/kprobes.h>
#include <linux/types.h>

extern struct kretprobe ctri_rp_confirm, ctri_rp_clash;

void ctri_failed_init(bool clash);
u32 ctri_failed_clashes(void);

#endif
