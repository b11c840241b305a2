// SPDX-License-Identifier: GPL-2.0
/*
 * The tick, once a second: how full every namespace is and what happened in
 * it. From that it asks for the probes or lets go of them, and it hands the
 * second to incident.c and to the flight recorder.
 */
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <net/netfilter/nf_conntrack.h>
#include "arm.h"
#include "compat.h"
#include "enable.h"
#include "history.h"
#include "incident.h"
#include "netns.h"
#include "pressure.h"
#include "tick.h"

static void ctri_tick(struct work_struct *work);
static DECLARE_DELAYED_WORK(ctri_tick_work, ctri_tick);

static u64 ctri_tick_when;		/* ns of CLOCK_BOOTTIME, the tick's own */
static time64_t ctri_tick_began;	/* s of CLOCK_BOOTTIME, set at load */
/* Of namespaces that have gone since the last tick. Under ctri_nets_mutex. */
static struct ctri_second ctri_tick_gone;

/*
 * The kernel's drop counter is not of full tables alone. A clash that isn't
 * resolved raises drop and insert_failed (nf_ct_resolve_clash()). A chain that is
 * too long raises insert_failed as well, and chaintoolong, but not drop
 * (__nf_conntrack_confirm()).
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
	enum ctri_level level;
	u32 early_drops, drops;
	struct ctri_counts now;
	struct ctri_kstat k;
	unsigned int i;

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

	if (drops && max && count >= ctri_pressure_far(max))
		s->full = true;
	level = ctri_pressure_level(max, count, cn->last_count,
				    early_drops || drops);
	cn->last = k;
	cn->last_counts = now;
	cn->last_count = count;
	return level;
}

/**
 * ctri_tick_last() - what a namespace did since the last tick
 * @cn: the namespace, which goes
 *
 * Context: process, under ctri_nets_mutex.
 */
void ctri_tick_last(struct ctri_net *cn)
{
	ctri_tick_net(cn, &ctri_tick_gone);
}

static void ctri_tick(struct work_struct *work)
{
	enum ctri_level level = CTRI_LEVEL_QUIET;
	struct ctri_second s;
	struct ctri_net *cn;
	bool unseen = false;

	mutex_lock(&ctri_nets_mutex);
	s = ctri_tick_gone;
	memset(&ctri_tick_gone, 0, sizeof(ctri_tick_gone));
	s.netns = 0;
	s.count = 0;
	list_for_each_entry(cn, &ctri_nets, list) {
		level = max(level, ctri_tick_net(cn, &s));
		unseen |= cn->last_count && !READ_ONCE(cn->hooked);
		cond_resched();
	}
	mutex_unlock(&ctri_nets_mutex);

	if (unseen)
		ctri_enable_look();
	s.max = READ_ONCE(nf_conntrack_max);
	s.when = ktime_get_boottime_ns();
	s.span = min_t(u64, div_u64(s.when - ctri_tick_when, NSEC_PER_MSEC), U32_MAX);
	ctri_tick_when = s.when;
	ctri_incident_second(&s);
	ctri_history_add(&s);

	if (level == CTRI_LEVEL_PRESSED)
		ctri_arm(CTRI_W_FULL);
	else if (level == CTRI_LEVEL_QUIET)
		ctri_arm_relax(CTRI_W_FULL);
	if (s.k_insert_failed)
		ctri_arm(CTRI_W_FAILED);
	else
		ctri_arm_relax(CTRI_W_FAILED);
	schedule_delayed_work(&ctri_tick_work, HZ);
}

/**
 * ctri_tick_init() - the first second begins; events may come
 *
 * Context: process.
 */
void ctri_tick_init(void)
{
	ctri_tick_when = ktime_get_boottime_ns();
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
 * ctri_tick_start() - begin to tick
 *
 * Context: process.
 */
void ctri_tick_start(void)
{
	schedule_delayed_work(&ctri_tick_work, 0);
}

/**
 * ctri_tick_stop() - no tick any more
 *
 * Context: process.
 */
void ctri_tick_stop(void)
{
	cancel_delayed_work_sync(&ctri_tick_work);
}
