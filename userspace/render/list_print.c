// SPDX-License-Identifier: GPL-2.0
/* Lists for people: what fits a terminal, and a sign where something doesn't. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/print_table.h"
#include "lib/terminal.h"
#include "render/list.h"

#define ENOUGH		25	/* columns of a key, for "tcp/192.168.100.100:65535" */
#define LEAST_TEXT	16	/* columns of a text that is cut */

struct layout {
	const struct list *l;
	size_t column[LIST_COLUMNS], nr;
	size_t width[LIST_COLUMNS];
	bool left_out[LIST_COLUMNS];
	char **text;			/* of all rows, @nr each */
	size_t limit;			/* columns of the output */
};

static const struct list_column *column_of(const struct layout *a, size_t i)
{
	return &a->l->column[a->column[i]];
}

static char **text_of(const struct layout *a, size_t row, size_t i)
{
	return &a->text[row * a->nr + i];
}

static size_t limit_of(const struct list *l, FILE *out)
{
	size_t width = terminal_columns(out);

	if (l->report)
		return terminal_width(out);
	if (l->ask->columns || !isatty(fileno(out)))
		return SIZE_MAX;
	return width ? width : TERMINAL_WIDTH;
}

static void read_cells(struct layout *a)
{
	size_t i, j;

	a->text = calloc(a->l->nr * a->nr + 1, sizeof(*a->text));
	if (!a->text)
		no_memory();
	for (i = 0; i < a->l->nr; i++)
		for (j = 0; j < a->nr; j++)
			*text_of(a, i, j) = list_cell(a->l, a->column[j], a->l->row[i]).text;
}

static size_t natural_width(const struct layout *a, size_t column)
{
	size_t width = a->l->ask->no_headings ? 0 : strlen(column_of(a, column)->name);
	size_t i, len;

	for (i = 0; i < a->l->nr; i++) {
		len = strlen(*text_of(a, i, column));
		if (len > width)
			width = len;
	}
	return width;
}

/* How many columns of the output are missing */
static size_t excess(const struct layout *a)
{
	size_t sum = 0, i;

	for (i = 0; i < a->nr; i++)
		if (!a->left_out[i])
			sum += a->width[i] + (sum ? 1 : 0);
	return sum > a->limit ? sum - a->limit : 0;
}

static void cut_texts(struct layout *a)
{
	size_t i, over, room, least;

	for (i = a->nr; i-- > 0; ) {
		if (a->left_out[i] || !(column_of(a, i)->flags & LIST_CUT))
			continue;
		least = strlen(column_of(a, i)->name);
		if (least < LEAST_TEXT)
			least = LEAST_TEXT;
		room = a->width[i] > least ? a->width[i] - least : 0;
		over = excess(a);
		a->width[i] -= over < room ? over : room;
	}
}

/* Longer keys get a line of their own, where that leaves @least columns for the others. */
static bool part_keys(struct layout *a, size_t least)
{
	size_t i, over = excess(a);

	for (i = 0; i < a->nr; i++)
		if (column_of(a, i)->flags & LIST_KEY && a->width[i] >= least + over) {
			a->width[i] -= over;
			return true;
		}
	return false;
}

static bool leave_one(struct layout *a, enum list_flags which)
{
	size_t i;

	for (i = a->nr; i-- > 0; )
		if (!a->left_out[i] && column_of(a, i)->flags & which) {
			a->left_out[i] = true;
			return true;
		}
	return false;
}

/* As little as has to be is cut and left out; too narrow a terminal breaks the lines. */
static void fit(struct layout *a)
{
	size_t room = a->l->key_room ? a->l->key_room : ENOUGH, i;
	enum list_flags which = LIST_LEAVE;

	for (;;) {
		for (i = 0; i < a->nr; i++)
			a->width[i] = natural_width(a, i);
		cut_texts(a);
		if (!excess(a) || part_keys(a, room))
			return;
		if (leave_one(a, which))
			continue;
		room = LEAST_TEXT;
		if (which == LIST_LEAVE_LATE || part_keys(a, room))
			return;
		which = LIST_LEAVE_LATE;
	}
}

