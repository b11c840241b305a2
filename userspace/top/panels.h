/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of a picture. Each draws what it is given, and knows of no terminal. */
#ifndef CONNTRIAGE_TOP_PANELS_H
#define CONNTRIAGE_TOP_PANELS_H

#include "top/cells.h"
#include "top/listing.h"
#include "top/scene.h"
#include "top/view.h"

#define LEAST_ROWS	24
#define LEAST_COLUMNS	80
#define LABEL_WIDTH	11	/* columns of "refused/s" and the like, on the left */

/** layout_lines() - of a screen of that many rows, those that the list has */
int layout_lines(int rows);

/**
 * layout() - the whole picture
 * @c: empty; its size is the screen's
 * @v: as listing_build() left it
 */
void layout(struct cells *c, const struct scene *sc, struct view *v, const struct listing *l);

/** layout_batch() - as layout(), for paper: as many rows as the list has, and no keys */
void layout_batch(struct cells *c, int columns, const struct scene *sc, struct view *v);

/** title_draw() - the first row: whose this is and of when */
void title_draw(struct cells *c, const struct scene *sc, const struct view *v);

/** gauge_draw() - two rows: how full, and when full */
#define GAUGE_ROWS	2
void gauge_draw(struct cells *c, int row, const struct scene *sc);

/** stages_draw() - a row: entries by stage, or how to get them */
void stages_draw(struct cells *c, int row, const struct scene *sc);

/** verdict_draw() - the worst finding, in so many rows at most */
void verdict_draw(struct cells *c, int row, int rows, const struct scene *sc);

/** trend_draw() - the last minutes: @bars rows of entries, and three of events */
#define TREND_SPARKS	3
void trend_draw(struct cells *c, int row, int bars, const struct scene *sc);

/** table_draw() - two rows above a list, and @lines of it */
#define TABLE_HEAD	2
void table_draw(struct cells *c, int row, int lines, const struct scene *sc,
		const struct view *v, const struct listing *l);

/** detail_draw(), help_draw() - instead of the list; @v->below is brought within it */
void detail_draw(struct cells *c, int row, int lines, const struct scene *sc, struct view *v,
		 const struct listing *l);
void help_draw(struct cells *c, int row, int lines, struct view *v);

/**
 * text_draw() - lines of a text from @below on, which is brought within it
 *
 * Where there are more, the row behind the last one says so.
 */
void text_draw(struct cells *c, int row, int lines, const char *text, int *below);

#endif
