// SPDX-License-Identifier: GPL-2.0
/*
 * A forecast out of the recorded seconds or minutes.
 *
 * A table's count is a sum: of all that came less all that went. A straight
 * line fitted to such a series finds a trend where there is none, and far too
 * small an error (C. W. J. Granger and P. Newbold, "Spurious regressions in
 * econometrics", J. Econometrics 2, 1974). So the growth is taken from
 * differences, by the method of batch means (A. M. Law, "Simulation Modeling
 * and Analysis", ch. 9): the window is cut into BATCHES equal parts, and the
 * steps between the means of neighbours are the sample. Its mean is the growth,
 * its standard error comes from its own scatter, and Student's distribution
 * says whether it is more than chance.
 *
 * That alone takes a slow swing for growth. Therefore the table must also be
 * fuller than it was in all of the record before the window, which must be long
 * enough to know.
 *
 * Nor is a mean what happens now, where a ramp is over or has only begun. The
 * newest steps must be no slower than half of the mean, the last seconds must show
 * a rise that is said to fill the table soon, and a shorter window counts where it
 * shows half as much growth again.
 */
#include <math.h>
#include <stdlib.h>

#include "judge/forecast.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define BATCHES		8
#define MIN_STEPS	5	/* of BATCHES - 1: gaps take the others */
#define MARGIN		0.05	/* of the earlier range, beyond its top */

/* Rows of either file, as far as the forecast is concerned */
struct point {
	double when;		/* s, of a clock that begins anywhere */
	double span;		/* s since the point before */
	double count;		/* entries */
	bool other;		/* of a fuller table than ours: ours had no more */
};

struct series {
	struct point *point;	/* oldest first */
	size_t nr;
	int64_t netns;
	double count, max;	/* entries now, and the limit */
};

/*
 * What is tried, first to last. Growth is looked for over 2 minutes; then over
 * 24 s, as a flood may have just begun; then over 2 hours, for what leaks.
 * Nothing is said that is further away than 60 times what was looked at.
 */
static const struct scale {
	bool minutes;
	double batch;		/* s */
	double before;		/* s of record that are needed before the window */
} scales[] = {
	{ false, 15, 120 },
	{ false, 3, 120 },
	{ true, 15 * 60, 2 * 3600 },
};

#define HORIZON		60	/* windows */
#define NEWEST		2	/* steps, of BATCHES - 1 */
#define SOON		300	/* s: so near, the last seconds must show it */

/* Now: three means of PACE_MEAN seconds each, PACE_STEP seconds apart */
#define PACE_MEAN	4
#define PACE_STEP	10
#define JITTER		4	/* times what the count moves in a second: more is no chance */

/*
 * Student's t by degrees of freedom, MIN_STEPS - 1 to BATCHES - 2: 99.5 % for
 * the decision, so that one of 200 steady tables is taken for a growing one;
 * 97.5 % for the ends of the interval. (Any table of the distribution, such as
 * M. Abramowitz and I. A. Stegun, table 26.10.)
 */
static const struct {
	double decide, interval;
} student[] = {
	{ 4.604, 2.776 }, { 4.032, 2.571 }, { 3.707, 2.447 },
};
_Static_assert(ARRAY_SIZE(student) == BATCHES - MIN_STEPS,
	       "one row for each number of degrees of freedom");

/* Seconds of the table that was fullest last */
static void take_seconds(const struct snapshot *s, struct series *series)
{
	const struct history_row *last = &s->history[s->nr_history - 1];
	double when = 0, span = 0;
	size_t i;

	series->netns = last->netns;
	series->count = last->count;
	series->max = last->max;
	for (i = 0; i < s->nr_history; i++) {
		const struct history_row *row = &s->history[i];

		if (row->span == UNKNOWN)
			continue;
		when += row->span / 1000.0;
		span += row->span / 1000.0;
		if (row->count == UNKNOWN)
			continue;
		series->point[series->nr++] = (struct point) {
			when, span, row->count, row->netns != last->netns
		};
		span = 0;
	}
}

