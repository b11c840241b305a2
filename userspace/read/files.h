/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place that opens what a snapshot is read from. Every path is
 * relative to a root that no link leads out of, every read has a limit, and
 * nothing but regular files is read, so that a hostile captured tree can
 * neither show other files of this host nor make the reader hang. All that is
 * read can be copied on the way: that is what a capture is.
 */
#ifndef CONNTRIAGE_READ_FILES_H
#define CONNTRIAGE_READ_FILES_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pseudonyms;
struct store;

struct files {
	const char *root;	/* "" or the tree, for messages */
	int fd;			/* the root directory */
	bool by_hand;		/* the kernel can't keep a path below it: beneath_open() */
	int copy;		/* directory that takes a copy, or -1 */
	int copy_errno;		/* the first failure of the copy */
	const struct pseudonyms *hide;	/* the copy is to name nobody; or NULL */
	const volatile sig_atomic_t *stop;	/* nothing is opened once it is set; or NULL */
	struct store *keep;	/* takes a copy, too; or NULL */
	const struct store *from;	/* is read, and nothing else then; or NULL */
};

/* Whether what is read is copied: what doesn't come from a file has to be kept, too */
static inline bool files_keeping(const struct files *f)
{
	return f->copy >= 0 || f->keep;
}

/**
 * files_open_store() - begin to read what a store holds
 * @name: of it, for messages
 */
void files_open_store(struct files *f, const char *name, const struct store *from);

/** files_write_store() - put all that a store holds into the copy that is being made */
void files_write_store(struct files *f, const struct store *st);

/**
 * files_open() - begin to read below a root
 * @root: "" for the live host
 *
 * Return: 0 or -errno.
 */
int files_open(struct files *f, const char *root);
void files_close(struct files *f);

/**
 * files_read() - the whole of a regular file
 * @path: relative to the root, no leading slash
 * @limit: bytes
 * @text: set to the content with a NUL behind it; free() it
 * @len: set to the bytes before that NUL, may be NULL
 *
 * Return: 0 or -errno: -EFBIG beyond @limit, -ENOTSUP for what isn't a regular
 * file. @text is NULL then.
 */
int files_read(struct files *f, const char *path, size_t limit, char **text,
	       size_t *len);

/**
 * files_read_part() - as files_read(), but not copied
 *
 * For long files of which a few lines matter: files_keep() keeps those.
 */
int files_read_part(struct files *f, const char *path, size_t limit,
		    char **text, size_t *len);

/**
 * files_head() - the first bytes of a regular file; not copied
 * @head: takes @size bytes at most, without a NUL behind them
 *
 * Return: how many, or -errno as of files_read().
 */
ssize_t files_head(struct files *f, const char *path, char *head, size_t size);

/** files_keep() - put @len bytes into the copy, if one is being made */
void files_keep(struct files *f, const char *path, const char *text,
		size_t len);

/** files_is_there() - whether there is a file or directory of that name; not copied */
bool files_is_there(struct files *f, const char *path);

/**
 * files_mount() - open a directory on which a file system is mounted
 * @fd: set to it, for close(), or to -1
 *
 * Return: the file system's number (linux/magic.h), 0 where there is none.
 */
int64_t files_mount(struct files *f, const char *path, int *fd);

/** files_exists() - likewise, and a copy says so too */
bool files_exists(struct files *f, const char *path);

/** files_link() - the target of a symbolic link; false where it isn't one */
bool files_link(struct files *f, const char *path, char *target, size_t size);

/** files_peek_link() - as files_link(), but not copied */
bool files_peek_link(struct files *f, const char *path, char *target, size_t size);

/**
 * files_netns() - the network namespace that a file stands for
 * @path: /run/netns/NAME: a mounted namespace, or a link to that of a process;
 *	in a copy, and in /proc/PID/ns, a link "net:[inode]"
 * @inode: set to its number
 *
 * Return: false where it isn't one.
 */
bool files_netns(struct files *f, const char *path, int64_t *inode);

/**
 * files_enter_netns() - make the calling thread one of a network namespace
 * @path: as files_netns() takes it, of the live host: mounted, or /proc/PID/ns/net
 *
 * The way back is the caller's: setns() to a file that was opened before.
 */
bool files_enter_netns(struct files *f, const char *path);

/**
 * files_list() - sorted names in a directory
 * @prefix: only names that begin so
 * @suffix: and end so
 * @max: more are an error, -E2BIG
 * @names: set to an array for files_list_free(), NULL where there are none
 * @nr: set to the number of names
 *
 * Return: 0, for a directory that is absent or unreadable too, or -errno.
 */
int files_list(struct files *f, const char *dir, const char *prefix,
	       const char *suffix, size_t max, char ***names, size_t *nr);
void files_list_free(char **names, size_t nr);

#endif
