// SPDX-License-Identifier: GPL-2.0
/*
 * Incidents: periods in which entries were evicted or packets refused, and the
 * sources that were active then. The tick records them, whether or not anybody
 * reads them. A second with such an event is called lossy here.
 *
 * The sources come from the source tables, window by window. When a window has
 * ended, its heaviest inserting sources are kept; the last six of these lists
 * are the minute before an incident. While an incident lasts, the heaviest
 * sources of each class are added to it, a window at a time. The window in
 * which it begins is split: what was counted up to then is "before", the rest
 * is "during".
 *
 * What the table holds is known by a census alone. One is made when an incident
 * begins, and others when a minute lost more than the worst before it; the last
 * of them is kept.
 *
 * There are two clocks. Windows count jiffies, which stop in a suspend. Rows,
 * and with them begin and end, are in CLOCK_BOOTTIME.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sort.h>
#include <linux/workqueue.h>
#include "clock.h"
#include "history.h"
#include "incident.h"
#include "incident_wait.h"
#include "netns.h"
#include "snapshot.h"

#define CTRI_CALM		(60ULL * NSEC_PER_SEC)
#define CTRI_EVERY		(60ULL * NSEC_PER_SEC)	/* from census to census */
#define CTRI_BEFORE		6	/* windows */
#define CTRI_KEEP		32	/* sources a window and class */
#define CTRI_TALLY		128	/* sources that a list is summed from */

/*
 * Sources and their counts, in no order. A source that isn't listed may have had
 * up to @floor events all the same; U64_MAX: any number.
 */
struct ctri_tally {
	struct ctri_share share[CTRI_TALLY];
	unsigned int nr;
	u64 floor;
};

/* What the tick remembers, and its scratch memory. Owned by the tick alone. */
struct ctri_incident_state {
	u32 epoch;			/* the window the last tick was in */
	u32 lossy_epoch;			/* ... and the last lossy one */
	u64 distinct;
	u64 inserts;			/* that may be of that window */
	struct ctri_tally before[CTRI_BEFORE];
	unsigned int next;		/* of before */
	struct ctri_tally head, head_program;	/* the first window, up to the begin */
	bool in_head;			/* that window isn't over yet */
	u64 minute;			/* when the last one was over; 0: none was */
	u64 minute_lost;		/* since the incident's begin, up to then */
	struct ctri_tally during[CTRI_I_LISTS];
	struct ctri_second tail;	/* what came since the last lossy second */
	struct ctri_tally scratch;
	struct ctri_row row[CTRI_KEEP];
};

static DEFINE_MUTEX(ctri_incident_mutex);
static struct ctri_incident *ctri_incidents;	/* CTRI_INCIDENTS; under mutex */
/* The one that lasts; NULL: none does. Under ctri_incident_mutex. */
static struct ctri_incident *ctri_incident_open;
static u32 ctri_incident_last_nr;			/* under mutex */
static struct ctri_incident_state *ctri_incident_state;

/* Which incident wants a census, and what its minute lost; under mutex. */
static struct {
	u32 nr;
	u64 lost;
} ctri_incident_asks;

static void ctri_incident_census(struct work_struct *work);
static DECLARE_WORK(ctri_incident_census_work, ctri_incident_census);
/* A walk of a large table keeps a CPU busy, so its worker isn't bound to one. */
static struct workqueue_struct *ctri_incident_wq;

static const enum ctri_class ctri_incident_class[CTRI_I_LISTS] = {
	[CTRI_I_BEFORE]		= CTRI_C_INSERT,
	[CTRI_I_INSERT]		= CTRI_C_INSERT,
	[CTRI_I_PROGRAM]	= CTRI_C_PROGRAM,
	[CTRI_I_EVICTED]	= CTRI_C_EVICTED,
	[CTRI_I_REFUSED]	= CTRI_C_REFUSED,
	[CTRI_I_EVICTING]	= CTRI_C_EVICTING,
	[CTRI_I_EVICTED_TO]	= CTRI_C_EVICTED_TO,
	[CTRI_I_REFUSED_TO]	= CTRI_C_REFUSED_TO,
};

