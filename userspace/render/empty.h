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
 * @events: see none_counted()
 *
 * Without debugfs these are seen all the same, of one namespace. One line,
 * however long. Return: 0, or -1 where nobody could tell or @out took an error.
 */
int none_seen(const struct snapshot *s, FILE *out, const char *what, bool events);

/**
 * none_recorded() - likewise, of what only debugfs has: wrapped as prose
 * @old_too: a module of the last schema is asked for it as well
 */
int none_recorded(const struct snapshot *s, FILE *out, const char *what, bool old_too);

/** none_in_table() - likewise, of what the table holds, which a list of it tells, too */
int none_in_table(const struct snapshot *s, FILE *out, const char *what);

/** none_held() - as none_reason(), of what the table holds */
const char *none_held(const struct snapshot *s);

/**
 * none_counted() - likewise, of what is counted by source and by namespace
 * @events: who opens connections, which takes two lists
 */
const char *none_counted(const struct snapshot *s, bool events);

/**
 * none_reason() - why the module can't be asked, and what to do about it
 * @recorded: for what only debugfs has
 *
 * Return: NULL where it can: there just is none.
 */
const char *none_reason(const struct snapshot *s, bool recorded, bool old_too);

#endif
