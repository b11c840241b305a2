// SPDX-License-Identifier: GPL-2.0
/*
 * The census walks the table as ctnetlink does: bucket by bucket, under the
 * bucket's lock with BH off, checking the size again. Its working memory is
 * fixed: cells for states, and a source table of its own for the heaviest
 * addresses and services.
 */
#include <linux/bottom_half.h>
#include <linux/cache.h>
#include <linux/jhash.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include <net/netfilter/nf_conntrack_extend.h>
#include "census.h"
#include "compat.h"

#define CTRI_CENSUS_TABLE	(2UL << 20)	/* bytes, while a walk lasts */
#define CTRI_BATCH_BUCKETS	256	/* between two scheduling points ... */
#define CTRI_BATCH_ENTRIES	512	/* ... or so many entries */
#define CTRI_RESTARTS		3	/* then the walk is taken as it is */
#define CTRI_SAMPLE		256	/* entries whose memory is asked for */
#define CTRI_FRESH		NSEC_PER_SEC

const u32 ctri_idle_steps[CTRI_IDLE_STEPS] = {
	60, 120, 300, 600, 1800, 3600, 7200, 86400,
};

const u32 ctri_heavy_idle[CTRI_HEAVY_IDLE] = { 0, 60, 300, 1800, 7200 };

/* What a walk needs beside its result. Owned by the one walker. */
struct ctri_walk {
	struct ctri_census *c;
	struct ctri_table *heavy;
	u64 ext_bytes;
	u64 batch_began;
	u32 batch_buckets, batch_entries;
	bool whatever;		/* the last try: go on under a resize */
};

/* The classes of a source table serve the kinds of heavies here. */
static const enum ctri_class ctri_heavy_class[CTRI_HEAVIES] = {
	[CTRI_H_SOURCE] = CTRI_C_INSERT,
	[CTRI_H_DEST] = CTRI_C_INVALID,
	[CTRI_H_SERVICE] = CTRI_C_REFUSED,
};

/* By the memory that each is worth: sources, destinations, services. */
static const u8 ctri_heavy_share[CTRI_CLASSES] = {
	[CTRI_C_INSERT] = 6, [CTRI_C_INVALID] = 6, [CTRI_C_REFUSED] = 4,
};

static DEFINE_MUTEX(ctri_census_mutex);		/* one walk at a time */
static struct ctri_census *ctri_census_last;	/* under ctri_census_mutex */

static struct ctri_cell *ctri_cell(struct ctri_census *c, u32 inum, u16 zone,
				   u8 l3num, u8 l4proto, u8 state)
{
	u32 at = jhash_3words(inum, l3num << 16 | l4proto << 8 | state, zone, 0);
	unsigned int i;

	for (i = 0; i < 32; i++) {
		struct ctri_cell *cell = &c->cell[(at + i) % CTRI_CELLS];

		if (!cell->inum) {
			cell->inum = inum;
			cell->zone = zone;
			cell->l3num = l3num;
			cell->l4proto = l4proto;
			cell->state = state;
		}
		if (cell->inum == inum && cell->zone == zone &&
		    cell->l3num == l3num && cell->l4proto == l4proto &&
		    cell->state == state)
			return cell;
	}
	return NULL;
}

static void ctri_cell_add_entry(struct ctri_cell *cell, enum ctri_held held,
				u32 idle)
{
	unsigned int i;

	cell->entries++;
	cell->unreplied += held == CTRI_HELD_UNREPLIED;
	cell->assured += held == CTRI_HELD_ASSURED;
	for (i = 0; i < CTRI_IDLE_STEPS && idle >= ctri_idle_steps[i]; i++)
		cell->idle[i]++;
	cell->hist[idle ? min_t(u32, 1 + ilog2(idle), CTRI_HIST - 1) : 0]++;
}

static void ctri_weigh(struct ctri_walk *w, enum ctri_heavy_kind heavy,
		       const struct ctri_source *src, unsigned int kind)
{
	ctri_table_account(w->heavy, ctri_heavy_class[heavy], kind, src, 0, 0);
}

