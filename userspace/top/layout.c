// SPDX-License-Identifier: GPL-2.0
/* The whole picture: which part stands where, on screens of any size. */
#include <stdio.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/words.h"
#include "top/panels.h"

#define TALL	40		/* from so many rows on there is room for more of a chart */

/* Rows of the parts above the list */
struct heights {
	int verdict, bars;
};

static struct heights heights_of(int rows)
{
	return rows < TALL ? (struct heights) { 2, 2 } : (struct heights) { 3, 6 };
}

/* Of the list, with what stands above it */
static int list_row(int rows)
{
	struct heights h = heights_of(rows);

	return 1 + GAUGE_ROWS + h.verdict + 1 + h.bars + TREND_SPARKS;
}

int layout_lines(int rows)
{
	int lines = rows - list_row(rows) - TABLE_HEAD - 1;

	return lines > 0 ? lines : 0;
}

void title_draw(struct cells *c, const struct scene *sc, const struct view *v)
{
	const char *host = sc->s->captured.known ? sc->s->captured.host : sc->s->hostname;
	char text[160], when[32];
	int column;

	local_time(sc->at, "%Y-%m-%d %H:%M:%S", when, sizeof(when));
	snprintf(text, sizeof(text), " conntriage top   %s   %s", host, when);
	column = cells_put(c, 0, 0, c->columns, CELL_HEAD, text);
	if (v->frozen) {
		column = cells_put(c, 0, column + 3, c->columns, CELL_WARNING, "FROZEN");
		cells_bold(c, 0, column - 6, column);
	}
	if (*sc->mode) {
		snprintf(text, sizeof(text), "%s ", sc->mode);
		column = c->columns - (int)strlen(text) > column + 2 ?
			 c->columns - (int)strlen(text) : column + 2;
		cells_put(c, 0, column, c->columns, CELL_HEAD, text);
	}
	cells_reverse(c, 0, 0, c->columns, CELL_HEAD);
}

static void keys_draw(struct cells *c, int row, const struct scene *sc, const struct view *v)
{
	const char *text = "q quit  h help  s d v p g n lists  < > sort  / filter  f freeze  "
			   "Enter more";

	if (v->editing)
		text = "type a part of a name; Enter keeps it, Esc takes it away";
	else if (v->help || v->detail)
		text = "Esc goes back; arrows, PgUp, PgDn";
	if (*sc->message)
		cells_put(c, row, 0, c->columns, CELL_WARNING, sc->message);
	else
		cells_put(c, row, 0, c->columns, CELL_DIM, text);
}

static void above(struct cells *c, const struct heights *h, const struct scene *sc,
		  const struct view *v)
{
	int row = 1;

	title_draw(c, sc, v);
	gauge_draw(c, row, sc);
	row += GAUGE_ROWS;
	verdict_draw(c, row, h->verdict, sc);
	row += h->verdict;
	stages_draw(c, row, sc);
	trend_draw(c, row + 1, h->bars, sc);
}

void layout(struct cells *c, const struct scene *sc, struct view *v, const struct listing *l)
{
	struct heights h = heights_of(c->rows);
	int row = list_row(c->rows), lines = layout_lines(c->rows);
	char text[96];

	if (c->rows < LEAST_ROWS || c->columns < LEAST_COLUMNS) {
		snprintf(text, sizeof(text), "conntriage top: %d columns and %d rows; "
			 "it takes %dx%d", c->columns, c->rows, LEAST_COLUMNS, LEAST_ROWS);
		cells_put(c, 0, 0, c->columns, CELL_WARNING, text);
		return;
	}
	if (v->help || v->detail) {
		title_draw(c, sc, v);
		gauge_draw(c, 1, sc);
		row = 1 + GAUGE_ROWS;
		lines = c->rows - row - 1;
		if (v->help)
			help_draw(c, row, lines, v);
		else
			detail_draw(c, row, lines, sc, v, l);
	} else {
		above(c, &h, sc, v);
		table_draw(c, row, lines, sc, v, l);
	}
	keys_draw(c, c->rows - 1, sc, v);
}

void layout_batch(struct cells *c, int columns, const struct scene *sc, struct view *v)
{
	struct heights h = heights_of(LEAST_ROWS);
	int row = list_row(LEAST_ROWS), lines;
	struct listing l;

	listing_build(&l, sc, v, 1);
	v->scroll = 0;
	lines = l.nr ? (int)l.nr : 1;
	cells_begin(c, row + TABLE_HEAD + lines, columns);
	above(c, &h, sc, v);
	table_draw(c, row, lines, sc, v, &l);
	listing_free(&l);
}
