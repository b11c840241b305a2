// SPDX-License-Identifier: GPL-2.0
/*
 * Where conntrack is turned on. A hook costs every packet of its namespace, and
 * taking it away drops what waits in that namespace's nfqueues. So a namespace gets
 * this module's hooks only once conntrack's own are asked for there, and keeps them
 * until it or the module goes.
 *
 * Every user of conntrack asks nf_ct_netns_get(). Where ftrace callbacks get that
 * function's arguments, they are seen at its entry, and a worker registers the hooks
 * a moment later: INVALID packets in between are the kernel's k_invalid alone. What
 * was turned on before is seen by looking. Elsewhere every namespace has the hooks.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jump_label.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <net/netfilter/nf_conntrack.h>
#include "compat.h"
#include "confirm.h"
#include "enable.h"
#include "hook.h"
#include "netns.h"

/*
 * Registering and unregistering of hooks. Taken before ctri_nets_mutex, which isn't
 * held meanwhile: a reader needs that one.
 */
static DEFINE_MUTEX(ctri_enable_mutex);
static unsigned int ctri_enable_hooked;		/* namespaces; under it */

static void ctri_enable_work(struct work_struct *work);
static DECLARE_WORK(ctri_enable_worker, ctri_enable_work);

/* What a look costs, see ctri_nets_each(): the hooks of conntrack are searched for */
#define CTRI_COST_WANTED	8

/* Nobody tells when conntrack is turned on: all namespaces have hooks. */
static bool ctri_enable_always __ro_after_init = true;

/* Under ctri_enable_mutex, which a dying one takes once more to lose its hooks. */
static bool ctri_enable_wanted(const struct ctri_net *cn)
{
	return !cn->hooked && !READ_ONCE(cn->dying) &&
	       (READ_ONCE(cn->wanted) || ctri_net_tracked(cn->net));
}

static int ctri_enable_hooks(struct ctri_net *cn)
{
	int err = ctri_hooks_register(cn);

	if (!err) {
		WRITE_ONCE(cn->hooked, true);
		WRITE_ONCE(ctri_enable_hooked, ctri_enable_hooked + 1);
	}
	return err;
}

/* Some that want hooks. They stay: their end waits for ctri_enable_mutex. */
struct ctri_enable_found {
	struct ctri_net *net[32];
	unsigned int nr;
};

/* See ctri_nets_each(). */
static unsigned int ctri_enable_find(struct ctri_net *cn, void *arg)
{
	struct ctri_enable_found *f = arg;

	if (f->nr < ARRAY_SIZE(f->net) && ctri_enable_wanted(cn))
		f->net[f->nr++] = cn;
	return CTRI_COST_WANTED;
}

static void ctri_enable_work(struct work_struct *work)
{
	struct ctri_enable_found f;
	unsigned int i;
	int err = 0;

	mutex_lock(&ctri_enable_mutex);
	do {
		f.nr = 0;
		ctri_nets_each(ctri_enable_find, &f);
		for (i = 0; i < f.nr && !err; i++)
			err = ctri_enable_hooks(f.net[i]);
	} while (f.nr == ARRAY_SIZE(f.net) && !err);
	mutex_unlock(&ctri_enable_mutex);
	/* the tick looks again */
	if (err)
		pr_warn_ratelimited("no hooks in a namespace (%d): its INVALID packets stay unseen\n",
				    err);
}

#ifdef CTRI_FTRACE_ARGS

static DEFINE_STATIC_KEY_FALSE(ctri_enable_started);

/*
 * Process context, under the mutex of whoever adds rules. A namespace whose part of
 * this module isn't there yet is looked at when it is made.
 */
static void notrace ctri_enable_called(unsigned long ip, unsigned long parent_ip,
				       struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	const struct net *net = (void *)ctri_ftrace_arg0(fregs);
	const struct net_generic *ng;
	struct ctri_net *cn = NULL;

	if (!static_branch_likely(&ctri_enable_started))
		return;
	rcu_read_lock();
	ng = rcu_dereference(net->gen);
	if (ctri_net_id < ng->s.len)
		cn = ng->ptr[ctri_net_id];
	if (cn && !READ_ONCE(cn->wanted)) {
		WRITE_ONCE(cn->wanted, true);
		schedule_work(&ctri_enable_worker);
	}
	rcu_read_unlock();
}

static struct ftrace_ops ctri_enable_ops = {
	.func	= ctri_enable_called,
};

/**
 * ctri_enable_init() - find out how conntrack is noticed
 *
 * Context: process, at load, before any namespace is watched, after
 * ctri_confirm_init().
 */
void __init ctri_enable_init(void)
{
	int err;

	if (ctri_confirm_needs_hooks())
		return;
	err = ftrace_set_filter_ip(&ctri_enable_ops, (unsigned long)nf_ct_netns_get, 0, 0);
	if (!err) {
		err = register_ftrace_function(&ctri_enable_ops);
		if (err)
			ftrace_free_filter(&ctri_enable_ops);
	}
	ctri_enable_always = err;
}

/**
 * ctri_enable_start() - every namespace is watched now
 *
 * Context: process.
 */
void ctri_enable_start(void)
{
	static_branch_enable(&ctri_enable_started);
	ctri_enable_look();	/* what was turned on meanwhile */
}

static void ctri_enable_detach(void)
{
	if (ctri_enable_always)
		return;
	unregister_ftrace_function(&ctri_enable_ops);
	ftrace_free_filter(&ctri_enable_ops);
}

#else

void __init ctri_enable_init(void)
{
}

void ctri_enable_start(void)
{
}

static void ctri_enable_detach(void)
{
}

#endif

/**
 * ctri_enable_stop() - no namespace gets hooks any more
 *
 * Context: process, at unload; the tick has stopped.
 */
void ctri_enable_stop(void)
{
	ctri_enable_detach();
	cancel_work_sync(&ctri_enable_worker);
}

/**
 * ctri_enable_look() - have every namespace looked at, and hooks registered
 *
 * For entries where there are no hooks: what turned conntrack on wasn't seen.
 *
 * Context: any.
 */
void ctri_enable_look(void)
{
	schedule_work(&ctri_enable_worker);
}

/**
 * ctri_enable_add() - the hooks of a namespace that is watched from now on
 * @cn: the namespace; listed
 *
 * Context: process.
 * Return: 0 or -errno with no hook left.
 */
int ctri_enable_add(struct ctri_net *cn)
{
	int err = 0;

	mutex_lock(&ctri_enable_mutex);
	if (ctri_enable_always)
		WRITE_ONCE(cn->wanted, true);
	if (ctri_enable_wanted(cn))
		err = ctri_enable_hooks(cn);
	mutex_unlock(&ctri_enable_mutex);
	return err;
}

/**
 * ctri_enable_remove() - take a namespace's hooks away
 * @cn: the namespace, dying; packets may be in the hooks for a grace period more
 *
 * Context: process.
 */
void ctri_enable_remove(struct ctri_net *cn)
{
	mutex_lock(&ctri_enable_mutex);
	if (cn->hooked) {
		ctri_hooks_unregister(cn);
		WRITE_ONCE(ctri_enable_hooked, ctri_enable_hooked - 1);
	}
	mutex_unlock(&ctri_enable_mutex);
}

/**
 * ctri_enable_count() - for "status"
 *
 * Context: any.
 * Return: the number of namespaces with hooks.
 */
unsigned int ctri_enable_count(void)
{
	return READ_ONCE(ctri_enable_hooked);
}
