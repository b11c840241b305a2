/* SPDX-License-Identifier: GPL-2.0 */
/* How wide the output may be, and prose that keeps to it. */
#ifndef CONNTRIAGE_LIB_TERMINAL_H
#define CONNTRIAGE_LIB_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#define TERMINAL_WIDTH	80	/* columns, where the terminal has as many */

/* TERMINAL_WIDTH, or the terminal's where that is narrower */
unsigned int terminal_width(FILE *out);

/* All columns of a terminal; 0: it is none, or doesn't tell */
unsigned int terminal_columns(FILE *out);

/* Whether the environment's locale is UTF-8; the program's own stays "C" */
bool terminal_utf8(void);

/* Whatever a file smuggled into a text, the terminal gets plain ASCII. */
void print_plain(FILE *out, const char *text, size_t len);

/**
 * wrap() - a text in one line or more, broken at spaces
 * @column: where the cursor stands, and where further lines begin
 * @width: columns of a line
 */
void wrap(FILE *out, const char *text, unsigned int column, unsigned int width);

/**
 * line_length() - how much of a text goes into its first line
 * @room: columns; broken at a space, unless the first word is longer
 *
 * A newline ends it, too. What follows begins behind that one character.
 */
size_t line_length(const char *text, size_t room);

/* A text that begins a line, wrapped to terminal_width(). */
void prose(FILE *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
