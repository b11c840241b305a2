/* SPDX-License-Identifier: GPL-2.0 */
/* Hosts as others than conntriage describe them: sos reports, outputs of commands. */
#ifndef CONNTRIAGE_READ_FOREIGN_H
#define CONNTRIAGE_READ_FOREIGN_H

#include <stdbool.h>

#include "read/reader.h"

/* What --root takes, for errors */
#define FOREIGN_TAKES	"--root takes captured trees, sos reports, and outputs of conntrack -L " \
	"and the like"

/**
 * foreign_begin() - read from what others have put together, where the root is such
 * @root: a directory that is open as r->files, or a file if @is_file
 *
 * What is found goes into r->foreign, by the paths that the host has them, and r->files
 * reads from there.
 *
 * Return: 0; 1: it is no such thing; -1 with @fault filled.
 */
int foreign_begin(struct reader *r, const char *root, bool is_file, struct fault *fault);

/** foreign_end() - free what was found */
void foreign_end(struct reader *r);

#endif
