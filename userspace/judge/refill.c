// SPDX-License-Identifier: GPL-2.0
/*
 * What a table holds some time after commands were typed: what is left of the entries
 * that there are, by their old deadlines, and what has come since.
 */
#include <math.h>

#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/evictable.h"
#include "judge/finding.h"
#include "judge/refill.h"
#include "judge/streams.h"
#include "judge/tables.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define PASSES		4	/* s, of which what is over by now is counted */
#define WALKS		4	/* chains that a new connection's packets walk */
#define WORKER_SEES	300	/* s: it takes longer timeouts for that */
#define LONGEST		60	/* s: it comes again by then */
#define KNOWN_PASS	1	/* s: less may as well be walks of packets */
#define LOOK		15	/* s: what is refused is counted for a while */
#define AT_LAST		600	/* s: longer than a timeout of what doesn't talk */
#define EVERY		10	/* s */
#define ABOUT		0.2	/* a person calls that the same */
#define LEAST		0.05	/* of the maximum: likewise */

/* A table at the time of a prediction: streams, and what was typed */
struct coming {
	const struct streams *now;
	const struct effect *done;
	double talked;		/* entries that talk, right after the commands */
	double opened;		/* a second, to talk */
	double buckets;
	double closed;		/* of all that end, with an entry that waits */
};

static double stay_of(const struct coming *c, enum stream stream)
{
	return c->done->stay[stream] > 0 ? c->done->stay[stream] : c->now->of[stream].stay;
}

static double opened(const struct coming *c, enum stream stream)
{
	return c->now->of[stream].offered * (1 - c->done->met[stream]) +
	       c->done->limited[stream];
}

/* Of those that there are, what is left after @t s: each keeps its old deadline. */
static double old_ones(const struct coming *c, enum stream stream, double t)
{
	const struct stream_now *s = &c->now->of[stream];

	if (s->held <= 0)
		return 0;
	return stream_younger(s, s->stay - t) * (1 - c->done->gone[stream] / s->held);
}

/* Those that talk go to where as many come as end. */
static double talking(const struct coming *c, double t)
{
	double level = c->now->ends > 0 ? c->opened / c->now->ends : 0;

	if (c->now->ends <= 0)
		return c->talked + c->opened * t;
	return level + (c->talked - level) * exp(-c->now->ends * t);
}

/* Connections that end between two times */
static double ended(const struct coming *c, double from, double to)
{
	from = fmax(from, 0);
	to = fmax(to, 0);
	return c->opened * (to - from) - talking(c, to) + talking(c, from);
}

/* Entries of a stream that have come since, and whose time is up at @t */
static double over_by(const struct coming *c, enum stream stream, double t)
{
	double t0 = t - stay_of(c, stream), part;

	if (stream_waits(stream))
		return opened(c, stream) * fmax(t0, 0);
	part = c->closed > 0 ? c->now->of[stream].in / c->closed : 0;
	return part * ended(c, 0, t0);
}

static double come_by(const struct coming *c, enum stream stream, double t)
{
	if (stream_waits(stream))
		return opened(c, stream) * t;
	return c->closed > 0 ? c->now->of[stream].in / c->closed * ended(c, 0, t) : 0;
}

/* What is over stands there until somebody passes: in a full table, for so long */
static double linger_full(const struct coming *c)
{
	double over = 0;
	int i;

	for (i = 0; i < STREAMS; i++)
		if (stream_keys[i])
			over += c->now->of[i].held -
				stream_younger(&c->now->of[i], c->now->of[i].stay - PASSES);
	return over > 0 ? fmin(c->now->expired * PASSES / over, LONGEST) : 0;
}

static double waiting_at(const struct coming *c, enum stream stream, double t)
{
	return old_ones(c, stream, t) + come_by(c, stream, t) - over_by(c, stream, t);
}

