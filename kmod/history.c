// SPDX-License-Identifier: GPL-2.0
/*
 * The flight recorder: the last seconds and minutes, kept whether or not
 * anybody reads them. Times and rates come from the clock, never from an
 * assumed interval: a tick that comes late makes a long row, not a high rate.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include "history.h"

/* The minute that isn't over yet: sums of its seconds. */
struct ctri_minute_sums {
	u64 span;		/* ms so far */
	u32 seconds;
	struct {
		u64 sum;	/* events; of count, entries * ms */
		u32 min, max;
	} s[CTRI_SERIES];
};

static DEFINE_MUTEX(ctri_history_mutex);	/* all below */
static struct ctri_second *ctri_seconds;		/* CTRI_SECONDS */
static struct ctri_minute *ctri_minutes;	/* CTRI_MINUTES */
static unsigned int ctri_next_second, ctri_next_minute;
static struct ctri_minute_sums ctri_minute_open;
static u64 ctri_seconds_missed;				/* seconds */
static u64 ctri_seconds_nr;				/* ever recorded */

/**
 * ctri_per_second() - the rate of a row
 * @n: events of the row
 * @span: its length in ms; a row shorter than a second, as the first after the
 *	load is, counts as a second
 *
 * Context: any.
 * Return: events a second, to the nearest.
 */
u64 ctri_per_second(u64 n, u32 span)
{
	span = max_t(u32, span, MSEC_PER_SEC);
	return div_u64(n * MSEC_PER_SEC + span / 2, span);
}

/* The series of a row: events; for count, entries weighted by its length. */
static void ctri_series_of(const struct ctri_second *s, u64 n[CTRI_SERIES])
{
	n[CTRI_S_COUNT]		= (u64)s->count * s->span;
	n[CTRI_S_INSERTS]	= s->n[CTRI_N_INSERT];
	n[CTRI_S_INSERT_FAILED]	= s->k_insert_failed;
	n[CTRI_S_EVICTIONS]	= s->n[CTRI_N_EVICTION];
	n[CTRI_S_GC_EVICTIONS]	= s->n[CTRI_N_GC_EVICTION];
	n[CTRI_S_REFUSALS]	= s->n[CTRI_N_REFUSAL];
	n[CTRI_S_K_DROP]	= s->k_drop;
	n[CTRI_S_INVALID]	= s->invalid;
}

static void ctri_minute_end(const struct ctri_second *s)
{
	struct ctri_minute *m = &ctri_minutes[ctri_next_minute];
	u64 span = max_t(u64, ctri_minute_open.span, 1);
	unsigned int i;

	m->when = s->when;
	m->span = min_t(u64, ctri_minute_open.span, U32_MAX);
	m->max = s->max;
	m->distinct = s->distinct;
	for (i = 0; i < CTRI_SERIES; i++) {
		u64 sum = ctri_minute_open.s[i].sum;

		if (i != CTRI_S_COUNT)
			sum *= MSEC_PER_SEC;
		m->s[i].min = ctri_minute_open.s[i].min;
		m->s[i].max = ctri_minute_open.s[i].max;
		m->s[i].mean = div64_u64(sum + span / 2, span);
	}
	ctri_next_minute = (ctri_next_minute + 1) % CTRI_MINUTES;
	memset(&ctri_minute_open, 0, sizeof(ctri_minute_open));
}

static void ctri_minute_add(const struct ctri_second *s)
{
	u64 n[CTRI_SERIES];
	unsigned int i;

	ctri_series_of(s, n);
	for (i = 0; i < CTRI_SERIES; i++) {
		u32 v = i == CTRI_S_COUNT ? s->count :
			min_t(u64, ctri_per_second(n[i], s->span), U32_MAX);

		ctri_minute_open.s[i].sum += n[i];
		if (!ctri_minute_open.seconds || v < ctri_minute_open.s[i].min)
			ctri_minute_open.s[i].min = v;
		ctri_minute_open.s[i].max = max(ctri_minute_open.s[i].max, v);
	}
	ctri_minute_open.seconds++;
	ctri_minute_open.span += s->span;
	/* ticks are up to a few ms late; 60 of them are a minute */
	if (ctri_minute_open.seconds >= 60 ||
	    ctri_minute_open.span >= 60 * MSEC_PER_SEC)
		ctri_minute_end(s);
}

