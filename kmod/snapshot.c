// SPDX-License-Identifier: GPL-2.0
/* What is known at one moment, copied out for a reader. Process context. */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include "abi.h"
#include "account.h"
#include "clock.h"
#include "compat.h"
#include "cpus.h"
#include "netns.h"
#include "snapshot.h"

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

/* The module's counters and conntrack's, see ctri_nets_each() */
#define CTRI_COST_SNAP		4

struct ctri_snap_nets {
	struct ctri_snap_netns *row;
	unsigned int nr, room;
};

static unsigned int ctri_snap_next(struct ctri_net *cn, void *arg)
{
	struct ctri_snap_nets *to = arg;

	if (to->nr < to->room)
		ctri_snap_one(cn, &to->row[to->nr++]);
	return CTRI_COST_SNAP * num_possible_cpus();
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
	struct ctri_snap_nets to = { .room = ctri_nets_nr() };

	to.row = kvcalloc(to.room, sizeof(*to.row), GFP_KERNEL);
	if (!to.row)
		return -ENOMEM;
	ctri_nets_each(ctri_snap_next, &to);
	*rows = to.row;
	*nr = to.nr;
	return 0;
}

/**
 * ctri_snap_top() - the heaviest sources of a class, and what it lost
 * @class: which
 * @rank: the order
 * @top: filled, worst first
 * @k: room in @top, may be 0
 * @info: filled
 *
 * Return: number of rows, or -errno.
 */
int ctri_snap_top(enum ctri_class class, enum ctri_rank rank,
		  struct ctri_row *top, unsigned int k,
		  struct ctri_merge_info *info)
{
	struct ctri_table **tables;
	u32 now = ctri_now();
	unsigned int nr;
	int ret;

	nr = ctri_cpus_tables(&tables, NULL);
	if (!nr)
		return -ENOMEM;
	ret = ctri_table_merge(tables, nr, class, rank, 0, now / CTRI_WINDOW,
			       now, top, k, info);
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
		n = ctri_snap_top(class, CTRI_RANK_WINDOW, top, CTRI_TOP, &info);
		if (n < 0) {
			err = n;
			goto out;
		}
		for (i = 0; i < n; i++) {
			struct ctri_snap_source *row = &(*rows)[(*nr)++];

			row->row = top[i];
			row->class = class;
			row->inum = ctri_net_inum(top[i].src.netns);
		}
	}
out:
	kvfree(top);
	if (err) {
		kvfree(*rows);
		*rows = NULL;
	}
	return err;
}

/*
 * What a source may have had more is what the namespace's own counter has above
 * all its records: no other namespace's events go into that. Events that came
 * while the tables were read make it more, never less. Services and programs have
 * no counter.
 */
static void ctri_own_bounds(struct ctri_row *row, u64 missing)
{
	if (row->src.family != CTRI_FAMILY_IPV4 && row->src.family != CTRI_FAMILY_IPV6)
		missing = U64_MAX;
	row->total_err = missing;
	if (missing)
		row->cur_high = U32_MAX;
}

/* One class of a namespace's sources. Returns 0 or -errno. */
static int ctri_own_class(const struct ctri_net *cn, enum ctri_class class,
			  struct ctri_table **tables, struct ctri_row *top,
			  struct ctri_snap_own *own)
{
	struct ctri_merge_info info;
	struct ctri_counts counts;
	u32 now = ctri_now();
	u64 events;
	int i, n;

	n = ctri_cpus_tables_of(cn, class, tables);
	if (n)
		n = ctri_table_merge(tables, n, class, CTRI_RANK_WINDOW, cn->id,
				     now / CTRI_WINDOW, now, top, CTRI_TOP, &info);
	if (n <= 0)
		return n;
	ctri_counts_read(cn, &counts);
	events = ctri_class_events(counts.n, class);
	if (class == CTRI_C_INVALID_TO)		/* those alone were looked into */
		events -= counts.n[CTRI_N_INVALID + CTRI_INV_UNSAMPLED];
	for (i = 0; i < n; i++) {
		struct ctri_snap_source *s = &own->source[own->nr++];

		s->row = top[i];
		s->row.src.netns = own->netns.id;
		s->class = class;
		s->inum = own->netns.inum;
		ctri_own_bounds(&s->row, events - min(events, info.counted));
	}
	return 0;
}

static unsigned int ctri_own_classes(const struct ctri_snap_own *own)
{
	unsigned int class, nr = 0;

	for (class = 0; class < CTRI_CLASSES; class++)
		nr += !!ctri_class_events(own->netns.counts.n, class);
	return nr;
}

/**
 * ctri_snap_own() - what a namespace is told of itself
 * @cn: the namespace; it can't go away
 * @own: filled; the caller kvfree()s its source
 *
 * It costs what the namespace did: classes without an event of it, and the tables
 * of CPUs on which it had none, aren't looked at. The memory is charged to the
 * reader's control group.
 *
 * Return: 0 or -errno.
 */
int ctri_snap_own(const struct ctri_net *cn, struct ctri_snap_own *own)
{
	struct ctri_table **tables = NULL;
	struct ctri_row *top = NULL;
	unsigned int class, classes;
	int err = 0;

	memset(own, 0, sizeof(*own));
	ctri_snap_one(cn, &own->netns);
	own->netns.id = cn->id == CTRI_ID_INIT ? CTRI_ID_INIT : CTRI_ID_OTHER;
	classes = ctri_own_classes(own);
	if (!classes)
		return 0;
	own->source = kvmalloc_array(classes * CTRI_TOP, sizeof(*own->source),
				     GFP_KERNEL_ACCOUNT);
	top = kvmalloc_array(CTRI_TOP, sizeof(*top), GFP_KERNEL_ACCOUNT);
	tables = kvmalloc_array(nr_cpu_ids, sizeof(*tables), GFP_KERNEL_ACCOUNT);
	if (!own->source || !top || !tables)
		err = -ENOMEM;
	for (class = 0; class < CTRI_CLASSES && !err; class++)
		if (ctri_class_events(own->netns.counts.n, class))
			err = ctri_own_class(cn, class, tables, top, own);
	kvfree(tables);
	kvfree(top);
	if (err) {
		kvfree(own->source);
		own->source = NULL;
	}
	return err;
}
