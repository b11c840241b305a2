// SPDX-License-Identifier: GPL-2.0
/*
 * A capture is a copy of each file that one reading of the host opens. There is
 * no list of files that could differ from what is read.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/text.h"
#include "read/files.h"
#include "read/parts.h"
#include "read/read.h"
#include "read/reader.h"
#include "snapshot.h"

static int is_free(const char *dir, struct fault *fault)
{
	struct dirent *entry;
	DIR *open_dir;
	bool empty = true;

	open_dir = opendir(dir);
	if (!open_dir) {
		if (errno == ENOENT)
			return 0;
		return fault_at(fault, dir, 0, "%s; "
				"name a directory that doesn't exist yet", strerror(errno));
	}
	while ((entry = readdir(open_dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			empty = false;
	closedir(open_dir);
	if (!empty)
		return fault_at(fault, dir, 0, "not empty; "
				"name a directory that doesn't exist yet");
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_tree(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Read everything with @copy taking it; what is damaged is for the reader. */
static int fill(const char *root, int copy, struct fault *fault)
{
	struct snapshot s;
	struct reader r;
	int error;

	error = reader_begin(&r, root, READ_ALL, &s, fault->text, fault->size);
	if (!error) {
		r.files.copy = copy;
		/* What can't be parsed is worth a capture all the more. */
		reader_run(&r);
		keep_meta(&r);
		error = r.files.copy_errno;
		if (error)
			fault_at(fault, "the copy", 0, "%s; "
				 "choose a place with room", strerror(error));
	}
	reader_end(&r);
	snapshot_free(&s);
	return error ? -1 : 0;
}

int capture(const char *root, const char *dir, char *err, size_t errlen)
{
	struct fault fault = { .text = err, .size = errlen };
	char temp[PATH_MAX];
	size_t len = strlen(dir);
	int copy, error;

	err[0] = '\0';
	while (len > 1 && dir[len - 1] == '/')
		len--;
	if (is_free(dir, &fault))
		return -1;
	if (snprintf(temp, sizeof(temp), "%.*s.XXXXXX", (int)len, dir) >=
	    (int)sizeof(temp))
		return fault_at(&fault, dir, 0, "name too long; choose a shorter one");
	if (!mkdtemp(temp))	/* mode 0700 */
		return fault_at(&fault, dir, 0, "%s; "
				"name a place that can be written to", strerror(errno));
	copy = open(temp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (copy < 0) {
		error = fault_at(&fault, temp, 0, "%s; try again",
				 strerror(errno));
	} else {
		error = fill(root, copy, &fault);
		close(copy);
	}
	if (!error && rename(temp, dir))
		error = fault_at(&fault, dir, 0, "%s; "
				 "name a directory that doesn't exist yet", strerror(errno));
	if (error)
		remove_tree(temp);
	return error;
}