static void ctri_weigh_entry(struct ctri_walk *w, u32 id,
			     const struct nf_conntrack_tuple *t,
			     enum ctri_held held, u32 idle)
{
	unsigned int kind = CTRI_HEAVY_IDLE - 1;
	struct ctri_source src;

	BUILD_BUG_ON(CTRI_HELD_STATES * CTRI_HEAVY_IDLE > CTRI_KINDS);
	while (idle < ctri_heavy_idle[kind])
		kind--;
	kind += held * CTRI_HEAVY_IDLE;
	ctri_source_address(&src, id, t->src.l3num, &t->src.u3);
	ctri_weigh(w, CTRI_H_SOURCE, &src, kind);
	ctri_source_address(&src, id, t->src.l3num, &t->dst.u3);
	ctri_weigh(w, CTRI_H_DEST, &src, kind);
	if (ctri_source_service(&src, id, t))
		ctri_weigh(w, CTRI_H_SERVICE, &src, kind);
}

static void ctri_sample(struct ctri_walk *w, const struct nf_conn *ct)
{
	unsigned int id;

	w->c->sampled++;
	if (!ct->ext)
		return;
	w->ext_bytes += ksize(ct->ext);
	for (id = 0; id < NF_CT_EXT_NUM; id++)
		w->c->ext[id] += nf_ct_ext_exist(ct, id);
}

/* BH off, the bucket's lock held: @ct can't go away. */
static void ctri_count_entry(struct ctri_walk *w, const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *t =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	const struct net *net = nf_ct_net(ct);
	struct ctri_cell *cell;
	enum ctri_held held;
	bool known;
	u32 idle = ctri_entry_idle(ct, &known);

	held = test_bit(IPS_ASSURED_BIT, &ct->status) ? CTRI_HELD_ASSURED :
	       test_bit(IPS_SEEN_REPLY_BIT, &ct->status) ? CTRI_HELD_REPLIED :
							   CTRI_HELD_UNREPLIED;
	cell = ctri_cell(w->c, net->ns.inum,
			 nf_ct_zone_id(nf_ct_zone(ct), IP_CT_DIR_ORIGINAL),
			 t->src.l3num, t->dst.protonum, ctri_entry_state(ct));
	if (cell) {
		ctri_cell_add_entry(cell, held, idle);
		cell->unknown += !known;
	} else {
		w->c->unplaced++;
	}
	ctri_weigh_entry(w, ctri_net(net)->id, t, held, idle);
	if (w->c->sampled < CTRI_SAMPLE)
		ctri_sample(w, ct);
}

/* Returns false past the end of the table. */
static bool ctri_count_bucket(struct ctri_walk *w, unsigned int bucket)
{
	spinlock_t *lock = &nf_conntrack_locks[bucket % CONNTRACK_LOCKS];
	struct nf_conntrack_tuple_hash *h;
	struct hlist_nulls_node *n;
	unsigned int length = 0;

	local_bh_disable();
	nf_conntrack_lock(lock);
	__acquire(lock);	/* for sparse: its declaration doesn't say so */
	if (bucket >= nf_conntrack_htable_size) {
		spin_unlock(lock);
		local_bh_enable();
		return false;
	}
	hlist_nulls_for_each_entry(h, n, &nf_conntrack_hash[bucket], hnnode) {
		length++;
		if (NF_CT_DIRECTION(h) == IP_CT_DIR_ORIGINAL)
			ctri_count_entry(w, nf_ct_tuplehash_to_ctrack(h));
	}
	spin_unlock(lock);
	local_bh_enable();
	w->c->chain[min_t(unsigned int, length, CTRI_CHAIN_MAX)]++;
	w->c->chain_max = max(w->c->chain_max, length);
	w->batch_entries += length;
	return true;
}

static void ctri_batch_begin(struct ctri_walk *w)
{
	w->batch_began = ktime_get_ns();
	w->batch_buckets = 0;
	w->batch_entries = 0;
}

