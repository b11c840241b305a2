// SPDX-License-Identifier: GPL-2.0
/* What every part of a snapshot is read with. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

/*
 * Any of these is in every tree that was captured, and on every host: without
 * them all would look well, as nothing is there.
 */
bool reader_is_host(struct reader *r)
{
	static const char *const signs[] = {
		"conntriage/meta", "proc/net", "proc/sys/kernel/osrelease",
		"proc/sys/net/netfilter", "sys/kernel/debug/conntriage",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signs); i++)
		if (files_is_there(&r->files, signs[i]))
			return true;
	return false;
}

const char *reader_name(struct reader *r, const char *path)
{
	snprintf(r->path, sizeof(r->path), "%s/%s", r->files.root, path);
	return r->path;
}

static void add_dropped(struct snapshot *s, const char *part, const char *fault)
{
	struct dropped_file *dropped;
	size_t i, nr = 0;

	for (i = 0; i < s->nr_dropped; i++) {
		/* Some files are looked at twice. */
		if (!strcmp(s->dropped[i].fault, fault))
			return;
		nr += !strcmp(s->dropped[i].part, part);
	}
	if (nr == READ_MAX_DROPPED) {
		s->more_dropped++;
		return;
	}
	dropped = grow(&s->dropped, &s->nr_dropped, sizeof(*dropped));
	dropped->part = part;
	snprintf(dropped->fault, sizeof(dropped->fault), "%s", fault);
}

void reader_drop(struct reader *r, const struct snapshot *before)
{
	if (!r->fault.text[0])
		return;
	if (before)
		snapshot_revert(r->s, before);
	add_dropped(r->s, r->part, r->fault.text);
	r->fault.text[0] = '\0';
}

static int slurp(struct reader *r, const char *path, size_t limit, char **text,
		 size_t *len)
{
	size_t size;
	int error = files_read(&r->files, path, limit, text, &size);

	switch (error) {
	case 0:
		break;
	case -ENOENT:
	case -ENOTDIR:
	case -EACCES:
	case -EPERM:
		return 0;
	case -EFBIG:
		return fault_at(&r->fault, reader_name(r, path), 0,
				"longer than %zu bytes; not the file that its name says", limit);
	case -ENOTSUP:
		return fault_at(&r->fault, reader_name(r, path), 0,
				"not a regular file");
	default:
		return fault_at(&r->fault, reader_name(r, path), 0, "%s",
				strerror(-error));
	}
	if (len) {
		*len = size;
	} else if (strlen(*text) != size) {
		unsigned int line = 1;
		const char *c;

		for (c = *text; *c; c++)
			line += *c == '\n';
		free(*text);
		*text = NULL;
		return fault_at(&r->fault, reader_name(r, path), line,
				"NUL byte");
	}
	return 0;
}

int reader_slurp(struct reader *r, const char *path, size_t limit, char **text,
		 size_t *len)
{
	int error = slurp(r, path, limit, text, len);

	if (error)
		reader_drop(r, NULL);
	return error;
}

int reader_list(struct reader *r, const char *dir, const char *prefix,
		const char *suffix, size_t max, char ***names, size_t *nr)
{
	int error = files_list(&r->files, dir, prefix, suffix, max, names, nr);

	if (!error)
		return 0;
	if (error == -E2BIG)
		fault_at(&r->fault, reader_name(r, dir), 0,
			 "more than %zu files %s*%s; remove some", max, prefix, suffix);
	else
		fault_at(&r->fault, reader_name(r, dir), 0, "%s", strerror(-error));
	reader_drop(r, NULL);
	return -1;
}

int reader_line(struct reader *r, const char *path, char **text, char **line)
{
	char *next;

	*line = NULL;
	if (reader_slurp(r, path, READ_MAX_KERNEL_FILE, text, NULL))
		return -1;
	next = *text;
	*line = text_line(&next);
	if (*line)
		*line = text_trim(*line);
	return 0;
}

int reader_number(struct reader *r, const char *path, int64_t *value)
{
	char *text, *line;
	int error = 0;

	*value = UNKNOWN;
	if (reader_line(r, path, &text, &line))
		return -1;
	if (text && (!line || !text_count(line, value))) {
		error = fault_at(&r->fault, reader_name(r, path), 1,
				 "not a number that fits");
		reader_drop(r, NULL);
	}
	free(text);
	return error;
}

int reader_word(struct reader *r, const char *path, char *word, size_t size)
{
	char *text, *line;

	if (reader_line(r, path, &text, &line))
		return -1;
	if (line)
		text_clean(word, size, line);
	free(text);
	return 0;
}

bool reader_has_module(const struct reader *r, const char *name)
{
	size_t len = strlen(name);
	const char *line = r->modules;

	while (line) {
		if (!strncmp(line, name, len) && line[len] == ' ')
			return true;
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	return false;
}

bool reader_boot_option(const struct reader *r, const char *name, char *value,
			size_t size)
{
	const char *word = r->cmdline ? r->cmdline : "";
	size_t len = strlen(name);
	bool found = false;

	while (*(word += strspn(word, " \n"))) {
		size_t end = strcspn(word, " \n");

		if (!strncmp(word, name, len) && len <= end &&
		    (len == end || word[len] == '=')) {
			size_t from = len == end ? end : len + 1;

			snprintf(value, size, "%.*s", (int)(end - from),
				 word + from);
			found = true;
		}
		word += end;
	}
	return found;
}

void rules_not_known(struct rules *rules, const char *why)
{
	rules->known = false;
	rules->contents_known = false;
	if (!*rules->why_not)
		snprintf(rules->why_not, sizeof(rules->why_not), "%s", why);
}