/**
 * ctri_history_add() - record a second
 * @s: complete
 *
 * Context: process, the tick alone.
 */
void ctri_history_add(const struct ctri_second *s)
{
	mutex_lock(&ctri_history_mutex);
	ctri_seconds[ctri_next_second] = *s;
	ctri_next_second = (ctri_next_second + 1) % CTRI_SECONDS;
	ctri_seconds_nr++;
	if (s->span >= 2 * MSEC_PER_SEC && !s->rest)
		ctri_seconds_missed += s->span / MSEC_PER_SEC - 1;
	ctri_minute_add(s);
	mutex_unlock(&ctri_history_mutex);
}

/**
 * ctri_history_seconds() - the recorded seconds, oldest first
 * @out: room for CTRI_SECONDS
 *
 * Context: process.
 * Return: how many.
 */
unsigned int ctri_history_seconds(struct ctri_second *out)
{
	unsigned int i, nr = 0;

	mutex_lock(&ctri_history_mutex);
	for (i = 0; i < CTRI_SECONDS; i++) {
		const struct ctri_second *s =
			&ctri_seconds[(ctri_next_second + i) % CTRI_SECONDS];

		if (s->when)
			out[nr++] = *s;
	}
	mutex_unlock(&ctri_history_mutex);
	return nr;
}

/**
 * ctri_history_minutes() - the recorded minutes, oldest first
 * @out: room for CTRI_MINUTES
 *
 * Context: process.
 * Return: how many.
 */
unsigned int ctri_history_minutes(struct ctri_minute *out)
{
	unsigned int i, nr = 0;

	mutex_lock(&ctri_history_mutex);
	for (i = 0; i < CTRI_MINUTES; i++) {
		const struct ctri_minute *m =
			&ctri_minutes[(ctri_next_minute + i) % CTRI_MINUTES];

		if (m->when)
			out[nr++] = *m;
	}
	mutex_unlock(&ctri_history_mutex);
	return nr;
}

/**
 * ctri_history_generation() - what ties together files of one moment
 *
 * Two that were opened at the same generation were so within one row of "history".
 *
 * Context: process.
 * Return: 1, and the rows that there have been since load.
 */
u64 ctri_history_generation(void)
{
	u64 nr;

	mutex_lock(&ctri_history_mutex);
	nr = ctri_seconds_nr;
	mutex_unlock(&ctri_history_mutex);
	return nr + 1;
}

/**
 * ctri_history_missed() - seconds that no tick recorded
 *
 * Context: process.
 * Return: how many since the module was loaded.
 */
u64 ctri_history_missed(void)
{
	u64 missed;

	mutex_lock(&ctri_history_mutex);
	missed = ctri_seconds_missed;
	mutex_unlock(&ctri_history_mutex);
	return missed;
}

/**
 * ctri_history_init() - make room
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int ctri_history_init(void)
{
	ctri_seconds = kvcalloc(CTRI_SECONDS, sizeof(*ctri_seconds), GFP_KERNEL);
	ctri_minutes = kvcalloc(CTRI_MINUTES, sizeof(*ctri_minutes), GFP_KERNEL);
	if (ctri_seconds && ctri_minutes)
		return 0;
	ctri_history_exit();
	return -ENOMEM;
}

/**
 * ctri_history_bytes() - the recorder's memory, which never changes
 *
 * Context: any.
 * Return: bytes.
 */
size_t ctri_history_bytes(void)
{
	return CTRI_SECONDS * sizeof(*ctri_seconds) +
	       CTRI_MINUTES * sizeof(*ctri_minutes);
}

/**
 * ctri_history_exit() - free it; neither tick nor reader is left
 *
 * Context: process.
 */
void ctri_history_exit(void)
{
	kvfree(ctri_seconds);
	kvfree(ctri_minutes);
}
