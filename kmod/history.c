// SPDX-License-Identifier: GPL-2.0
/*
 * The flight recorder: the last seconds and minutes, whether or not anybody
 * reads. Times and rates come from the clock, never from an assumed interval:
 * a tick that comes late makes a long row, not a high rate.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include "conntriage.h"

/* A minute that is being made. */
struct ctri_making_minute {
	u32 span;		/* ms so far */
	u32 seconds;
	struct {
		u64 sum;
		u32 min, max;
	} s[CTRI_SERIES];
};

static DEFINE_MUTEX(ctri_history_mutex);	/* all below */
static struct ctri_second *ctri_ring;		/* CTRI_SECONDS */
static struct ctri_minute *ctri_minutes;	/* CTRI_MINUTES */
static unsigned int ctri_next, ctri_next_minute;
static struct ctri_making_minute ctri_making;
static u64 ctri_missed;				/* seconds */

/* Of a second: the entries, or events a second of its true length. */
static void ctri_series(const struct ctri_second *s, u32 v[CTRI_SERIES])
{
	u64 n[CTRI_SERIES] = {
		[CTRI_S_INSERTS]	= s->n[CTRI_N_INSERT],
		[CTRI_S_INSERT_FAILED]	= s->k.insert_failed,
		[CTRI_S_EVICTIONS]	= s->n[CTRI_N_EVICTION],
		[CTRI_S_GC_EVICTIONS]	= s->n[CTRI_N_GC_EVICTION],
		[CTRI_S_REFUSALS]	= s->n[CTRI_N_REFUSAL],
		[CTRI_S_K_DROP]		= s->k.drop,
		[CTRI_S_INVALID]	= s->invalid,
	};
	unsigned int i;

	for (i = 0; i < CTRI_SERIES; i++)
		v[i] = min_t(u64, div_u64(n[i] * MSEC_PER_SEC, max(s->span, 1U)),
			     U32_MAX);
	v[CTRI_S_COUNT] = s->count;
}

static void ctri_minute_end(const struct ctri_second *s)
{
	struct ctri_minute *m = &ctri_minutes[ctri_next_minute];
	unsigned int i;

	m->when = s->when;
	m->span = ctri_making.span;
	m->max = s->max;
	m->distinct = s->distinct;
	for (i = 0; i < CTRI_SERIES; i++) {
		m->s[i].min = ctri_making.s[i].min;
		m->s[i].max = ctri_making.s[i].max;
		m->s[i].mean = div_u64(ctri_making.s[i].sum, ctri_making.span);
	}
	ctri_next_minute = (ctri_next_minute + 1) % CTRI_MINUTES;
	memset(&ctri_making, 0, sizeof(ctri_making));
}

static void ctri_minute_add(const struct ctri_second *s)
{
	u32 v[CTRI_SERIES];
	unsigned int i;

	ctri_series(s, v);
	for (i = 0; i < CTRI_SERIES; i++) {
		/* weighted by length, so that the mean is one over time */
		ctri_making.s[i].sum += (u64)v[i] * s->span;
		if (!ctri_making.seconds || v[i] < ctri_making.s[i].min)
			ctri_making.s[i].min = v[i];
		ctri_making.s[i].max = max(ctri_making.s[i].max, v[i]);
	}
	ctri_making.seconds++;
	ctri_making.span += s->span;
	/* ticks are up to a few ms late; 60 of them are a minute */
	if (ctri_making.seconds >= 60 || ctri_making.span >= 60 * MSEC_PER_SEC)
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
	ctri_ring[ctri_next] = *s;
	ctri_next = (ctri_next + 1) % CTRI_SECONDS;
	if (s->span >= 2 * MSEC_PER_SEC)
		ctri_missed += s->span / MSEC_PER_SEC - 1;
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
			&ctri_ring[(ctri_next + i) % CTRI_SECONDS];

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
 * ctri_history_missed() - seconds that no tick recorded
 *
 * Context: process.
 * Return: how many since the module was loaded.
 */
u64 ctri_history_missed(void)
{
	u64 missed;

	mutex_lock(&ctri_history_mutex);
	missed = ctri_missed;
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
	ctri_ring = kvcalloc(CTRI_SECONDS, sizeof(*ctri_ring), GFP_KERNEL);
	ctri_minutes = kvcalloc(CTRI_MINUTES, sizeof(*ctri_minutes), GFP_KERNEL);
	if (ctri_ring && ctri_minutes)
		return 0;
	ctri_history_exit();
	return -ENOMEM;
}

/**
 * ctri_history_exit() - free it; neither tick nor reader is left
 *
 * Context: process.
 */
void ctri_history_exit(void)
{
	kvfree(ctri_ring);
	kvfree(ctri_minutes);
}
