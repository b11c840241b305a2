/* SPDX-License-Identifier: GPL-2.0 */
/* A played situation as what the reader reads: a snapshot, or a tree of files. */
#ifndef CONNTRIAGE_SITUATIONS_SHOWN_H
#define CONNTRIAGE_SITUATIONS_SHOWN_H

#include "snapshot.h"
#include "tests/situations/told.h"

/**
 * shown_snapshot() - what read_snapshot() would make of it, without files
 * @t: ->c is used up: the same numbers need a copy of it
 * @snapshot: filled; snapshot_free() it
 * @sheet: for text; may be used again
 *
 * Ends the program where the reader's parsers refuse what is written.
 */
void shown_snapshot(const struct told *t, struct snapshot *snapshot, struct sheet *sheet);

/**
 * shown_tree() - the same as a tree of files
 * @dir: made, with all in it
 *
 * Return: 0, or -1 with errno.
 */
int shown_tree(const struct told *t, const char *dir);

#endif