/* What is longer than its column: a key has a line of its own, a text its sign. */
static bool is_parted(const struct layout *a, size_t row)
{
	size_t i;

	for (i = 0; i < a->nr; i++)
		if (column_of(a, i)->flags & LIST_KEY && !a->left_out[i] &&
		    strlen(*text_of(a, row, i)) > a->width[i])
			return true;
	return false;
}

static void cut_to_width(const struct layout *a, size_t row, size_t i)
{
	char *text = *text_of(a, row, i);

	if (column_of(a, i)->flags & LIST_CUT && strlen(text) > a->width[i])
		memcpy(text + a->width[i] - 3, "...", 4);
}

static void put_row(const struct layout *a, size_t row, struct libscols_table *t)
{
	struct libscols_line *line = table_line(t);
	bool before = is_parted(a, row);
	size_t i, at = 0;

	for (i = 0; i < a->nr; i++) {
		if (a->left_out[i])
			continue;
		cut_to_width(a, row, i);
		table_put(line, at++, "%s", before ? "" : *text_of(a, row, i));
		if (column_of(a, i)->flags & LIST_KEY)
			before = false;
	}
}

/* The table as text; free() it. */
static char *table_text(const struct layout *a)
{
	struct table_column shown[LIST_COLUMNS];
	struct libscols_table *t;
	size_t i, nr = 0, len;
	char *text;
	FILE *out;

	for (i = 0; i < a->nr; i++)
		if (!a->left_out[i])
			shown[nr++] = (struct table_column) {
				column_of(a, i)->name,
				column_of(a, i)->flags & (LIST_NUMBER | LIST_RIGHT) ?
				SCOLS_FL_RIGHT : 0,
			};
	out = open_memstream(&text, &len);
	if (!out)
		no_memory();
	t = table_begin(out, shown, nr);
	scols_table_enable_noheadings(t, a->l->ask->no_headings);
	for (i = 0; i < a->l->nr; i++)
		put_row(a, i, t);
	if (table_end(t, out) || fclose(out))
		no_memory();
	return text;
}

/* The first line of a row that has two: all up to its key */
static void print_key(const struct layout *a, size_t row, FILE *out)
{
	size_t i;

	for (i = 0; i < a->nr; i++) {
		if (column_of(a, i)->flags & LIST_KEY)
			break;
		if (!a->left_out[i])
			fprintf(out, "%-*s ", (int)a->width[i], *text_of(a, row, i));
	}
	fprintf(out, "%s\n", *text_of(a, row, i));
}

static void print_rows(const struct layout *a, FILE *out)
{
	char *text = table_text(a), *next = text;
	size_t i;

	if (!a->l->ask->no_headings)
		fprintf(out, "%s\n", strsep(&next, "\n"));
	for (i = 0; i < a->l->nr && next; i++) {
		if (is_parted(a, i))
			print_key(a, i, out);
		fprintf(out, "%s\n", strsep(&next, "\n"));
	}
	free(text);
}

static void say_left_out(const struct layout *a, FILE *out)
{
	char names[256] = "";
	size_t used = 0, i;

	for (i = 0; i < a->nr && used < sizeof(names); i++)
		if (a->left_out[i])
			used += snprintf(names + used, sizeof(names) - used, "%s%s",
					 used ? ", " : "", column_of(a, i)->name);
	if (used && !a->l->ask->no_headings)
		prose(out, "Left out to fit %zu columns: %s; %s shows them.", a->limit, names,
		      a->l->whole);
}

int list_print(const struct list *l, FILE *out)
{
	struct layout a = { .l = l, .limit = limit_of(l, out) };
	size_t i;

	if (!l->nr)
		return ferror(out) ? -1 : 0;
	a.nr = list_choose(l, a.column, false);
	read_cells(&a);
	fit(&a);
	print_rows(&a, out);
	say_left_out(&a, out);
	for (i = 0; i < l->nr * a.nr; i++)
		free(a.text[i]);
	free(a.text);
	return ferror(out) ? -1 : 0;
}
