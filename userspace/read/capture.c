// SPDX-License-Identifier: GPL-2.0
/*
 * A capture is a copy of each file that one reading of the host opens. There is
 * no list of files that could differ from what is read.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/health_parts.h"
#include "read/parts.h"
#include "read/pseudonym.h"
#include "read/read.h"
#include "read/reader.h"
#include "read/store.h"
#include "snapshot.h"

static volatile sig_atomic_t interrupted;	/* the signal, or 0 */

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

static void interrupt(int signal)
{
	interrupted = signal;
}

/* From here on a signal ends the reading; one that is ignored stays so. */
static void catch_signals(struct sigaction *old)
{
	const struct sigaction catch = { .sa_handler = interrupt };
	size_t i;

	interrupted = 0;
	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		sigaction(signals[i], NULL, &old[i]);
		if (old[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &catch, NULL);
	}
}

/* As they were; one that came is then taken as it would have been. */
static void release_signals(const struct sigaction *old)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &old[i], NULL);
	if (interrupted)
		raise(interrupted);
}

static int is_free(const char *dir, struct fault *fault)
{
	struct dirent *entry;
	bool empty = true;
	struct stat st;
	DIR *open_dir;

	/* A link is none, wherever it leads: rename() follows no link. */
	if (!lstat(dir, &st) && S_ISLNK(st.st_mode))
		return fault_at(fault, dir, 0, "a symbolic link; "
				"name a directory that doesn't exist yet");
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

static void remove_tree(const char *dir, struct fault *fault)
{
	if (!nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS))
		return;
	fault->text[0] = '\0';
	fault_at(fault, dir, 0, "%s, and half a capture is left there; remove it",
		 strerror(errno));
}

/* What is captured */
struct subject {
	const char *root;
	const struct store *from;	/* of what was read already, all of it; or NULL */
	bool anonymous;
};

/* Read everything; what is damaged is for the reader. @keep, or else @copy, takes it. */
static int fill(const struct subject *of, int copy, struct store *keep, struct fault *fault)
{
	struct pseudonyms p;
	struct health h = { 0 };
	struct snapshot s;
	struct reader r;
	int error;

	error = of->anonymous ? pseudonyms_begin(&p) : 0;
	if (error)
		return fault_at(fault, "random numbers", 0, "%s; try again", strerror(-error));
	error = reader_begin(&r, of->root, READ_ALL, of->from, &s, fault->text, fault->size);
	if (!error) {
		r.files.copy = copy;
		r.files.keep = keep;
		r.files.hide = of->anonymous ? &p : NULL;
		r.files.stop = &interrupted;
		if (of->from) {
			files_write_store(&r.files, of->from);
		} else {
			reader_run(&r);
			reader_health(&r, &h);	/* so that doctor works there, too */
			keep_meta(&r);
		}
		error = r.files.copy_errno;
		if (error)
			fault_at(fault, "the copy", 0, "%s; "
				 "choose a place with room", strerror(error));
	}
	reader_end(&r);
	snapshot_free(&s);
	health_free(&h);
	return error ? -1 : 0;
}

static int make(const struct subject *of, const char *dir, char *temp,
		struct fault *fault)
{
	int copy = open(temp, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error;

	if (copy < 0)
		return fault_at(fault, temp, 0, "%s; try again", strerror(errno));
	error = fill(of, copy, NULL, fault);
	close(copy);
	if (!error && interrupted)
		error = fault_at(fault, dir, 0, "interrupted, nothing is kept; try again");
	/*
	 * Of two captures into one place the first is kept: rename() puts a directory
	 * in the place of an empty one, and of nothing else.
	 */
	if (!error && rename(temp, dir))
		error = fault_at(fault, dir, 0, "%s; "
				 "name a directory that doesn't exist yet", strerror(errno));
	return error;
}

static int capture_it(const struct subject *of, const char *dir, char *err, size_t errlen)
{
	struct fault fault = { .text = err, .size = errlen };
	struct sigaction old[ARRAY_SIZE(signals)];
	char place[PATH_MAX], temp[PATH_MAX];
	size_t len = strlen(dir);
	int error;

	err[0] = '\0';
	while (len > 1 && dir[len - 1] == '/')
		len--;
	if (snprintf(place, sizeof(place), "%.*s", (int)len, dir) >= (int)sizeof(place) ||
	    snprintf(temp, sizeof(temp), "%s.XXXXXX", place) >= (int)sizeof(temp))
		return fault_at(&fault, dir, 0, "name too long; choose a shorter one");
	if (is_free(place, &fault))
		return -1;
	catch_signals(old);
	if (!mkdtemp(temp)) {	/* mode 0700 */
		error = fault_at(&fault, place, 0, "%s; "
				 "name a place that can be written to", strerror(errno));
	} else {
		error = make(of, place, temp, &fault);
		if (error)
			remove_tree(temp, &fault);
	}
	release_signals(old);
	return error;
}

int capture(const char *root, const char *dir, bool anonymous, char *err, size_t errlen)
{
	return capture_it(&(struct subject) { root, NULL, anonymous }, dir, err, errlen);
}

int capture_store(const struct store *st, const char *dir, char *err, size_t errlen)
{
	return capture_it(&(struct subject) { "what was read", st, false }, dir, err, errlen);
}

int read_anonymous(const char *root, struct snapshot *s, char *err, size_t errlen)
{
	struct fault fault = { .text = err, .size = errlen };
	struct store hidden = { 0 };
	int error;

	memset(s, 0, sizeof(*s));
	err[0] = '\0';
	error = fill(&(struct subject) { root, NULL, true }, -1, &hidden, &fault);
	if (!error)
		error = read_from(&hidden, "what was read", READ_ALL, s, err, errlen);
	store_free(&hidden);
	return error;
}
