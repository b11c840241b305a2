// SPDX-License-Identifier: GPL-2.0
/* Files in, snapshot out: the order of reading, and what every part needs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/read.h"
#include "read/reader.h"
#include "snapshot.h"

const char *reader_name(struct reader *r, const char *path)
{
	snprintf(r->path, sizeof(r->path), "%s/%s", r->files.root, path);
	return r->path;
}

int reader_slurp(struct reader *r, const char *path, size_t limit, char **text,
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

int reader_list(struct reader *r, const char *dir, const char *prefix,
		const char *suffix, size_t max, char ***names, size_t *nr)
{
	int error = files_list(&r->files, dir, prefix, suffix, max, names, nr);

	if (error == -E2BIG)
		return fault_at(&r->fault, reader_name(r, dir), 0,
				"more than %zu files %s*%s; remove some", max,
				prefix, suffix);
	if (error)
		return fault_at(&r->fault, reader_name(r, dir), 0, "%s",
				strerror(-error));
	return 0;
}

int reader_number(struct reader *r, const char *path, int64_t *value)
{
	char *text, *next, *line;
	int error = 0;

	*value = UNKNOWN;
	if (reader_slurp(r, path, READ_MAX_KERNEL_FILE, &text, NULL))
		return -1;
	if (!text)
		return 0;
	next = text;
	line = text_line(&next);
	if (!line || !text_count(text_trim(line), value))
		error = fault_at(&r->fault, reader_name(r, path), 1,
				 "not a number that fits");
	free(text);
	return error;
}

int reader_word(struct reader *r, const char *path, char *word, size_t size)
{
	char *text, *next, *line;

	if (reader_slurp(r, path, READ_MAX_KERNEL_FILE, &text, NULL))
		return -1;
	if (!text)
		return 0;
	next = text;
	line = text_line(&next);
	if (line)
		text_clean(word, size, text_trim(line));
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

/* Numbers that nobody has told yet */
static void forget(struct snapshot *s)
{
	struct module_status *m = &s->mod;
	struct ct_stat *c = &s->stat;

	memset(s, 0, sizeof(*s));
	s->mem_total = s->mem_available = UNKNOWN;
	s->slab_objs = s->slab_objsize = UNKNOWN;
	s->boot_age = s->hashsize_option = s->own_netns = UNKNOWN;
	s->synproxy_syns = UNKNOWN;
	s->count = s->max = s->buckets = UNKNOWN;
	c->found = c->invalid = c->insert = c->insert_failed = UNKNOWN;
	c->drop = c->early_drop = c->error = c->search_restart = UNKNOWN;
	c->clash_resolve = c->chaintoolong = UNKNOWN;
	m->uptime = m->window = m->prefix4 = m->prefix6 = UNKNOWN;
	m->memory = m->pressure = m->armings = UNKNOWN;
	m->lost_probe = m->lost_cause = m->lost_netns = UNKNOWN;
	m->lost_sample = m->lost_ticks = UNKNOWN;
}

int reader_begin(struct reader *r, const char *root, unsigned int parts,
		 struct snapshot *s, char *err, size_t errlen)
{
	int error;

	memset(r, 0, sizeof(*r));
	forget(s);
	err[0] = '\0';
	r->s = s;
	r->parts = parts;
	r->fault = (struct fault) {
		.text = err, .size = errlen,
		.again = *root ? "the file is damaged, capture its host again" :
			 "read it again, and report a bug if it stays so",
	};
	r->files.fd = -1;
	if (strlen(root) >= sizeof(s->root))
		return fault_at(&r->fault, root, 0, "longer than %zu bytes; "
				"change into it and use --root .",
				sizeof(s->root) - 1);
	memcpy(s->root, root, strlen(root) + 1);
	error = files_open(&r->files, root);
	if (error)
		return fault_at(&r->fault, root, 0, "%s; "
				"--root takes a directory that \"conntriage capture\" made",
				strerror(-error));
	return 0;
}

int reader_run(struct reader *r, bool all)
{
	static int (*const part[])(struct reader *r) = {
		read_host, read_local, read_memory, read_sysctls, read_stat,
		read_synproxy, read_boot, read_module,
	};
	size_t i;
	int error = 0;

	for (i = 0; i < NR(part); i++)
		if (part[i](r)) {
			error = -1;
			if (!all)
				return error;
		}
	if ((r->parts & READ_RULES) && read_rules(r))
		error = -1;
	return error;
}

void reader_end(struct reader *r)
{
	files_close(&r->files);
	free(r->modules);
	free(r->cmdline);
	module_index_free(r);
}

int read_snapshot(const char *root, unsigned int parts, struct snapshot *s,
		  char *err, size_t errlen)
{
	struct reader r;
	int error;

	error = reader_begin(&r, root, parts, s, err, errlen);
	if (!error)
		error = reader_run(&r, false);
	reader_end(&r);
	return error;
}

void snapshot_free(struct snapshot *s)
{
	free(s->sysctl);
	free(s->local);
	free(s->netns_name);
	free(s->netns);
	free(s->source);
	free(s->census);
	free(s->history);
	free(s->minute);
	free(s->incident);
	free(s->incident_top);
	memset(s, 0, sizeof(*s));
}
