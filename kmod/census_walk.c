// SPDX-License-Identifier: GPL-2.0
/*
 * The census walks the table as ctnetlink does: bucket by bucket, under the
 * bucket's lock with BH off, checking the size again. Its working memory is
 * there before it begins: what census_cells.c and census_heavy.c count in.
 *
 * An entry's bucket is its hash, which never changes, scaled to the size of the
 * table. So whoever holds the lock of a bucket and sees the size that the walk
 * began with sees the entries that this bucket had then and that are still
 * there, whatever sizes the table had in between: each is counted once.
 */
#include <linux/bottom_half.h>
#include <linux/cache.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include <net/netfilter/nf_conntrack_extend.h>
#include "census.h"
#include "census_cells.h"
#include "census_heavy.h"
#include "census_walk.h"
#include "idle.h"
#include "netns.h"
#include "stage.h"
#include "zones.h"

#define CTRI_BATCH_BUCKETS	256	/* between two scheduling points ... */
#define CTRI_BATCH_ENTRIES	512	/* ... or so many entries */
#define CTRI_RUN_BUCKETS	16	/* between two chances for a softirq ... */
#define CTRI_RUN_ENTRIES	32	/* ... or so many entries */
#define CTRI_CENSUS_RESTARTS	3	/* then the walk goes on in another size */
#define CTRI_SAMPLE		256	/* entries whose memory is asked for */
#define CTRI_COST_SHARE		4	/* of a namespace, see ctri_nets_each() */

const u32 ctri_idle_steps[CTRI_IDLE_STEPS] = {
	60, 120, 300, 600, 1800, 3600, 7200, 86400,
};

/**
 * struct ctri_walk - what a walk needs beside its result; the walker's own
 * @c: the result
 * @cells: how many there are
 * @heavy: who holds them
 * @size: buckets of the table, as this walk knows it
 * @last_try: go on when the table is resized
 * @resized: it was, in the last try
 * @ext_bytes: extensions of the sampled entries
 * @batch_began: ns of the last scheduling point
 * @batch_buckets: since then
 * @batch_entries: since then
 * @net: namespace of the entry before; not held, only compared, with that of an
 *	entry under its bucket's lock
 * @id: ctri_net.id of @net
 * @share: cells of @net
 */
struct ctri_walk {
	struct ctri_census *c;
	struct ctri_cells *cells;
	struct ctri_heavies *heavy;
	unsigned int size;
	bool last_try, resized;
	u64 ext_bytes;
	u64 batch_began;
	u32 batch_buckets, batch_entries;
	const struct net *net;
	u32 id;
	const struct ctri_cells_net *share;
};

/* Returns how many of the steps its silence has reached. */
static unsigned int ctri_cell_add(struct ctri_cell *cell, const struct nf_conn *ct,
				  enum ctri_stage stage, u32 idle, bool known)
{
	unsigned long status = READ_ONCE(ct->status);
	unsigned int i;

	cell->entries++;
	cell->unreplied += !(status & IPS_SEEN_REPLY);
	cell->assured += !!(status & IPS_ASSURED);
	cell->unknown += !known;
	cell->stage[stage]++;
	for (i = 0; i < CTRI_IDLE_STEPS && idle >= ctri_idle_steps[i]; i++)
		cell->idle[i]++;
	return i;
}

static void ctri_state_add(struct ctri_state_cell *s, const struct nf_conn *ct,
			   enum ctri_stage stage, u32 idle, bool known)
{
	unsigned int i = ctri_cell_add(&s->cell, ct, stage, idle, known);

	if (i < CTRI_IDLE_STEPS)
		s->longest[i] = max(s->longest[i], idle);
	s->hist[idle ? min_t(u32, 1 + ilog2(idle), CTRI_HIST - 1) : 0]++;
}

static void ctri_walk_sample(struct ctri_walk *w, const struct nf_conn *ct)
{
	unsigned int id;

	w->c->sampled++;
	if (!ct->ext)
		return;
	w->ext_bytes += ksize(ct->ext);
	for (id = 0; id < NF_CT_EXT_NUM; id++)
		w->c->ext[id] += nf_ct_ext_exist(ct, id);
}

