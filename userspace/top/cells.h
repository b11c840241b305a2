/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A screen as an array of cells. What is put into one came from files that nobody
 * vouches for: anything but printable ASCII becomes '?'.
 */
#ifndef CONNTRIAGE_TOP_CELLS_H
#define CONNTRIAGE_TOP_CELLS_H

#include <stdbool.h>
#include <stdio.h>

enum cell_ink {
	CELL_PLAIN, CELL_OK, CELL_WARNING, CELL_CRITICAL, CELL_DIM, CELL_HEAD, CELL_INKS
};

/* Of a chart: how full a cell is, in eighths. Who draws knows which character that is. */
#define CELL_LEVELS	8
#define CELL_LEVEL(n)	((unsigned char)(0x80 + (n)))

struct screen_cell {
	unsigned char ch;	/* ' ' to '~', or CELL_LEVEL(1..CELL_LEVELS) */
	unsigned char ink;	/* enum cell_ink */
	bool bold, reverse;
};

struct cells {
	int rows, columns;
	struct screen_cell *cell;
};

/** cells_begin() - an empty screen; free with cells_free() */
void cells_begin(struct cells *c, int rows, int columns);
void cells_free(struct cells *c);

/**
 * cells_put() - text from a column on
 * @end: the column that it may not reach; what is longer is cut, and ends in "~"
 *
 * Outside of the screen nothing happens. Return: the column behind the text.
 */
int cells_put(struct cells *c, int row, int column, int end, enum cell_ink ink,
	      const char *text);

/** cells_right() - text that ends before column @end; not cut: numbers */
void cells_right(struct cells *c, int row, int end, enum cell_ink ink, const char *text);

/** cells_level() - a part of a full cell, above 0 to 1 */
void cells_level(struct cells *c, int row, int column, enum cell_ink ink, double part);

/**
 * cells_bold(), cells_reverse() - the looks of a part of a row
 * @blank: ink of its spaces, whose colour shows in reverse
 */
void cells_bold(struct cells *c, int row, int from, int to);
void cells_reverse(struct cells *c, int row, int from, int to, enum cell_ink blank);

/**
 * cells_wrap() - prose in several rows, broken at spaces; "..." where it is cut
 * @rows: at most
 *
 * Return: rows that were taken.
 */
int cells_wrap(struct cells *c, int row, int column, int end, int rows, enum cell_ink ink,
	       const char *text);

/** cells_char() - the character of a cell: UTF-8's blocks, or ASCII */
const char *cells_char(const struct screen_cell *cell, bool utf8);

/** cells_print() - as plain text, without the spaces at the ends of lines */
void cells_print(const struct cells *c, bool utf8, FILE *out);

#endif
