/* SPDX-License-Identifier: GPL-2.0 */
/* Which captured trees there are in a directory. */
#ifndef CONNTRIAGE_READ_TREES_H
#define CONNTRIAGE_READ_TREES_H

#include <stdbool.h>

#include "lib/lines.h"

/** tree_is_one() - whether a directory has what every captured tree has some of */
bool tree_is_one(const char *dir);

/** archive_is_one() - whether a file is tar, or compressed, by its first bytes */
bool archive_is_one(const char *name);

/**
 * trees_find() - the captured trees that a directory means
 * @dir: one, or a directory of some
 * @trees: takes their paths, in the order of their names; @dir itself where it is one, or
 *	has no directory and no tar in it: whoever reads it is told what is wrong
 *
 * What lies in a directory of captures is taken for a capture, whether it looks like one
 * or not: one that was lost must not go unseen. Names that begin with a dot are left out.
 */
void trees_find(const char *dir, struct lines *trees);

#endif
