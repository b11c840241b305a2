// SPDX-License-Identifier: GPL-2.0
/* What is known at one moment, copied out for a reader. Process context. */
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include "compat.h"
#include "conntriage.h"

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
}

static unsigned int ctri_nr_nets(void)
{
	struct ctri_net *cn;
	unsigned int nr = 0;

	lockdep_assert_held(&ctri_nets_mutex);
	list_for_each_entry(cn, &ctri_nets, list)
		nr++;
	return nr;
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
	*nr = ctri_nr_nets();
	row = kvcalloc(*nr, sizeof(*row), GFP_KERNEL);
	*rows = row;
	if (!row) {
		mutex_unlock(&ctri_nets_mutex);
		return -ENOMEM;
	}
	list_for_each_entry(cn, &ctri_nets, list) {
		row->inum = cn->net->ns.inum;
		row->id = cn->id;
		row->conntrack = ctri_net_tracked(cn->net);
		row->count = ctri_ct_count(cn->net);
		/*
		 * The kernel's counters first: what happens in between makes
		 * the module's larger, never an event that seems unseen.
		 */
		ctri_kstat_read(cn->net, &row->k);
		ctri_kstat_since(&row->k, &cn->base);
		ctri_counts_read(cn, &row->counts);
		row++;
	}
	mutex_unlock(&ctri_nets_mutex);
	return 0;
}

static u32 ctri_inum_of(u32 id)
{
	struct ctri_net *cn;

	lockdep_assert_held(&ctri_nets_mutex);
	list_for_each_entry(cn, &ctri_nets, list)
		if (cn->id == id)
			return cn->net->ns.inum;
	return 0;
}

static int ctri_merge(enum ctri_class class, enum ctri_rank rank,
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
	ret = ctri_table_merge(tables, nr, class, rank, now / CTRI_WINDOW, now,
			       top, k, info);
	kvfree(tables);
	return ret;
}

/**
 * ctri_snap_sources() - the heavy sources, class by class, worst first
 * @rows: set to an array that the caller kvfree()s
 * @nr: its length
 *
 * Return: 0 or -errno.
 */
int ctri_snap_sources(struct ctri_snap_source **rows, unsigned int *nr)
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
		n = ctri_merge(class, CTRI_RANK_WINDOW, top, CTRI_TOP, &info);
		if (n < 0) {
			err = n;
			goto out;
		}
		mutex_lock(&ctri_nets_mutex);
		for (i = 0; i < n; i++) {
			struct ctri_snap_source *row = &(*rows)[(*nr)++];

			row->row = top[i];
			row->class = class;
			row->inum = ctri_inum_of(top[i].src.netns);
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

/**
 * ctri_snap_class() - what the source table knows and lost of one class
 * @class: which
 * @info: filled
 *
 * Return: 0 or -errno.
 */
int ctri_snap_class(enum ctri_class class, struct ctri_merge_info *info)
{
	int ret = ctri_merge(class, CTRI_RANK_TOTAL, NULL, 0, info);

	return ret < 0 ? ret : 0;
}
