/* SPDX-License-Identifier: GPL-2.0 */
/* The clock of the source tables, and their windows. */
#ifndef CONNTRIAGE_CLOCK_H
#define CONNTRIAGE_CLOCK_H

#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/types.h>

#define CTRI_WINDOW		10	/* seconds of a window */

/* Seconds that neither jump nor count a suspend; 64-bit jiffies don't wrap. */
static inline u32 ctri_now(void)
{
	return (u32)div_u64(get_jiffies_64(), HZ);
}

#endif
