/* SPDX-License-Identifier: GPL-2.0 */
/* What a capture writes of a file when it is to name nobody. */
#ifndef CONNTRIAGE_READ_ANONYMOUS_H
#define CONNTRIAGE_READ_ANONYMOUS_H

#include <stddef.h>

#include "read/pseudonym.h"

/**
 * anonymous_text() - a file's text without anybody's name
 * @path: of the file, by which it is known what it holds; one that isn't known keeps only
 *	lines that are known to matter
 * @text, @len: what was read
 * @size: set to the length of what is returned
 *
 * Return: text to free(). Lines stay where they are, and messages of ctnetlink.
 */
char *anonymous_text(const struct pseudonyms *p, const char *path, const char *text, size_t len,
		     size_t *size);

/** anonymous_path() - the name under which such a file is written */
void anonymous_path(const struct pseudonyms *p, const char *path, char *out, size_t size);

#endif
