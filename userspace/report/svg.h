/* SPDX-License-Identifier: GPL-2.0 */
/* Charts as inline SVG: from numbers to shapes. */
#ifndef CONNTRIAGE_REPORT_SVG_H
#define CONNTRIAGE_REPORT_SVG_H

#include <stdbool.h>
#include <stddef.h>

#include "report/html.h"

/* A stretch of the time that a chart covers, such as an incident */
struct svg_mark {
	double from, to;	/* 0: where the chart begins, 1: where it ends */
	char name[24];		/* what stands above it */
};

struct svg_chart {
	const char *title;	/* what it is of */
	const char *text;	/* what it shows, for who doesn't see it */
	const char *class;	/* colour of the bars */
	const double *value;	/* NAN: not known */
	size_t nr;
	double top;		/* the value that fills it; above 0 */
	double limit;		/* a line at that value; 0: none */
	const struct svg_mark *mark;
	size_t nr_marks;
};

/** svg_chart() - bars over time, the oldest on the left */
void svg_chart(struct html *h, const struct svg_chart *c);

/**
 * svg_stack() - parts of a whole, one beside the other in one bar
 * @title, @text: as of a chart
 * @part: the parts; class "life-N" has the colour of part N
 */
void svg_stack(struct html *h, const char *title, const char *text, const double *part,
	       size_t nr);

/** svg_key() - a patch in the colour of part @nr of a stack, for its legend */
void svg_key(struct html *h, size_t nr);

#endif
