/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one TAP helper for C: results in TAP 13, as kselftests print them. For one
 * file a program: the counts are static.
 */
#ifndef SELFTESTS_TAP_H
#define SELFTESTS_TAP_H

#include <stdbool.h>
#include <stdio.h>

static int tap_run, tap_failed;

/* One result; @name in words that say what holds. */
static inline bool tap_ok(bool good, const char *name)
{
	printf("%sok %d %s\n", good ? "" : "not ", ++tap_run, name);
	fflush(stdout);
	tap_failed += !good;
	return good;
}

/* First of all; @planned results will follow, 0: that isn't known yet. */
static inline void tap_begin(int planned)
{
	puts("TAP version 13");
	if (planned)
		printf("1..%d\n", planned);
}

/* Nothing that follows would mean anything: says why; the caller exits. */
static inline void tap_bail(const char *why)
{
	printf("Bail out! %s\n", why);
	fflush(stdout);
}

/*
 * Last of all, with the number that tap_begin() got. Returns the exit status: 0
 * if as many tests ran as planned, at least one, and none failed.
 */
static inline int tap_end(int planned)
{
	if (!planned) {
		planned = tap_run;
		printf("1..%d\n", planned);
	}
	printf("# Totals: pass:%d fail:%d\n", tap_run - tap_failed, tap_failed);
	return tap_failed || !tap_run || tap_run != planned;
}

#endif
