// SPDX-License-Identifier: GPL-2.0
/* What is known at one moment, copied out for a reader. Process context. */
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include "account.h"
#include "clock.h"
#include "compat.h"
#include "netns.h"
#include "snapshot.h"

static bool ctri_net_tracked(const struct net *net)
{
	bool on;

	rcu_read_lock();
	on = ctri_conntrack_on(net, NFPROTO_IPV4, NF_INET_PRE_ROUTING) ||
	     ctri_conntrack_on(net, NFPROTO_IPV6, NF_INET_PRE_ROUTING);
	rcu_read_unlock();
	return on;
}

static void ctri_kstat_since(struct ctri_kstat *k, const struct ctri_kstat *base)
{
	k->insert_failed -= base->insert_failed;
	k->chaintoolong -= base->chaintoolong;
	k->clash -= base->clash;
	k->drop -= base->drop;
	k->early_drop -= base->early_drop;
	k->invalid -= base->invalid;
	k->error -= base->error;
	k->insert -= base->insert;
}

static unsigned int ctri_nets_nr(void)
{
	struct ctri_net *cn;
	unsigned int nr = 0;

	lockdep_assert_held(&ctri_nets_mutex);
	list_for_each_entry(cn, &ctri_nets, list)
		nr++;
	return nr;
}

/**
 * ctri_snap_one() - one namespace
 * @cn: the namespace; it can't go away
 * @row: filled
 */
void ctri_snap_one(const struct ctri_net *cn, struct ctri_snap_netns *row)
{
	row->inum = cn->net->ns.inum;
	row->id = cn->id;
	row->conntrack = ctri_net_tracked(cn->net);
	row->count = ctri_ct_count(cn->net);
	row->max = ctri_ct_max(cn->net);
	/*
	 * The kernel's counters first: what happens in between makes the
	 * module's larger, never an event that seems unseen.
	 */
	ctri_kstat_read(cn->net, &row->k);
	ctri_kstat_since(&row->k, &cn->base);
	ctri_counts_read(cn, &row->counts);
}

/**
 * ctri_snap_netns() - every watched namespace
 * @rows: set to an array that the caller kvfree()s
 * @nr: its length
 *
 * Return: 0 or -ENOMEM.
 */
int ctri_snap_netns(struct ctri_snap_netns **rows, unsigned int *nr)
{
	struct ctri_snap_netns *row;
	struct ctri_net *cn;

	mutex_lock(&ctri_nets_mutex);
	*nr = ctri_nets_nr();
	row = kvcalloc(*nr, sizeof(*row), GFP_KERNEL);
	*rows = row;
	if (!row) {
		mutex_unlock(&ctri_nets_mutex);
		return -ENOMEM;
	}
	list_for_each_entry(cn, &ctri_nets, list)
		ctri_snap_one(cn, row++);
	mutex_unlock(&ctri_nets_mutex);
	return 0;
}

/**
 * ctri_snap_top() - the heaviest sources of a class, and what it lost
 * @class: which
 * @rank: the order
 * @netns: ctri_net.id of the one namespace that is asked for; 0: all
 * @top: filled, worst first
 * @k: room in @top, may be 0
 * @info: filled
 *
 * Return: number of rows, or -errno.
 */
int ctri_snap_top(enum ctri_class class, enum ctri_rank rank, u32 netns,
		  struct ctri_row *top, unsigned int k,
		  struct ctri_merge_info *info)
{
	struct ctri_table **tables;
	u32 now = ctri_now();
	unsigned int nr;
	int ret;

	nr = ctri_account_tables(&tables, NULL);
	if (!nr)
		return -ENOMEM;
	ret = ctri_table_merge(tables, nr, class, rank, netns, now / CTRI_WINDOW,
			       now, top, k, info);
	kvfree(tables);
	return ret;
}

/**
 * ctri_snap_sources() - the heavy sources, class by class, worst first
 * @only: of this namespace alone; NULL: of all
 * @rows: set to an array that the caller kvfree()s
 * @nr: its length
 *
 * Return: 0 or -errno.
 */
int ctri_snap_sources(const struct ctri_net *only,
		      struct ctri_snap_source **rows, unsigned int *nr)
{
	struct ctri_merge_info info;
	enum ctri_class class;
	struct ctri_row *top;
	int i, n = 0, err = 0;

	*nr = 0;
	*rows = kvcalloc(CTRI_TOP * CTRI_CLASSES, sizeof(**rows), GFP_KERNEL);
	top = kvcalloc(CTRI_TOP, sizeof(*top), GFP_KERNEL);
	if (!*rows || !top) {
		err = -ENOMEM;
		goto out;
	}
	for (class = 0; class < CTRI_CLASSES; class++) {
		n = ctri_snap_top(class, CTRI_RANK_WINDOW, only ? only->id : 0,
				  top, CTRI_TOP, &info);
		if (n < 0) {
			err = n;
			goto out;
		}
		mutex_lock(&ctri_nets_mutex);
		for (i = 0; i < n; i++) {
			struct ctri_snap_source *row = &(*rows)[(*nr)++];

			row->row = top[i];
			row->class = class;
			row->inum = ctri_net_inum(top[i].src.netns);
		}
		mutex_unlock(&ctri_nets_mutex);
	}
out:
	kvfree(top);
	if (err) {
		kvfree(*rows);
		*rows = NULL;
	}
	return err;
}
