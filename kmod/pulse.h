/* SPDX-License-Identifier: GPL-2.0 */
/* Whether the kernel calls back: ftrace and kprobes can be switched off. */
#ifndef CONNTRIAGE_PULSE_H
#define CONNTRIAGE_PULSE_H

#include <linux/types.h>

/* Words of the ABI: CTRI_ON, CTRI_OFF, or CTRI_BY_NONE: not attached at all */
struct ctri_pulse {
	const char *ftrace, *kprobes;
};

void ctri_pulse_init(void);
void ctri_pulse_exit(void);
void ctri_pulse_feel(struct ctri_pulse *p);
void ctri_pulse_second(void);
u64 ctri_pulse_blind(void);

#endif
