/* SPDX-License-Identifier: GPL-2.0 */
/* How full a table may be before the probes are worth their cost. */
#ifndef CONNTRIAGE_PRESSURE_H
#define CONNTRIAGE_PRESSURE_H

#include <linux/types.h>
#include <linux/workqueue.h>

struct net;

/**
 * enum ctri_level - what a namespace asks for
 * @CTRI_LEVEL_QUIET: nothing
 * @CTRI_LEVEL_HOLD: that armed probes stay armed
 * @CTRI_LEVEL_PRESSED: that they are armed
 */
enum ctri_level {
	CTRI_LEVEL_QUIET,
	CTRI_LEVEL_HOLD,
	CTRI_LEVEL_PRESSED
};

/* Entries below which it is quiet: 75 % */
static inline unsigned int ctri_pressure_far(unsigned int max)
{
	return max - max / 4;
}

void ctri_pressure_init(work_func_t wake);
void ctri_pressure_flush(void);
void ctri_pressure_set(bool pressed);
bool ctri_pressure_now(void);
void ctri_pressure_look(const struct net *net);
enum ctri_level ctri_pressure_level(unsigned int max, unsigned int count,
				    unsigned int before, bool dropped);

#endif