/**
 * ctri_incident_list_class() - what a list is a list of
 * @list: which
 *
 * Context: any.
 * Return: the class of event.
 */
enum ctri_class ctri_incident_list_class(enum ctri_inc_list list)
{
	return ctri_incident_class[list];
}

static u64 ctri_bound_add(u64 a, u64 b)
{
	return a + b < a ? U64_MAX : a + b;
}

static struct ctri_share *ctri_tally_find(struct ctri_tally *sum,
					  const struct ctri_source *src)
{
	unsigned int i;

	for (i = 0; i < sum->nr; i++)
		if (!memcmp(&sum->share[i].src, src, sizeof(*src)))
			return &sum->share[i];
	return NULL;
}

/* Where there is no more room, the source with the smallest count goes. */
static struct ctri_share *ctri_tally_new(struct ctri_tally *sum,
					 const struct ctri_source *src)
{
	struct ctri_share *least = &sum->share[0];
	unsigned int i;

	if (sum->nr < CTRI_TALLY) {
		least = &sum->share[sum->nr++];
	} else {
		for (i = 1; i < sum->nr; i++)
			if (sum->share[i].count < least->count)
				least = &sum->share[i];
		sum->floor = max(sum->floor,
				 ctri_bound_add(least->count, least->err));
	}
	memset(least, 0, sizeof(*least));
	least->src = *src;
	least->err = sum->floor;
	return least;
}

static void ctri_tally_add(struct ctri_tally *sum, const struct ctri_tally *more)
{
	struct ctri_share *s;
	unsigned int i;

	/* one that isn't in @more may have had more->floor there */
	for (i = 0; i < more->nr; i++) {
		s = ctri_tally_find(sum, &more->share[i].src) ?:
		    ctri_tally_new(sum, &more->share[i].src);
		s->count += more->share[i].count;
		s->err = ctri_bound_add(s->err, more->share[i].err);
		s->seen = true;
	}
	for (i = 0; i < sum->nr; i++) {
		s = &sum->share[i];
		if (!s->seen)
			s->err = ctri_bound_add(s->err, more->floor);
		s->seen = false;
	}
	sum->floor = ctri_bound_add(sum->floor, more->floor);
}

/* Take out what was counted before the incident began, @less. */
static void ctri_tally_subtract(struct ctri_tally *sum, struct ctri_tally *less)
{
	unsigned int i;

	for (i = 0; i < sum->nr; i++) {
		struct ctri_share *s = &sum->share[i], *l;
		u64 low, high, most = ctri_bound_add(s->count, s->err);

		l = ctri_tally_find(less, &s->src);
		low = l ? l->count : 0;
		high = l ? ctri_bound_add(l->count, l->err) : less->floor;
		s->count -= min(s->count, high);
		if (most != U64_MAX)
			s->err = most - min(most, low) - s->count;
	}
}

static int ctri_share_cmp(const void *a, const void *b)
{
	const struct ctri_share *x = a, *y = b;

	return x->count < y->count ? 1 : x->count > y->count ? -1 : 0;
}

static void ctri_tally_top(struct ctri_tally *sum, struct ctri_share *top)
{
	unsigned int i, nr = min_t(unsigned int, sum->nr, CTRI_INC_TOP);

	sort(sum->share, sum->nr, sizeof(sum->share[0]), ctri_share_cmp, NULL);
	memset(top, 0, CTRI_INC_TOP * sizeof(*top));
	for (i = 0; i < nr && sum->share[i].count; i++) {
		top[i] = sum->share[i];
		top[i].inum = ctri_net_inum(top[i].src.netns);
	}
}

/* At most how much a source behind @last, the last row, had in both windows. */
static u64 ctri_row_floor(const struct ctri_row *last)
{
	if (last->cur_high == U32_MAX || last->prev_high == U32_MAX)
		return U64_MAX;
	return (u64)last->cur_high + last->prev_high;
}

