/* SPDX-License-Identifier: GPL-2.0 */
/* Tables for people, by libsmartcols. */
#ifndef CONNTRIAGE_LIB_PRINT_TABLE_H
#define CONNTRIAGE_LIB_PRINT_TABLE_H

#include <libsmartcols.h>
#include <stdint.h>
#include <stdio.h>

struct table_column {
	const char *name;
	int flags;		/* SCOLS_FL_* */
};

/*
 * A table is begun, gets its lines, and is printed and freed by table_end(). Nothing
 * in it is ever cut: what shall fit a terminal is chosen before. Memory that runs out
 * ends the program.
 */
struct libscols_table *table_begin(FILE *out, const struct table_column *column, size_t nr);
struct libscols_line *table_line(struct libscols_table *t);
void table_put(struct libscols_line *line, size_t column, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void table_num(struct libscols_line *line, size_t column, int64_t n);	/* or "-" */
/* A share in percent, "-" where there is no whole or no part. */
void table_pct(struct libscols_line *line, size_t column, int64_t part,
	       int64_t whole);
/* Return: 0, or -1 where @out took an error. */
int table_end(struct libscols_table *t, FILE *out);

#endif
