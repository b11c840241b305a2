// SPDX-License-Identifier: GPL-2.0
/* The flight recorder's seconds and minutes as a chart. */
#include <math.h>

#include "lib/numbers.h"
#include "lib/terminal.h"
#include "lib/words.h"
#include "render/chart.h"
#include "render/render.h"
#include "snapshot.h"

/* A row of either record, as far as the chart is concerned */
struct sample {
	int64_t ago, span;	/* s, ms */
	double count, inserts, evictions, refusals;	/* entries; a second */
};

/* A chart's columns: the highest value in each, NAN where no tick was. */
struct plot {
	double count[CHART_COLUMNS], inserts[CHART_COLUMNS];
	double evictions[CHART_COLUMNS], refusals[CHART_COLUMNS];
	double missed[CHART_COLUMNS];	/* above 0: some ticks were */
	bool any_missed;
};

struct period {
	int64_t seconds;	/* that the chart covers */
	int64_t tick;		/* between two rows, s */
};

/* The shortest time that holds all rows, so that a young record fills a chart */
static struct period period_of(int64_t tick, int64_t oldest)
{
	static const int64_t choice[] = { 1, 2, 5, 10, 24 };	/* ticks a column */
	const int64_t last = tick == 1 ? 10 : 24;
	size_t i = 0;

	while (choice[i] < last && oldest >= choice[i] * tick * CHART_COLUMNS)
		i++;
	return (struct period) { choice[i] * tick * CHART_COLUMNS, tick };
}

static void columns_clear(struct plot *c)
{
	unsigned int i;

	for (i = 0; i < CHART_COLUMNS; i++) {
		c->count[i] = c->inserts[i] = NAN;
		c->evictions[i] = c->refusals[i] = NAN;
		c->missed[i] = 0;
	}
	c->any_missed = false;
}

static size_t column_of(const struct chart *chart, const struct period *p,
			int64_t ago)
{
	return chart->columns - 1 - ago * chart->columns / p->seconds;
}

/*
 * What a late row counted happened some time within its span; it stands at the
 * end of it, as a mean. Columns without any tick stay blank. A long row in which
 * nothing was counted is an idle host's, which isn't woken for it.
 */
static void columns_add(struct plot *c, const struct chart *chart,
			const struct period *p, const struct sample *s)
{
	bool idle = s->inserts <= 0 && s->evictions <= 0 && s->refusals <= 0;
	int64_t ago;
	size_t i;

	if (s->ago < 0 || s->ago >= p->seconds)
		return;
	i = column_of(chart, p, s->ago);
	c->count[i] = fmax(c->count[i], s->count);
	c->inserts[i] = fmax(c->inserts[i], s->inserts);
	c->evictions[i] = fmax(c->evictions[i], s->evictions);
	c->refusals[i] = fmax(c->refusals[i], s->refusals);
	if (s->span / 1000 < 2 * p->tick)
		return;
	c->any_missed |= !idle;
	for (ago = s->ago + p->tick; ago < p->seconds &&
	     ago - s->ago < s->span / 1000; ago += p->tick) {
		i = column_of(chart, p, ago);
		if (!idle) {
			c->missed[i] = 1;
			continue;
		}
		c->count[i] = fmax(c->count[i], s->count);
		c->inserts[i] = fmax(c->inserts[i], 0);
		c->evictions[i] = fmax(c->evictions[i], 0);
		c->refusals[i] = fmax(c->refusals[i], 0);
	}
}

static void draw(const struct chart *chart, const struct period *p,
		 const struct plot *c, int64_t max)
{
	double top = known(max);
	unsigned int i;

	for (i = 0; i < chart->columns && max <= 0; i++)
		top = fmax(top, c->count[i]);
	fprintf(chart->out, "The last %s; of each %s, the highest second\n\n",
		short_time(p->seconds), short_time(p->seconds / chart->columns));
	chart_bars(chart, "entries", c->count, top);
	chart_spark(chart, "inserted/s", c->inserts, CHART_PLAIN);
	chart_spark(chart, "evicted/s", c->evictions, CHART_WARNING);
	chart_spark(chart, "refused/s", c->refusals, CHART_CRITICAL);
	if (c->any_missed)
		chart_marks(chart, "missed", c->missed);
	chart_axis(chart, short_time(p->seconds));
	if (c->any_missed)
		prose(chart->out,
		      "! ticks that the recorder missed: the machine slept or stood still");
}

/*
 * Refusals: the kernel's own count of dropped packets has those before the
 * probes were armed, too.
 */
static struct sample of_second(const struct history_row *row)
{
	double seconds = row->span > 0 ? row->span / 1000.0 : 1;

	return (struct sample) {
		.ago = row->ago,
		.span = known(row->span),
		.count = known(row->count),
		.inserts = known(row->inserts) / seconds,
		.evictions = plus(row->evictions, row->gc_evictions) / seconds,
		.refusals = fmax(known(row->refusals), known(row->k_drop)) / seconds,
	};
}

static struct sample of_minute(const struct minute_row *row)
{
	return (struct sample) {
		.ago = row->ago,
		.span = known(row->span),
		.count = known(row->count.max),
		.inserts = known(row->inserts.max),
		.evictions = plus(row->evictions.max, row->gc_evictions.max),
		.refusals = fmax(known(row->refusals.max), known(row->k_drop.max)),
	};
}

void chart_seconds(const struct snapshot *s, FILE *out)
{
	struct plot columns;
	struct sample sample;
	struct period period;
	struct chart chart;
	size_t i;

	if (!s->nr_history)
		return;
	chart_setup(&chart, out);
	columns_clear(&columns);
	period = period_of(1, s->history[0].ago);
	for (i = 0; i < s->nr_history; i++) {
		sample = of_second(&s->history[i]);
		columns_add(&columns, &chart, &period, &sample);
	}
	draw(&chart, &period, &columns, s->history[i - 1].max);
}

void chart_minutes(const struct snapshot *s, FILE *out)
{
	struct plot columns;
	struct sample sample;
	struct period period;
	struct chart chart;
	size_t i;

	if (!s->nr_minutes)
		return;
	chart_setup(&chart, out);
	columns_clear(&columns);
	period = period_of(60, s->minute[0].ago);
	for (i = 0; i < s->nr_minutes; i++) {
		sample = of_minute(&s->minute[i]);
		columns_add(&columns, &chart, &period, &sample);
	}
	draw(&chart, &period, &columns, s->minute[i - 1].max);
}
