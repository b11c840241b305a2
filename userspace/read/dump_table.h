/* SPDX-License-Identifier: GPL-2.0 */
/* One namespace's table, listed by ctnetlink. */
#ifndef CONNTRIAGE_READ_DUMP_TABLE_H
#define CONNTRIAGE_READ_DUMP_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "entries/looks.h"
#include "read/dump.h"
#include "read/reader.h"

struct dump_table {
	struct reader *r;
	struct looks *looks;		/* NULL: it isn't looked at */
	struct kept_dump keep;
	struct look begin, middle;	/* before either list */
	int64_t first_listed, after;	/* entries in the first list; counted behind it */
	bool sample;			/* not all entries are listed */
};

/**
 * dump_begin() - look at the table of the namespace that the reader is in now
 * @t: zeroed but for ->r and ->keep.is.netns and ->keep.is.init
 * @full: list all entries, however many there are
 *
 * Return: 0 or -errno, as ctnetlink_moment().
 */
int dump_begin(struct dump_table *t, bool full);

/** dump_first() - the first of two lists; @name of it for people; 0 or -errno */
int dump_first(struct dump_table *t, const char *name);

/** dump_moment() - note what the kernel counts now; 0 or -errno */
int dump_moment(struct dump_table *t);

/** dump_last() - the list that counts; 0 or -errno */
int dump_last(struct dump_table *t, const char *name);

/** dump_end() - fill the snapshot and the capture; dump_drop() otherwise */
void dump_end(struct dump_table *t);

/** dump_drop() - free all, as the table couldn't be listed */
void dump_drop(struct dump_table *t);

#endif