/* The heaviest of a class in this window (@on) or in the one before. */
static void ctri_tally_window(struct ctri_incident_state *w, struct ctri_tally *sum,
			      enum ctri_class class, bool on)
{
	struct ctri_merge_info info;
	int i, nr;

	sum->nr = 0;
	sum->floor = 0;
	nr = ctri_snap_top(class, CTRI_RANK_WINDOW, w->row, CTRI_KEEP, &info);
	if (nr < 0) {
		sum->floor = U64_MAX;
		return;
	}
	for (i = 0; i < nr; i++) {
		const struct ctri_row *r = &w->row[i];
		u32 low = on ? r->cur_low : r->prev_low;
		u32 high = on ? r->cur_high : r->prev_high;
		struct ctri_share *s;

		if (!high)
			continue;
		s = &sum->share[sum->nr++];
		s->src = r->src;
		s->seen = false;
		s->count = low;
		s->err = high == U32_MAX ? U64_MAX : high - low;
	}
	if (nr == CTRI_KEEP)
		sum->floor = ctri_row_floor(&w->row[nr - 1]);
	if (class == CTRI_C_INSERT)
		w->distinct = info.distinct;
}

/* Add the window before this one to the incident. Under ctri_incident_mutex. */
static void ctri_incident_window(struct ctri_incident_state *w,
				 enum ctri_inc_list list)
{
	ctri_tally_window(w, &w->scratch, ctri_incident_class[list], false);
	if (list == CTRI_I_INSERT && w->in_head)
		ctri_tally_subtract(&w->scratch, &w->head);
	if (list == CTRI_I_PROGRAM && w->in_head)
		ctri_tally_subtract(&w->scratch, &w->head_program);
	ctri_tally_add(&w->during[list], &w->scratch);
	ctri_tally_top(&w->during[list], ctri_incident_open->top[list]);
}

/* The next place of the minute before; it is empty. */
static struct ctri_tally *ctri_before_next(struct ctri_incident_state *w)
{
	struct ctri_tally *sum = &w->before[w->next];

	w->next = (w->next + 1) % CTRI_BEFORE;
	sum->nr = 0;
	sum->floor = 0;
	return sum;
}

/*
 * A window has ended, and @more after it without a tick. @lossy: the second since
 * the last tick is, part of which was in that window. To look at all CPUs' tables
 * is dear, so it isn't done where nothing was inserted. Under ctri_incident_mutex.
 */
static void ctri_window_end(struct ctri_incident_state *w, u32 more, bool lossy)
{
	unsigned int list;

	for (more = min_t(u32, more, CTRI_BEFORE); more; more--)
		ctri_before_next(w);
	if (w->inserts)
		ctri_tally_window(w, ctri_before_next(w), CTRI_C_INSERT, false);
	else
		ctri_before_next(w);
	if (ctri_incident_open && (lossy || w->lossy_epoch == w->epoch))
		for (list = CTRI_I_INSERT; list < CTRI_I_LISTS; list++)
			ctri_incident_window(w, list);
	w->in_head = false;
}

/* Under ctri_incident_mutex. */
static void ctri_incident_begin(struct ctri_incident_state *w,
				const struct ctri_second *s)
{
	struct ctri_incident *inc;
	unsigned int i;

	inc = &ctri_incidents[ctri_incident_last_nr % CTRI_INCIDENTS];
	memset(inc, 0, sizeof(*inc));
	inc->nr = ++ctri_incident_last_nr;
	inc->begin = s->when - (u64)s->span * NSEC_PER_MSEC;
	inc->begin_wall = ktime_get_real_seconds() - s->span / MSEC_PER_SEC;
	ctri_incident_open = inc;
	ctri_incident_change();

	memset(&w->tail, 0, sizeof(w->tail));
	memset(w->during, 0, sizeof(w->during));
	w->minute = 0;
	w->minute_lost = 0;
	ctri_tally_window(w, &w->head, CTRI_C_INSERT, true);
	ctri_tally_window(w, &w->head_program, CTRI_C_PROGRAM, true);
	w->in_head = true;
	w->scratch.nr = 0;
	w->scratch.floor = 0;
	ctri_tally_add(&w->scratch, &w->head);
	for (i = 0; i < CTRI_BEFORE; i++)
		ctri_tally_add(&w->scratch, &w->before[i]);
	ctri_tally_top(&w->scratch, inc->top[CTRI_I_BEFORE]);
	/*
	 * The first of these events may be in the window before; if so, nothing
	 * else of them is, as there were none for CTRI_CALM.
	 */
	for (i = CTRI_I_EVICTED; i < CTRI_I_LISTS; i++)
		ctri_incident_window(w, i);
}

