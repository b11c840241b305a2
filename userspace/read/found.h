/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files of a host that others than conntriage have put together: in a folder, or in an
 * archive, of which nothing is written to disk.
 */
#ifndef CONNTRIAGE_READ_FOUND_H
#define CONNTRIAGE_READ_FOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/files.h"
#include "read/store.h"

#define FOUND_HEAD	4096	/* bytes that tell what a file is */

struct found {
	struct store files;	/* those that may matter, by their paths there */
	size_t seen, kept;	/* names, and bytes of text */
	char fault[160];	/* "WHAT; what to do", where some of it was left out */
};

/** found_passes() - whether something below a directory may matter, by its name */
bool found_passes(const char *dir);

/**
 * found_wants() - whether a file may matter
 * @head: its first bytes, FOUND_HEAD at most
 */
bool found_wants(const char *path, const char *head, size_t len);

/** found_limit() - how many bytes of a file are read at most; longer ones aren't kept */
size_t found_limit(const char *head, size_t len);

/** found_one_more() - count a name; false: there are too many, and ->fault says so */
bool found_one_more(struct found *x);

/** found_keep() - keep a file, or say in ->fault that there is no room */
bool found_keep(struct found *x, const char *path, const char *text, size_t len);

/** found_keep_link() - keep where a symbolic link leads, if there is room */
void found_keep_link(struct found *x, const char *path, const char *target);

/** found_in_folder() - what is below the root of @f */
void found_in_folder(struct files *f, struct found *x);

/**
 * found_in_archive() - what is in a file: tar, plain or compressed, or one compressed text
 * @name: of the file
 *
 * An archive that is damaged further on gives what came before, and ->fault says so.
 *
 * Return: 0, or -errno: -ENOEXEC where it is no archive, -ENOSYS where this program was
 * built without libarchive.
 */
int found_in_archive(const char *name, struct found *x);

/** found_free() - free what it holds */
void found_free(struct found *x);

#endif