/* A minute's mean belongs to its middle. */
static void take_minutes(const struct snapshot *s, struct series *series)
{
	const struct minute_row *last = &s->minute[s->nr_minutes - 1];
	double when = 0;
	size_t i;

	series->netns = UNKNOWN;
	series->count = last->count.mean;
	series->max = last->max;
	for (i = 0; i < s->nr_minutes; i++) {
		const struct minute_row *row = &s->minute[i];
		double span = row->span / 1000.0;

		if (row->span == UNKNOWN || row->count.mean == UNKNOWN)
			continue;
		when += span;
		series->point[series->nr++] = (struct point) {
			when - span / 2, span, row->count.mean, false
		};
	}
	if (s->nr_history) {
		const struct history_row *now = &s->history[s->nr_history - 1];

		series->netns = now->netns;
		series->count = now->count;
		series->max = now->max;
	}
}

/*
 * The window is unbroken, and the table is fuller at its end than ever before
 * it, as far as is known; by MARGIN of the range, as the peaks of a swing aren't
 * all of one height.
 */
static bool is_beyond(const struct series *series, const struct scale *scale)
{
	double end = series->point[series->nr - 1].when;
	double from = end - BATCHES * scale->batch;
	double low = INFINITY, high = -INFINITY, sum = 0;
	size_t i, nr = 0;

	if (from - series->point[0].when < scale->before)
		return false;
	for (i = 0; i < series->nr; i++) {
		const struct point *p = &series->point[i];

		if (p->when <= from) {
			low = fmin(low, p->count);
			high = fmax(high, p->count);
			continue;
		}
		if (p->span >= scale->batch)
			return false;
		if (end - p->when < scale->batch && !p->other) {
			sum += p->count;
			nr++;
		}
	}
	return sum / nr > high + MARGIN * (high - low);
}

/* Batch means and the steps between them. Returns the number of steps. */
static size_t take_steps(const struct series *series, double batch,
			 double growth[BATCHES], double weight[BATCHES])
{
	struct {
		double when, count;
		size_t nr;
	} mean[BATCHES] = { 0 }, *newer = NULL;
	double end = series->point[series->nr - 1].when;
	size_t i, steps = 0;

	for (i = 0; i < series->nr; i++) {
		double back = (end - series->point[i].when) / batch;

		if (series->point[i].other || !(back >= 0 && back < BATCHES))
			continue;
		mean[(size_t)back].when += series->point[i].when;
		mean[(size_t)back].count += series->point[i].count;
		mean[(size_t)back].nr++;
	}
	for (i = 0; i < BATCHES; i++) {
		if (!mean[i].nr)
			continue;
		mean[i].when /= mean[i].nr;
		mean[i].count /= mean[i].nr;
		if (newer && newer->when > mean[i].when) {
			weight[steps] = newer->when - mean[i].when;
			growth[steps] = (newer->count - mean[i].count) / weight[steps];
			steps++;
		}
		newer = &mean[i];
	}
	return steps;
}

/* Mean and standard error of the steps, longer ones counting for more */
static bool measure(const struct series *series, const struct scale *scale,
		    struct forecast *f)
{
	double growth[BATCHES], weight[BATCHES], all = 0, sum = 0, scatter = 0;
	size_t i, nr = take_steps(series, scale->batch, growth, weight);
	double error, newest = 0, span = 0;

	if (nr < MIN_STEPS)
		return false;
	for (i = 0; i < nr; i++) {
		all += weight[i];
		sum += weight[i] * growth[i];
	}
	f->growth = sum / all;
	for (i = 0; i < nr; i++)
		scatter += weight[i] * (growth[i] - f->growth) *
			   (growth[i] - f->growth);
	/* scatter / all is n - 1 nths of the variance; the mean's is an nth */
	error = sqrt(scatter / all / (nr - 1));
	f->error = student[nr - MIN_STEPS].interval * error;
	for (i = 0; i < NEWEST; i++) {
		newest += weight[i] * growth[i];
		span += weight[i];
	}
	return newest / span >= f->growth / 2 &&
	       f->growth > student[nr - MIN_STEPS].decide * error;
}

