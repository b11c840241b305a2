// SPDX-License-Identifier: GPL-2.0
/* conntriage/meta: whose a captured tree is, who made it and when. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kmod/abi.h"
#include "lib/columns.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define META_PATH	"conntriage/meta"
#define DATE_FORMAT	"%Y-%m-%dT%H:%M:%SZ"

struct meta_line {
	char name[32], value[160];
};

static const struct field meta_fields[] = {
	{ "name", FIELD_WORD, false, offsetof(struct meta_line, name), 32 },
	{ "value", FIELD_WORD, false, offsetof(struct meta_line, value), 160 },
};

/* A name that can be read again */
static const char *plain_or_none(const char *word)
{
	return *word && text_plain(word) ? word : CTRI_ABI_NONE;
}

void keep_meta(struct reader *r)
{
	char text[512], date[32];
	time_t now = time(NULL);
	struct tm tm;

	/* The copy of a copy is as old as that, and of the same host. */
	if (*r->s->root)
		return;
	gmtime_r(&now, &tm);
	strftime(date, sizeof(date), DATE_FORMAT, &tm);
	snprintf(text, sizeof(text), "name value\nversion %s\nschema %d\ndate %s\n"
		 "kernel %s\nhostname %s\n", CTRI_VERSION, CTRI_ABI_SCHEMA, date,
		 plain_or_none(r->s->kernel), plain_or_none(r->s->hostname));
	files_keep(&r->files, META_PATH, text, strlen(text));
}

/* Now, or what reproducible builds and tests take for it */
static int64_t present(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	int64_t now;

	return epoch && text_count(epoch, &now) ? now : time(NULL);
}

static int parse_date(struct columns *t, struct captured *c, const char *text)
{
	struct tm tm = { .tm_year = 0 };
	const char *end = strptime(text, DATE_FORMAT, &tm);

	if (!end || *end)
		return columns_fault(t, "\"date\" is none: \"%.40s\"", text);
	c->date = timegm(&tm);
	c->age = minus(present(), c->date);
	return 0;
}

/* "1.2.3" and the like: whether @a is the later one */
static bool is_later(const char *a, const char *b)
{
	return strverscmp(a, b) > 0;
}

static int set_meta(struct columns *t, struct captured *c, const struct meta_line *line)
{
	int64_t schema;
	char *space;

	if (!*line->value)	/* "-": not told */
		return 0;
	if (!strcmp(line->name, "hostname")) {
		snprintf(c->host, sizeof(c->host), "%.71s", line->value);
	} else if (!strcmp(line->name, "version")) {
		snprintf(c->version, sizeof(c->version), "%.31s", line->value);
		c->newer = c->newer || is_later(line->value, CTRI_VERSION);
	} else if (!strcmp(line->name, "schema")) {
		if (!text_count(line->value, &schema))
			return columns_fault(t, "\"schema\" is no number: \"%.40s\"",
					     line->value);
		c->newer = c->newer || schema > CTRI_ABI_SCHEMA;
	} else if (!strcmp(line->name, "source")) {
		snprintf(c->source, sizeof(c->source), "%.23s", line->value);
		space = strchr(c->source, '_');
		if (space)
			*space = ' ';
	} else if (!strcmp(line->name, "date")) {
		return parse_date(t, c, line->value);
	}
	return 0;
}

int parse_meta(struct snapshot *s, const char *file, char *text, size_t len,
	       struct fault *fault)
{
	struct meta_line line;
	struct columns t;
	int status;

	if (columns_begin(&t, file, text, len, meta_fields, ARRAY_SIZE(meta_fields),
			  READ_MAX_STATUS, fault))
		return -1;
	while ((status = columns_row(&t, &line)) > 0)
		if (set_meta(&t, &s->captured, &line))
			return -1;
	s->captured.known = !status;
	return status;
}

int read_meta(struct reader *r)
{
	const struct snapshot before = *r->s;
	size_t len;
	char *text;

	if (!*r->s->root)
		return 0;
	if (reader_slurp(r, META_PATH, READ_MAX_BOOT_FILE, &text, &len) || !text)
		return 0;
	if (parse_meta(r->s, reader_name(r, META_PATH), text, len, &r->fault))
		reader_drop(r, &before);
	free(text);
	return 0;
}
