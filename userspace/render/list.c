// SPDX-License-Identifier: GPL-2.0
/* Lists: which columns and which rows, in which order. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/complain.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "render/json_values.h"
#include "render/list.h"

struct cell list_cell(const struct list *l, size_t column, const void *row)
{
	const struct list_column *c = &l->column[column];
	struct cell cell = { 0 };

	if (c->fill)
		c->fill(l, row, &cell);
	else
		cell_number(l, &cell, *(const int64_t *)(const void *)((const char *)row + c->at));
	return cell;
}

static void free_cell(struct cell *c)
{
	free(c->text);
	json_object_put(c->json);
}

void list_add(struct list *l, const void *row)
{
	const void **bigger;

	if (!(l->nr & (l->nr - 1))) {	/* full at each power of two */
		bigger = realloc(l->row, (l->nr ? 2 * l->nr : 1) * sizeof(*l->row));
		if (!bigger)
			no_memory();
		l->row = bigger;
	}
	l->row[l->nr++] = row;
}

void list_free(struct list *l)
{
	free(l->row);
	l->row = NULL;
	l->nr = 0;
}

/* Of a name of @len letters, or the number of columns */
static size_t find_column(const struct list *l, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < l->columns; i++)
		if (strlen(l->column[i].name) == len &&
		    !strncasecmp(l->column[i].name, name, len))
			break;
	return i;
}

static void add_once(size_t *chosen, size_t *nr, size_t column)
{
	size_t i;

	for (i = 0; i < *nr; i++)
		if (chosen[i] == column)
			return;
	chosen[(*nr)++] = column;
}

static bool tells(const struct list *l, size_t column)
{
	bool found = false;
	size_t i;

	for (i = 0; i < l->nr && !found; i++) {
		struct cell c = list_cell(l, column, l->row[i]);

		found = c.tells;
		free_cell(&c);
	}
	return found;
}

static void choose_usual(const struct list *l, size_t *chosen, size_t *nr, bool every)
{
	unsigned int flags;
	size_t i;

	for (i = 0; i < l->columns; i++) {
		flags = l->column[i].flags;
		if (every || flags & LIST_SHOWN || (flags & LIST_IF_TELLS && tells(l, i)))
			add_once(chosen, nr, i);
	}
}

/* The words of -o; @wrong: set to the one that isn't there */
static size_t choose(const struct list *l, size_t *chosen, const char **wrong, size_t *len)
{
	const char *word = l->ask->columns;
	size_t nr = 0, column;

	if (*word == '+') {
		choose_usual(l, chosen, &nr, false);
		word++;
	}
	for (;; word += *len + 1) {
		*len = strcspn(word, ",");
		*wrong = word;
		column = find_column(l, word, *len);
		if (*len == 3 && !strncasecmp(word, "all", 3))
			choose_usual(l, chosen, &nr, true);
		else if (column < l->columns)
			add_once(chosen, &nr, column);
		else
			return 0;
		if (!word[*len])
			return nr;
	}
}

size_t list_choose(const struct list *l, size_t *chosen, bool every)
{
	const char *wrong;
	size_t nr = 0, len;

	if (l->ask->columns)
		return choose(l, chosen, &wrong, &len);
	choose_usual(l, chosen, &nr, every);
	return nr;
}

/* One line, with all the columns that there are */
static int no_column(const struct list *l, const char *option, const char *word, size_t len)
{
	char names[1024] = "", plain[64];
	size_t used = 0, i;

	for (i = 0; i < l->columns && used < sizeof(names); i++)
		used += snprintf(names + used, sizeof(names) - used, "%s%s",
				 i ? ", " : "", l->column[i].name);
	snprintf(plain, sizeof(plain), "%.*s", (int)len, word);
	for (i = 0; plain[i]; i++)
		if (plain[i] < ' ' || plain[i] > '~')
			plain[i] = '?';
	complain("%s: %s %s: no such column; there are %s", l->command, option, plain, names);
	return -1;
}

int list_check(const struct list *l)
{
	const char *sort = l->ask->sort, *wrong;
	size_t chosen[LIST_COLUMNS], len;

	if (l->ask->columns && !choose(l, chosen, &wrong, &len))
		return no_column(l, "-o", wrong, len);
	if (sort && find_column(l, sort, strlen(sort)) == l->columns)
		return no_column(l, "--sort", sort, strlen(sort));
	return 0;
}

struct sorted {
	struct cell cell;
	const void *row;
	size_t place;		/* rows that are alike stay in their order */
};

static int later(const struct sorted *a, const struct sorted *b)
{
	return a->place < b->place ? -1 : a->place > b->place;
}

static int by_number(const void *one, const void *other)
{
	const struct sorted *a = one, *b = other;

	if (a->cell.number == b->cell.number)
		return later(a, b);
	return a->cell.number > b->cell.number ? -1 : 1;
}

static int by_text(const void *one, const void *other)
{
	const struct sorted *a = one, *b = other;
	int order = strverscmp(a->cell.text, b->cell.text);

	return order ? order : later(a, b);
}

static void sort_rows(struct list *l)
{
	size_t column = find_column(l, l->ask->sort, strlen(l->ask->sort)), i;
	struct sorted *sorted = calloc(l->nr + 1, sizeof(*sorted));

	if (!sorted)
		no_memory();
	for (i = 0; i < l->nr; i++)
		sorted[i] = (struct sorted) { list_cell(l, column, l->row[i]), l->row[i], i };
	qsort(sorted, l->nr, sizeof(*sorted),
	      l->column[column].flags & LIST_NUMBER ? by_number : by_text);
	for (i = 0; i < l->nr; i++) {
		l->row[i] = sorted[i].row;
		free_cell(&sorted[i].cell);
	}
	free(sorted);
}

size_t list_order(struct list *l)
{
	bool asked = l->ask->limit != UNKNOWN;
	size_t most = asked ? (size_t)l->ask->limit : l->usual, left;

	if (l->ask->sort)
		sort_rows(l);
	if (!asked && (!l->usual || l->ask->all || l->ask->json))
		return 0;
	if (l->nr <= most)
		return 0;
	left = l->nr - most;
	/* Sorted, the first are what was asked for. */
	if (l->last && !l->ask->sort)
		memmove(l->row, l->row + left, most * sizeof(*l->row));
	l->nr = most;
	return asked ? 0 : left;
}

struct json_object *list_json(const struct list *l)
{
	struct json_object *rows = json_list(), *o;
	size_t chosen[LIST_COLUMNS], nr, i, j;

	nr = list_choose(l, chosen, true);
	for (i = 0; i < l->nr; i++) {
		o = json_fields();
		for (j = 0; j < nr; j++) {
			struct cell c = list_cell(l, chosen[j], l->row[i]);

			json_object_object_add(o, l->column[chosen[j]].field, c.json);
			free(c.text);
		}
		json_object_array_add(rows, o);
	}
	return rows;
}
