// SPDX-License-Identifier: GPL-2.0
/*
 * The tick, once a second: how full every namespace is and what happened in
 * it. It arms the probes under pressure, disarms them after a quiet while, and
 * hands the second to the flight recorder and to incident.c.
 *
 * A flood can fill a table between two ticks, so hook.c also looks at the
 * fill level every few insertions and kicks.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include "compat.h"
#include "conntriage.h"

#define CTRI_AHEAD		3	/* armed if full within seconds */
#define CTRI_QUIET		30	/* seconds, before they are disarmed */

static void ctri_tick(struct work_struct *work);
static void ctri_kicked(struct work_struct *work);
static DECLARE_DELAYED_WORK(ctri_tick_work, ctri_tick);
static DECLARE_WORK(ctri_kick_work, ctri_kicked);

/* Entries from which on the probes are armed whatever the growth: 80 % */
static unsigned int ctri_near(unsigned int max)
{
	return max - max / 5;
}

/* Entries below which it is quiet: 75 % */
static unsigned int ctri_far(unsigned int max)
{
	return max - max / 4;
}

/* When the probes of a watch are armed. All under ctri_pressure_mutex. */
struct ctri_guard {
	bool wanted;		/* read without the mutex */
	unsigned int quiet;	/* seconds */
	u64 armings;
};

static DEFINE_MUTEX(ctri_pressure_mutex);
static struct ctri_guard ctri_guards[CTRI_WATCHES];
/* Hooks kick before there are probes. Under ctri_pressure_mutex. */
static bool ctri_stopped = true;
static u64 ctri_ticked;			/* ns of CLOCK_BOOTTIME, the tick's own */
static time64_t ctri_tick_began;	/* s of CLOCK_BOOTTIME, set at load */
/* Of namespaces that went since the last tick. Under ctri_nets_mutex. */
static struct ctri_second ctri_left;

/**
 * ctri_pressure_near() - is it time for the probes, and are they idle?
 * @net: a namespace
 *
 * Context: any.
 * Return: true if they should be armed now.
 */
bool ctri_pressure_near(const struct net *net)
{
	unsigned int max = READ_ONCE(nf_conntrack_max);

	return max && !ctri_pressure_now() &&
	       ctri_ct_count(net) >= ctri_near(max);
}

/**
 * ctri_pressure_kick() - arm now instead of at the next tick
 *
 * Context: any.
 */
void ctri_pressure_kick(void)
{
	schedule_work(&ctri_kick_work);
}

/**
 * ctri_pressure_now() - are the probes of evictions and refusals wanted?
 *
 * Context: any.
 * Return: true if they are armed, or about to be.
 */
bool ctri_pressure_now(void)
{
	return READ_ONCE(ctri_guards[CTRI_W_FULL].wanted);
}

/**
 * ctri_pressure_armings() - how often they were armed
 *
 * Context: process.
 * Return: how often since the module was loaded.
 */
u64 ctri_pressure_armings(void)
{
	return READ_ONCE(ctri_guards[CTRI_W_FULL].armings);
}

static void ctri_arm(enum ctri_watch watch)
{
	struct ctri_guard *g = &ctri_guards[watch];
	int err = 0;

	mutex_lock(&ctri_pressure_mutex);
	if (!ctri_stopped) {
		err = ctri_probes_arm(watch);
		if (err > 0)
			g->armings++;
		WRITE_ONCE(g->wanted, true);
		g->quiet = 0;
	}
	mutex_unlock(&ctri_pressure_mutex);
	if (err < 0)
		pr_warn_once("cannot arm the probes (%d): who evicts, is refused or fails stays unseen; see kernel.ftrace_enabled and /sys/kernel/debug/kprobes/enabled\n",
			     err);
}

static void ctri_kicked(struct work_struct *work)
{
	ctri_arm(CTRI_W_FULL);
}

/* Nothing to see, CTRI_QUIET ticks in a row. */
static void ctri_relax(enum ctri_watch watch)
{
	struct ctri_guard *g = &ctri_guards[watch];

	mutex_lock(&ctri_pressure_mutex);
	if (g->wanted && ++g->quiet >= CTRI_QUIET) {
		ctri_probes_disarm(watch);
		WRITE_ONCE(g->wanted, false);
	}
	mutex_unlock(&ctri_pressure_mutex);
}

enum ctri_level { CTRI_LEVEL_QUIET, CTRI_LEVEL_HOLD, CTRI_LEVEL_PRESSED };

/*
 * The kernel's drop is of many things. A clash that isn't resolved counts both
 * as that and as insert_failed (nf_ct_resolve_clash()), and so does no other
 * failure to insert but those of chains, which count as chaintoolong.
 */
static u32 ctri_drops_but_clashes(const struct ctri_kstat *k,
				  const struct ctri_kstat *last)
{
	u32 drop = k->drop - last->drop;
	u32 clash = k->insert_failed - last->insert_failed -
		    (k->chaintoolong - last->chaintoolong);

	return drop > clash ? drop - clash : 0;
}

