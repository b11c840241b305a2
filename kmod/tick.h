/* SPDX-License-Identifier: GPL-2.0 */
/* The tick, once a second; an idle host's sleep is one long second. */
#ifndef CONNTRIAGE_TICK_H
#define CONNTRIAGE_TICK_H

#include <linux/time64.h>
#include <linux/types.h>

struct ctri_net;

int ctri_tick_init(void);
void ctri_tick_start(void);
void ctri_tick_stop(void);
void ctri_tick_exit(void);
void ctri_tick_last(struct ctri_net *cn);
time64_t ctri_uptime(void);

#endif
