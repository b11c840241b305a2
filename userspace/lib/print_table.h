/* SPDX-License-Identifier: GPL-2.0 */
/* Tables by libsmartcols, and what is written around them. */
#ifndef CONNTRIAGE_LIB_PRINT_TABLE_H
#define CONNTRIAGE_LIB_PRINT_TABLE_H

#include <libsmartcols.h>
#include <stdio.h>

#include "snapshot.h"

#define OUT_WIDTH	80	/* columns, where the terminal has as many */

/* OUT_WIDTH, or the terminal's where that is narrower */
unsigned int out_columns(FILE *out);

struct out_column {
	const char *name;
	int flags;		/* SCOLS_FL_* */
};

/*
 * A table is begun, gets its lines, and is printed and freed by out_end(). In
 * a pipe, and where the terminal is too narrow, nothing is cut off. Memory that
 * runs out ends the program.
 */
struct libscols_table *out_begin(FILE *out, const struct out_column *column,
				 size_t nr);
struct libscols_line *out_line(struct libscols_table *t);
void out_put(struct libscols_line *line, size_t column, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void out_num(struct libscols_line *line, size_t column, int64_t n);	/* or "-" */
/* A share in percent, "-" where there is no whole or no part. */
void out_pct(struct libscols_line *line, size_t column, int64_t part,
	     int64_t whole);
/* Return: 0, or -1 where @out took an error. */
int out_end(struct libscols_table *t, FILE *out);

/* One line or more of prose, wrapped at out_columns(). */
void out_text(FILE *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * out_nothing() - why there are none of a kind, and what to do about it
 * @what: "incidents"
 *
 * Return: 0, or -1 where the module can't be asked or @out took an error.
 */
int out_nothing(const struct snapshot *s, FILE *out, const char *what);

/*
 * Words for tables, in one of 32 static buffers in turn. A namespace is called
 * as "ip netns" calls it, or by its inode number.
 */
const char *short_time(int64_t seconds);	/* 12 s, 41 min, 5 h, 3 d */
const char *netns_word(const struct snapshot *s, int64_t netns);	/* red */
/* " of namespace red (4026532281)"; "" for the one that the reader is in */
const char *netns_phrase(const struct snapshot *s, int64_t netns);

#endif
