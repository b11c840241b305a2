/* SPDX-License-Identifier: GPL-2.0 */
/* A case: one tree with a few files changed, and what reading it must give. */
#ifndef CONNTRIAGE_PARSE_TEST_H
#define CONNTRIAGE_PARSE_TEST_H

#include <stdbool.h>
#include <stddef.h>

#include "kmod/abi.h"
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
	LOOPS,		/* number links NAME-N.conf to themselves */
	FIFO,
	DIRECTORY,
	UNREADABLE,	/* mode 0, read as nobody */
	NO_ROOT,	/* no change, read as nobody */
};

#define CHANGES 6

struct change {
	const char *file;
	enum how how;
	const char *from, *to;
	size_t number;
};

struct test {
	const char *name;
	struct change change[CHANGES];
	const char *message;		/* of the first file that is dropped; NULL: none is */
	/* What holds; NULL, which takes a message: that file is the only one. */
	bool (*check)(const struct snapshot *s);
};

extern const struct test bad_files[], good_files[], boot_files[], rule_files[];
extern const struct test program_files[], guard_files[], placed_files[];
extern const struct test dropped_files[];
extern const struct test tool_files[], owner_files[], state_files[], proc_files[];
extern const struct test names_files[], log_files[];

/* A case without a tree: what its parser is given isn't text, or isn't captured */
struct record_test {
	const char *name;
	bool (*check)(void);
};

extern const struct record_test login_records[], listing_records[], rule_records[];
extern const struct record_test entry_records[];

/* good_files.c: what full.tree says of the host itself */
bool host_is_full(const struct snapshot *s);
/* boot_files.c: a setting by its name; one whose value is unknown if absent */
const struct ct_sysctl *sysctl_of(const struct snapshot *s, const char *name);
/* The boot sets it to @value, by @file. */
bool persists(const struct snapshot *s, const char *name, int64_t value,
	      const char *file);

#define DEBUGFS(file) "sys/kernel/debug/conntriage/" file

/* Without debugfs, and with /proc/net/conntriage instead */
#define NO_DEBUGFS	{ "sys/kernel/debug/conntriage", REMOVE, NULL, NULL, 0 }
#define PROC(text)	{ "proc/net/conntriage", WRITE, NULL, text, 0 }
#define NETNS_TABLE	CTRI_HEAD_NETNS "\n4026531840 1 1 7 262144 9 0 0 0 0 0 0 " \
	"3 1 4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
/* Both in one */
#define OWN_NETNS	"netns 4026531840 1 - - 7 - - - - - - - - - 1 262144 9 0 0 0 0 0 0 " \
	"3 1 4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
#define OWN_SOURCE \
	"insert 4026531840 1 4 192.0.2.1 9 0 9 0 0.9 1 1 tcp=9 5 6 - - - - - - - - - " \
	"- - - - - - - - - - - - - - - - - - - - -\n"
#define OWN_TABLE	CTRI_HEAD_OWN "\n" OWN_NETNS OWN_SOURCE
/* As modules up to 0.1.0 had it */
#define OLD_HEAD_SOURCES "class netns id family source count err recent recent_err rate " \
	"first_ago last_ago kinds\n"
#define SOURCES_TABLE	OLD_HEAD_SOURCES "insert 4026531840 1 4 192.0.2.1 9 0 9 0 " \
	"0.9 1 1 tcp=9\n"

#endif
