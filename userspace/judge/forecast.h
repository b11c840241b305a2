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

/**
 * forecast_pace() - how fast a namespace's table grows now
 * @netns: history names the fullest namespace of each second: this one has to be it
 * @pace: set to entries a second, over the last ten
 *
 * Return: false where it doesn't grow, has ceased to, or grows by no more than it goes
 * up and down anyway, or where that isn't known.
 */
bool forecast_pace(const struct snapshot *s, int64_t netns, double *pace);

#endif
