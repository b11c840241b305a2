/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables as text: a header line that names the columns, then rows. Columns are
 * found by name; those that nobody asked for are skipped.
 */
#ifndef CONNTRIAGE_LIB_COLUMNS_H
#define CONNTRIAGE_LIB_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/text.h"

#define COLUMNS_MAX_LINE		4096	/* bytes */
#define COLUMNS_MAX	128

enum field_type {
	FIELD_COUNT,		/* int64_t, not negative; "-" is UNKNOWN */
	FIELD_SIGNED,		/* int64_t; "-" is UNKNOWN */
	FIELD_HEX,		/* int64_t */
	FIELD_REAL,		/* double; "-" is 0 */
	FIELD_WORD,		/* char[size], text_plain(); "-" is "" */
	FIELD_BRACKETS,		/* the same, with those of [IPv6]:port; check it further */
	FIELD_QUOTED,		/* char[size], printable ASCII: see lib/quoted.h */
};

struct field {
	const char *name;	/* of the column */
	enum field_type type;
	bool optional;		/* absent column: UNKNOWN, 0 or "" */
	size_t offset;		/* in the row structure */
	size_t size;		/* of a word's or name's array */
};

struct columns {
	const char *file;
	struct fault *fault;
	const struct field *fields;
	size_t nr_fields;
	const struct field *column[COLUMNS_MAX];
	size_t nr_columns;
	char *next, *end;
	unsigned int line;
	size_t rows, max_rows;
};

/**
 * columns_begin() - read the header line
 * @t: set up for columns_row(); nothing to free
 * @file: name for messages; kept
 * @text: the table, @len bytes and a NUL; written to; kept
 * @fields: the columns wanted; kept
 * @max_rows: more rows than these are an error
 *
 * Return: 0, or -1 with @fault filled: no header, no complete line, a line too
 * long, a required column missing or any wanted one twice.
 */
int columns_begin(struct columns *t, const char *file, char *text, size_t len,
		  const struct field *fields, size_t nr_fields, size_t max_rows,
		  struct fault *fault);

/**
 * columns_begin_at() - as columns_begin(), for a table within a file
 * @before: lines of the file before the table
 */
int columns_begin_at(struct columns *t, const char *file, unsigned int before,
		     char *text, size_t len, const struct field *fields,
		     size_t nr_fields, size_t max_rows, struct fault *fault);

/**
 * columns_row() - read the next row into a structure
 * @row: every field of the table is set, nothing else is touched
 *
 * Return: 1, 0 behind the last row, -1 with the fault filled.
 */
int columns_row(struct columns *t, void *row);

/** columns_fault() - as fault_at(), for the row just read */
#define columns_fault(t, ...) fault_at((t)->fault, (t)->file, (t)->line, __VA_ARGS__)

#endif
