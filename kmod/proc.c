// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/conntriage: a namespace's own rows, for it alone.
 *
 * Whoever may make a user namespace may read it there, as often as he likes. So
 * what one has found is shown to all who open the file within a second, and freed
 * a second later. A file shows what was so when it was opened, and holds neither
 * the namespace nor the module. Process context, all of it.
 */
#include <linux/capability.h>
#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include "abi.h"
#include "compat.h"
#include "netns.h"
#include "proc.h"
#include "rows.h"
#include "show.h"
#include "snapshot.h"

#define CTRI_PROC_FRESH		NSEC_PER_SEC

/**
 * struct ctri_proc_snap - what was found; read-only when it is complete
 * @ref: of struct ctri_proc, and of each open file
 * @when: ns of CLOCK_MONOTONIC at the end
 * @own: what
 */
struct ctri_proc_snap {
	struct kref ref;
	u64 when;
	struct ctri_snap_own own;
};

/**
 * struct ctri_proc - a namespace's file
 * @lock: one reader looks, the others wait for it
 * @last: what was found last; NULL: not within a second. Under @lock
 * @drop: lets go of @last
 */
struct ctri_proc {
	struct mutex lock;		/* see above */
	struct ctri_proc_snap *last;
	struct delayed_work drop;
};

/* A row is the namespace's, or a source's: the other is NULL. */
struct ctri_proc_row {
	const struct ctri_snap_netns *netns;
	const struct ctri_snap_source *source;
};

static void ctri_proc_snap_free(struct kref *ref)
{
	struct ctri_proc_snap *snap = container_of(ref, struct ctri_proc_snap, ref);

	kvfree(snap->own.source);
	kfree(snap);
}

static void ctri_proc_snap_put(void *snap)
{
	kref_put(&((struct ctri_proc_snap *)snap)->ref, ctri_proc_snap_free);
}

static bool ctri_proc_fresh(const struct ctri_proc *p)
{
	return p->last && ktime_get_ns() - p->last->when <= CTRI_PROC_FRESH;
}

static void ctri_proc_forget(struct ctri_proc *p)
{
	if (p->last)
		ctri_proc_snap_put(p->last);
	p->last = NULL;
}

static void ctri_proc_drop(struct work_struct *work)
{
	struct ctri_proc *p = container_of(to_delayed_work(work), struct ctri_proc, drop);

	mutex_lock(&p->lock);
	if (ctri_proc_fresh(p))		/* found after this was asked for */
		schedule_delayed_work(&p->drop, HZ);
	else
		ctri_proc_forget(p);
	mutex_unlock(&p->lock);
}

static struct ctri_proc_snap *ctri_proc_look(const struct ctri_net *cn)
{
	struct ctri_proc_snap *snap = kmalloc(sizeof(*snap), GFP_KERNEL_ACCOUNT);
	int err;

	if (!snap)
		return ERR_PTR(-ENOMEM);
	kref_init(&snap->ref);
	err = ctri_snap_own(cn, &snap->own);
	if (err) {
		kfree(snap);
		return ERR_PTR(err);
	}
	snap->when = ktime_get_ns();
	return snap;
}

/* What is so now, or was less than a second ago; to be put. */
static struct ctri_proc_snap *ctri_proc_snap_get(const struct ctri_net *cn)
{
	struct ctri_proc *p = cn->proc;
	struct ctri_proc_snap *snap;

	if (mutex_lock_killable(&p->lock))
		return ERR_PTR(-EINTR);
	snap = p->last;
	if (!ctri_proc_fresh(p)) {
		snap = ctri_proc_look(cn);
		if (IS_ERR(snap))
			goto out;
		ctri_proc_forget(p);
		p->last = snap;
		schedule_delayed_work(&p->drop, HZ);
	}
	kref_get(&snap->ref);
out:
	mutex_unlock(&p->lock);
	return snap;
}

static void ctri_proc_row(struct seq_file *m, const void *row)
{
	const struct ctri_proc_row *r = row;

	if (r->netns)
		ctri_show_own_netns(m, r->netns);
	else
		ctri_show_own_source(m, r->source);
}

static int ctri_proc_open(struct inode *inode, struct file *file)
{
	const struct ctri_net *cn = ctri_proc_data(inode);
	struct ctri_rows r = {
		.head = CTRI_HEAD_OWN,
		.show = ctri_proc_row,
		.size = sizeof(struct ctri_proc_row),
		.done = ctri_proc_snap_put,
	};
	struct ctri_proc_snap *snap;
	struct ctri_proc_row *row;
	unsigned int i;

	/*
	 * Mode and owner can't say it: the root of a user namespace that is made
	 * together with its network has no name yet when the file is made
	 * (proc_net_ns_init()).
	 */
	if (!ns_capable(cn->net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	snap = ctri_proc_snap_get(cn);
	if (IS_ERR(snap))
		return PTR_ERR(snap);
	r.priv = snap;
	row = kvcalloc(snap->own.nr + 1, sizeof(*row), GFP_KERNEL_ACCOUNT);
	if (!row) {
		ctri_proc_snap_put(snap);
		return -ENOMEM;
	}
	r.rows = row;
	row[r.nr++].netns = &snap->own.netns;
	for (i = 0; i < snap->own.nr; i++)
		row[r.nr++].source = &snap->own.source[i];
	return ctri_rows_open(file, &r);
}

static const struct proc_ops ctri_proc_ops = {
	.proc_open	= ctri_proc_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= ctri_rows_release,
};

/**
 * ctri_proc_add() - give a namespace its file
 * @net: the namespace, whose counters are there
 *
 * Context: process.
 * Return: 0 or -ENOMEM, with nothing left behind.
 */
int ctri_proc_add(struct net *net)
{
	struct ctri_net *cn = ctri_net(net);
	struct ctri_proc *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	mutex_init(&p->lock);
	INIT_DELAYED_WORK(&p->drop, ctri_proc_drop);
	cn->proc = p;		/* before anybody opens it */
	if (proc_create_data(CTRI_PROC_NAME, 0444, net->proc_net, &ctri_proc_ops, cn))
		return 0;
	cn->proc = NULL;
	kfree(p);
	return -ENOMEM;
}

/**
 * ctri_proc_remove() - take it away; no reader is inside on return
 * @net: the namespace
 *
 * Files that are open are let go of here; what is read from them is EIO.
 *
 * Context: process.
 */
void ctri_proc_remove(struct net *net)
{
	struct ctri_net *cn = ctri_net(net);

	if (!cn->proc)
		return;
	remove_proc_entry(CTRI_PROC_NAME, net->proc_net);
	cancel_delayed_work_sync(&cn->proc->drop);
	ctri_proc_forget(cn->proc);
	kfree(cn->proc);
	cn->proc = NULL;
}
