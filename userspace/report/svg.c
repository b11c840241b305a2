// SPDX-License-Identifier: GPL-2.0
/*
 * Charts as inline SVG. What has a place in time has it in percent of the width, and
 * only the bars are stretched, so that letters and lines keep their size on a phone.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "report/svg.h"

#define HEAD	"14"	/* px above the bars, for the names of marks */
#define PLOT	"84"	/* px of the bars */
#define HEIGHT	"99"
#define MIDDLE	"56"
#define FLOOR	"98.5"
#define DEPTH	1000	/* units of the bars' height */

/* A number of the drawing as text, in the next of a few buffers */
static const char *unit(double n, const char *sign)
{
	static char text[8][24];
	static unsigned int turn;
	char *out = text[turn++ % 8];

	snprintf(out, sizeof(text[0]), "%.2f%s", n, sign);
	return out;
}

/* To who doesn't see it a drawing is one picture, with these words. */
static void begin(struct html *h, const char *class, const char *title, const char *text)
{
	char *words;

	if (asprintf(&words, "%s: %s", title, text) < 0)
		no_memory();
	html_open(h, "div", "class", class, "role", "img", "aria-label", words, NULL);
	free(words);
}

static void shape(struct html *h, const char *class, const char *d)
{
	if (!*d)
		return;
	html_open(h, "path", "class", class, "d", d, NULL);
	html_close(h);
}

/* All bars in one path, or the columns of which nothing is known */
static char *bars(const struct svg_chart *c, bool unknown)
{
	size_t i, len;
	char *d;
	FILE *out = open_memstream(&d, &len);

	if (!out)
		no_memory();
	for (i = 0; i < c->nr; i++) {
		double v = c->value[i];
		int high = DEPTH;

		if (!isnan(v) == unknown || (!unknown && !(v > 0)))
			continue;
		/* Little is more than nothing. */
		if (!unknown)
			high = fmin(fmax(ceil(DEPTH * v / c->top), DEPTH / 60.0), DEPTH);
		fprintf(out, "M%zu %dv-%dh1v%dz", i, DEPTH, high, high);
	}
	if (fclose(out))
		no_memory();
	return d;
}

static void marks(struct html *h, const struct svg_chart *c)
{
	size_t i;

	for (i = 0; i < c->nr_marks; i++) {
		const struct svg_mark *m = &c->mark[i];

		html_open(h, "rect", "class", "mark", "x", unit(100 * m->from, "%"), "y", HEAD,
			  "width", unit(fmax(100 * (m->to - m->from), 0.4), "%"),
			  "height", PLOT, NULL);
		html_close(h);
		html_open(h, "text", "class", "mark-name", "x",
			  unit(100 * fmin(fmax((m->from + m->to) / 2, 0.02), 0.98), "%"),
			  "y", "10", NULL);
		html_text(h, m->name);
		html_close(h);
	}
}

static void line(struct html *h, const char *class, const char *y)
{
	html_open(h, "line", "class", class, "x1", "0", "x2", "100%", "y1", y, "y2", y, NULL);
	html_close(h);
}

void svg_chart(struct html *h, const struct svg_chart *c)
{
	char *gaps = bars(c, true), *all = bars(c, false), box[40];

	snprintf(box, sizeof(box), "0 0 %zu %d", c->nr, DEPTH);
	begin(h, "chart", c->title, c->text);
	html_open(h, "svg", "class", "bars", "viewBox", box, "preserveAspectRatio", "none",
		  "aria-hidden", "true", NULL);
	shape(h, "gap", gaps);
	shape(h, c->class, all);
	html_close(h);
	html_open(h, "svg", "width", "100%", "height", HEIGHT, "aria-hidden", "true", NULL);
	line(h, "grid", HEAD);
	line(h, "grid", MIDDLE);
	marks(h, c);
	if (c->limit > 0)
		line(h, "limit", unit(atof(HEAD) + atof(PLOT) * (1 - c->limit / c->top), ""));
	line(h, "floor", FLOOR);
	html_close(h);
	html_close(h);
	free(gaps);
	free(all);
}

void svg_stack(struct html *h, const char *title, const char *text, const double *part,
	       size_t nr)
{
	double all = 0, from = 0;
	char class[32];
	size_t i;

	for (i = 0; i < nr; i++)
		all += part[i];
	begin(h, "stack", title, text);
	html_open(h, "svg", "width", "100%", "height", "18", "aria-hidden", "true", NULL);
	for (i = 0; i < nr && all > 0; i++) {
		if (part[i] <= 0)
			continue;
		snprintf(class, sizeof(class), "life-%zu", i);
		html_open(h, "rect", "class", class, "x", unit(100 * from / all, "%"),
			  "width", unit(100 * part[i] / all, "%"), "height", "18", NULL);
		html_close(h);
		from += part[i];
	}
	html_close(h);
	html_close(h);
}

void svg_key(struct html *h, size_t nr)
{
	char class[32];

	snprintf(class, sizeof(class), "life-%zu", nr);
	html_open(h, "svg", "class", "key", "width", "12", "height", "12", "aria-hidden", "true",
		  NULL);
	html_open(h, "rect", "class", class, "width", "12", "height", "12", NULL);
	html_close(h);
	html_close(h);
}
