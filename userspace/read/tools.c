// SPDX-License-Identifier: GPL-2.0
/*
 * Which programs this host has that commands begin with. A capture has their names:
 * the programs themselves are no part of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/columns.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define TOOLS_PATH	"conntriage/tools"

struct tool_line {
	char name[32], path[64];
};

static const struct field tool_fields[] = {
	{ "name", FIELD_WORD, false, offsetof(struct tool_line, name), 32 },
	{ "path", FIELD_WORD, false, offsetof(struct tool_line, path), 64 },
};

static bool is_busybox(struct files *f, const char *path)
{
	char target[256];
	const char *name;

	if (!files_peek_link(f, path, target, sizeof(target)))
		return false;
	name = strrchr(target, '/');
	return !strcmp(name ? name + 1 : target, "busybox");
}

/* Where this process's own shell finds it: a tree that somebody has built, for instance */
static bool find_in_path(struct files *f, enum tool which, char *path, size_t size)
{
	const char *dir = getenv("PATH");
	size_t len;

	for (; dir && *dir; dir += len + (dir[len] == ':')) {
		len = strcspn(dir, ":");
		if (*dir != '/')
			continue;
		if (snprintf(path, size, "%.*s/%s", (int)len - 1, dir + 1, tool_name[which]) < (int)size &&
		    files_is_there(f, path))
			return true;
	}
	return false;
}

/* Where a shell of root's looks */
static const char *const dirs[] = {
	"usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin",
};

/* Where a shell of root's would find it, whatever the PATH of this process is */
static bool find_tool(struct files *f, enum tool which, char *path, size_t size)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		snprintf(path, size, "%s/%s", dirs[i], tool_name[which]);
		if (files_is_there(f, path) && (which != TOOL_IP || !is_busybox(f, path)))
			return true;
	}
	return which != TOOL_IP && find_in_path(f, which, path, size);
}

#ifdef CONNTRIAGE_STATIC
/* What makes conntriage-delete of this program, where its path needs no quotes */
static void find_twin(struct reader *r)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._+-";
	struct host_tools *tools = &r->s->tools;
	char path[128];
	size_t i;

	if (!files_peek_link(&r->files, "proc/self/exe", path, sizeof(path)) ||
	    path[strspn(path, plain)])
		return;
	for (i = 0; i < ARRAY_SIZE(dirs) && !*tools->twin; i++)
		if (files_is_there(&r->files, dirs[i]))
			snprintf(tools->twin, sizeof(tools->twin), "ln -s %s /%s/%s", path,
				 dirs[i], tool_name[TOOL_CONNTRIAGE_DELETE]);
}
#else
static void find_twin(struct reader *r)
{
	(void)r;
}
#endif

static void find_tools(struct reader *r)
{
	struct host_tools *tools = &r->s->tools;
	char *text, path[64];
	size_t i, len;
	FILE *lines = open_memstream(&text, &len);

	if (!lines)
		no_memory();
	fprintf(lines, "name path\n");
	tools->known = true;
	for (i = 0; i < TOOLS; i++) {
		if (!find_tool(&r->files, i, path, sizeof(path)))
			continue;
		tools->there |= 1u << i;
		fprintf(lines, "%s /%s\n", tool_name[i], path);
	}
	fclose(lines);
	files_keep(&r->files, TOOLS_PATH, text, len);
	free(text);
}

/* Names that came later, or are no longer asked for, are passed over. */
static int parse_tools(struct snapshot *s, const char *file, char *text, size_t len,
		       struct fault *fault)
{
	struct tool_line line;
	struct columns t;
	size_t i;
	int status;

	if (columns_begin(&t, file, text, len, tool_fields, ARRAY_SIZE(tool_fields),
			  READ_MAX_TOOLS, fault))
		return -1;
	s->tools.known = true;
	while ((status = columns_row(&t, &line)) > 0)
		for (i = 0; i < TOOLS; i++)
			if (!strcmp(line.name, tool_name[i]))
				s->tools.there |= 1u << i;
	return status;
}

static int captured_tools(struct reader *r)
{
	char *text;
	size_t len;
	int error;

	if (reader_slurp(r, TOOLS_PATH, READ_MAX_BOOT_FILE, &text, &len))
		return -1;
	error = text ? parse_tools(r->s, reader_name(r, TOOLS_PATH), text, len, &r->fault) : 0;
	free(text);
	return error;
}

/* systemd.unit(5): its unit may lie in any of these */
static bool has_rules_unit(struct files *f)
{
	static const char *const units[] = {
		"etc/systemd/system/conntriage-rules.service",
		"usr/local/lib/systemd/system/conntriage-rules.service",
		"usr/lib/systemd/system/conntriage-rules.service",
		"lib/systemd/system/conntriage-rules.service",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (files_exists(f, units[i]))
			return true;
	return false;
}

int read_tools(struct reader *r)
{
	struct snapshot *s = r->s;

	if (*s->root) {
		if (captured_tools(r))
			return -1;
	} else {
		s->euid = geteuid();
		find_tools(r);
		find_twin(r);
	}
	/* Trees without a list of programs don't have these either. */
	if (s->tools.known) {
		s->systemd = files_exists(&r->files, "run/systemd/system");	/* sd_booted(3) */
		s->rules_unit = has_rules_unit(&r->files);
	}
	return 0;
}
