// SPDX-License-Identifier: GPL-2.0
/*
 * What is in an archive. Only tar is taken, and only by code of libarchive's own: of some
 * other formats it would run a program. Nothing is unpacked to disk, links are only noted.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef HAVE_LIBARCHIVE
#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#endif

#include "lib/numbers.h"
#include "read/found.h"
#include "read/limits.h"
#include "read/store.h"
#include "read/trees.h"

#ifdef HAVE_LIBARCHIVE

#define BLOCK	65536

/*
 * It is loaded for an archive alone: linked with it, and with the dozen libraries that it
 * takes, every command would begin a fifth later.
 */
#define LIBRARY	"libarchive.so.13"
#define CALLS	\
	CALL(archive_entry_filetype) \
	CALL(archive_entry_pathname) \
	CALL(archive_entry_symlink) \
	CALL(archive_filter_bytes) \
	CALL(archive_read_data) \
	CALL(archive_read_data_block) \
	CALL(archive_read_free) \
	CALL(archive_read_new) \
	CALL(archive_read_next_header) \
	CALL(archive_read_open_fd) \
	CALL(archive_read_support_filter_bzip2) \
	CALL(archive_read_support_filter_gzip) \
	CALL(archive_read_support_filter_xz) \
	CALL(archive_read_support_filter_zstd) \
	CALL(archive_read_support_format_raw) \
	CALL(archive_read_support_format_tar)

static struct {
#define CALL(name) __typeof__(name) *name;
	CALLS
#undef CALL
} la;

static bool load(void)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return false;
#define CALL(name) la.name = (__typeof__(name) *)dlsym(library, #name);
	CALLS
#undef CALL
#define CALL(name) && la.name
	return true CALLS;
#undef CALL
}

/* "./a/b" and "/a/b" are "a/b" */
static const char *plain_path(const char *path)
{
	while (*path == '/' || !strncmp(path, "./", 2))
		path += *path == '/' ? 1 : 2;
	return path;
}

/* Unpacked, a bomb has no end: what is skipped counts as well. */
static bool too_much(struct archive *a, struct found *x)
{
	if (la.archive_filter_bytes(a, 0) <= READ_MAX_UNPACKED)
		return false;
	snprintf(x->fault, sizeof(x->fault), "more than %lld MiB when unpacked, the rest isn't "
		 "read; unpack it, and name the folder of one host",
		 (long long)(READ_MAX_UNPACKED >> 20));
	return true;
}

/* As archive_read_data_skip(), but not without end; false: it is damaged, or too much */
static bool skip_data(struct archive *a, struct found *x)
{
	const void *block;
	la_int64_t offset;
	size_t size;
	int status;

	while ((status = la.archive_read_data_block(a, &block, &size, &offset)) == ARCHIVE_OK)
		if (too_much(a, x))
			return false;
	return status == ARCHIVE_EOF;
}

/* Up to @size bytes of an entry; less than 0: it is damaged */
static ssize_t read_data(struct archive *a, char *to, size_t size)
{
	size_t used = 0;
	ssize_t got;

	while (used < size) {
		got = la.archive_read_data(a, to + used, size - used);
		if (got < 0)
			return -1;
		if (!got)
			break;
		used += got;
	}
	return used;
}

/* A file that is wanted, whose first bytes have been read; false: nothing more is read */
static bool keep_file(struct archive *a, const char *path, const char *head, size_t len,
		      struct found *x)
{
	size_t limit = found_limit(head, len), room = 2 * FOUND_HEAD, used = len;
	char *text = malloc(room), *more;
	ssize_t got = len;
	bool good = true;

	if (text)
		memcpy(text, head, len);
	while (text && got > 0 && used <= limit) {
		if (room - used < BLOCK) {
			room = 2 * room + BLOCK;
			more = realloc(text, room);
			if (!more)
				break;
			text = more;
		}
		got = read_data(a, text + used, BLOCK);
		used += got > 0 ? got : 0;
	}
	if (text && !got && used <= limit)
		good = found_keep(x, path, text, used);
	free(text);
	return good && got >= 0;
}