static void ctri_holder_fill(struct ctri_holder *h, const struct ctri_heavy *from)
{
	BUILD_BUG_ON(CTRI_NR_STAGES > CTRI_KINDS);
	h->src = from->row.src;
	h->inum = from->inum;
	h->service = from->service;
	h->entries = min_t(u64, from->row.total, U32_MAX);
	h->err = min_t(u64, from->row.total_err, U32_MAX);
	memcpy(h->stage, from->row.kind, sizeof(h->stage));
}

/* The namespace with most entries; NULL: there is no entry at all. */
static const struct ctri_cell *ctri_census_fullest(const struct ctri_census *c)
{
	const struct ctri_cell *most = NULL;
	unsigned int i;

	for (i = 0; i < c->nr_total; i++)
		if (!c->total[i].zone &&
		    (!most || c->total[i].entries > most->entries))
			most = &c->total[i];
	return most;
}

static void ctri_worst_fill(struct ctri_worst *worst, u64 lost,
			    const struct ctri_census *c)
{
	const struct ctri_cell *fullest = ctri_census_fullest(c);
	unsigned int kind, i;

	memset(worst, 0, sizeof(*worst));
	worst->when = ktime_get_boottime_ns() - (ktime_get_ns() - c->when);
	worst->lost = lost;
	if (fullest)
		memcpy(worst->stage, fullest->stage, sizeof(worst->stage));
	for (kind = 0; kind < CTRI_HEAVIES; kind++)
		for (i = 0; i < CTRI_INC_TOP && i < c->nr_top[kind]; i++)
			ctri_holder_fill(&worst->top[kind][i], &c->top[kind][i]);
}

/* A walk that the tick doesn't wait for. */
static void ctri_incident_census(struct work_struct *work)
{
	struct ctri_census *c = ctri_census_get();
	struct ctri_incident *inc;

	if (IS_ERR(c))
		return;
	mutex_lock(&ctri_incident_mutex);
	inc = &ctri_incidents[(ctri_incident_asks.nr - 1) % CTRI_INCIDENTS];
	if (inc->nr == ctri_incident_asks.nr)
		ctri_worst_fill(&inc->worst, ctri_incident_asks.lost, c);
	mutex_unlock(&ctri_incident_mutex);
	ctri_census_put(c);
}

/* What it lost until now: seen by probes, or counted by the kernel alone. */
static u64 ctri_incident_lost(const struct ctri_incident *inc)
{
	return max(inc->n[CTRI_N_EVICTION], inc->k_early_drop) +
	       inc->n[CTRI_N_GC_EVICTION] +
	       max(inc->n[CTRI_N_REFUSAL], inc->k_drop);
}

/*
 * A lossy second. The first one ends what passes for the first minute; if no
 * minute before lost as much, what the table holds now is to be kept. Under
 * ctri_incident_mutex.
 */
static void ctri_incident_minute(struct ctri_incident_state *w,
				 const struct ctri_incident *inc, u64 when)
{
	u64 all = ctri_incident_lost(inc), lost = all - w->minute_lost;

	if (w->minute && when - w->minute < CTRI_EVERY)
		return;
	w->minute = when;
	w->minute_lost = all;
	if (inc->worst.when && lost <= inc->worst.lost)
		return;
	ctri_incident_asks.nr = inc->nr;
	ctri_incident_asks.lost = lost;
	queue_work(ctri_incident_wq, &ctri_incident_census_work);
}

