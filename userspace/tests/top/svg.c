// SPDX-License-Identifier: GPL-2.0
/* A screen as a picture: the README's, made of what the tests draw. */
#include <stdbool.h>
#include <stdio.h>

#include "tests/top/svg.h"

#define WIDE	8.4		/* pixels of a cell: 14 of a monospaced font, 0.6 wide */
#define HIGH	18
#define EDGE	12

static const char *const ink[CELL_INKS] = {
	[CELL_PLAIN] = "#d8dee9", [CELL_OK] = "#8fc27b", [CELL_WARNING] = "#f0b44c",
	[CELL_CRITICAL] = "#ff7b72", [CELL_DIM] = "#9aa5b1", [CELL_HEAD] = "#6cb6d9",
};

static void put(FILE *out, unsigned char ch)
{
	switch (ch) {
	case '<':
		fputs("&lt;", out);
		break;
	case '&':
		fputs("&amp;", out);
		break;
	default:
		fputc(ch, out);
	}
}

static bool alike(const struct screen_cell *a, const struct screen_cell *b)
{
	return a->ink == b->ink && a->bold == b->bold && a->reverse == b->reverse;
}

/* A bar of a chart: no font's blocks fit together */
static void bar(FILE *out, const struct screen_cell *cell, int row, int column)
{
	double part = (double)(cell->ch - CELL_LEVEL(0)) / CELL_LEVELS;

	fprintf(out, "<rect x=\"%.1f\" y=\"%.2f\" width=\"%.1f\" height=\"%.2f\" fill=\"%s\"/>\n",
		EDGE + column * WIDE, EDGE + (row + 1 - part) * HIGH, WIDE, part * HIGH,
		ink[cell->ink]);
}

/* What stands between two spaces and more: renderers differ in what they make of these. */
static int text(FILE *out, const struct screen_cell *cell, int row, int from, int to)
{
	const char *colour = cell[from].reverse ? "#16191d" : ink[cell[from].ink];
	int end = from, i;

	while (end < to && !(cell[end].ch == ' ' && (end + 1 == to || cell[end + 1].ch == ' ')))
		end++;
	fprintf(out, "<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\" fill=\"%s\"%s>",
		EDGE + from * WIDE, EDGE + row * HIGH + 14, (end - from) * WIDE, colour,
		cell[from].bold ? " font-weight=\"bold\"" : "");
	for (i = from; i < end; i++)
		put(out, cell[i].ch);
	fputs("</text>\n", out);
	return end;
}

static void run(FILE *out, const struct screen_cell *cell, int row, int from, int to)
{
	if (cell[from].reverse)
		fprintf(out, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
			EDGE + from * WIDE, EDGE + row * HIGH, (to - from) * WIDE, HIGH,
			ink[cell[from].ink]);
	while (from < to)
		from = cell[from].ch == ' ' ? from + 1 : text(out, cell, row, from, to);
}

static bool is_bar(const struct screen_cell *cell)
{
	return cell->ch > '~';
}

void cells_svg(const struct cells *c, const char *title, FILE *out)
{
	double width = 2 * EDGE + c->columns * WIDE;
	int height = 2 * EDGE + c->rows * HIGH, row, i, to;

	fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%d\" "
		"viewBox=\"0 0 %.0f %d\" role=\"img\">\n<title>%s</title>\n"
		"<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"#16191d\"/>\n"
		"<g font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"14\">\n",
		width, height, width, height, title);
	for (row = 0; row < c->rows; row++) {
		const struct screen_cell *cell = &c->cell[(size_t)row * c->columns];

		for (i = 0; i < c->columns; i = to) {
			to = i + 1;
			if (is_bar(&cell[i])) {
				bar(out, &cell[i], row, i);
				continue;
			}
			while (to < c->columns && alike(&cell[i], &cell[to]) && !is_bar(&cell[to]))
				to++;
			run(out, cell, row, i, to);
		}
	}
	fputs("</g>\n</svg>\n", out);
}
