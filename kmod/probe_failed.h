/* SPDX-License-Identifier: GPL-2.0 */
/* The probe of insertions that fail. */
#ifndef CONNTRIAGE_PROBE_FAILED_H
#define CONNTRIAGE_PROBE_FAILED_H

#include <linux/kprobes.h>

extern struct kretprobe ctri_rp_confirm;

#endif
