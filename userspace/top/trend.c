// SPDX-License-Identifier: GPL-2.0
/* A chart of the last minutes, out of recorded seconds: the module's, or of pictures. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "top/panels.h"

#define FIGURE	9	/* columns of the highest value, on the right */

enum { COUNT, INSERTS, EVICTED, REFUSED, SERIES };

/* The highest second of each column; NAN where none was recorded */
struct plot {
	int columns;
	int64_t seconds;
	double *value[SERIES];
};

/* The shortest time that holds all seconds, so that a young record fills a chart */
static int64_t span_of(const struct snapshot *s, int columns)
{
	static const int64_t choice[] = { 1, 2, 5, 10, 20 };	/* s a column */
	int64_t oldest = s->nr_history ? s->history[0].ago : 0;
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(choice) && oldest >= choice[i] * columns)
		i++;
	return choice[i] * columns;
}

static void plot_begin(struct plot *p, const struct snapshot *s, int columns)
{
	int i, k;

	p->columns = columns;
	p->seconds = span_of(s, columns);
	for (i = 0; i < SERIES; i++) {
		p->value[i] = malloc(columns * sizeof(double));
		if (!p->value[i])
			no_memory();
		for (k = 0; k < columns; k++)
			p->value[i][k] = NAN;
	}
}

static void plot_free(struct plot *p)
{
	int i;

	for (i = 0; i < SERIES; i++)
		free(p->value[i]);
}

static void plot_put(struct plot *p, int64_t ago, const double *value)
{
	int64_t column;
	int i;

	if (ago < 0 || ago >= p->seconds)
		return;
	column = p->columns - 1 - ago * p->columns / p->seconds;
	for (i = 0; i < SERIES; i++)
		p->value[i][column] = fmax(p->value[i][column], value[i]);
}

/*
 * A late row is of many seconds: a mean of them. One in which nothing happened is an
 * idle host's, whose recorder isn't woken; it stands for all of its seconds.
 */
static void plot_second(struct plot *p, const struct history_row *row)
{
	double seconds = row->span > 0 ? row->span / 1000.0 : 1;
	double value[SERIES] = {
		[COUNT] = known(row->count),
		[INSERTS] = row->inserts == UNKNOWN ? NAN : row->inserts / seconds,
		[EVICTED] = (row->evictions == UNKNOWN ? known(row->k_early_drop) :
			     plus(row->evictions, row->gc_evictions)) / seconds,
		[REFUSED] = fmax(known(row->refusals), known(row->k_drop)) / seconds,
	};
	bool idle = row->inserts == 0 && value[EVICTED] <= 0 && value[REFUSED] <= 0;
	int64_t ago, end;

	if (row->ago < 0 || row->ago >= p->seconds)
		return;
	plot_put(p, row->ago, value);
	end = plus(row->ago, known(row->span) / 1000);
	for (ago = row->ago + 1; idle && ago < p->seconds && ago < end; ago++)
		plot_put(p, ago, value);
}

static const char *figure(double value)
{
	char *out;

	if (isnan(value))
		return "-";
	if (value < 1e7)
		return per_second(value);
	out = word_buffer();
	snprintf(out, WORD_SIZE, "%.1f M", fmin(value, 1e12) / 1e6);
	return out;
}

/* NAN where nothing is known of it */
static double highest(const struct plot *p, int series)
{
	double top = NAN;
	int i;

	for (i = 0; i < p->columns; i++)
		top = fmax(top, p->value[series][i]);
	return top;
}

static void bars(struct cells *c, int row, int lines, const struct plot *p, double max)
{
	double top = max > 0 ? max : highest(p, COUNT);
	int line, i;

	for (line = 0; line < lines; line++) {
		for (i = 0; i < p->columns; i++) {
			double value = p->value[COUNT][i];
			double part = top > 0 ? lines * value / top - line : 0;

			if (part > 0)
				cells_level(c, row + lines - 1 - line, LABEL_WIDTH + i, CELL_OK,
					    part);
			else if (!line && !isnan(value))
				cells_put(c, row + lines - 1, LABEL_WIDTH + i, c->columns,
					  CELL_DIM, "_");
		}
	}
	cells_right(c, row, c->columns, CELL_DIM, figure(top));
}

static void spark(struct cells *c, int row, const char *label, const struct plot *p, int series,
		  enum cell_ink ink)
{
	double top = highest(p, series);
	int i;

	cells_put(c, row, 0, LABEL_WIDTH, CELL_HEAD, label);
	for (i = 0; i < p->columns; i++) {
		double value = p->value[series][i];

		if (value > 0)
			cells_level(c, row, LABEL_WIDTH + i, ink, value / top);
		else if (!isnan(value))
			cells_put(c, row, LABEL_WIDTH + i, c->columns, CELL_DIM, "_");
	}
	cells_right(c, row, c->columns, top > 0 ? ink : CELL_DIM, figure(top));
}

void trend_draw(struct cells *c, int row, int lines, const struct scene *sc)
{
	const struct snapshot *s = sc->s;
	struct plot p;
	char text[32];
	size_t i;

	if (!s->nr_history) {
		cells_put(c, row, 0, c->columns, CELL_DIM,
			  "nothing is recorded of the last minutes");
		return;
	}
	plot_begin(&p, s, c->columns - LABEL_WIDTH - FIGURE);
	for (i = 0; i < s->nr_history; i++)
		plot_second(&p, &s->history[i]);
	snprintf(text, sizeof(text), "%s", short_time(p.seconds));
	cells_put(c, row, 0, LABEL_WIDTH, CELL_HEAD, "last");
	cells_put(c, row + 1, 0, LABEL_WIDTH, CELL_HEAD, text);
	bars(c, row, lines, &p, known(s->history[s->nr_history - 1].max));
	spark(c, row + lines, "new/s", &p, INSERTS, CELL_PLAIN);
	spark(c, row + lines + 1, "evicted/s", &p, EVICTED, CELL_WARNING);
	spark(c, row + lines + 2, "refused/s", &p, REFUSED, CELL_CRITICAL);
	plot_free(&p);
}