static void ctri_batch_end(struct ctri_walk *w)
{
	u32 usec = div_u64(ktime_get_ns() - w->batch_began, NSEC_PER_USEC);

	w->c->max_usec = max(w->c->max_usec, usec);
	cond_resched();
}

/* Returns -EAGAIN when the table was resized meanwhile. */
static int ctri_walk_table(struct ctri_walk *w)
{
	unsigned int bucket, size = READ_ONCE(nf_conntrack_htable_size);

	w->c->buckets = size;
	ctri_batch_begin(w);
	for (bucket = 0; ctri_count_bucket(w, bucket); bucket++) {
		if (++w->batch_buckets < CTRI_BATCH_BUCKETS &&
		    w->batch_entries < CTRI_BATCH_ENTRIES)
			continue;
		ctri_batch_end(w);
		if (fatal_signal_pending(current))
			return -EINTR;
		if (!w->whatever && size != READ_ONCE(nf_conntrack_htable_size))
			return -EAGAIN;
		ctri_batch_begin(w);
	}
	ctri_batch_end(w);
	return size == READ_ONCE(nf_conntrack_htable_size) ? 0 : -EAGAIN;
}

static int ctri_census_rank(struct ctri_walk *w, enum ctri_heavy_kind kind)
{
	struct ctri_merge_info info;
	struct ctri_row *top;
	int i, nr;

	top = kvcalloc(CTRI_CENSUS_TOP, sizeof(*top), GFP_KERNEL);
	if (!top)
		return -ENOMEM;
	nr = ctri_table_merge(&w->heavy, 1, ctri_heavy_class[kind],
			      CTRI_RANK_TOTAL, 0, 0, 0, top, CTRI_CENSUS_TOP,
			      &info);
	mutex_lock(&ctri_nets_mutex);
	for (i = 0; i < nr; i++) {
		w->c->top[kind][i].row = top[i];
		w->c->top[kind][i].inum = ctri_inum_of(top[i].src.netns);
	}
	mutex_unlock(&ctri_nets_mutex);
	kvfree(top);
	if (nr < 0)
		return nr;
	w->c->nr_top[kind] = nr;
	return 0;
}

static void ctri_add_cell(struct ctri_cell *sum, const struct ctri_cell *cell)
{
	unsigned int i;

	sum->entries += cell->entries;
	sum->unreplied += cell->unreplied;
	sum->assured += cell->assured;
	sum->unknown += cell->unknown;
	for (i = 0; i < CTRI_IDLE_STEPS; i++)
		sum->idle[i] += cell->idle[i];
}

static struct ctri_cell *ctri_total_of(struct ctri_census *c, u32 inum, u16 zone)
{
	unsigned int t;

	for (t = 0; t < c->nr_total; t++)
		if (c->total[t].inum == inum && c->total[t].zone == zone)
			return &c->total[t];
	c->nr_total++;
	c->total[t].inum = inum;
	c->total[t].zone = zone;
	return &c->total[t];
}

/* Zone 0 of the totals is the whole namespace. */
static int ctri_census_total(struct ctri_census *c)
{
	unsigned int i, used = 0;

	for (i = 0; i < CTRI_CELLS; i++)
		used += !!c->cell[i].inum;
	c->total = kvcalloc(2 * used + 1, sizeof(*c->total), GFP_KERNEL);
	if (!c->total)
		return -ENOMEM;
	for (i = 0; i < CTRI_CELLS; i++) {
		const struct ctri_cell *cell = &c->cell[i];

		if (!cell->inum)
			continue;
		ctri_add_cell(ctri_total_of(c, cell->inum, 0), cell);
		if (cell->zone)
			ctri_add_cell(ctri_total_of(c, cell->inum, cell->zone),
				      cell);
	}
	return 0;
}

