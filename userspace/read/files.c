// SPDX-License-Identifier: GPL-2.0
/* Confined, bounded, copied: every file that a snapshot is read from. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/text.h"
#include "read/anonymous.h"
#include "read/beneath.h"
#include "read/files.h"
#include "read/store.h"

#define CHUNK		65536
#define OPEN_TRIES	8
#define MAX_PATH	512

int files_open(struct files *f, const char *root)
{
	f->root = root;
	f->copy = -1;
	f->copy_errno = 0;
	f->hide = NULL;
	f->stop = NULL;
	f->keep = NULL;
	f->from = NULL;
	f->fd = open(*root ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (f->fd < 0)
		return -errno;
	f->by_hand = *root && !beneath_by_kernel(f->fd);
	return 0;
}

void files_open_store(struct files *f, const char *name, const struct store *from)
{
	*f = (struct files) { .root = name, .fd = -1, .copy = -1, .from = from };
}

void files_close(struct files *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

static int open_below(struct files *f, const char *path, int flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd = -1, tries;

	if (f->stop && *f->stop)
		return -EINTR;
	if (f->from)
		return -ENOENT;
	if (f->by_hand)
		return beneath_open(f->fd, path, flags);
	/* EAGAIN: somebody renames directories just now. */
	for (tries = 0; tries < OPEN_TRIES; tries++) {
		fd = syscall(SYS_openat2, f->fd, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	/* Older seccomp filters refuse openat2; the live root needs no fence. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM) && !*f->root)
		fd = openat(f->fd, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Make the directories above a file of the copy. */
static int copy_parents(struct files *f, const char *path)
{
	char dir[MAX_PATH];
	char *slash;

	if (snprintf(dir, sizeof(dir), "%s", path) >= (int)sizeof(dir))
		return -ENAMETOOLONG;
	for (slash = strchr(dir, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdirat(f->copy, dir, 0700) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

static void copy_failed(struct files *f, int error)
{
	if (!f->copy_errno)
		f->copy_errno = error;
}

/* The name that a file of the host has in the copy; @name takes MAX_PATH bytes */
static void copy_name(const struct files *f, const char *path, char *name)
{
	if (f->hide)
		anonymous_path(f->hide, path, name, MAX_PATH);
	else
		snprintf(name, MAX_PATH, "%s", path);
}

static void write_copy(struct files *f, const char *path, const char *text, size_t len)
{
	int fd, error;

	error = copy_parents(f, path);
	if (error) {
		copy_failed(f, -error);
		return;
	}
	/* In place of a link that was kept, never through it. */
	if (unlinkat(f->copy, path, 0) && errno != ENOENT) {
		copy_failed(f, errno);
		return;
	}
	fd = openat(f->copy, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    0600);
	if (fd < 0) {
		copy_failed(f, errno);
		return;
	}
	while (len) {
		ssize_t done = write(fd, text, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			copy_failed(f, errno);
			break;
		}
		text += done;
		len -= done;
	}
	if (close(fd))
		copy_failed(f, errno);
}

void files_keep(struct files *f, const char *path, const char *text, size_t len)
{
	char name[MAX_PATH], *hidden;

	if (!files_keeping(f))
		return;
	hidden = f->hide ? anonymous_text(f->hide, path, text, len, &len) : NULL;
	copy_name(f, path, name);
	if (f->keep)
		store_put(f->keep, STORED_FILE, name, hidden ? hidden : text, len);
	if (f->copy >= 0)
		write_copy(f, name, hidden ? hidden : text, len);
	free(hidden);
}

static int read_all(int fd, size_t limit, char **text, size_t *len)
{
	size_t room = 0, used = 0;
	char *buf = NULL;
	ssize_t got;

	/* Files of /proc and debugfs don't tell their size: read until the end. */
	do {
		/* most are small: their end is read into what is left of the first chunk */
		if (room - used < CHUNK / 2) {
			char *bigger = realloc(buf, 2 * room + CHUNK + 1);

			if (!bigger) {
				free(buf);
				return -ENOMEM;
			}
			buf = bigger;
			room = 2 * room + CHUNK;
		}
		do {
			got = read(fd, buf + used, room - used);
		} while (got < 0 && errno == EINTR);
		if (got < 0 || used + got > limit) {
			int error = got < 0 ? errno : EFBIG;

			free(buf);
			return -error;
		}
		used += got;
	} while (got);

	buf[used] = '\0';
	*text = buf;
	*len = used;
	return 0;
}

int files_read_part(struct files *f, const char *path, size_t limit,
		    char **text, size_t *len)
{
	struct stat st;
	size_t size;
	int fd, error;

	*text = NULL;
	if (f->from)
		return store_read(f->from, path, limit, text, len);
	/* O_NONBLOCK: a FIFO in a captured tree must not stop the reader. */
	fd = open_below(f, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st))
		error = -errno;
	else if (!S_ISREG(st.st_mode))
		error = -ENOTSUP;
	else
		error = read_all(fd, limit, text, len ? len : &size);
	close(fd);
	return error;
}

ssize_t files_head(struct files *f, const char *path, char *head, size_t size)
{
	struct stat st;
	ssize_t got;
	int fd;

	fd = open_below(f, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st))
		got = -errno;
	else if (!S_ISREG(st.st_mode))
		got = -ENOTSUP;
	else
		got = read(fd, head, size);
	if (got == -1)
		got = -errno;
	close(fd);
	return got;
}

int files_read(struct files *f, const char *path, size_t limit, char **text,
	       size_t *len)
{
	size_t size = 0;
	int error = files_read_part(f, path, limit, text, &size);

	if (error)
		return error;
	files_keep(f, path, *text, size);
	if (len)
		*len = size;
	return 0;
}

/*
 * An empty file says that there is one, unless the real one is there already.
 * Within directories too: archives and git may forget those that are empty.
 */
static void copy_existence(struct files *f, const char *path, bool is_dir)
{
	char file[MAX_PATH], name[MAX_PATH];
	int error, fd;

	copy_name(f, path, name);
	if (f->keep && !store_find(f->keep, name))
		store_put(f->keep, is_dir ? STORED_DIR : STORED_FILE, name, "", 0);
	if (f->copy < 0)
		return;
	snprintf(file, sizeof(file), "%.500s%s", name, is_dir ? "/.keep" : "");
	error = copy_parents(f, file);
	if (error) {
		copy_failed(f, -error);
		return;
	}
	fd = openat(f->copy, file, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    0600);
	if (fd >= 0)
		close(fd);
	else if (errno != ELOOP)	/* a link that was kept */
		copy_failed(f, errno);
}

bool files_is_there(struct files *f, const char *path)
{
	int fd;

	if (f->from)
		return store_has(f->from, path);
	fd = open_below(f, path, O_PATH);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

bool files_exists(struct files *f, const char *path)
{
	struct stat st;
	int fd;

	if (f->from)
		return store_has(f->from, path);
	fd = open_below(f, path, O_PATH);
	if (fd < 0)
		return false;
	if (files_keeping(f) && !fstat(fd, &st))
		copy_existence(f, path, S_ISDIR(st.st_mode));
	close(fd);
	return true;
}

static void keep_link(struct files *f, const char *path, const char *target)
{
	char name[MAX_PATH];
	int error;

	copy_name(f, path, name);
	if (f->keep)
		store_put(f->keep, STORED_LINK, name, target, strlen(target));
	if (f->copy < 0)
		return;
	error = copy_parents(f, name);
	if (error)
		copy_failed(f, -error);
	else if (symlinkat(target, f->copy, name) && errno != EEXIST)
		copy_failed(f, errno);
}

bool files_peek_link(struct files *f, const char *path, char *target, size_t size)
{
	ssize_t len;
	int fd;

	if (f->from)
		return store_link(f->from, path, target, size);
	fd = open_below(f, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return false;
	len = readlinkat(fd, "", target, size - 1);
	close(fd);
	if (len <= 0)
		return false;
	target[len] = '\0';
	return true;
}

bool files_link(struct files *f, const char *path, char *target, size_t size)
{
	if (!files_peek_link(f, path, target, size))
		return false;
	keep_link(f, path, target);
	return true;
}

static bool is_process_netns(const char *target)
{
	const char *pid = target + strlen("/proc/");

	return !strncmp(target, "/proc/", strlen("/proc/")) &&
	       !strcmp(pid + strspn(pid, "0123456789"), "/ns/net");
}

/* The inode of what is mounted there, where that is a namespace. */
static bool mounted_netns(struct files *f, const char *path, int64_t *inode)
{
	int fd = open_below(f, path, O_PATH | O_NOFOLLOW);
	struct statfs fs;
	struct stat st;
	bool good;

	if (fd < 0)
		return false;
	good = !fstatfs(fd, &fs) && fs.f_type == NSFS_MAGIC && !fstat(fd, &st);
	close(fd);
	if (good)
		*inode = st.st_ino;
	return good;
}

bool files_netns(struct files *f, const char *path, int64_t *inode)
{
	char target[64];
	size_t len;

	if (!files_peek_link(f, path, target, sizeof(target))) {
		if (!mounted_netns(f, path, inode))
			return false;
	} else {
		if (is_process_netns(target) &&
		    !files_peek_link(f, target + 1, target, sizeof(target)))
			return false;
		len = strlen(target);
		if (strncmp(target, "net:[", 5) || target[len - 1] != ']')
			return false;
		target[len - 1] = '\0';
		if (!text_count(target + 5, inode))
			return false;
	}
	snprintf(target, sizeof(target), "net:[%" PRId64 "]", *inode);
	keep_link(f, path, target);
	return true;
}

/* A link of /proc/PID/ns leads beside all paths, so it is opened in its directory. */
static int open_netns(struct files *f, const char *path)
{
	int fd = open_below(f, path, O_RDONLY | O_NONBLOCK), dir;
	const char *slash = strrchr(path, '/');
	char parent[MAX_PATH];

	if (fd != -ELOOP || strncmp(path, "proc/", 5) || slash - path >= MAX_PATH)
		return fd;
	snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
	dir = open_below(f, parent, O_PATH | O_DIRECTORY);
	if (dir < 0)
		return dir;
	fd = openat(dir, slash + 1, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	close(dir);
	return fd;
}

bool files_enter_netns(struct files *f, const char *path)
{
	int fd = open_netns(f, path);
	bool good;

	if (fd < 0)
		return false;
	good = !setns(fd, CLONE_NEWNET);
	close(fd);
	return good;
}

int64_t files_mount(struct files *f, const char *path, int *fd)
{
	struct statfs fs;

	*fd = open_below(f, path, O_RDONLY | O_DIRECTORY);
	if (*fd < 0)
		return 0;
	if (!fstatfs(*fd, &fs))
		return fs.f_type;
	close(*fd);
	*fd = -1;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool matches(const char *name, const char *prefix, const char *suffix)
{
	size_t len = strlen(name), tail = strlen(suffix);

	return !strncmp(name, prefix, strlen(prefix)) && len > tail &&
	       !strcmp(name + len - tail, suffix) && name[0] != '.';
}

static int list_dir(DIR *dir, const char *prefix, const char *suffix,
		    size_t max, char ***names, size_t *nr)
{
	struct dirent *entry;
	char *name;

	while ((entry = readdir(dir))) {
		if (!matches(entry->d_name, prefix, suffix))
			continue;
		if (*nr == max)
			return -E2BIG;
		name = strdup(entry->d_name);
		if (!name)
			return -ENOMEM;
		*(char **)grow(names, nr, sizeof(name)) = name;
	}
	if (*names)
		qsort(*names, *nr, sizeof(name), by_name);
	return 0;
}

int files_list(struct files *f, const char *dir, const char *prefix,
	       const char *suffix, size_t max, char ***names, size_t *nr)
{
	DIR *open_dir;
	int fd, error;

	*names = NULL;
	*nr = 0;
	if (f->from) {
		error = store_list(f->from, dir, matches, prefix, suffix, max, names, nr);
		if (*names)
			qsort(*names, *nr, sizeof(**names), by_name);
		goto out;
	}
	fd = open_below(f, dir, O_RDONLY | O_DIRECTORY);
	if (fd == -ENOENT || fd == -ENOTDIR || fd == -EACCES || fd == -EPERM)
		return 0;
	if (fd < 0)
		return fd;
	open_dir = fdopendir(fd);
	if (!open_dir) {
		close(fd);
		return -ENOMEM;
	}
	error = list_dir(open_dir, prefix, suffix, max, names, nr);
	closedir(open_dir);
out:
	if (error) {
		files_list_free(*names, *nr);
		*names = NULL;
		*nr = 0;
	}
	return error;
}

void files_list_free(char **names, size_t nr)
{
	while (nr)
		free(names[--nr]);
	free(names);
}

/*
 * Links come last and only where nothing lies below: whoever made the store, nothing
 * is written through one of its links.
 */
void files_write_store(struct files *f, const struct store *st)
{
	size_t i;

	for (i = 0; i < st->nr; i++) {
		const struct stored *item = &st->item[i];

		if (item->kind == STORED_FILE)
			files_keep(f, item->path, item->text, item->len);
		else if (item->kind == STORED_DIR)
			copy_existence(f, item->path, true);
	}
	for (i = 0; i < st->nr; i++)
		if (st->item[i].kind == STORED_LINK && !store_has_below(st, st->item[i].path))
			keep_link(f, st->item[i].path, st->item[i].text);
}
