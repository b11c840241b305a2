/* SPDX-License-Identifier: GPL-2.0 */
/* When the probes are armed, and for how long. */
#ifndef CONNTRIAGE_ARM_H
#define CONNTRIAGE_ARM_H

#include <linux/types.h>
#include "probe.h"

void ctri_arm_init(void);
void ctri_arm_start(void);
void ctri_arm_stop(void);
void ctri_arm_exit(void);
void ctri_arm(enum ctri_watch watch);
void ctri_arm_relax(enum ctri_watch watch);
u64 ctri_arm_count(void);

#endif
