// SPDX-License-Identifier: GPL-2.0
/* A screen as an array of cells. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/terminal.h"
#include "top/cells.h"

static struct screen_cell *cell_at(struct cells *c, int row, int column)
{
	if (row < 0 || row >= c->rows || column < 0 || column >= c->columns)
		return NULL;
	return &c->cell[(size_t)row * c->columns + column];
}

static void put(struct cells *c, int row, int column, enum cell_ink ink, unsigned char ch)
{
	struct screen_cell *cell = cell_at(c, row, column);

	if (cell)
		*cell = (struct screen_cell) { .ch = ch, .ink = ink };
}

void cells_begin(struct cells *c, int rows, int columns)
{
	size_t nr = (size_t)rows * columns, i;

	*c = (struct cells) { rows, columns, malloc(nr * sizeof(*c->cell)) };
	if (!c->cell)
		no_memory();
	for (i = 0; i < nr; i++)
		c->cell[i] = (struct screen_cell) { .ch = ' ' };
}

void cells_free(struct cells *c)
{
	free(c->cell);
	*c = (struct cells) { 0 };
}

static unsigned char printable(char ch)
{
	return ch >= ' ' && ch <= '~' ? ch : '?';
}

int cells_put(struct cells *c, int row, int column, int end, enum cell_ink ink,
	      const char *text)
{
	if (end > c->columns)
		end = c->columns;
	for (; *text && column < end; text++, column++)
		put(c, row, column, ink, column + 1 == end && text[1] ? '~' : printable(*text));
	return column;
}

void cells_right(struct cells *c, int row, int end, enum cell_ink ink, const char *text)
{
	cells_put(c, row, end - (int)strlen(text), end, ink, text);
}

void cells_level(struct cells *c, int row, int column, enum cell_ink ink, double part)
{
	int level = part < 1 ? (int)ceil(part * CELL_LEVELS) : CELL_LEVELS;

	put(c, row, column, ink, CELL_LEVEL(level < 1 ? 1 : level));
}

void cells_bold(struct cells *c, int row, int from, int to)
{
	for (; from < to; from++) {
		struct screen_cell *cell = cell_at(c, row, from);

		if (cell)
			cell->bold = true;
	}
}

void cells_reverse(struct cells *c, int row, int from, int to, enum cell_ink blank)
{
	for (; from < to; from++) {
		struct screen_cell *cell = cell_at(c, row, from);

		if (!cell)
			continue;
		cell->reverse = true;
		if (cell->ch == ' ')
			cell->ink = blank;
	}
}

int cells_wrap(struct cells *c, int row, int column, int end, int rows, enum cell_ink ink,
	       const char *text)
{
	int taken, i;

	for (taken = 0; taken < rows && *text; taken++) {
		size_t len = line_length(text, end - column);
		bool cut = taken + 1 == rows && text[len];

		/* Room for what says that there is more */
		if (cut && len > (size_t)(end - column - 3))
			len = end - column - 3;
		for (i = 0; i < (int)len; i++)
			put(c, row + taken, column + i, ink, printable(text[i]));
		if (cut)
			cells_put(c, row + taken, column + len, end, ink, "...");
		text += len;
		text += strspn(text, " \n");
	}
	return taken;
}

const char *cells_char(const struct screen_cell *cell, bool utf8)
{
	static const char *const ascii[] = { ".", ":", "-", "=", "+", "*", "%", "#" };
	/* U+2581 to U+2588, lower one eighth block to full block */
	static const char *const blocks[] = {
		"\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588"
	};
	static char one[2];

	if (cell->ch > CELL_LEVEL(0) && utf8)
		return blocks[cell->ch - CELL_LEVEL(1)];
	if (cell->ch > CELL_LEVEL(0))
		return ascii[cell->ch - CELL_LEVEL(1)];
	one[0] = cell->ch;
	return one;
}

void cells_print(const struct cells *c, bool utf8, FILE *out)
{
	int row, i, last;

	for (row = 0; row < c->rows; row++) {
		const struct screen_cell *cell = &c->cell[(size_t)row * c->columns];

		for (last = c->columns; last && cell[last - 1].ch == ' '; last--)
			;
		for (i = 0; i < last; i++)
			fputs(cells_char(&cell[i], utf8), out);
		fputc('\n', out);
	}
}
