// SPDX-License-Identifier: GPL-2.0
/* Written beside, and renamed over what was there. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/text.h"
#include "metrics/output.h"

#define MODE	0644

/* rename() takes the place of a link or a socket, too: whoever made it meant another file. */
static int check_place(const char *file, struct fault *fault)
{
	struct stat st;

	if (lstat(file, &st))
		return 0;	/* nothing there; or mkstemp() says why not */
	if (S_ISREG(st.st_mode))
		return 0;
	return fault_at(fault, file, 0, "%s; name a file that may be replaced",
			S_ISLNK(st.st_mode) ? "a symbolic link" :
			S_ISDIR(st.st_mode) ? "a directory" : "not a regular file");
}

/* Return: 0, or an error of errno(3). */
static int write_all(int fd, const char *text, size_t len)
{
	FILE *out = fdopen(fd, "w");
	int error = 0;

	if (!out) {
		error = errno;
		close(fd);
		return error;
	}
	if (fchmod(fd, MODE) || fwrite(text, 1, len, out) != len || fflush(out))
		error = errno;
	if (fclose(out) && !error)
		error = errno;
	return error;
}

static int replace(const char *file, const char *text, size_t len, struct fault *fault)
{
	char temp[PATH_MAX];
	int fd, error;

	if (snprintf(temp, sizeof(temp), "%s.XXXXXX", file) >= (int)sizeof(temp))
		return fault_at(fault, file, 0, "name too long; choose a shorter one");
	fd = mkstemp(temp);
	if (fd < 0)
		return fault_at(fault, file, 0, "%s; name a place that can be written to",
				strerror(errno));
	error = write_all(fd, text, len);
	if (!error && rename(temp, file))
		error = errno;
	if (!error)
		return 0;
	unlink(temp);
	return fault_at(fault, file, 0, "%s; choose a place with room", strerror(error));
}

int output_replace(const char *file, const char *text, size_t len, char *err, size_t errlen)
{
	struct fault fault = { .text = err, .size = errlen };
	sigset_t all, before;
	int error;

	err[0] = '\0';
	if (!*file)
		return fault_at(&fault, "--output", 0, "empty; name a file");
	if (check_place(file, &fault))
		return -1;
	/* what was written is renamed or removed before a signal ends this */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	error = replace(file, text, len, &fault);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return error;
}
