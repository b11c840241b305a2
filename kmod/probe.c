// SPDX-License-Identifier: GPL-2.0
/*
 * Attaches the probes, and arms them in the right order. When they are armed is
 * up to arm.c; what they do is in probe_full.c and probe_failed.c.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/mutex.h>
#include "compat.h"
#include "probe.h"
#include "probe_failed.h"
#include "probe_full.h"

/* Calls at the same time: a task and a softirq a CPU, and preempted tasks */
#define CTRI_MAXACTIVE		(4 * num_possible_cpus() + 16)

/**
 * struct ctri_place - a function to attach to
 * @kp: the probe, or @rp's
 * @rp: NULL: only entries are of interest
 * @watch: what it is armed for; CTRI_WATCHES: as long as the module is there
 * @calls: of @rp, as many as can be under way at a time; 0: CTRI_MAXACTIVE
 * @lost: what isn't known without it
 * @symbols: its names, in a module or built in, and as compilers change them
 * @attached: set at load
 */
struct ctri_place {
	struct kprobe *kp;
	struct kretprobe *rp;
	enum ctri_watch watch;
	int calls;
	const char *lost;
	const char *symbols[5];
	bool attached;
};

static struct ctri_place ctri_places[CTRI_PROBES] = {
	[CTRI_P_ALLOC] = {
		.kp = &ctri_kp_alloc,
		.watch = CTRI_W_FULL,
		.lost = "who evicts and who is refused stays unknown",
		.symbols = { "nf_conntrack:__nf_conntrack_alloc",
			     "__nf_conntrack_alloc" },
	},
	[CTRI_P_DELETE] = {
		.kp = &ctri_kp_delete,
		.watch = CTRI_W_FULL,
		.lost = "victims stay unknown",
		.symbols = { "nf_conntrack:nf_ct_helper_destroy",
			     "nf_ct_helper_destroy" },
	},
	[CTRI_P_DROP] = {
		.kp = &ctri_rp_drop.kp,
		.rp = &ctri_rp_drop,
		.watch = CTRI_W_FULL,
		.lost = "evictions and refusals stay unseen",
		.symbols = { "nf_conntrack:early_drop", "early_drop" },
	},
	[CTRI_P_CONFIRM] = {
		.kp = &ctri_rp_confirm.kp,
		.rp = &ctri_rp_confirm,
		.watch = CTRI_W_FAILED,
		.lost = "whose insertions fail in long chains stays unknown",
		.symbols = { "nf_conntrack:__nf_conntrack_confirm",
			     "__nf_conntrack_confirm" },
	},
	[CTRI_P_GC] = {
		.kp = &ctri_rp_gc.kp,
		.rp = &ctri_rp_gc,
		.watch = CTRI_WATCHES,
		.calls = 4,	/* one, and what the last ones give back late */
		.lost = "the gc worker's evictions stay unseen",
		/* others may have a function of this name */
		.symbols = { "nf_conntrack:gc_worker" },
	},
	[CTRI_P_CLASH] = {
		.kp = &ctri_rp_clash.kp,
		.rp = &ctri_rp_clash,
		.watch = CTRI_WATCHES,
		.lost = "the first clashes stay unseen",
		.symbols = { "nf_conntrack:nf_ct_resolve_clash",
			     "nf_ct_resolve_clash" },
	},
};

static DEFINE_MUTEX(ctri_probe_mutex);	/* arming */
static bool ctri_probes_armed[CTRI_WATCHES];	/* under ctri_probe_mutex */

static void ctri_probe_notice(const struct ctri_place *p, int err)
{
	pr_notice("cannot attach to %s (%d): %s on this kernel\n",
		  p->symbols[0], err, p->lost);
}

/*
 * Register, but don't arm. register_*() changes a probe even where it doesn't
 * find the name, so each try begins with a fresh one.
 */
static void ctri_probe_attach(struct ctri_place *p)
{
	kprobe_pre_handler_t handler = p->kp->pre_handler;
	const char *const *symbol = p->symbols;
	int err = -ENOENT;

	for (; err && *symbol; symbol++) {
		memset(p->kp, 0, sizeof(*p->kp));
		p->kp->pre_handler = handler;
		p->kp->symbol_name = *symbol;
		p->kp->flags = KPROBE_FLAG_DISABLED;
		if (p->rp) {
			p->rp->maxactive = p->calls ?: CTRI_MAXACTIVE;
			err = register_kretprobe(p->rp);
		} else {
			err = register_kprobe(p->kp);
		}
	}
	p->attached = !err;
	if (err)
		ctri_probe_notice(p, err);
}

