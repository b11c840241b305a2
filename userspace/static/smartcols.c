// SPDX-License-Identifier: GPL-2.0
/*
 * What lib/print_table.c calls of libsmartcols, for a program without libraries: Debian
 * has no libsmartcols.a. Cells are cut and wrapped nowhere, which is all that is asked of
 * it: a column is as wide as its widest cell, and a space parts two. The tests compare the
 * tables with those that libsmartcols prints.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

struct libscols_column {
	char *name;
	int flags;		/* SCOLS_FL_RIGHT or none */
	size_t width;
};

struct libscols_line {
	char **cell;		/* as many as the table has columns; NULL: empty */
	size_t nr;
};

struct libscols_table {
	FILE *out;
	bool no_headings;
	struct libscols_column **column;
	struct libscols_line **line;
	size_t nr_columns, nr_lines;
};

/* One more, without an initial value, at the end of an array of pointers; NULL: no memory */
static void *append(void ***array, size_t *nr, size_t size)
{
	void **longer = realloc(*array, (*nr + 1) * sizeof(**array));
	void *item = calloc(1, size);

	if (longer)
		*array = longer;
	if (!longer || !item) {
		free(item);
		return NULL;
	}
	longer[(*nr)++] = item;
	return item;
}

void scols_init_debug(int mask)
{
	(void)mask;
}

struct libscols_table *scols_new_table(void)
{
	return calloc(1, sizeof(struct libscols_table));
}

int scols_table_set_stream(struct libscols_table *t, FILE *out)
{
	t->out = out;
	return 0;
}

/* The three that follow turn off what isn't here. */
int scols_table_enable_ascii(struct libscols_table *t, int enable)
{
	(void)t;
	(void)enable;
	return 0;
}

int scols_table_enable_nowrap(struct libscols_table *t, int enable)
{
	(void)t;
	(void)enable;
	return 0;
}

int scols_table_set_termforce(struct libscols_table *t, int force)
{
	(void)t;
	(void)force;
	return 0;
}

int scols_table_enable_noheadings(struct libscols_table *t, int enable)
{
	t->no_headings = enable;
	return 0;
}

struct libscols_column *scols_table_new_column(struct libscols_table *t, const char *name,
					       double width, int flags)
{
	struct libscols_column *c = append((void ***)&t->column, &t->nr_columns, sizeof(*c));

	(void)width;
	if (!c)
		return NULL;
	c->flags = flags;
	c->name = strdup(name);
	return c->name ? c : NULL;
}

struct libscols_line *scols_table_new_line(struct libscols_table *t, struct libscols_line *parent)
{
	struct libscols_line *l = append((void ***)&t->line, &t->nr_lines, sizeof(*l));

	(void)parent;
	if (!l)
		return NULL;
	l->cell = calloc(t->nr_columns, sizeof(*l->cell));
	if (!l->cell)
		return NULL;
	l->nr = t->nr_columns;
	return l;
}

int scols_line_refer_data(struct libscols_line *l, size_t column, char *text)
{
	if (column >= l->nr)
		return -1;
	free(l->cell[column]);
	l->cell[column] = text;
	return 0;
}

/* What isn't printable as \xHH, and so is a backslash that could be taken for it */
static bool is_plain(const char *at)
{
	return isprint((unsigned char)*at) && !(at[0] == '\\' && at[1] == 'x');
}

static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += is_plain(text) ? 1 : 4;
	return width;
}

static void put_text(FILE *out, const char *text)
{
	for (; *text; text++)
		if (is_plain(text))
			fputc(*text, out);
		else
			fprintf(out, "\\x%02hhx", *text);
}

static void put_spaces(FILE *out, size_t nr)
{
	fprintf(out, "%*s", (int)nr, "");
}

/* Nothing is filled up behind the last column. */
static void put_cell(const struct libscols_table *t, size_t column, const char *text)
{
	const struct libscols_column *c = t->column[column];
	size_t room = c->width - width_of(text);

	if (c->flags & SCOLS_FL_RIGHT)
		put_spaces(t->out, room);
	put_text(t->out, text);
	if (column + 1 == t->nr_columns)
		return;
	if (!(c->flags & SCOLS_FL_RIGHT))
		put_spaces(t->out, room);
	fputc(' ', t->out);
}

static void measure(struct libscols_table *t)
{
	size_t i, j, width;

	for (i = 0; i < t->nr_columns; i++) {
		struct libscols_column *c = t->column[i];

		/* Also where it isn't printed, as libsmartcols 2.38 does */
		c->width = width_of(c->name);
		for (j = 0; j < t->nr_lines; j++) {
			width = t->line[j]->cell[i] ? width_of(t->line[j]->cell[i]) : 0;
			if (width > c->width)
				c->width = width;
		}
	}
}

int scols_print_table(struct libscols_table *t)
{
	size_t i, j;

	if (!t->nr_lines)
		return 0;
	measure(t);
	for (i = 0; i < t->nr_columns && !t->no_headings; i++)
		put_cell(t, i, t->column[i]->name);
	if (!t->no_headings)
		fputc('\n', t->out);
	for (j = 0; j < t->nr_lines; j++) {
		for (i = 0; i < t->nr_columns; i++)
			put_cell(t, i, t->line[j]->cell[i] ? t->line[j]->cell[i] : "");
		fputc('\n', t->out);
	}
	return ferror(t->out) ? -1 : 0;
}

void scols_unref_table(struct libscols_table *t)
{
	size_t i, j;

	for (j = 0; j < t->nr_lines; j++) {
		for (i = 0; i < t->line[j]->nr; i++)
			free(t->line[j]->cell[i]);
		free(t->line[j]->cell);
		free(t->line[j]);
	}
	for (i = 0; i < t->nr_columns; i++) {
		free(t->column[i]->name);
		free(t->column[i]);
	}
	free(t->line);
	free(t->column);
	free(t);
}