/* What a full table can't evict */
static double hard_at(const struct coming *c, double t)
{
	double sum = talking(c, t);
	int i;

	sum += fmax(c->now->of[STREAM_SILENT].held - c->done->gone[STREAM_SILENT], 0);
	for (i = 0; i < STREAMS; i++)
		sum += stream_closes(i) ? waiting_at(c, i, t) : 0;
	return sum;
}

static double hard_now(const struct coming *c)
{
	double sum = c->now->of[STREAM_TALKING].held + c->now->of[STREAM_SILENT].held;
	int i;

	for (i = 0; i < STREAMS; i++)
		sum += stream_closes(i) ? c->now->of[i].held : 0;
	return sum;
}

static double live_at(const struct coming *c, double t)
{
	double sum = hard_at(c, t) + c->now->rest;
	int i;

	for (i = 0; i < STREAMS; i++)
		sum += stream_waits(i) ? waiting_at(c, i, t) : 0;
	return sum;
}

/*
 * The worker comes back after the mean time that entries have left, a minute at most
 * (gc_worker() in nf_conntrack_core.c).
 */
static double worker_after(const struct coming *c, double t)
{
	double left = 100 * LONGEST, all = 100;
	int i;

	for (i = 0; i < STREAMS; i++) {
		const struct stream_now *s = &c->now->of[i];
		double old = stream_keys[i] ? old_ones(c, i, t) : s->held;
		double young = stream_keys[i] ? come_by(c, i, t) - over_by(c, i, t) : 0;

		all += old + young;
		left += old * (stream_keys[i] ? fmin(s->stay / 2, WORKER_SEES) : WORKER_SEES) +
			young * fmin(stay_of(c, i) / 2, WORKER_SEES);
	}
	return fmin(fmax(left / all, 1), LONGEST);
}

/* Seconds between the worker's last visit before @t and @t, as far as that can be told */
static double since_worker(const struct coming *c, double t)
{
	double every = worker_after(c, 0), passed = c->now->passed, next;

	if (passed < 0 || passed > every)
		passed = linger_full(c);
	if (passed < KNOWN_PASS && passed != c->now->passed)
		return t < every ? t - t * t / (2 * every) : worker_after(c, t) / 2;
	next = fmax(every - passed, 0);
	if (t < next)
		return t;
	while (next + worker_after(c, next) <= t)
		next += worker_after(c, next);
	return t - next;
}

/* A packet that walks a chain reaps what is over there: entries that stand for so long */
static double linger_free(const struct coming *c, double t)
{
	double since = since_worker(c, t), walks = 0;
	int i;

	for (i = 0; i < STREAMS; i++)
		walks += stream_closes(i) ? 0 : 2 * WALKS * opened(c, i) / c->buckets;
	return walks * since > 0.01 ? (1 - exp(-walks * since)) / walks : since;
}

static double expired_at(const struct coming *c, double t, bool full)
{
	double stands = full ? linger_full(c) : linger_free(c, t), from = fmax(t - stands, 0);
	double sum = 0;
	int i;

	for (i = 0; i < STREAMS; i++)
		if (stream_keys[i])
			sum += old_ones(c, i, from) - old_ones(c, i, t) +
			       over_by(c, i, t) - over_by(c, i, from);
	if (!c->done->reaps && stands >= t)
		sum += c->now->expired;
	return sum;
}

/*
 * A full table makes room in the first of 8 buckets that holds an entry which may be
 * evicted, each entry being in two (early_drop() in nf_conntrack_core.c): so many a
 * second find none, with @evictable of them where @before are now.
 */
static double refused_full(const struct coming *c, double evictable, double before)
{
	double offered = 0, was = 0, none, same;
	int i;

	for (i = 0; i < STREAMS; i++) {
		offered += opened(c, i);
		was += c->now->of[i].offered;
	}
	none = early_drop_misses(fmax(evictable, 0), c->buckets);
	same = was > 0 ? c->now->refused * offered / was : 0;
	none *= offered + same;
	/* and no more than now, with as many */
	return evictable >= before ? fmin(none, same) : none;
}

