/* SPDX-License-Identifier: GPL-2.0 */
/* What is said where there is nothing to show. */
#ifndef CONNTRIAGE_RENDER_EMPTY_H
#define CONNTRIAGE_RENDER_EMPTY_H

#include <stdbool.h>
#include <stdio.h>

#include "snapshot.h"

/**
 * none_seen() - there are none of a kind in what the module counts
 * @what: "sources"
 *
 * Without debugfs these are seen all the same, of one namespace. One line,
 * however long. Return: 0, or -1 where the module can't be asked or @out took
 * an error.
 */
int none_seen(const struct snapshot *s, FILE *out, const char *what);

/**
 * none_recorded() - likewise, of what only debugfs has: wrapped as prose
 * @old_too: a module of the last schema is asked for it as well
 */
int none_recorded(const struct snapshot *s, FILE *out, const char *what, bool old_too);

/**
 * none_reason() - why the module can't be asked, and what to do about it
 * @recorded: for what only debugfs has
 *
 * Return: NULL where it can: there just is none.
 */
const char *none_reason(const struct snapshot *s, bool recorded, bool old_too);

#endif
