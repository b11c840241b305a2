/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files in memory, by their paths: what was read of a host, to be written down as a
 * recording or a captured tree, or read again.
 */
#ifndef CONNTRIAGE_READ_STORE_H
#define CONNTRIAGE_READ_STORE_H

#include <stdbool.h>
#include <stddef.h>

enum stored_kind { STORED_FILE, STORED_LINK, STORED_DIR, STORED_KINDS };

struct stored {
	char *path;		/* relative to the root, no leading slash */
	enum stored_kind kind;
	char *text;		/* of a file; the target of a link */
	size_t len;
};

struct store {
	struct stored *item;	/* by path */
	size_t nr;
};

/** store_path_ok() - a path that leads out of no tree, and that a terminal can show */
bool store_path_ok(const char *path);

/**
 * store_put() - keep a file; one of the same path is replaced
 * @text: copied, @len bytes
 *
 * As in a copy on disk, a link or a directory replaces nothing. A path that isn't
 * store_path_ok() is left out.
 */
void store_put(struct store *st, enum stored_kind kind, const char *path,
	       const char *text, size_t len);

/** store_find() - what is kept by that path, or NULL */
const struct stored *store_find(const struct store *st, const char *path);

/** store_has() - whether there is a file, link or directory of that name */
bool store_has(const struct store *st, const char *path);

/** store_has_below() - whether something lies in it, as in a directory */
bool store_has_below(const struct store *st, const char *path);

/** store_remove() - let go of one, if it is there */
void store_remove(struct store *st, const char *path);

/** store_remove_below() - let go of all that lies in a directory */
void store_remove_below(struct store *st, const char *dir);

/** store_lay_over() - put all of @from into @st */
void store_lay_over(struct store *st, const struct store *from);

/** store_read(), store_link(), store_list(): as files_read_part() and the like */
int store_read(const struct store *st, const char *path, size_t limit, char **text,
	       size_t *len);
bool store_link(const struct store *st, const char *path, char *target, size_t size);
int store_list(const struct store *st, const char *dir,
	       bool (*wanted)(const char *name, const char *prefix, const char *suffix),
	       const char *prefix, const char *suffix, size_t max, char ***names, size_t *nr);

/** store_free() - free what it holds; it is empty then */
void store_free(struct store *st);

#endif