/* What there is at @t, over or not, if nothing were refused */
static double entries_at(const struct coming *c, double max, double t)
{
	double live = live_at(c, t);

	return live + expired_at(c, t, live > max);
}

/* The same without the bursts of the worker, which comes at any time by then */
static double level_at(const struct coming *c, double max, double t)
{
	double sum = 0;
	int i;

	for (i = 0; i < LONGEST / EVERY; i++)
		sum += entries_at(c, max, t + i * EVERY);
	return sum / i;
}

static bool about(double entries, double other, double max)
{
	return fabs(entries - other) <= fmax(entries * ABOUT, max * LEAST);
}

/*
 * What was deleted comes again, up to a limit's worth of it, and what had no room before:
 * the number right after the commands is seldom the one that the table settles at.
 */
static void refill_later(const struct coming *c, double max, struct prediction *e)
{
	static const int64_t times[] = { 20, 30, 60, 90, 120, 180, 240, 300, 420, AT_LAST };
	double last = level_at(c, max, AT_LAST);
	size_t i = ARRAY_SIZE(times) - 1, k;

	if (e->within >= AT_LAST || e->refused > 0 || isnan(e->refused) ||
	    about((double)e->entries, last, max))
		return;
	while (i && times[i - 1] > e->within &&
	       about(last, level_at(c, max, (double)times[i - 1]), max))
		i--;
	e->later_within = times[i];
	e->settles = about(last, level_at(c, max, 2 * AT_LAST), max);
	e->full_again = last > max;
	for (k = 0; e->full_again && k <= i; k++) {
		if (times[k] <= e->within || level_at(c, max, (double)times[k]) <= max)
			continue;
		e->later_within = times[k];
		break;
	}
	e->later = fmin(last, max);
}

/* A full table evicts what waits, as long as there is any, and refuses the others. */
static struct prediction refill_after(const struct tables *ts, const struct netns_table *n,
				      const struct effect *done, int64_t within)
{
	struct coming c = { .now = n->streams, .done = done };
	const struct stream_now *talks = &c.now->of[STREAM_TALKING];
	double max = done->max ? (double)done->max : (double)n->max, t = within;
	struct prediction e = { .within = within };
	int i;

	c.buckets = done->buckets ? (double)done->buckets : (double)known(ts->s->buckets);
	c.buckets = fmax(c.buckets, 1);
	c.talked = fmax(talks->held - done->gone[STREAM_TALKING], 0) +
		   c.now->restart.again;
	c.opened = opened(&c, STREAM_TALKING);
	for (i = 0; i < STREAMS; i++) {
		c.closed += stream_closes(i) ? c.now->of[i].in : 0;
	}
	e.entries = fmin(entries_at(&c, max, t), max);
	if (entries_at(&c, max, t + LOOK) > max)
		e.refused = refused_full(&c, max - hard_at(&c, t + LOOK),
					 (double)n->max - hard_now(&c));
	/* the worker makes room in bursts a minute apart: a few seconds tell no mean */
	if (e.refused > 0 && tables_listed(ts))
		e.refused = NAN;
	refill_later(&c, max, &e);
	return e;
}

static void predict(const struct tables *ts, struct findings *fs, size_t which)
{
	struct finding *f = &fs->finding[which];
	struct effect all = { .within = 0 };
	size_t i;

	for (i = 0; i <= which; i++)
		if (fs->finding[i].effect.n == f->effect.n)
			effect_add(&all, &fs->finding[i].effect);
	cure_predict(ts, f, refill_after(ts, f->effect.n, &all, f->effect.within));
}

void refill_predict(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < fs->nr; i++)
		if (fs->finding[i].effect.n && fs->finding[i].effect.within)
			predict(ts, fs, i);
}
