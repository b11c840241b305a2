/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command that is run for an event, with bounds on how often, how long and how
 * much it says. Moments are ms of the monotonic clock; nothing here waits, but
 * hook_end().
 */
#ifndef CONNTRIAGE_WATCH_HOOK_H
#define CONNTRIAGE_WATCH_HOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/lines.h"

struct hook_limits {
	int64_t pause;		/* ms at least from one start to the next */
	int64_t most;		/* ms that it may take */
	int64_t grace;		/* ms from SIGTERM to SIGKILL */
	size_t output;		/* bytes that are passed on */
};

extern const struct hook_limits hook_usual;

struct hook {
	const char *command;	/* of sh(1) */
	struct hook_limits limits;
	int to;			/* where its output goes */
	bool waits;		/* an event, of which these are: */
	struct lines words;	/* NAME=VALUE for its environment */
	char *story;
	int64_t skipped;	/* events that gave way to that one */
	bool began;		/* it was run before, at: */
	int64_t start;
	pid_t pid;		/* its shell, and its process group; 0: it doesn't run */
	int out;		/* what it says; -1: it has closed that */
	size_t said, dropped;	/* bytes */
	int64_t deadline;	/* of the next signal */
	int signal;		/* that was sent last, or 0 */
};

/** hook_begin() - @command: what sh -c runs; @to: file descriptor for its output */
void hook_begin(struct hook *h, const char *command, const struct hook_limits *limits, int to);

/**
 * hook_offer() - have it run for an event, as soon as it may
 * @words: NAME=VALUE for its environment; copied
 * @story: for its standard input; copied
 *
 * One that waits already gives way, and is counted: CONNTRIAGE_SKIPPED.
 */
void hook_offer(struct hook *h, const struct lines *words, const char *story);

/** hook_tend() - begin what waits, read what it says, end what takes too long */
void hook_tend(struct hook *h, int64_t now);

/** hook_fd() - what poll(2) waits for, to read; -1: nothing. SIGCHLD comes as well */
int hook_fd(const struct hook *h);

/** hook_when() - when hook_tend() has something to do; INT64_MAX: not by time */
int64_t hook_when(const struct hook *h);

/** hook_end() - end what runs: waits for that, no longer than the limits' grace */
void hook_end(struct hook *h);

#endif
