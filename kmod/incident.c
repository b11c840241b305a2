// SPDX-License-Identifier: GPL-2.0
/*
 * Incidents: spells of evictions and refusals, and who was there at the time.
 * The tick makes them, whether or not anybody reads.
 *
 * Who was there comes from the source tables, by their windows. When a window
 * has ended, its heaviest inserting sources are kept; the last six of those
 * are the minute before an incident. While one lasts, the window's heaviest of
 * each class are added to it. The window in which it begins counts for both
 * sides, up to its begin and from there.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sort.h>
#include <linux/workqueue.h>
#include "census.h"
#include "compat.h"
#include "conntriage.h"

#define CTRI_CALM		(60ULL * NSEC_PER_SEC)
/* A window that ends so long after a bad second had it in it. */
#define CTRI_SPELL		((CTRI_WINDOW + 1ULL) * NSEC_PER_SEC)
#define CTRI_BEFORE		6	/* windows */
#define CTRI_KEEP		32	/* sources a window and class */
#define CTRI_SUM		128	/* sources that a list is summed from */

/* Sources and their counts, in no order. */
struct ctri_sum {
	struct ctri_share share[CTRI_SUM];
	unsigned int nr;
};

/* Scratch of the tick, and what it remembers. Owned by the tick alone. */
struct ctri_watchman {
	u32 epoch;			/* the window the last tick was in */
	u64 distinct;
	struct ctri_sum before[CTRI_BEFORE];
	unsigned int next;		/* of before */
	struct ctri_sum head;		/* of the window of the begin, until then */
	bool in_head;
	struct ctri_sum during[CTRI_I_LISTS];
	struct ctri_second tail;	/* what came since the last bad second */
	struct ctri_sum scratch;
	struct ctri_row row[CTRI_KEEP];
};

static DEFINE_MUTEX(ctri_incident_mutex);
static struct ctri_incident *ctri_incidents;	/* CTRI_INCIDENTS; under mutex */
static struct ctri_incident *ctri_now_on;	/* NULL: calm; under mutex */
static u32 ctri_last_nr;			/* under mutex */
static struct ctri_watchman *ctri_watchman;

static void ctri_count_services(struct work_struct *work);
static DECLARE_WORK(ctri_services_work, ctri_count_services);

static const enum ctri_class ctri_list_class[CTRI_I_LISTS] = {
	[CTRI_I_INSERT]		= CTRI_C_INSERT,
	[CTRI_I_EVICTED]	= CTRI_C_EVICTED,
	[CTRI_I_REFUSED]	= CTRI_C_REFUSED,
	[CTRI_I_EVICTING]	= CTRI_C_EVICTING,
};

/* The share of @src; where there is no more room, the least gives way. */
static struct ctri_share *ctri_sum_of(struct ctri_sum *sum,
				      const struct ctri_source *src)
{
	struct ctri_share *least = &sum->share[0];
	unsigned int i;

	for (i = 0; i < sum->nr; i++) {
		struct ctri_share *s = &sum->share[i];

		if (!memcmp(&s->src, src, sizeof(*src)))
			return s;
		if (s->count < least->count)
			least = s;
	}
	if (sum->nr < CTRI_SUM)
		least = &sum->share[sum->nr++];
	memset(least, 0, sizeof(*least));
	least->src = *src;
	return least;
}

static void ctri_sum_add(struct ctri_sum *sum, const struct ctri_sum *more)
{
	unsigned int i;

	for (i = 0; i < more->nr; i++) {
		struct ctri_share *s = ctri_sum_of(sum, &more->share[i].src);

		s->count += more->share[i].count;
		s->err += more->share[i].err;
	}
}

/* What came until the begin is not of the incident. */
static void ctri_sum_subtract(struct ctri_sum *sum, const struct ctri_sum *less)
{
	unsigned int i, k;

	for (i = 0; i < less->nr; i++)
		for (k = 0; k < sum->nr; k++)
			if (!memcmp(&sum->share[k].src, &less->share[i].src,
				    sizeof(sum->share[k].src)))
				sum->share[k].count -= min(sum->share[k].count,
							   less->share[i].count);
}

static int ctri_share_cmp(const void *a, const void *b)
{
	const struct ctri_share *x = a, *y = b;

	return x->count < y->count ? 1 : x->count > y->count ? -1 : 0;
}

