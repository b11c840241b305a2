// SPDX-License-Identifier: GPL-2.0
/*
 * Which modules a kernel could load: modules.dep and modules.builtin of its release,
 * mostly of the running one's. They are long; only the lines asked for go into a
 * capture.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/files.h"
#include "read/limits.h"
#include "read/modules.h"
#include "read/reader.h"

static void index_path(struct reader *r, const char *file, char *path,
		       size_t size)
{
	snprintf(path, size, "lib/modules/%s/%s", r->s->kernel, file);
}

static char *index_file(struct reader *r, const char *file)
{
	char path[256], *text;
	size_t len;

	index_path(r, file, path, sizeof(path));
	if (files_read_part(&r->files, path, READ_MAX_KERNEL_FILE, &text, &len))
		return NULL;
	/*
	 * That the file exists says something, whichever lines are kept later.
	 */
	files_keep(&r->files, path, "", 0);
	return text;
}

static void index_read(struct reader *r)
{
	struct module_index *index = &r->index;

	if (index->read)
		return;
	index->read = true;
	if (!*r->s->kernel)
		return;
	index->dep = index_file(r, "modules.dep");
	index->builtin = index_file(r, "modules.builtin");
}

/* "kernel/net/netfilter/xt_CT.ko.xz": '-' and '_' are the same in names. */
static bool is_module(const char *path, size_t len, const char *name)
{
	const char *base = memrchr(path, '/', len);
	const char *end = path + len;

	base = base ? base + 1 : path;
	for (; *name; name++, base++) {
		char a = *name == '-' ? '_' : *name;

		if (base == end || (*base == '-' ? '_' : *base) != a)
			return false;
	}
	return end - base >= 3 && !strncmp(base, ".ko", 3);
}

/* The line of a module, without its newline */
static const char *find_line(const char *text, const char *name, size_t *len)
{
	while (text && *text) {
		size_t path = strcspn(text, ":\n");

		if (is_module(text, path, name)) {
			*len = strcspn(text, "\n");
			return text;
		}
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return NULL;
}

static void keep_line(struct reader *r, const char *file, char **kept,
		      const char *line, size_t len)
{
	char path[256], *more;

	if (!files_keeping(&r->files))
		return;
	if (asprintf(&more, "%s%.*s\n", *kept ? *kept : "", (int)len, line) < 0)
		return;
	free(*kept);
	*kept = more;
	index_path(r, file, path, sizeof(path));
	files_keep(&r->files, path, more, strlen(more));
}

enum module_place module_place(struct reader *r, const char *name)
{
	const char *line;
	size_t len;

	if (reader_has_module(r, name))
		return MODULE_FILE;
	index_read(r);
	line = find_line(r->index.builtin, name, &len);
	if (line) {
		keep_line(r, "modules.builtin", &r->index.kept_builtin, line, len);
		return MODULE_BUILTIN;
	}
	line = find_line(r->index.dep, name, &len);
	if (line) {
		keep_line(r, "modules.dep", &r->index.kept_dep, line, len);
		return MODULE_FILE;
	}
	return r->index.dep && r->index.builtin ? MODULE_ABSENT : MODULE_UNKNOWN;
}

bool module_needs(struct reader *r, const char *name, const char *other)
{
	const char *line;
	size_t len;

	index_read(r);
	line = find_line(r->index.dep, name, &len);
	if (!line)
		return false;
	keep_line(r, "modules.dep", &r->index.kept_dep, line, len);
	while (len) {
		size_t word;

		line += strcspn(line, " \n");
		line += strspn(line, " ");
		word = strcspn(line, " \n");
		if (!word)
			break;
		if (is_module(line, word, other))
			return true;
	}
	return false;
}

/* "updates/dkms/conntriage.ko.xz: kernel/..." */
static void line_path(const char *line, char *path, size_t size)
{
	snprintf(path, size, "%.*s", (int)strcspn(line, ":\n"), line);
}

static enum module_place running_module(struct reader *r, const char *name, char *path,
					size_t size)
{
	const char *line;
	size_t len;

	index_read(r);
	line = find_line(r->index.dep, name, &len);
	if (line) {
		keep_line(r, "modules.dep", &r->index.kept_dep, line, len);
		line_path(line, path, size);
		return MODULE_FILE;
	}
	return r->index.dep ? MODULE_ABSENT : MODULE_UNKNOWN;
}

enum module_place module_of_release(struct reader *r, const char *release, const char *name,
				    char *path, size_t size)
{
	char file[256], *text;
	const char *line;
	size_t len;

	*path = '\0';
	if (!strcmp(release, r->s->kernel))
		return running_module(r, name, path, size);
	snprintf(file, sizeof(file), "lib/modules/%s/modules.dep", release);
	if (files_read_part(&r->files, file, READ_MAX_KERNEL_FILE, &text, NULL))
		return MODULE_UNKNOWN;
	line = find_line(text, name, &len);
	if (line)
		line_path(line, path, size);
	else
		len = 0;
	files_keep(&r->files, file, line ? line : "", len);
	free(text);
	return line ? MODULE_FILE : MODULE_ABSENT;
}

void module_index_free(struct reader *r)
{
	free(r->index.dep);
	free(r->index.builtin);
	free(r->index.kept_dep);
	free(r->index.kept_builtin);
}
