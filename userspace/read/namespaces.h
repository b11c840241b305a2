/* SPDX-License-Identifier: GPL-2.0 */
/* Which processes are in which network namespace: one walk over /proc for all parts. */
#ifndef CONNTRIAGE_READ_NAMESPACES_H
#define CONNTRIAGE_READ_NAMESPACES_H

#include "read/reader.h"

struct process {
	int64_t netns, pid;
};

/**
 * namespaces_read() - walk over /proc, unless that was done already
 *
 * Without root's powers it finds the reader's own processes alone, and where there are
 * too many, none.
 */
void namespaces_read(struct reader *r);

/**
 * namespace_processes() - those in a namespace, the lowest number first
 * @nr: set to how many there are
 *
 * Return: the first, or NULL. It is mostly the oldest process, that which stays.
 */
const struct process *namespace_processes(const struct reader *r, int64_t netns, size_t *nr);

/** namespaces_free() - what the walk found */
void namespaces_free(struct reader *r);

#endif