static void ctri_walk_net(struct ctri_walk *w, const struct net *net)
{
	w->net = net;
	w->id = ctri_net_rcu(net)->id;
	w->share = ctri_cells_net(w->cells, w->id, net->ns.inum);
}

static void ctri_walk_zone(struct ctri_walk *w, const struct nf_conn *ct, u16 zone,
			   enum ctri_stage stage, u32 idle, bool known)
{
	ctri_cell_add(ctri_cells_zone(w->cells, w->share, zone), ct, stage, idle,
		      known);
	/* it may be older than the module, or ctnetlink's */
	ctri_zone_met(ctri_net_rcu(w->net), zone);
}

/* BH off, the bucket's lock held: @ct can't go away. */
static void ctri_walk_entry(struct ctri_walk *w, const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *t =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	const struct net *net = nf_ct_net(ct);
	u16 zone = nf_ct_zone_id(nf_ct_zone(ct), IP_CT_DIR_ORIGINAL);
	enum ctri_stage stage;
	bool known;
	u32 idle = ctri_entry_idle(ct, &known);

	stage = ctri_entry_stage(ct, idle);
	if (unlikely(net != w->net))
		ctri_walk_net(w, net);
	ctri_state_add(ctri_cells_state(w->cells, w->share, t->dst.protonum,
					ctri_entry_state(ct)),
		       ct, stage, idle, known);
	if (unlikely(zone))
		ctri_walk_zone(w, ct, zone, stage, idle, known);
	ctri_heavies_count(w->heavy, w->id, t, stage);
	if (unlikely(w->c->sampled < CTRI_SAMPLE))
		ctri_walk_sample(w, ct);
}

/*
 * One bucket, BH off. Returns its entries, both directions; negative: the table
 * has another size now, in which case nothing was looked at.
 */
static int ctri_walk_bucket(struct ctri_walk *w, unsigned int bucket)
{
	spinlock_t *lock = &nf_conntrack_locks[bucket % CONNTRACK_LOCKS];
	struct nf_conntrack_tuple_hash *h;
	struct hlist_nulls_node *n;
	unsigned int length = 0;

	nf_conntrack_lock(lock);
	__acquire(lock);	/* for sparse: its declaration doesn't say so */
	if (unlikely(nf_conntrack_htable_size != w->size)) {
		spin_unlock(lock);
		return -EAGAIN;
	}
	hlist_nulls_for_each_entry(h, n, &nf_conntrack_hash[bucket], hnnode) {
		length++;
		if (NF_CT_DIRECTION(h) == IP_CT_DIR_ORIGINAL)
			ctri_walk_entry(w, nf_ct_tuplehash_to_ctrack(h));
	}
	spin_unlock(lock);
	w->c->chain[min_t(unsigned int, length, CTRI_CHAIN_MAX)]++;
	w->c->chain_max = max(w->c->chain_max, length);
	return length;
}

/* Some buckets from *@bucket on, which is moved to the next. */
static int ctri_walk_run(struct ctri_walk *w, unsigned int *bucket)
{
	unsigned int end = min(*bucket + CTRI_RUN_BUCKETS, w->size);
	unsigned int begin = *bucket, entries = 0;
	int length = 0;

	/* it may be freed, and its memory another namespace's, by the next run */
	w->net = NULL;
	local_bh_disable();
	while (*bucket < end && entries < CTRI_RUN_ENTRIES) {
		length = ctri_walk_bucket(w, *bucket);
		if (length < 0)
			break;
		entries += length;
		++*bucket;
	}
	local_bh_enable();
	w->batch_buckets += *bucket - begin;
	w->batch_entries += entries;
	return min(length, 0);
}

/*
 * The last try, and the table was resized: go on from the same place in the
 * order of hashes. Entries around it may be counted twice.
 */
static void ctri_walk_rescale(struct ctri_walk *w, unsigned int *bucket)
{
	unsigned int size = READ_ONCE(nf_conntrack_htable_size);

	*bucket = div_u64((u64)*bucket * size, w->size);
	w->size = size;
	w->resized = true;
}

static void ctri_walk_batch_begin(struct ctri_walk *w)
{
	w->batch_began = ktime_get_ns();
	w->batch_buckets = 0;
	w->batch_entries = 0;
}