/* false: nothing more is read */
static bool take_entry(struct archive *a, struct archive_entry *entry, struct found *x)
{
	const char *name = la.archive_entry_pathname(entry), *link, *path;
	char head[FOUND_HEAD];
	ssize_t got;

	if (!found_one_more(x))
		return false;
	path = name ? plain_path(name) : "";
	if (!*path || !store_path_ok(path))
		return true;
	link = la.archive_entry_symlink(entry);
	if (link) {
		found_keep_link(x, path, link);
		return true;
	}
	if (la.archive_entry_filetype(entry) != AE_IFREG || !found_passes(path))
		return skip_data(a, x);
	got = read_data(a, head, sizeof(head));
	if (got < 0)
		return false;
	if (found_wants(path, head, got) && !keep_file(a, path, head, got, x))
		return false;
	return skip_data(a, x);
}

static void take_all(struct archive *a, struct found *x)
{
	struct archive_entry *entry;
	bool whole = true;
	int status;

	while (((status = la.archive_read_next_header(a, &entry)) == ARCHIVE_OK ||
		status == ARCHIVE_WARN) && whole)
		whole = take_entry(a, entry, x);
	if ((status < ARCHIVE_WARN || !whole) && !*x->fault)
		snprintf(x->fault, sizeof(x->fault), "damaged or cut off, only what comes before "
			 "is read; get it again");
}

/* A text that was compressed by itself has no name: that of its file, without ".gz" */
static struct archive *begin(int fd)
{
	struct archive *a = la.archive_read_new();

	if (!a)
		return NULL;
	la.archive_read_support_filter_gzip(a);
	la.archive_read_support_filter_bzip2(a);
	la.archive_read_support_filter_xz(a);
	la.archive_read_support_filter_zstd(a);
	la.archive_read_support_format_tar(a);
	la.archive_read_support_format_raw(a);
	if (la.archive_read_open_fd(a, fd, BLOCK) == ARCHIVE_OK)
		return a;
	la.archive_read_free(a);
	return NULL;
}

static int unpack(int fd, struct found *x)
{
	struct archive *a = begin(fd);

	if (!a)
		return -ENOEXEC;
	take_all(a, x);
	la.archive_read_free(a);
	return x->files.nr || *x->fault ? 0 : -ENOEXEC;
}

#endif

/* One text by itself needs no library. */
static int read_text(int fd, struct found *x)
{
	char head[FOUND_HEAD], *text;
	ssize_t got = pread(fd, head, sizeof(head), 0), more = 1;
	size_t limit, used = 0;

	if (got <= 0 || !found_wants("data", head, got))
		return -ENOSYS;
	limit = found_limit(head, got);
	text = malloc(limit);
	while (text && used < limit && (more = read(fd, text + used, limit - used)) > 0)
		used += more;
	if (text && !more)
		found_keep(x, "data", text, used);
	free(text);
	return 0;
}

static int read_archive(int fd, struct found *x)
{
#ifdef HAVE_LIBARCHIVE
	if (load())
		return unpack(fd, x);
#endif
	return read_text(fd, x);
}

bool archive_is_one(const char *name)
{
	static const struct {
		size_t at, len;
		const char *bytes;
	} signs[] = {
		{ 0, 2, "\x1f\x8b" },			/* RFC 1952 */
		{ 0, 6, "\xfd" "7zXZ\0" },		/* xz's file format, 2.1.1.1 */
		{ 0, 4, "\x28\xb5\x2f\xfd" },		/* RFC 8878 */
		{ 0, 3, "BZh" },
		{ 257, 5, "ustar" },			/* tar(5) */
	};
	char head[262] = "";
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t got = fd < 0 ? -1 : read(fd, head, sizeof(head));
	size_t i;

	if (fd >= 0)
		close(fd);
	for (i = 0; got > 0 && i < ARRAY_SIZE(signs); i++)
		if ((size_t)got >= signs[i].at + signs[i].len &&
		    !memcmp(head + signs[i].at, signs[i].bytes, signs[i].len))
			return true;
	return false;
}

int found_in_archive(const char *name, struct found *x)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), error;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		error = -errno;
	else if (!S_ISREG(st.st_mode))
		error = -ENOTDIR;
	else
		error = read_archive(fd, x);
	close(fd);
	return error;
}
