// SPDX-License-Identifier: GPL-2.0
/*
 * A captured tree is somebody else's: its links may lead anywhere. openat2() keeps them
 * below the tree; where there is none, the path is gone along here, name by name. Each
 * directory is opened in the one before it and no link is followed by the kernel, so
 * that whoever changes the tree meanwhile gains nothing; ".." is what we came from.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "read/beneath.h"

#define MAX_LINKS	40	/* MAXSYMLINKS of include/linux/namei.h */
#define MAX_DEPTH	64	/* of directories; captured trees have 8 */

/**
 * struct walk - how far a path has been gone along
 * @dir: directories that are open, the root first
 * @depth: of the one that we are in
 * @links: that were followed
 * @rest: what is still to go
 */
struct walk {
	int dir[MAX_DEPTH];
	unsigned int depth, links;
	char rest[PATH_MAX];
};

bool beneath_by_kernel(int dir)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };
	int fd = syscall(SYS_openat2, dir, ".", &how, sizeof(how));

	if (fd < 0)
		return errno != ENOSYS && errno != EPERM;
	close(fd);
	return true;
}

static void go_up(struct walk *w)
{
	if (w->depth)
		close(w->dir[w->depth--]);
}

static int go_down(struct walk *w, const char *name)
{
	int fd;

	if (w->depth + 1 == MAX_DEPTH)
		return -ENAMETOOLONG;
	fd = openat(w->dir[w->depth], name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	w->dir[++w->depth] = fd;
	return 0;
}

/* Put what a link says in front of what is still to go. */
static int follow(struct walk *w, const char *target, const char *rest)
{
	char whole[PATH_MAX];

	if (++w->links > MAX_LINKS)
		return -ELOOP;
	if (snprintf(whole, sizeof(whole), "%s/%s", target, rest) >= (int)sizeof(whole))
		return -ENAMETOOLONG;
	while (*target == '/' && w->depth)
		go_up(w);
	memcpy(w->rest, whole, sizeof(whole));
	return 0;
}

/* One name; -EAGAIN: there is more to go. */
static int step(struct walk *w, int flags)
{
	char name[NAME_MAX + 1], target[PATH_MAX];
	char *at = w->rest + strspn(w->rest, "/");
	size_t length = strcspn(at, "/");
	char *rest = at + length;
	bool is_last = !rest[strspn(rest, "/")];
	ssize_t n;
	int error, fd;

	if (length > NAME_MAX)
		return -ENAMETOOLONG;
	snprintf(name, sizeof(name), "%.*s", (int)length, at);
	if (!strcmp(name, ".."))
		go_up(w);
	if (!length || !strcmp(name, "..") || !strcmp(name, ".")) {
		memmove(w->rest, rest, strlen(rest) + 1);
		if (!is_last)
			return -EAGAIN;
		fd = openat(w->dir[w->depth], ".", flags | O_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	n = readlinkat(w->dir[w->depth], name, target, sizeof(target) - 1);
	if (n < 0 && errno != EINVAL)
		return -errno;
	if (n >= 0 && !(is_last && flags & O_NOFOLLOW)) {
		target[n] = '\0';
		error = follow(w, target, rest);
	} else if (!is_last) {
		error = go_down(w, name);
		memmove(w->rest, rest, strlen(rest) + 1);
	} else {
		fd = openat(w->dir[w->depth], name, flags | O_NOFOLLOW | O_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	return error ? error : -EAGAIN;
}

int beneath_open(int root, const char *path, int flags)
{
	struct walk w = { .dir = { root } };
	int fd;

	if (snprintf(w.rest, sizeof(w.rest), "%s", path) >= (int)sizeof(w.rest))
		return -ENAMETOOLONG;
	do
		fd = step(&w, flags);
	while (fd == -EAGAIN);
	while (w.depth)
		go_up(&w);
	return fd;
}
