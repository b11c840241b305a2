// SPDX-License-Identifier: GPL-2.0
/* Whether the module's files were opened in one moment. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kmod/abi.h"
#include "lib/text.h"
#include "read/moments.h"

/* The place of a word in a line; -1: it isn't there */
static int place_of(const char *line, const char *word)
{
	size_t len = strlen(word);
	int place;

	for (place = 0; ; place++) {
		size_t n = strcspn(line, " \n");

		if (n == len && !strncmp(line, word, n))
			return place;
		if (line[n] != ' ')
			return -1;
		line += n + 1;
	}
}

/* The word at a place of a line, as a number; 0: there is none */
static int64_t number_at(const char *line, int place)
{
	char word[24];
	int64_t value;
	size_t n;

	while ((n = strcspn(line, " \n")), place-- && line[n] == ' ')
		line += n + 1;
	if (place >= 0)
		return 0;
	snprintf(word, sizeof(word), "%.*s", n < sizeof(word) ? (int)n : 0, line);
	return text_count(word, &value) ? value : 0;
}

/* status has a row of that name instead of a column */
static int64_t generation_of(const char *text)
{
	const char *row = strchr(text, '\n');
	int place = place_of(text, CTRI_COL_GENERATION);

	if (!row)
		return 0;
	if (place >= 0)
		return number_at(row + 1, place);
	row = strstr(row, "\n" CTRI_ST_GENERATION " ");
	return row ? number_at(row + 1, 1) : 0;
}

void moments_add(struct moments *m, const char *name, const char *text)
{
	int64_t generation = generation_of(text);

	if (!generation)
		return;
	if (!m->name[0] || generation < m->generation[0]) {
		m->generation[0] = generation;
		m->name[0] = name;
	}
	if (!m->name[1] || generation > m->generation[1]) {
		m->generation[1] = generation;
		m->name[1] = name;
	}
}

int64_t moments_apart(const struct moments *m)
{
	return m->generation[1] - m->generation[0];
}