static void ctri_walk_batch_end(struct ctri_walk *w)
{
	u32 usec = div_u64(ktime_get_ns() - w->batch_began, NSEC_PER_USEC);

	w->c->max_usec = max(w->c->max_usec, usec);
	cond_resched();
}

/* Returns -EAGAIN when the table was resized meanwhile, except in the last try. */
static int ctri_walk_table(struct ctri_walk *w)
{
	unsigned int bucket = 0;

	w->size = READ_ONCE(nf_conntrack_htable_size);
	ctri_walk_batch_begin(w);
	while (bucket < w->size) {
		if (ctri_walk_run(w, &bucket)) {
			if (!w->last_try)
				return -EAGAIN;
			ctri_walk_rescale(w, &bucket);
		}
		if (w->batch_buckets < CTRI_BATCH_BUCKETS &&
		    w->batch_entries < CTRI_BATCH_ENTRIES)
			continue;
		ctri_walk_batch_end(w);
		if (fatal_signal_pending(current))
			return -EINTR;
		ctri_walk_batch_begin(w);
	}
	ctri_walk_batch_end(w);
	w->c->buckets = w->size;
	return 0;
}

static int ctri_walk_rank(struct ctri_walk *w, enum ctri_heavy_kind kind)
{
	int nr = ctri_heavies_rank(w->heavy, kind, w->c->top[kind]);

	if (nr < 0)
		return nr;
	w->c->nr_top[kind] = nr;
	return 0;
}

static void ctri_walk_forget(struct ctri_census *c)
{
	memset(c->chain, 0, sizeof(c->chain));
	memset(c->ext, 0, sizeof(c->ext));
	c->chain_max = 0;
	c->sampled = 0;
}

static unsigned int ctri_walk_share(struct ctri_net *cn, void *cells)
{
	ctri_cells_net(cells, cn->id, cn->net->ns.inum);
	return CTRI_COST_SHARE;
}

/* Every namespace that is there has its share before the walk begins. */
static struct ctri_cells *ctri_walk_cells(void)
{
	struct ctri_cells *cells = ctri_cells_create(ctri_nets_nr());

	if (cells)
		ctri_nets_each(ctri_walk_share, cells);
	return cells;
}

static void ctri_walk_free(struct ctri_walk *w)
{
	ctri_heavies_destroy(w->heavy);
	ctri_cells_destroy(w->cells);
}

/* Forget what an earlier try has counted; 0 or -ENOMEM. */
static int ctri_walk_reset(struct ctri_walk *w)
{
	ctri_walk_forget(w->c);
	w->ext_bytes = 0;
	ctri_walk_free(w);
	w->cells = ctri_walk_cells();
	w->heavy = ctri_heavies_create();
	return w->cells && w->heavy ? 0 : -ENOMEM;
}

/* Walks until one meets no resize, or was the last try. */
static int ctri_walk_tries(struct ctri_walk *w)
{
	int err;

	do {
		err = ctri_walk_reset(w);
		if (err)
			break;
		w->last_try = w->c->restarts == CTRI_CENSUS_RESTARTS;
		err = ctri_walk_table(w);
		if (err == -EAGAIN || w->resized)
			w->c->restarts++;
	} while (err == -EAGAIN);
	return err;
}

/**
 * ctri_census_walk() - count the entries of the whole table
 * @c: zeroed; filled with all that a walk finds
 *
 * Context: process; sleeps.
 * Return: 0, -ENOMEM, or -EINTR after a fatal signal.
 */
int ctri_census_walk(struct ctri_census *c)
{
	struct ctri_walk w = { .c = c };
	unsigned int kind;
	int err;

	err = ctri_walk_tries(&w) ?: ctri_cells_gather(w.cells, c);
	for (kind = 0; kind < CTRI_HEAVIES && !err; kind++)
		err = ctri_walk_rank(&w, kind);
	ctri_walk_free(&w);

	c->bytes_ext = c->sampled ? div_u64(w.ext_bytes, c->sampled) : 0;
	/* nf_conntrack_init_start(): SLAB_HWCACHE_ALIGN; SLAB_TYPESAFE_BY_RCU
	 * keeps a pointer outside of the object
	 */
	c->bytes_entry = ALIGN(sizeof(struct nf_conn) + sizeof(void *),
			       cache_line_size()) + c->bytes_ext;
	return err;
}