static void ctri_sum_top(struct ctri_sum *sum, struct ctri_share *top)
{
	unsigned int i, nr = min_t(unsigned int, sum->nr, CTRI_INC_TOP);

	sort(sum->share, sum->nr, sizeof(sum->share[0]), ctri_share_cmp, NULL);
	memset(top, 0, CTRI_INC_TOP * sizeof(*top));
	mutex_lock(&ctri_nets_mutex);
	for (i = 0; i < nr && sum->share[i].count; i++) {
		top[i] = sum->share[i];
		top[i].inum = ctri_inum_of(top[i].src.netns);
	}
	mutex_unlock(&ctri_nets_mutex);
}

/* The heaviest of a class in the window that is on, or in the one before. */
static void ctri_sum_window(struct ctri_watchman *w, struct ctri_sum *sum,
			    enum ctri_class class, bool on)
{
	struct ctri_merge_info info;
	int i, nr;

	sum->nr = 0;
	nr = ctri_snap_top(class, CTRI_RANK_WINDOW, 0, w->row, CTRI_KEEP, &info);
	if (nr < 0)
		return;
	for (i = 0; i < nr; i++) {
		const struct ctri_row *r = &w->row[i];
		u32 low = on ? r->cur_low : r->prev_low;
		u32 high = on ? r->cur_high : r->prev_high;
		struct ctri_share *s;

		if (!high)
			continue;
		s = &sum->share[sum->nr++];
		s->src = r->src;
		s->count = low;
		s->err = high - low;
	}
	if (class == CTRI_C_INSERT)
		w->distinct = info.distinct;
}

/* A window has ended. Under ctri_incident_mutex. */
static void ctri_window_end(struct ctri_watchman *w)
{
	struct ctri_sum *sum = &w->before[w->next];
	unsigned int list;

	ctri_sum_window(w, sum, CTRI_C_INSERT, false);
	w->next = (w->next + 1) % CTRI_BEFORE;
	if (!ctri_now_on || ktime_get_ns() - ctri_now_on->end > CTRI_SPELL)
		return;

	for (list = CTRI_I_INSERT; list <= CTRI_I_EVICTING; list++) {
		ctri_sum_window(w, &w->scratch, ctri_list_class[list], false);
		if (list == CTRI_I_INSERT && w->in_head)
			ctri_sum_subtract(&w->scratch, &w->head);
		ctri_sum_add(&w->during[list], &w->scratch);
		ctri_sum_top(&w->during[list], ctri_now_on->top[list]);
	}
	w->in_head = false;
}

/* Under ctri_incident_mutex. */
static void ctri_begin(struct ctri_watchman *w, const struct ctri_second *s)
{
	struct ctri_incident *inc;
	unsigned int i;

	inc = &ctri_incidents[ctri_last_nr % CTRI_INCIDENTS];
	memset(inc, 0, sizeof(*inc));
	inc->nr = ++ctri_last_nr;
	inc->begin = s->when - (u64)s->span * NSEC_PER_MSEC;
	inc->begin_wall = ktime_get_real_seconds() - s->span / MSEC_PER_SEC;
	ctri_now_on = inc;

	memset(&w->tail, 0, sizeof(w->tail));
	memset(w->during, 0, sizeof(w->during));
	ctri_sum_window(w, &w->head, CTRI_C_INSERT, true);
	w->in_head = true;
	w->scratch.nr = 0;
	ctri_sum_add(&w->scratch, &w->head);
	for (i = 0; i < CTRI_BEFORE; i++)
		ctri_sum_add(&w->scratch, &w->before[i]);
	ctri_sum_top(&w->scratch, inc->top[CTRI_I_BEFORE]);
	schedule_work(&ctri_services_work);
}

/* The biggest services, by a walk that the tick doesn't wait for. */
static void ctri_count_services(struct work_struct *work)
{
	struct ctri_census *c = ctri_census_get();
	struct ctri_share *top;
	unsigned int i;

	if (IS_ERR(c))
		return;
	mutex_lock(&ctri_incident_mutex);
	if (ctri_now_on) {
		top = ctri_now_on->top[CTRI_I_HELD];
		for (i = 0; i < CTRI_INC_TOP && i < c->nr_top[CTRI_H_SERVICE]; i++) {
			const struct ctri_heavy *h = &c->top[CTRI_H_SERVICE][i];

			top[i].src = h->row.src;
			top[i].inum = h->inum;
			top[i].count = h->row.total;
			top[i].err = h->row.total_err;
		}
	}
	mutex_unlock(&ctri_incident_mutex);
	ctri_census_put(c);
}

