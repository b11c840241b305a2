/* SPDX-License-Identifier: GPL-2.0 */
/* When the fullest table will be full, where it grows at all. */
#ifndef CONNTRIAGE_JUDGE_FORECAST_H
#define CONNTRIAGE_JUDGE_FORECAST_H

#include <stdbool.h>

#include "snapshot.h"

struct forecast {
	int64_t netns;		/* the fullest namespace, or UNKNOWN */
	int64_t count, max;	/* entries now, and its limit */
	double growth, error;	/* entries a second, and half of its 95 % interval */
	int64_t window;		/* s that the growth was measured over */
	int64_t seconds;	/* until it is full, at that growth */
	int64_t earliest, latest;	/* s, of the 95 % interval */
};

/**
 * forecast() - the time until the fullest table is full
 * @s: its history, and history_minutes for what grows slowly
 * @f: filled, where there is something to say
 *
 * Return: false where the table is full, or doesn't grow, or where the growth
 * can't be told from chance or from how the table swings anyway.
 */
bool forecast(const struct snapshot *s, struct forecast *f);

#endif
