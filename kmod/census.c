// SPDX-License-Identifier: GPL-2.0
/*
 * The census: what census_walk.c found, kept while it is fresh or somebody reads
 * it.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "census.h"
#include "census_walk.h"
#include "history.h"

#define CTRI_FRESH		NSEC_PER_SEC

static void ctri_census_stale(struct work_struct *work);
static DECLARE_DELAYED_WORK(ctri_census_stale_work, ctri_census_stale);
static DEFINE_MUTEX(ctri_census_mutex);		/* one walk at a time */
static struct ctri_census *ctri_census_last;	/* under ctri_census_mutex */
static size_t ctri_census_kept;		/* its bytes; read without the mutex */

static int ctri_census_make(struct ctri_census *c)
{
	u64 began = ktime_get_ns();
	int err;

	err = ctri_census_walk(c);
	c->when = ktime_get_ns();
	c->usec = div_u64(c->when - began, NSEC_PER_USEC);
	return err;
}

static void ctri_census_free(struct kref *ref)
{
	struct ctri_census *c = container_of(ref, struct ctri_census, ref);

	kvfree(c->state);
	kvfree(c->zone);
	kvfree(c->total);
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
	c->generation = ctri_history_generation();
	err = ctri_census_make(c);
	if (err) {
		ctri_census_put(c);
		return ERR_PTR(err);
	}
	return c;
}

/* Under ctri_census_mutex. */
static void ctri_census_forget(void)
{
	if (ctri_census_last)
		ctri_census_put(ctri_census_last);
	ctri_census_last = NULL;
	WRITE_ONCE(ctri_census_kept, 0);
}

static bool ctri_census_fresh(void)
{
	return ctri_census_last &&
	       ktime_get_ns() - ctri_census_last->when <= CTRI_FRESH;
}

/* A second or two after the last walk. Who reads on has a reference. */
static void ctri_census_stale(struct work_struct *work)
{
	mutex_lock(&ctri_census_mutex);
	if (ctri_census_fresh())
		schedule_delayed_work(&ctri_census_stale_work, HZ);
	else
		ctri_census_forget();
	mutex_unlock(&ctri_census_mutex);
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
	if (!ctri_census_fresh()) {
		c = ctri_census_new();
		if (IS_ERR(c))
			goto out;
		ctri_census_forget();
		ctri_census_last = c;
		WRITE_ONCE(ctri_census_kept, sizeof(*c) +
			   c->nr_state * sizeof(*c->state) +
			   (c->nr_zone + c->nr_total) * sizeof(*c->total));
		schedule_delayed_work(&ctri_census_stale_work, HZ + 1);
	}
	c = ctri_census_last;
	kref_get(&c->ref);
out:
	mutex_unlock(&ctri_census_mutex);
	return c;
}

/**
 * ctri_census_bytes() - the memory of the last census, as long as it is kept
 *
 * Context: any.
 * Return: bytes; 0: none is.
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
	cancel_delayed_work_sync(&ctri_census_stale_work);
	ctri_census_forget();
}
