// SPDX-License-Identifier: GPL-2.0
/* Written beside, and then given its name. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/text.h"
#include "report/file.h"

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t done = write(fd, text, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		text += done;
		len -= done;
	}
	return 0;
}

/*
 * rename() replaces what is there; not every file system can do without that. By its
 * number, for musl has had no renameat2() for long.
 */
static int give_name(const char *temp, const char *file)
{
	struct stat st;

	if (!syscall(SYS_renameat2, AT_FDCWD, temp, AT_FDCWD, file, RENAME_NOREPLACE))
		return 0;
	if (errno != EINVAL)
		return -1;
	if (!lstat(file, &st)) {
		errno = EEXIST;
		return -1;
	}
	return rename(temp, file);
}

int file_make(const char *file, const char *text, size_t len, char *err, size_t errlen)
{
	struct fault fault = { .text = err, .size = errlen };
	char temp[PATH_MAX];
	int fd, error;

	err[0] = '\0';
	if (snprintf(temp, sizeof(temp), "%s.XXXXXX", file) >= (int)sizeof(temp))
		return fault_at(&fault, file, 0, "name too long; choose a shorter one");
	fd = mkstemp(temp);	/* mode 0600 */
	if (fd < 0)
		return fault_at(&fault, file, 0, "%s; name a place that can be written to",
				strerror(errno));
	error = write_all(fd, text, len) ? errno : 0;
	if (close(fd) && !error)
		error = errno;
	if (!error && give_name(temp, file))
		error = errno;
	if (!error)
		return 0;
	unlink(temp);
	if (error == EEXIST)
		return fault_at(&fault, file, 0, "exists; name another");
	return fault_at(&fault, file, 0, "%s; choose a place with room", strerror(error));
}