/* One namespace's part of the second. Under ctri_nets_mutex. */
static enum ctri_level ctri_tick_net(struct ctri_net *cn, struct ctri_second *s)
{
	unsigned int max = READ_ONCE(nf_conntrack_max);
	unsigned int count = ctri_ct_count(cn->net);
	enum ctri_level level = CTRI_LEVEL_QUIET;
	u32 early_drops, drops;
	struct ctri_counts now;
	struct ctri_kstat k;
	unsigned int i;
	int growth;

	ctri_counts_read(cn, &now);
	ctri_kstat_read(cn->net, &k);
	for (i = 0; i < CTRI_N_INVALID; i++)
		s->n[i] += now.n[i] - cn->last_counts.n[i];
	for (; i < CTRI_N_MAX; i++)
		s->invalid += now.n[i] - cn->last_counts.n[i];
	early_drops = k.early_drop - cn->last.early_drop;
	drops = ctri_drops_but_clashes(&k, &cn->last);
	s->k_insert_failed += (u32)(k.insert_failed - cn->last.insert_failed);
	s->k_early_drop += early_drops;
	s->k_drop += drops;
	if (!s->netns || count > s->count) {
		s->count = count;
		s->netns = cn->net->ns.inum;
	}

	growth = count - cn->last_count;
	if (max) {
		if (count >= ctri_far(max)) {
			level = CTRI_LEVEL_HOLD;
			if (drops)
				s->full = true;
		}
		if (count >= ctri_near(max) ||
		    (growth > 0 && count + (u64)growth * CTRI_AHEAD >= max) ||
		    early_drops || drops)
			level = CTRI_LEVEL_PRESSED;
	}
	cn->last = k;
	cn->last_counts = now;
	cn->last_count = count;
	return level;
}

/**
 * ctri_pressure_last() - what a namespace did since the last tick
 * @cn: the namespace, which goes
 *
 * Context: process, under ctri_nets_mutex.
 */
void ctri_pressure_last(struct ctri_net *cn)
{
	ctri_tick_net(cn, &ctri_left);
}

static void ctri_tick(struct work_struct *work)
{
	enum ctri_level level = CTRI_LEVEL_QUIET;
	struct ctri_second s;
	struct ctri_net *cn;

	mutex_lock(&ctri_nets_mutex);
	s = ctri_left;
	memset(&ctri_left, 0, sizeof(ctri_left));
	s.netns = 0;
	s.count = 0;
	list_for_each_entry(cn, &ctri_nets, list) {
		level = max(level, ctri_tick_net(cn, &s));
		cond_resched();
	}
	mutex_unlock(&ctri_nets_mutex);

	s.max = READ_ONCE(nf_conntrack_max);
	s.when = ktime_get_boottime_ns();
	s.span = min_t(u64, div_u64(s.when - ctri_ticked, NSEC_PER_MSEC), U32_MAX);
	ctri_ticked = s.when;
	ctri_incident_second(&s);
	ctri_history_add(&s);

	if (level == CTRI_LEVEL_PRESSED)
		ctri_arm(CTRI_W_FULL);
	else if (level == CTRI_LEVEL_QUIET)
		ctri_relax(CTRI_W_FULL);
	if (s.k_insert_failed)
		ctri_arm(CTRI_W_FAILED);
	else
		ctri_relax(CTRI_W_FAILED);
	schedule_delayed_work(&ctri_tick_work, HZ);
}

/**
 * ctri_pressure_begin() - the first second begins; events may come
 *
 * Context: process.
 */
void ctri_pressure_begin(void)
{
	ctri_ticked = ktime_get_boottime_ns();
	ctri_tick_began = ktime_get_boottime_seconds();
}

/**
 * ctri_uptime() - seconds since the module was loaded, suspends included
 *
 * Context: any.
 * Return: seconds.
 */
time64_t ctri_uptime(void)
{
	return ktime_get_boottime_seconds() - ctri_tick_began;
}

/**
 * ctri_pressure_init() - begin to tick; there are probes to arm
 *
 * Context: process.
 */
void ctri_pressure_init(void)
{
	mutex_lock(&ctri_pressure_mutex);
	ctri_stopped = false;
	mutex_unlock(&ctri_pressure_mutex);
	schedule_delayed_work(&ctri_tick_work, 0);
}

/**
 * ctri_pressure_stop() - no tick, and nothing is armed any more
 *
 * Hooks may still kick until they are gone; ctri_pressure_flush() waits for
 * what those kicked.
 *
 * Context: process.
 */
void ctri_pressure_stop(void)
{
	mutex_lock(&ctri_pressure_mutex);
	ctri_stopped = true;
	mutex_unlock(&ctri_pressure_mutex);
	cancel_delayed_work_sync(&ctri_tick_work);
}

/**
 * ctri_pressure_flush() - the end; no hook is left
 *
 * Context: process.
 */
void ctri_pressure_flush(void)
{
	cancel_work_sync(&ctri_kick_work);
}