static void ctri_second_sum(struct ctri_second *sum, const struct ctri_second *s)
{
	unsigned int i;

	for (i = 0; i < CTRI_N_INVALID; i++)
		sum->n[i] += s->n[i];
	sum->invalid += s->invalid;
	sum->k.drop += s->k.drop;
	sum->k.early_drop += s->k.early_drop;
	sum->k.insert_failed += s->k.insert_failed;
}

/* A bad second, and what led up to it. Under ctri_incident_mutex. */
static void ctri_incident_add(struct ctri_watchman *w, struct ctri_incident *inc,
			      const struct ctri_second *s)
{
	struct ctri_second *sum = &w->tail;
	unsigned int i;

	ctri_second_sum(sum, s);
	for (i = 0; i < CTRI_N_INVALID; i++) {
		inc->n[i] += sum->n[i];
		inc->peak[i] = max(inc->peak[i], s->n[i]);
	}
	inc->invalid += sum->invalid;
	inc->k_drop += sum->k.drop;
	inc->k_early_drop += sum->k.early_drop;
	inc->k_insert_failed += sum->k.insert_failed;
	memset(sum, 0, sizeof(*sum));
	if (s->count >= inc->count_peak) {
		inc->count_peak = s->count;
		inc->max = s->max;
		inc->netns = s->netns;
	}
	inc->end = s->when;
	inc->end_wall = ktime_get_real_seconds();
}

/**
 * ctri_incident_second() - begin, continue or end an incident
 * @s: the second; its distinct is filled
 *
 * Context: process, the tick alone.
 */
void ctri_incident_second(struct ctri_second *s)
{
	struct ctri_watchman *w = ctri_watchman;
	bool bad = s->n[CTRI_N_EVICTION] || s->n[CTRI_N_REFUSAL] ||
		   s->k.early_drop;
	u32 epoch = ctri_now() / CTRI_WINDOW;

	mutex_lock(&ctri_incident_mutex);
	if (epoch != w->epoch) {
		ctri_window_end(w);
		w->epoch = epoch;
	}
	s->distinct = w->distinct;
	if (bad && !ctri_now_on)
		ctri_begin(w, s);
	if (bad) {
		ctri_incident_add(w, ctri_now_on, s);
	} else if (ctri_now_on) {
		ctri_second_sum(&w->tail, s);
		if (s->when - ctri_now_on->end > CTRI_CALM) {
			ctri_now_on->over = true;
			ctri_now_on = NULL;
		}
	}
	mutex_unlock(&ctri_incident_mutex);
}

/**
 * ctri_incident_read() - the incidents, oldest first
 * @out: room for CTRI_INCIDENTS
 *
 * Context: process.
 * Return: how many.
 */
unsigned int ctri_incident_read(struct ctri_incident *out)
{
	unsigned int i, nr = 0;

	mutex_lock(&ctri_incident_mutex);
	for (i = 0; i < CTRI_INCIDENTS; i++) {
		const struct ctri_incident *inc =
			&ctri_incidents[(ctri_last_nr + i) % CTRI_INCIDENTS];

		if (inc->nr)
			out[nr++] = *inc;
	}
	mutex_unlock(&ctri_incident_mutex);
	return nr;
}

/**
 * ctri_incident_init() - make room
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int ctri_incident_init(void)
{
	ctri_incidents = kvcalloc(CTRI_INCIDENTS, sizeof(*ctri_incidents),
				  GFP_KERNEL);
	ctri_watchman = kvzalloc(sizeof(*ctri_watchman), GFP_KERNEL);
	if (ctri_incidents && ctri_watchman) {
		ctri_watchman->epoch = ctri_now() / CTRI_WINDOW;
		return 0;
	}
	ctri_incident_exit();
	return -ENOMEM;
}

/**
 * ctri_incident_stop() - no tick comes any more; wait for the last walk
 *
 * Context: process.
 */
void ctri_incident_stop(void)
{
	cancel_work_sync(&ctri_services_work);
}

/**
 * ctri_incident_exit() - free it; neither tick nor reader is left
 *
 * Context: process.
 */
void ctri_incident_exit(void)
{
	kvfree(ctri_incidents);
	kvfree(ctri_watchman);
}
