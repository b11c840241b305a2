/* SPDX-License-Identifier: GPL-2.0 */
/* A case: one tree with a few files changed, and what reading it must give. */
#ifndef CONNTRIAGE_PARSE_TEST_H
#define CONNTRIAGE_PARSE_TEST_H

#include <stdbool.h>
#include <stddef.h>

#include "snapshot.h"

enum how {
	KEEP,
	WRITE,		/* to; number: its bytes, where it holds a NUL */
	REPLACE,	/* the first from by to */
	CUT,		/* number bytes off the end */
	ADD_LONG,	/* a last line of number bytes, each the first of to */
	REPEAT_LAST,	/* the last line, number times */
	MANY,		/* empty files NAME-N.conf, number of them */
	REMOVE,
	LINK,		/* to the target "to" */
	FIFO,
	DIRECTORY,
	UNREADABLE,	/* mode 0, read as nobody */
	NO_ROOT,	/* no change, read as nobody */
};

#define CHANGES 4

struct change {
	const char *file;
	enum how how;
	const char *from, *to;
	size_t number;
};

struct test {
	const char *name;
	struct change change[CHANGES];
	const char *message;		/* a part of the error, or */
	bool (*check)(const struct snapshot *s);	/* what holds without one */
};

extern const struct test bad_files[], good_files[], rule_files[];

#define DEBUGFS(file) "sys/kernel/debug/conntriage/" file

#endif
