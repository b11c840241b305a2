// SPDX-License-Identifier: GPL-2.0
/*
 * The tick, once a second: how full every namespace is and what happened in
 * it. From that it asks for the probes or lets go of them, and it hands the
 * second to incident.c and to the flight recorder.
 *
 * What it costs is the counters of all CPUs, so it reads those of namespaces with
 * news alone (news.c), and those of a table that is filling up: a full one refuses
 * before anything else sees it. It runs on whichever CPU has time.
 *
 * After CTRI_REST seconds in which nothing happened it goes on by a deferrable
 * timer, which doesn't wake a CPU that is idle; the first news does. That this
 * comes on time doesn't depend on the timer's CPU: whoever counts something sees to
 * it.
 */
#include <linux/jiffies.h>
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
#include "news.h"
#include "pressure.h"
#include "probe_failed.h"
#include "pulse.h"
#include "tick.h"

/*
 * Ticks without news before it rests: by then two windows of the source tables
 * are over (incident.c), and the probes are disarmed (arm.c).
 */
#define CTRI_REST		31
#define CTRI_RESTED		1500	/* ms of a second that was a rest */

/* Of a namespace of which nothing but its entries is read, see ctri_nets_each() */
#define CTRI_COST_QUIET		4

static void ctri_tick(struct work_struct *work);
static DECLARE_DELAYED_WORK(ctri_tick_work, ctri_tick);
static DECLARE_DEFERRABLE_WORK(ctri_tick_rest, ctri_tick);
static struct workqueue_struct *ctri_tick_wq;	/* one tick at a time */

static unsigned long ctri_tick_due;	/* jiffies; the tick writes it */
static bool ctri_tick_stopped = true;	/* set at load and unload */
static unsigned int ctri_tick_calm;	/* ticks without news, the tick's own */
static bool ctri_tick_resting;		/* the tick's own */
static u32 ctri_tick_clashes;		/* until the last one, the tick's own */
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
static u32 ctri_drops_but_clashes(const struct ctri_sums *now,
				  const struct ctri_sums *last)
{
	u32 drop = now->drop - last->drop;
	u32 clash = now->insert_failed - last->insert_failed -
		    (now->chaintoolong - last->chaintoolong);

	return drop > clash ? drop - clash : 0;
}

/*
 * What was counted in a namespace. Returns whether the kernel evicted or refused.
 * Under ctri_nets_mutex.
 */
static bool ctri_tick_sum(struct ctri_net *cn, struct ctri_second *s, bool near)
{
	struct ctri_sums now;
	u32 early_drops, drops;
	unsigned int i;

	ctri_sums_read(cn, &now);
	for (i = 0; i < CTRI_N_INVALID; i++)
		s->n[i] += now.n[i] - cn->last.n[i];
	s->invalid += now.invalid - cn->last.invalid;
	early_drops = now.early_drop - cn->last.early_drop;
	drops = ctri_drops_but_clashes(&now, &cn->last);
	s->k_insert_failed += (u32)(now.insert_failed - cn->last.insert_failed);
	s->k_early_drop += early_drops;
	s->k_drop += drops;
	if (drops && near)
		s->full = true;
	cn->last = now;
	return early_drops || drops;
}

/* What a tick finds. */
struct ctri_tick_found {
	struct ctri_second s;
	enum ctri_level level;
	bool news;
	bool unseen;		/* conntrack is on, with entries, where there are no hooks */
};

/* One namespace's part of the second; see ctri_nets_each(). */
static unsigned int ctri_tick_net(struct ctri_net *cn, void *arg)
{
	struct ctri_tick_found *f = arg;
	unsigned int max = ctri_ct_max(cn->net);
	unsigned int count = ctri_ct_count(cn->net);
	bool near = max && count >= ctri_pressure_far(max);
	unsigned int cost = CTRI_COST_QUIET;
	bool news, dropped = false;

	if (!f->s.netns || count > f->s.count) {
		f->s.count = count;
		f->s.max = max;
		f->s.netns = cn->net->ns.inum;
	}
	if (f->s.rest)		/* what there is belongs to the next one */
		return cost;
	news = ctri_news_take(cn);
	if (news || near || count != cn->last_count) {
		dropped = ctri_tick_sum(cn, &f->s, near);
		cost += num_possible_cpus();
	}
	f->news |= news;
	f->unseen |= count && !READ_ONCE(cn->hooked) && ctri_net_tracked(cn->net);
	f->level = max(f->level, ctri_pressure_level(max, count, cn->last_count,
						     dropped));
	cn->last_count = count;
	return cost;
}

/**
 * ctri_tick_last() - what a namespace did since the last tick
 * @cn: the namespace, which goes
 *
 * Context: process, under ctri_nets_mutex.
 */
