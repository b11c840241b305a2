// SPDX-License-Identifier: GPL-2.0
/* Tables as text: columns by name, every number and word checked. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/columns.h"
#include "lib/numbers.h"
#include "lib/quoted.h"
#include "lib/text.h"

#define NONE "-"

static int next_line(struct columns *t, char **line)
{
	char *newline;
	size_t len;

	if (t->next == t->end)
		return 0;
	t->line++;
	newline = memchr(t->next, '\n', t->end - t->next);
	len = (newline ? newline : t->end) - t->next;
	if (len > COLUMNS_MAX_LINE)
		return columns_fault(t, "line is longer than %d bytes",
				     COLUMNS_MAX_LINE);
	if (memchr(t->next, '\0', len))
		return columns_fault(t, "NUL byte");
	if (!newline)
		return columns_fault(t, "ends in the middle of a line");
	*newline = '\0';
	*line = t->next;
	t->next = newline + 1;
	return 1;
}

static char *next_word(char **line)
{
	char *word = *line + strspn(*line, " \t");

	if (!*word)
		return NULL;
	*line = word + strcspn(word, " \t");
	if (**line)
		*(*line)++ = '\0';
	return word;
}

static const struct field *find_field(const struct columns *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->nr_fields; i++)
		if (!strcmp(t->fields[i].name, name))
			return &t->fields[i];
	return NULL;
}

static bool has_column(const struct columns *t, const struct field *field)
{
	size_t i;

	for (i = 0; i < t->nr_columns; i++)
		if (t->column[i] == field)
			return true;
	return false;
}

int columns_begin_at(struct columns *t, const char *file, unsigned int before,
		     char *text, size_t len, const struct field *fields,
		     size_t nr_fields, size_t max_rows, struct fault *fault)
{
	char *line, *word;
	size_t i;
	int status;

	*t = (struct columns) {
		.file = file, .fault = fault,
		.fields = fields, .nr_fields = nr_fields,
		.next = text, .end = text + len, .line = before,
		.max_rows = max_rows,
	};
	status = next_line(t, &line);
	if (status < 0)
		return -1;
	if (!status)
		return fault_at(fault, file, before + 1, "empty, not even a header line");

	while ((word = next_word(&line))) {
		const struct field *field = find_field(t, word);

		if (t->nr_columns == COLUMNS_MAX)
			return columns_fault(t, "more than %d columns",
					     COLUMNS_MAX);
		if (field && has_column(t, field))
			return columns_fault(t, "column \"%s\" comes twice",
					     field->name);
		t->column[t->nr_columns++] = field;
	}
	for (i = 0; i < nr_fields; i++)
		if (!fields[i].optional && !has_column(t, &fields[i]))
			return columns_fault(t, "no column \"%s\"; the file is damaged, "
					     "or from another version than this reader: "
					     "install both from one", fields[i].name);
	return 0;
}

int columns_begin(struct columns *t, const char *file, char *text, size_t len,
		  const struct field *fields, size_t nr_fields, size_t max_rows,
		  struct fault *fault)
{
	return columns_begin_at(t, file, 0, text, len, fields, nr_fields,
				max_rows, fault);
}

static void set_absent(const struct field *field, void *place)
{
	switch (field->type) {
	case FIELD_COUNT:
	case FIELD_SIGNED:
	case FIELD_HEX:
		*(int64_t *)place = UNKNOWN;
		break;
	case FIELD_REAL:
		*(double *)place = 0;
		break;
	case FIELD_WORD:
	case FIELD_BRACKETS:
	case FIELD_QUOTED:
		*(char *)place = '\0';
		break;
	}
}

static int bad_word(struct columns *t, const struct field *field,
		    const char *word, const char *why)
{
	char shown[40];

	text_clean(shown, sizeof(shown), word);
	return columns_fault(t, "column \"%s\": \"%s\" %s", field->name, shown,
			     why);
}

static int set_field(struct columns *t, const struct field *field, void *place,
		     const char *word)
{
	bool good = true;

	if (!strcmp(word, NONE)) {
		set_absent(field, place);
		return 0;
	}
	switch (field->type) {
	case FIELD_COUNT:
		good = text_count(word, place);
		break;
	case FIELD_SIGNED:
		good = text_signed(word, place);
		break;
	case FIELD_HEX:
		good = text_hex(word, place);
		break;
	case FIELD_REAL:
		good = text_real(word, place);
		break;
	case FIELD_WORD:
	case FIELD_BRACKETS:
		if (strlen(word) >= field->size)
			return bad_word(t, field, word, "is too long");
		if (field->type == FIELD_WORD ? !text_plain(word) : !text_bracketed(word))
			return bad_word(t, field, word,
					"has characters that don't belong");
		memcpy(place, word, strlen(word) + 1);
		return 0;
	case FIELD_QUOTED:
		if (!quoted_read(word, place, field->size))
			return bad_word(t, field, word, "is not a quoted name that fits");
		return 0;
	}
	if (!good)
		return bad_word(t, field, word, "is not a number that fits");
	return 0;
}

int columns_row(struct columns *t, void *row)
{
	char *line, *word;
	size_t i;
	int status = next_line(t, &line);

	if (status <= 0)
		return status;
	if (++t->rows > t->max_rows)
		return columns_fault(t, "more than %zu rows", t->max_rows);
	for (i = 0; i < t->nr_fields; i++)
		set_absent(&t->fields[i], (char *)row + t->fields[i].offset);
	for (i = 0; (word = next_word(&line)); i++) {
		const struct field *field;

		if (i == t->nr_columns)
			return columns_fault(t, "more words than the %zu columns of the header",
					     t->nr_columns);
		field = t->column[i];
		if (field && set_field(t, field, (char *)row + field->offset,
				       word))
			return -1;
	}
	if (i < t->nr_columns)
		return columns_fault(t, "%zu words for the %zu columns of the header",
				     i, t->nr_columns);
	return 1;
}