/* How the count has moved of late */
struct pace {
	double late, early;	/* entries a second: the last PACE_STEP seconds, those before */
	double jitter;		/* what it moves from one second to the next */
};

/* Whether it is known: all of these seconds are of this table. */
static bool take_pace(const struct snapshot *s, int64_t netns, struct pace *p)
{
	double mean[3] = { 0 }, last = 0;
	size_t nr[3] = { 0 }, steps = 0, i, k;

	*p = (struct pace) { .late = 0 };
	for (i = s->nr_history; i-- > 0;) {
		const struct history_row *h = &s->history[i];
		int64_t ago = minus(s->history[s->nr_history - 1].ago, h->ago);

		ago = ago < 0 ? -ago : ago;
		if (ago > 2 * PACE_STEP + PACE_MEAN)
			break;
		if (h->netns != netns || h->count == UNKNOWN)
			return false;
		if (i + 1 < s->nr_history) {
			p->jitter += fabs(last - h->count);
			steps++;
		}
		last = h->count;
		k = ago / PACE_STEP;
		if (k < 3 && ago % PACE_STEP < PACE_MEAN) {
			mean[k] += h->count;
			nr[k]++;
		}
	}
	for (k = 0; k < 3; k++) {
		if (!nr[k])
			return false;
		mean[k] /= nr[k];
	}
	p->jitter /= steps;
	p->late = (mean[0] - mean[1]) / PACE_STEP;
	p->early = (mean[1] - mean[2]) / PACE_STEP;
	return true;
}

bool forecast_pace(const struct snapshot *s, int64_t netns, double *pace)
{
	struct pace p;

	if (!take_pace(s, netns, &p) || p.late <= 0 || p.early < 0 || p.late < p.early / 2 ||
	    PACE_STEP * (p.late + p.early) < JITTER * p.jitter)
		return false;
	*pace = p.late;
	return true;
}

/* What is said to fill it soon doesn't show in the last seconds, and would. */
static bool stands_still(const struct snapshot *s, const struct forecast *f)
{
	double rise = 2 * PACE_STEP * f->growth;
	struct pace p;

	return f->seconds <= SOON && take_pace(s, f->netns, &p) && rise >= JITTER * p.jitter &&
	       (p.late < f->growth / 2 || PACE_STEP * (p.late + p.early) < rise / 2);
}

static bool try_scale(const struct series *series, const struct scale *scale,
		      struct forecast *f)
{
	double room = series->max - series->count, end;

	if (!series->nr || series->max <= 0 || series->count < 0 || room <= 0 ||
	    !is_beyond(series, scale) || !measure(series, scale, f))
		return false;
	end = room / (f->growth - f->error);
	if (!(end <= HORIZON * BATCHES * scale->batch))
		return false;
	f->netns = series->netns;
	f->count = series->count;
	f->max = series->max;
	f->window = BATCHES * scale->batch;
	f->seconds = lround(room / f->growth);
	f->earliest = lround(room / (f->growth + f->error));
	f->latest = lround(end);
	return true;
}

bool forecast(const struct snapshot *s, struct forecast *f)
{
	struct series seconds = { .nr = 0 }, minutes = { .nr = 0 };
	struct forecast shorter;
	bool good = false;
	size_t i;

	seconds.point = calloc(s->nr_history + 1, sizeof(*seconds.point));
	minutes.point = calloc(s->nr_minutes + 1, sizeof(*minutes.point));
	if (seconds.point && s->nr_history)
		take_seconds(s, &seconds);
	if (minutes.point && s->nr_minutes)
		take_minutes(s, &minutes);
	for (i = 0; i < ARRAY_SIZE(scales) && !good; i++)
		good = try_scale(scales[i].minutes ? &minutes : &seconds,
				 &scales[i], f) && !stands_still(s, f);
	if (good && i == 1 && try_scale(&seconds, &scales[1], &shorter) &&
	    shorter.growth > 1.5 * f->growth)
		*f = shorter;
	free(seconds.point);
	free(minutes.point);
	return good;
}