static void ctri_census_reset(struct ctri_census *c)
{
	memset(c->cell, 0, CTRI_CELLS * sizeof(*c->cell));
	memset(c->chain, 0, sizeof(c->chain));
	memset(c->ext, 0, sizeof(c->ext));
	c->unplaced = 0;
	c->chain_max = 0;
	c->sampled = 0;
}

static int ctri_census_make(struct ctri_census *c)
{
	struct ctri_walk w = { .c = c };
	u64 began = ktime_get_ns();
	siphash_key_t key;
	unsigned int kind;
	int err;

	get_random_bytes(&key, sizeof(key));
	do {
		ctri_census_reset(c);
		w.ext_bytes = 0;
		ctri_table_destroy(w.heavy);
		w.heavy = ctri_table_create_shares(CTRI_CENSUS_TABLE,
						   ctri_heavy_share, &key,
						   NUMA_NO_NODE);
		if (!w.heavy)
			return -ENOMEM;
		w.whatever = c->restarts == CTRI_RESTARTS;
		err = ctri_walk_table(&w);
		if (err == -EAGAIN)
			c->restarts++;
	} while (err == -EAGAIN && !w.whatever);
	if (err == -EAGAIN)
		err = 0;
	if (!err)
		err = ctri_census_total(c);
	for (kind = 0; kind < CTRI_HEAVIES && !err; kind++)
		err = ctri_census_rank(&w, kind);
	ctri_table_destroy(w.heavy);

	c->bytes_ext = c->sampled ? div_u64(w.ext_bytes, c->sampled) : 0;
	/* nf_conntrack_init_start(): SLAB_HWCACHE_ALIGN; SLAB_TYPESAFE_BY_RCU
	 * keeps a pointer outside of the object
	 */
	c->bytes_entry = ALIGN(sizeof(struct nf_conn) + sizeof(void *),
			       cache_line_size()) + c->bytes_ext;
	c->when = ktime_get_ns();
	c->usec = div_u64(c->when - began, NSEC_PER_USEC);
	return err;
}

static void ctri_census_free(struct kref *ref)
{
	struct ctri_census *c = container_of(ref, struct ctri_census, ref);

	kvfree(c->total);
	kvfree(c->cell);
	kvfree(c);
}

/**
 * ctri_census_put() - be done with a census
 * @c: of ctri_census_get()
 *
 * Context: process.
 */
void ctri_census_put(struct ctri_census *c)
{
	kref_put(&c->ref, ctri_census_free);
}

static struct ctri_census *ctri_census_new(void)
{
	struct ctri_census *c = kvzalloc(sizeof(*c), GFP_KERNEL);
	int err;

	if (!c)
		return ERR_PTR(-ENOMEM);
	kref_init(&c->ref);
	c->cell = kvcalloc(CTRI_CELLS, sizeof(*c->cell), GFP_KERNEL);
	err = c->cell ? ctri_census_make(c) : -ENOMEM;
	if (err) {
		ctri_census_put(c);
		return ERR_PTR(err);
	}
	return c;
}

/**
 * ctri_census_get() - the census of now, or of less than a second ago
 *
 * Context: process; sleeps, and waits for a walk that is under way.
 * Return: a census to put, or ERR_PTR(-ENOMEM or -EINTR).
 */
struct ctri_census *ctri_census_get(void)
{
	struct ctri_census *c;

	if (mutex_lock_killable(&ctri_census_mutex))
		return ERR_PTR(-EINTR);
	c = ctri_census_last;
	if (!c || ktime_get_ns() - c->when > CTRI_FRESH) {
		c = ctri_census_new();
		if (IS_ERR(c))
			goto out;
		if (ctri_census_last)
			ctri_census_put(ctri_census_last);
		ctri_census_last = c;
	}
	kref_get(&c->ref);
out:
	mutex_unlock(&ctri_census_mutex);
	return c;
}

/**
 * ctri_census_drop() - forget the last census; no reader is left
 *
 * Context: process.
 */
void ctri_census_drop(void)
{
	if (ctri_census_last)
		ctri_census_put(ctri_census_last);
	ctri_census_last = NULL;
}
