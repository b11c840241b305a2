// SPDX-License-Identifier: GPL-2.0
/* Which captured trees there are in a directory. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/lines.h"
#include "lib/numbers.h"
#include "read/trees.h"

static bool is_directory(const char *dir, const char *name)
{
	struct stat st;
	char *path;
	bool is;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return false;
	is = !stat(path, &st) && S_ISDIR(st.st_mode);
	free(path);
	return is;
}

/* Such as "sosreport-router1.tar.xz"; beside it lie its checksums. */
static bool is_tar(const char *dir, const char *name)
{
	char *path;
	bool is;

	if (!strstr(name, ".tar") && !strstr(name, ".tgz"))
		return false;
	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return false;
	is = archive_is_one(path);
	free(path);
	return is;
}

bool tree_is_one(const char *dir)
{
	/* capture() makes the first; the others are of trees that were made by hand */
	static const char *const signs[] = { "conntriage", "proc", "sys" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signs); i++)
		if (is_directory(dir, signs[i]))
			return true;
	return false;
}

static int is_shown(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

void trees_find(const char *dir, struct lines *trees)
{
	struct dirent **entry = NULL;
	size_t before = trees->nr;
	int nr, i;

	nr = tree_is_one(dir) ? 0 : scandir(dir, &entry, is_shown, versionsort);
	for (i = 0; i < nr; i++) {
		if (is_directory(dir, entry[i]->d_name) || is_tar(dir, entry[i]->d_name))
			lines_add(trees, "%s/%s", dir, entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
	if (trees->nr == before)
		lines_add(trees, "%s", dir);
}
