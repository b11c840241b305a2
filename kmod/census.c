// SPDX-License-Identifier: GPL-2.0
/*
 * The census: what census_walk.c found, summed up, and kept while it is fresh or
 * somebody reads it.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include "census.h"
#include "census_walk.h"

#define CTRI_FRESH		NSEC_PER_SEC

static DEFINE_MUTEX(ctri_census_mutex);		/* one walk at a time */
static struct ctri_census *ctri_census_last;	/* under ctri_census_mutex */
static size_t ctri_census_kept;		/* its bytes; read without the mutex */

static void ctri_total_add(struct ctri_cell *sum, const struct ctri_cell *cell)
{
	unsigned int i;

	sum->entries += cell->entries;
	sum->unreplied += cell->unreplied;
	sum->assured += cell->assured;
	sum->unknown += cell->unknown;
	for (i = 0; i < CTRI_NR_STAGES; i++)
		sum->stage[i] += cell->stage[i];
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

/* Keep those that are in use, a few of thousands. */
static int ctri_census_shrink(struct ctri_census *c)
{
	struct ctri_cell *used;
	unsigned int i;

	for (i = 0; i < CTRI_CELLS; i++)
		c->nr_cell += !!c->cell[i].inum;
	used = kvmalloc_array(c->nr_cell + 1, sizeof(*used), GFP_KERNEL);
	if (!used)
		return -ENOMEM;
	c->nr_cell = 0;
	for (i = 0; i < CTRI_CELLS; i++)
		if (c->cell[i].inum)
			used[c->nr_cell++] = c->cell[i];
	kvfree(c->cell);
	c->cell = used;
	return 0;
}

/* Zone 0 of the totals is the whole namespace. */
static int ctri_census_totals(struct ctri_census *c)
{
	unsigned int i;

	c->total = kvcalloc(2 * c->nr_cell + 1, sizeof(*c->total), GFP_KERNEL);
	if (!c->total)
		return -ENOMEM;
	for (i = 0; i < c->nr_cell; i++) {
		const struct ctri_cell *cell = &c->cell[i];

		ctri_total_add(ctri_total_of(c, cell->inum, 0), cell);
		if (cell->zone)
			ctri_total_add(ctri_total_of(c, cell->inum, cell->zone),
				       cell);
	}
	return 0;
}

static int ctri_census_make(struct ctri_census *c)
{
	u64 began = ktime_get_ns();
	int err;

	err = ctri_census_walk(c) ?: ctri_census_shrink(c) ?:
	      ctri_census_totals(c);
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
		WRITE_ONCE(ctri_census_kept, sizeof(*c) +
			   (c->nr_cell + 1) * sizeof(*c->cell) +
			   (2 * c->nr_cell + 1) * sizeof(*c->total));
	}
	kref_get(&c->ref);
out:
	mutex_unlock(&ctri_census_mutex);
	return c;
}

/**
 * ctri_census_bytes() - the memory of the last census, which is kept
 *
 * Context: any.
 * Return: bytes; 0: none was made since the load.
 */
size_t ctri_census_bytes(void)
{
	return READ_ONCE(ctri_census_kept);
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