static void ctri_probe_detach(struct ctri_place *p)
{
	if (!p->attached)
		return;
	if (p->rp)
		unregister_kretprobe(p->rp);
	else
		unregister_kprobe(p->kp);
	p->attached = false;
}

/* Once and for all: what it costs is paid by few calls */
static void ctri_probe_enable(struct ctri_place *p)
{
	int err;

	if (!p->attached)
		return;
	err = enable_kprobe(p->kp);
	if (err) {
		ctri_probe_detach(p);
		ctri_probe_notice(p, err);
	}
}

/**
 * ctri_probes_init() - find the places to attach to
 *
 * Armed at once are gc_worker()'s, which runs for some milliseconds a minute, and may
 * run for long when a table fills, so that from then on would be too late, and that
 * of clashes.
 *
 * What can't be attached to is named in the log and in "status"; the rest
 * works without.
 *
 * Context: process.
 */
void ctri_probes_init(void)
{
	unsigned int i;

	for (i = 0; i < CTRI_PROBES; i++) {
		ctri_probe_attach(&ctri_places[i]);
		if (ctri_places[i].watch == CTRI_WATCHES)
			ctri_probe_enable(&ctri_places[i]);
	}
	ctri_failed_init(ctri_places[CTRI_P_CLASH].attached);
	/* then a victim can't be told from any other deletion */
	if (!ctri_places[CTRI_P_GC].attached && !ctri_places[CTRI_P_DROP].attached)
		ctri_probe_detach(&ctri_places[CTRI_P_DELETE]);
}

/**
 * ctri_probes_exit() - let go; no handler runs any more on return
 *
 * Context: process.
 */
void ctri_probes_exit(void)
{
	int i;

	for (i = CTRI_PROBES - 1; i >= 0; i--)
		ctri_probe_detach(&ctri_places[i]);
}

static void __ctri_probes_disarm(enum ctri_watch watch)
{
	int i;

	for (i = CTRI_PROBES - 1; i >= 0; i--)
		if (ctri_places[i].attached && ctri_places[i].watch == watch)
			disable_kprobe(ctri_places[i].kp);
	ctri_probes_armed[watch] = false;
}

/**
 * ctri_probes_arm() - watch from here on
 * @watch: what
 *
 * In the order of enum ctri_probe: early_drop finds its cause and its victims
 * from its first call on.
 *
 * Context: process.
 * Return: 1 if it armed them, 0 if they were, or -errno with none armed.
 */
int ctri_probes_arm(enum ctri_watch watch)
{
	unsigned int i;
	int err = 0;

	mutex_lock(&ctri_probe_mutex);
	if (ctri_probes_armed[watch])
		goto out;
	for (i = 0; i < CTRI_PROBES && !err; i++)
		if (ctri_places[i].attached && ctri_places[i].watch == watch)
			err = enable_kprobe(ctri_places[i].kp);
	if (err) {
		__ctri_probes_disarm(watch);
	} else {
		ctri_probes_armed[watch] = true;
		err = 1;
	}
out:
	mutex_unlock(&ctri_probe_mutex);
	return err;
}

/**
 * ctri_probes_disarm() - stop paying for the probes
 * @watch: what for
 *
 * Context: process.
 */
void ctri_probes_disarm(enum ctri_watch watch)
{
	mutex_lock(&ctri_probe_mutex);
	if (ctri_probes_armed[watch])
		__ctri_probes_disarm(watch);
	mutex_unlock(&ctri_probe_mutex);
}

/**
 * ctri_probes_state() - for "status"
 * @s: filled
 *
 * Context: process.
 */
void ctri_probes_state(struct ctri_probe_state *s)
{
	unsigned int i;

	memset(s, 0, sizeof(*s));
	mutex_lock(&ctri_probe_mutex);
	memcpy(s->armed, ctri_probes_armed, sizeof(s->armed));
	mutex_unlock(&ctri_probe_mutex);

	for (i = 0; i < CTRI_PROBES; i++) {
		const struct ctri_place *p = &ctri_places[i];

		s->attached[i] = p->attached;
		s->missed += p->kp->nmissed + (p->rp ? p->rp->nmissed : 0);
	}
}