void ctri_tick_last(struct ctri_net *cn)
{
	unsigned int max = ctri_ct_max(cn->net);

	ctri_tick_sum(cn, &ctri_tick_gone,
		      max && ctri_ct_count(cn->net) >= ctri_pressure_far(max));
}

static void ctri_tick_look(struct ctri_tick_found *f)
{
	if (!f->s.rest) {
		mutex_lock(&ctri_nets_mutex);
		f->s = ctri_tick_gone;
		memset(&ctri_tick_gone, 0, sizeof(ctri_tick_gone));
		mutex_unlock(&ctri_nets_mutex);
	}
	ctri_nets_each(ctri_tick_net, f);
}

/* Arm the probes, or let go of them. */
static void ctri_tick_probes(const struct ctri_tick_found *f)
{
	u32 clashes;

	if (f->level == CTRI_LEVEL_PRESSED)
		ctri_arm(CTRI_W_FULL);
	else if (f->level == CTRI_LEVEL_QUIET)
		ctri_arm_relax(CTRI_W_FULL);
	/* the kernel's counters were read before, so that these are no less */
	clashes = ctri_failed_clashes();
	if (f->s.k_insert_failed > (u32)(clashes - ctri_tick_clashes))
		ctri_arm(CTRI_W_FAILED);
	else
		ctri_arm_relax(CTRI_W_FAILED);
	ctri_tick_clashes = clashes;
}

/* The next one, when it is due. */
static void ctri_tick_queue(struct delayed_work *work)
{
	unsigned long now = jiffies, due = READ_ONCE(ctri_tick_due);

	if (!READ_ONCE(ctri_tick_stopped))
		queue_delayed_work(ctri_tick_wq, work,
				   time_before(now, due) ? due - now : 0);
}

/* The first news of a rest: the tick comes for certain, now if it is overdue. */
static void ctri_tick_woken(struct irq_work *work)
{
	ctri_tick_queue(&ctri_tick_work);
}

static void ctri_tick(struct work_struct *work)
{
	struct ctri_tick_found f = { .level = CTRI_LEVEL_QUIET };
	bool lasts;
	u64 span;

	if (time_before(jiffies, ctri_tick_due))
		return;		/* the other timer was before this one */
	WRITE_ONCE(ctri_tick_due, jiffies + HZ);
	span = ktime_get_boottime_ns() - ctri_tick_when;
	f.s.rest = ctri_tick_resting && span >= CTRI_RESTED * NSEC_PER_MSEC;
	if (!f.s.rest && ctri_tick_calm >= CTRI_REST)
		ctri_news_forget();
	ctri_tick_look(&f);
	if (f.unseen)
		ctri_enable_look();

	f.s.when = ktime_get_boottime_ns();
	f.s.span = min_t(u64, div_u64(f.s.when - ctri_tick_when, NSEC_PER_MSEC), U32_MAX);
	ctri_tick_when = f.s.when;
	ctri_pulse_second();
	lasts = ctri_incident_second(&f.s);
	ctri_history_add(&f.s);
	if (!f.s.rest) {
		ctri_tick_probes(&f);
		if (f.news || lasts || f.level != CTRI_LEVEL_QUIET)
			ctri_tick_calm = 0;
		else
			ctri_tick_calm++;
	}
	ctri_tick_resting = ctri_tick_calm > CTRI_REST && !ctri_news_came();
	ctri_tick_queue(ctri_tick_resting ? &ctri_tick_rest : &ctri_tick_work);
}

/**
 * ctri_tick_init() - the first second begins; events may come
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int ctri_tick_init(void)
{
	ctri_tick_wq = alloc_ordered_workqueue("conntriage_tick", 0);
	if (!ctri_tick_wq)
		return -ENOMEM;
	ctri_news_init(ctri_tick_woken);
	ctri_tick_due = jiffies;
	ctri_tick_when = ktime_get_boottime_ns();
	ctri_tick_began = ktime_get_boottime_seconds();
	return 0;
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
	WRITE_ONCE(ctri_tick_stopped, false);
	ctri_tick_queue(&ctri_tick_work);
}

/**
 * ctri_tick_stop() - no tick any more
 *
 * Packets may still wake until no hook is left; ctri_tick_exit() waits for that.
 *
 * Context: process.
 */
void ctri_tick_stop(void)
{
	WRITE_ONCE(ctri_tick_stopped, true);
	ctri_news_flush();	/* one that had looked at that before */
	cancel_delayed_work_sync(&ctri_tick_work);
	cancel_delayed_work_sync(&ctri_tick_rest);
	/* as this one's last tick may have queued that one */
	cancel_delayed_work_sync(&ctri_tick_work);
}

/**
 * ctri_tick_exit() - the end; no packet is seen any more
 *
 * Context: process.
 */
void ctri_tick_exit(void)
{
	ctri_news_flush();
	destroy_workqueue(ctri_tick_wq);
}
