// SPDX-License-Identifier: GPL-2.0
/* Seconds and minutes, put together to columns. */
#include <math.h>

#include "lib/numbers.h"
#include "report/series.h"

/* A row of either record: the values of its highest second */
struct sample {
	int64_t ago, span;	/* s, ms */
	double value[MEASURES];
};

static void begin(struct series *out, int64_t tick, const int64_t *step, size_t nr_steps,
		  int64_t oldest)
{
	size_t i, m;

	for (i = 0; i + 1 < nr_steps && oldest >= step[i] * tick * SERIES_COLUMNS; i++)
		;
	*out = (struct series){ .step = step[i] * tick, .max = UNKNOWN };
	out->nr = oldest / out->step + 1;
	if (out->nr > SERIES_COLUMNS)
		out->nr = SERIES_COLUMNS;
	for (m = 0; m < MEASURES; m++)
		for (i = 0; i < out->nr; i++)
			out->value[m][i] = NAN;
}

/*
 * An idle host isn't woken for its record: a long row in which nothing was counted has
 * that for all of its time. Other long rows are of a machine that stood still.
 */
static void add(struct series *out, int64_t tick, const struct sample *s)
{
	int64_t ago, till = s->ago;
	size_t column, m;

	if (s->ago < 0)
		return;
	if (s->value[MEASURE_INSERTED] <= 0 && s->value[MEASURE_EVICTED] <= 0 &&
	    s->value[MEASURE_REFUSED] <= 0 && s->span / 1000 >= 2 * tick)
		till = plus(s->ago, s->span / 1000 - tick);
	for (ago = s->ago; ago <= till && ago / out->step < (int64_t)out->nr; ago += tick) {
		column = out->nr - 1 - ago / out->step;
		for (m = 0; m < MEASURES; m++) {
			out->value[m][column] = fmax(out->value[m][column], s->value[m]);
			out->peak[m] = fmax(out->peak[m], s->value[m]);
		}
	}
}

static void end(struct series *out, int64_t max)
{
	size_t i;

	out->max = max;
	for (i = 0; i < out->nr; i++)
		out->gaps |= isnan(out->value[MEASURE_ENTRIES][i]);
}

/* Packets that the kernel dropped before the probes were armed are refused, too. */
static struct sample of_minute(const struct minute_row *row)
{
	return (struct sample) {
		.ago = row->ago, .span = known(row->span),
		.value = {
			[MEASURE_ENTRIES] = known(row->count.max),
			[MEASURE_INSERTED] = known(row->inserts.max),
			[MEASURE_REFUSED] = fmax(known(row->refusals.max), known(row->k_drop.max)),
			[MEASURE_EVICTED] = plus(row->evictions.max, row->gc_evictions.max),
			[MEASURE_INVALID] = known(row->invalid.max),
		},
	};
}

static struct sample of_second(const struct history_row *row)
{
	double seconds = row->span > 0 ? row->span / 1000.0 : 1;

	return (struct sample) {
		.ago = row->ago, .span = known(row->span),
		.value = {
			[MEASURE_ENTRIES] = known(row->count),
			[MEASURE_INSERTED] = known(row->inserts) / seconds,
			[MEASURE_REFUSED] = fmax(known(row->refusals), known(row->k_drop)) /
					    seconds,
			[MEASURE_EVICTED] = (row->evictions == UNKNOWN ? known(row->k_early_drop) :
					     plus(row->evictions, row->gc_evictions)) / seconds,
			[MEASURE_INVALID] = known(row->invalid) / seconds,
		},
	};
}

bool series_minutes(const struct snapshot *s, struct series *out)
{
	static const int64_t steps[] = { 1, 2, 5, 10 };
	struct sample sample;
	size_t i;

	if (!s->nr_minutes || s->minute[0].ago < 0)
		return false;
	begin(out, 60, steps, ARRAY_SIZE(steps), s->minute[0].ago);
	for (i = 0; i < s->nr_minutes; i++) {
		sample = of_minute(&s->minute[i]);
		add(out, 60, &sample);
	}
	end(out, s->minute[i - 1].max);
	return true;
}

bool series_seconds(const struct snapshot *s, struct series *out)
{
	static const int64_t steps[] = { 1, 2, 5 };
	struct sample sample;
	size_t i;

	if (!s->nr_history || s->history[0].ago < 0)
		return false;
	begin(out, 1, steps, ARRAY_SIZE(steps), s->history[0].ago);
	for (i = 0; i < s->nr_history; i++) {
		sample = of_second(&s->history[i]);
		add(out, 1, &sample);
	}
	end(out, s->history[i - 1].max);
	return true;
}
