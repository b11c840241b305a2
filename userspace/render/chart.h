/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Charts of series in time for a terminal of 80 columns: a label, up to
 * CHART_COLUMNS characters of chart, and a number. Unicode's blocks where the
 * locale is UTF-8, else ASCII. What isn't known is left blank; '_' is zero.
 */
#ifndef CONNTRIAGE_RENDER_CHART_H
#define CONNTRIAGE_RENDER_CHART_H

#include <stdbool.h>
#include <stdio.h>

#define CHART_COLUMNS	60

enum chart_ink { CHART_PLAIN, CHART_WARNING, CHART_CRITICAL };

struct chart {
	FILE *out;
	bool utf8, colour;
	unsigned int columns;	/* CHART_COLUMNS, or half of them */
};

/** chart_setup() - fit a chart to the terminal, the locale and NO_COLOR */
void chart_setup(struct chart *c, FILE *out);

/**
 * chart_spark() - a series in one line
 * @value: c->columns of them, oldest first, not negative; NAN: not known
 * @ink: of a series that isn't all zero
 *
 * The highest value fills its character, and stands to the right.
 */
void chart_spark(const struct chart *c, const char *label, const double *value,
		 enum chart_ink ink);

/**
 * chart_bars() - a series as bars in 4 lines
 * @top: the value that fills them; stands to the right of the highest line
 */
void chart_bars(const struct chart *c, const char *label, const double *value,
		double top);

/** chart_marks() - a '!' for each column where @value isn't 0 */
void chart_marks(const struct chart *c, const char *label, const double *value);

/** chart_axis() - the line below; the old end is @span ago */
void chart_axis(const struct chart *c, const char *span);

#endif
