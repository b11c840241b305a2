// SPDX-License-Identifier: GPL-2.0
/* Which files of a folder or an archive are kept, and the walk through a folder. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "read/files.h"
#include "read/found.h"
#include "read/limits.h"
#include "read/outputs.h"
#include "read/store.h"

#define DEPTH	12	/* of folders in each other */

/* Where a path has one of these directories, whatever comes before it */
static const char *behind(const char *path, const char *dir)
{
	size_t len = strlen(dir);
	const char *c;

	if (!strncmp(path, dir, len))
		return path + len;
	for (c = path; (c = strstr(c, dir)); c++)
		if (c[-1] == '/')
			return c + len;
	return NULL;
}

/* Of a whole /sys, /usr and /var these alone are read; they are large. */
bool found_passes(const char *dir)
{
	static const struct {
		const char *in;		/* "" in the list: all else in there isn't wanted */
		const char *only[6];
	} large[] = {
		{ "sys/", { "module", "kernel", "class", NULL } },
		{ "usr/", { "lib", "local", "sbin", "bin", NULL } },
		{ "usr/lib/", { "sysctl.d", "modprobe.d", "modules-load.d", "tuned", NULL } },
		{ "var/", { "lib", NULL } },
		{ "sys/kernel/", { "debug", NULL } },
		{ "sys/kernel/debug/", { "conntriage", NULL } },
	};
	const char *rest;
	size_t i, j, len;

	for (i = 0; i < ARRAY_SIZE(large); i++) {
		rest = behind(dir, large[i].in);
		if (!rest || !*rest)
			continue;
		len = strcspn(rest, "/");
		for (j = 0; large[i].only[j]; j++)
			if (len == strlen(large[i].only[j]) &&
			    !strncmp(rest, large[i].only[j], len))
				break;
		if (!large[i].only[j])
			return false;
	}
	/* Namespaces' own numbers aren't the host's. */
	return !strstr(dir, "sos_strings") && !strstr(dir, "sos_commands/namespaces/");
}

/* Files that the reader knows by their places */
static bool has_place(const char *path)
{
	static const char *const places[] = {
		"proc", "etc", "run", "sys", "usr", "lib", "var", "conntriage",
	};
	const char *rest;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		rest = behind(path, places[i]);
		if (rest && *rest == '/')
			return true;
	}
	return false;
}

bool found_wants(const char *path, const char *head, size_t len)
{
	return has_place(path) || output_is_known(path, head, len);
}

size_t found_limit(const char *head, size_t len)
{
	return output_is_long(head, len) ? READ_MAX_LISTING : READ_MAX_KERNEL_FILE;
}

bool found_one_more(struct found *x)
{
	if (x->seen++ < READ_MAX_FOUND)
		return true;
	snprintf(x->fault, sizeof(x->fault), "more than %d files, the rest isn't read; "
		 "name the folder of one host", READ_MAX_FOUND);
	return false;
}

void found_keep_link(struct found *x, const char *path, const char *target)
{
	if (x->files.nr < READ_MAX_FOUND_KEPT)
		store_put(&x->files, STORED_LINK, path, target, strlen(target));
}

bool found_keep(struct found *x, const char *path, const char *text, size_t len)
{
	if (len > READ_MAX_FOUND_BYTES - x->kept || x->files.nr >= READ_MAX_FOUND_KEPT) {
		snprintf(x->fault, sizeof(x->fault),
			 "more than %d files or %d MiB that matter, the rest isn't read; "
			 "name the folder of one host", READ_MAX_FOUND_KEPT,
			 READ_MAX_FOUND_BYTES >> 20);
		return false;
	}
	x->kept += len;
	store_put(&x->files, STORED_FILE, path, text, len);
	return true;
}

static bool walk(struct files *f, const char *dir, int depth, struct found *x);

/* false: there is no room for more */
static bool look_at(struct files *f, const char *path, int depth, struct found *x)
{
	char head[FOUND_HEAD], target[256];
	ssize_t got;
	size_t len;
	char *text;
	bool room;

	if (files_peek_link(f, path, target, sizeof(target))) {
		found_keep_link(x, path, target);
		return true;
	}
	got = files_head(f, path, head, sizeof(head));
	if (got == -ENOTSUP)
		return !found_passes(path) || walk(f, path, depth + 1, x);
	if (got < 0 || !found_wants(path, head, got))
		return true;
	if (files_read_part(f, path, found_limit(head, got), &text, &len))
		return true;
	room = found_keep(x, path, text, len);
	free(text);
	return room;
}

static bool walk(struct files *f, const char *dir, int depth, struct found *x)
{
	char path[512], **names;
	bool room = true;
	size_t i, nr;

	if (depth > DEPTH || files_list(f, dir, "", "", READ_MAX_FOUND, &names, &nr))
		return true;
	for (i = 0; i < nr && room; i++) {
		bool top = !strcmp(dir, ".");

		if (snprintf(path, sizeof(path), "%s%s%s", top ? "" : dir, top ? "" : "/",
			     names[i]) >= (int)sizeof(path))
			continue;
		room = found_one_more(x) && look_at(f, path, depth, x);
	}
	files_list_free(names, nr);
	return room;
}

void found_in_folder(struct files *f, struct found *x)
{
	walk(f, ".", 0, x);
}

void found_free(struct found *x)
{
	store_free(&x->files);
}