static void ctri_second_add(struct ctri_second *sum, const struct ctri_second *s)
{
	unsigned int i;

	for (i = 0; i < CTRI_N_INVALID; i++)
		sum->n[i] += s->n[i];
	sum->invalid += s->invalid;
	sum->k_drop += s->k_drop;
	sum->k_early_drop += s->k_early_drop;
	sum->k_insert_failed += s->k_insert_failed;
}

/* A lossy second, and the others since the last one. Under ctri_incident_mutex. */
static void ctri_incident_add(struct ctri_incident_state *w,
			      struct ctri_incident *inc,
			      const struct ctri_second *s)
{
	struct ctri_second *sum = &w->tail;
	unsigned int i;

	ctri_second_add(sum, s);
	for (i = 0; i < CTRI_N_INVALID; i++) {
		inc->n[i] += sum->n[i];
		inc->peak[i] = max3(inc->peak[i], (u64)!!s->n[i],
				    ctri_per_second(s->n[i], s->span));
	}
	inc->invalid += sum->invalid;
	inc->k_drop += sum->k_drop;
	inc->k_early_drop += sum->k_early_drop;
	inc->k_insert_failed += sum->k_insert_failed;
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
 * Return: true while an incident lasts.
 */
bool ctri_incident_second(struct ctri_second *s)
{
	struct ctri_incident_state *w = ctri_incident_state;
	bool lossy = s->n[CTRI_N_EVICTION] || s->n[CTRI_N_GC_EVICTION] ||
		   s->n[CTRI_N_REFUSAL] || s->k_early_drop || s->full;
	u32 epoch = ctri_now() / CTRI_WINDOW;
	bool lasts;

	mutex_lock(&ctri_incident_mutex);
	w->inserts += s->n[CTRI_N_INSERT];
	if (epoch != w->epoch) {
		ctri_window_end(w, epoch - w->epoch - 1, lossy);
		w->epoch = epoch;
		w->inserts = s->n[CTRI_N_INSERT];
	}
	s->distinct = w->distinct;
	if (lossy && !ctri_incident_open)
		ctri_incident_begin(w, s);
	if (lossy) {
		w->lossy_epoch = epoch;
		ctri_incident_add(w, ctri_incident_open, s);
		ctri_incident_minute(w, ctri_incident_open, s->when);
	} else if (ctri_incident_open) {
		ctri_second_add(&w->tail, s);
		if (s->when - ctri_incident_open->end > CTRI_CALM) {
			ctri_incident_open->over = true;
			ctri_incident_open = NULL;
			ctri_incident_change();
		}
	}
	lasts = ctri_incident_open;
	mutex_unlock(&ctri_incident_mutex);
	return lasts;
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
			&ctri_incidents[(ctri_incident_last_nr + i) % CTRI_INCIDENTS];

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
	ctri_incident_state = kvzalloc(sizeof(*ctri_incident_state), GFP_KERNEL);
	ctri_incident_wq = alloc_workqueue("conntriage", WQ_UNBOUND, 1);
	if (ctri_incidents && ctri_incident_state && ctri_incident_wq) {
		ctri_incident_state->epoch = ctri_now() / CTRI_WINDOW;
		return 0;
	}
	ctri_incident_exit();
	return -ENOMEM;
}

/**
 * ctri_incident_bytes() - the memory of the incidents, which never changes
 *
 * Context: any.
 * Return: bytes.
 */
size_t ctri_incident_bytes(void)
{
	return CTRI_INCIDENTS * sizeof(*ctri_incidents) +
	       sizeof(*ctri_incident_state);
}

/**
 * ctri_incident_stop() - no tick comes any more; wait for the last walk
 *
 * Context: process.
 */
void ctri_incident_stop(void)
{
	cancel_work_sync(&ctri_incident_census_work);
}

/**
 * ctri_incident_exit() - free it; neither tick nor reader is left
 *
 * Context: process.
 */
void ctri_incident_exit(void)
{
	if (ctri_incident_wq)
		destroy_workqueue(ctri_incident_wq);
	kvfree(ctri_incidents);
	kvfree(ctri_incident_state);
}
