/* SPDX-License-Identifier: GPL-2.0 */
/* Whether the module's files were opened in one moment. */
#ifndef CONNTRIAGE_READ_MOMENTS_H
#define CONNTRIAGE_READ_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct moments - the files that were opened first and last
 * @generation: of each, by docs/ABI/testing/debugfs-conntriage; 0: there is none yet
 * @name: of each, CTRI_FILE_*
 */
struct moments {
	int64_t generation[2];
	const char *name[2];
};

/**
 * moments_add() - look at another file
 * @name: kept
 * @text: the table, whatever it holds; not written to
 *
 * A table without the column, as of modules before schema 2 was closed, or without
 * rows adds nothing. One that is damaged is its parser's affair.
 */
void moments_add(struct moments *m, const char *name, const char *text);

/** moments_apart() - seconds in which something was counted, between first and last */
int64_t moments_apart(const struct moments *m);

#endif
