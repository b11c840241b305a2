// SPDX-License-Identifier: GPL-2.0
/*
 * Whether the table is near full, as the packet path sees it. A flood can fill
 * a table between two ticks, so every few insertions account.c looks here, and
 * wakes whoever arms the probes. That is above this file (arm.c), which is why
 * it hands in its work instead of being called.
 */
#include <net/netfilter/nf_conntrack.h>
#include "compat.h"
#include "pressure.h"

#define CTRI_AHEAD		3	/* pressed if full within seconds */

static struct work_struct ctri_pressure_work;
static bool ctri_pressed;	/* arm.c writes it, everybody reads it */

/**
 * ctri_pressure_init() - say what is to be done when a table is near full
 * @wake: runs in process context, soon after an insertion has seen that
 *
 * Context: process, before any packet is seen.
 */
void ctri_pressure_init(work_func_t wake)
{
	INIT_WORK(&ctri_pressure_work, wake);
}

/**
 * ctri_pressure_flush() - wait for the last wake; no packet is seen any more
 *
 * Context: process.
 */
void ctri_pressure_flush(void)
{
	cancel_work_sync(&ctri_pressure_work);
}

/**
 * ctri_pressure_set() - are the probes of evictions and refusals wanted?
 * @pressed: true: they are armed, or about to be
 *
 * Context: any.
 */
void ctri_pressure_set(bool pressed)
{
	WRITE_ONCE(ctri_pressed, pressed);
}

/**
 * ctri_pressure_now() - what ctri_pressure_set() was told last
 *
 * Context: any.
 * Return: true under pressure.
 */
bool ctri_pressure_now(void)
{
	return READ_ONCE(ctri_pressed);
}

/* Entries from which on the probes are armed whatever the growth: 80 % */
static unsigned int ctri_pressure_near(unsigned int max)
{
	return max - max / 5;
}

/**
 * ctri_pressure_look() - wake arm.c if the table is near full and it sleeps
 * @net: the namespace whose entries are counted
 *
 * Context: any.
 */
void ctri_pressure_look(const struct net *net)
{
	unsigned int max = ctri_ct_max(net);

	if (max && !ctri_pressure_now() &&
	    ctri_ct_count(net) >= ctri_pressure_near(max))
		schedule_work(&ctri_pressure_work);
}

/**
 * ctri_pressure_level() - what a second of a namespace asks for
 * @max: the most that it may have; 0: no limit
 * @count: its entries now
 * @before: its entries a second ago
 * @dropped: the kernel evicted or refused within that second
 *
 * Context: any.
 * Return: the level.
 */
enum ctri_level ctri_pressure_level(unsigned int max, unsigned int count,
				    unsigned int before, bool dropped)
{
	int growth = count - before;

	if (!max)
		return CTRI_LEVEL_QUIET;
	if (dropped || count >= ctri_pressure_near(max) ||
	    (growth > 0 && count + (u64)growth * CTRI_AHEAD >= max))
		return CTRI_LEVEL_PRESSED;
	return count >= ctri_pressure_far(max) ? CTRI_LEVEL_HOLD :
						 CTRI_LEVEL_QUIET;
}
