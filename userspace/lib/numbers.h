/* SPDX-License-Identifier: GPL-2.0 */
/* Sums of numbers that files tell: any may be missing, or as large as it likes. */
#ifndef CONNTRIAGE_LIB_NUMBERS_H
#define CONNTRIAGE_LIB_NUMBERS_H

#include <stdint.h>

#define UNKNOWN		INT64_MIN	/* a number that a host doesn't tell */

/* How many items an array has */
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* UNKNOWN counts as 0. */
static inline int64_t known(int64_t n)
{
	return n == UNKNOWN ? 0 : n;
}

/* Sums stop at the ends of the type, and are never UNKNOWN. */
static inline int64_t plus(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(known(a), known(b), &sum))
		return b < 0 ? INT64_MIN + 1 : INT64_MAX;
	return sum;
}

static inline int64_t minus(int64_t a, int64_t b)
{
	return plus(a, -known(b));
}

/* In percent; 0 where there is no whole. */
static inline double share(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

#endif
