// SPDX-License-Identifier: GPL-2.0
/* Charts of series in time for a terminal. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/terminal.h"
#include "lib/words.h"
#include "render/chart.h"

#define LABEL	11	/* columns */
#define LEVELS	8
#define BARS	4	/* lines */

static const char *const ascii_level[LEVELS] = {
	".", ":", "-", "=", "+", "*", "%", "#"
};

/* U+2581 to U+2588, lower one eighth block to full block */
static const char *const utf8_level[LEVELS] = {
	"\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587",
	"\u2588"
};

void chart_setup(struct chart *c, FILE *out)
{
	const char *off = getenv("NO_COLOR"), *term = getenv("TERM");

	c->out = out;
	c->utf8 = terminal_utf8();
	c->colour = isatty(fileno(out)) && !(off && *off) &&
		    !(term && !strcmp(term, "dumb"));
	c->columns = terminal_width(out) < TERMINAL_WIDTH ? CHART_COLUMNS / 2 :
						    CHART_COLUMNS;
}

static void ink(const struct chart *c, enum chart_ink ink)
{
	static const char *const code[] = {
		[CHART_PLAIN] = "\033[0m",
		[CHART_WARNING] = "\033[1;33m",
		[CHART_CRITICAL] = "\033[1;31m",
	};

	if (c->colour)
		fputs(code[ink], c->out);
}

/* Numbers have 8 columns. */
static const char *figure(double value)
{
	static char text[16];

	if (value < 1e6)
		return per_second(value);
	if (value < 1e9)
		snprintf(text, sizeof(text), "%.1f M", value / 1e6);
	else
		snprintf(text, sizeof(text), "%.0e", value);
	return text;
}

/* @part: of a full character, above 0 */
static void cell(const struct chart *c, double part)
{
	const char *const *level = c->utf8 ? utf8_level : ascii_level;

	fputs(level[part < 1 ? (int)ceil(part * LEVELS) - 1 : LEVELS - 1], c->out);
}

void chart_spark(const struct chart *c, const char *label, const double *value,
		 enum chart_ink colour)
{
	double top = 0;
	unsigned int i;

	for (i = 0; i < c->columns; i++)
		top = fmax(top, value[i]);
	fprintf(c->out, "%-*s", LABEL, label);
	if (top > 0 && colour != CHART_PLAIN)
		ink(c, colour);
	for (i = 0; i < c->columns; i++) {
		if (isnan(value[i]))
			fputc(' ', c->out);
		else if (value[i] > 0)
			cell(c, value[i] / top);
		else
			fputc('_', c->out);
	}
	if (top > 0 && colour != CHART_PLAIN)
		ink(c, CHART_PLAIN);
	fprintf(c->out, " %s\n", figure(top));
}

void chart_bars(const struct chart *c, const char *label, const double *value,
		double top)
{
	unsigned int i;
	int line;

	for (line = BARS - 1; line >= 0; line--) {
		fprintf(c->out, "%-*s", LABEL, line == BARS - 1 ? label : "");
		for (i = 0; i < c->columns; i++) {
			double part = top > 0 ? BARS * value[i] / top - line : 0;

			if (part > 0)
				cell(c, part);
			else
				fputc(line || isnan(value[i]) ? ' ' : '_', c->out);
		}
		if (line == BARS - 1)
			fprintf(c->out, " %s", figure(top));
		fputc('\n', c->out);
	}
}

void chart_marks(const struct chart *c, const char *label, const double *value)
{
	unsigned int i;

	fprintf(c->out, "%-*s", LABEL, label);
	for (i = 0; i < c->columns; i++)
		fputc(value[i] > 0 ? '!' : ' ', c->out);
	fputc('\n', c->out);
}

void chart_axis(const struct chart *c, const char *span)
{
	int used = fprintf(c->out, "%-*s%s ago", LABEL, "", span);

	fprintf(c->out, "%*s\n", LABEL + (int)c->columns - used, "now");
}
