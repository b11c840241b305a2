// SPDX-License-Identifier: GPL-2.0
/*
 * When the probes are armed, and for how long. The tick asks for them once a
 * second, the packet path in between (pressure.c); probe.c does it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/workqueue.h>
#include "arm.h"
#include "pressure.h"
#include "probe.h"

#define CTRI_QUIET		30	/* seconds, before they are disarmed */

/* When the probes of a watch are armed. All under ctri_arm_mutex. */
struct ctri_guard {
	bool wanted;
	unsigned int quiet;	/* seconds */
	u64 armings;		/* read without the mutex */
};

static DEFINE_MUTEX(ctri_arm_mutex);
static struct ctri_guard ctri_guards[CTRI_WATCHES];
/* Packets wake before there are probes, and after. Under ctri_arm_mutex. */
static bool ctri_arm_stopped = true;

/* Under ctri_arm_mutex. */
static void ctri_arm_want(enum ctri_watch watch, bool wanted)
{
	ctri_guards[watch].wanted = wanted;
	if (watch == CTRI_W_FULL)
		ctri_pressure_set(wanted);
}

/**
 * ctri_arm() - arm the probes of a watch, or keep them armed
 * @watch: what they are for
 *
 * Context: process.
 */
void ctri_arm(enum ctri_watch watch)
{
	struct ctri_guard *g = &ctri_guards[watch];
	int err = 0;

	mutex_lock(&ctri_arm_mutex);
	if (!ctri_arm_stopped) {
		err = ctri_probes_arm(watch);
		if (err > 0)
			WRITE_ONCE(g->armings, g->armings + 1);
		ctri_arm_want(watch, true);
		g->quiet = 0;
	}
	mutex_unlock(&ctri_arm_mutex);
	if (err < 0)
		pr_warn_once("cannot arm the probes (%d): who evicts, is refused or fails stays unseen; see kernel.ftrace_enabled and /sys/kernel/debug/kprobes/enabled\n",
			     err);
}

/**
 * ctri_arm_relax() - a second without need of a watch's probes
 * @watch: what they are for
 *
 * After CTRI_QUIET of these in a row they are disarmed.
 *
 * Context: process.
 */
void ctri_arm_relax(enum ctri_watch watch)
{
	struct ctri_guard *g = &ctri_guards[watch];

	mutex_lock(&ctri_arm_mutex);
	if (g->wanted && ++g->quiet >= CTRI_QUIET) {
		ctri_probes_disarm(watch);
		ctri_arm_want(watch, false);
	}
	mutex_unlock(&ctri_arm_mutex);
}

/**
 * ctri_arm_count() - how often the probes of evictions and refusals were armed
 *
 * Context: process.
 * Return: how often since the module was loaded.
 */
u64 ctri_arm_count(void)
{
	return READ_ONCE(ctri_guards[CTRI_W_FULL].armings);
}

static void ctri_arm_woken(struct work_struct *work)
{
	ctri_arm(CTRI_W_FULL);
}

/**
 * ctri_arm_init() - packets may wake; nothing is armed yet
 *
 * Context: process, before any packet is seen.
 */
void ctri_arm_init(void)
{
	ctri_pressure_init(ctri_arm_woken);
}

/**
 * ctri_arm_start() - there are probes to arm
 *
 * Context: process.
 */
void ctri_arm_start(void)
{
	mutex_lock(&ctri_arm_mutex);
	ctri_arm_stopped = false;
	mutex_unlock(&ctri_arm_mutex);
}

/**
 * ctri_arm_stop() - nothing is armed any more from here on
 *
 * Packets may still wake until no hook is left; ctri_arm_exit() waits for that.
 *
 * Context: process.
 */
void ctri_arm_stop(void)
{
	mutex_lock(&ctri_arm_mutex);
	ctri_arm_stopped = true;
	mutex_unlock(&ctri_arm_mutex);
}

/**
 * ctri_arm_exit() - the end; no packet is seen any more
 *
 * Context: process.
 */
void ctri_arm_exit(void)
{
	ctri_pressure_flush();
}
