/* SPDX-License-Identifier: GPL-2.0 */
/* Clocks, and moments as people type them. */
#ifndef CONNTRIAGE_LIB_MOMENT_H
#define CONNTRIAGE_LIB_MOMENT_H

#include <stdint.h>
#include <time.h>

/** clock_ms() - ms by a clock such as CLOCK_MONOTONIC */
int64_t clock_ms(clockid_t clock);

/* What moment_ago() takes, for the errors of those who call it */
#define MOMENT_FORMS	"03:12, \"2026-11-23 03:12\" or 10min ago"

enum moment_fault { MOMENT_OK, MOMENT_WRONG, MOMENT_NO_CLOCK };

/**
 * moment_ago() - how long before now a moment was
 * @word: "HH:MM[:SS]", the last such moment; "YYYY-MM-DD [HH:MM[:SS]]", both in local
 *	time; or "10min ago", "-2h", "1h30min ago"
 * @now: s since 1970; UNKNOWN: only the last form has an answer, else MOMENT_NO_CLOCK
 * @ago: set to seconds; negative: it is still to come
 */
enum moment_fault moment_ago(const char *word, int64_t now, int64_t *ago);

#endif
