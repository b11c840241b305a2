/* SPDX-License-Identifier: GPL-2.0 */
/* Results in TAP 13, as kselftests print them. */
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

static inline void tap_begin(int planned)
{
	printf("TAP version 13\n1..%d\n", planned);
}

/* The exit status: 0 if as many tests ran as planned, and none failed. */
static inline int tap_end(int planned)
{
	printf("# Totals: pass:%d fail:%d\n", tap_run - tap_failed, tap_failed);
	return tap_failed || tap_run != planned;
}

#endif
