// SPDX-License-Identifier: GPL-2.0
/* Text that is written quickly. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "tests/situations/sheet.h"

static char *room(struct sheet *s, size_t more)
{
	if (s->len + more + 1 > s->size) {
		s->size = 2 * s->size + more + 4096;
		s->text = realloc(s->text, s->size);
		if (!s->text)
			no_memory();
	}
	return s->text + s->len;
}

void sheet_clear(struct sheet *s)
{
	s->len = 0;
	*room(s, 0) = '\0';
}

static void add(struct sheet *s, const char *text, size_t len)
{
	char *to = room(s, len);

	memcpy(to, text, len);
	to[len] = '\0';
	s->len += len;
}

void sheet_put(struct sheet *s, const char *text)
{
	add(s, text, strlen(text));
}

void sheet_word(struct sheet *s, const char *word)
{
	sheet_put(s, word);
	add(s, " ", 1);
}

static void digits(struct sheet *s, int64_t n, char behind)
{
	char text[24], *c = text + sizeof(text);
	uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;

	*--c = behind;
	do
		*--c = '0' + left % 10;
	while (left /= 10);
	if (n < 0)
		*--c = '-';
	add(s, c, text + sizeof(text) - c);
}

void sheet_number(struct sheet *s, int64_t n)
{
	if (n == UNKNOWN)
		add(s, "- ", 2);
	else
		digits(s, n, ' ');
}

void sheet_numbers(struct sheet *s, const int64_t *n, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		digits(s, n[i], i + 1 < nr ? ',' : ' ');
}

void sheet_named(struct sheet *s, const char *const *names, const int64_t *n, int nr)
{
	bool any = false;
	int i;

	for (i = 0; i < nr; i++) {
		if (!n[i])
			continue;
		sheet_put(s, names[i]);
		add(s, "=", 1);
		digits(s, n[i], ',');
		any = true;
	}
	if (any)
		s->text[s->len - 1] = ' ';
	else
		add(s, "- ", 2);
}

void sheet_end(struct sheet *s)
{
	s->text[s->len - 1] = '\n';
}

void sheet_free(struct sheet *s)
{
	free(s->text);
	*s = (struct sheet) { .text = NULL };
}
