/* SPDX-License-Identifier: GPL-2.0 */
/* What has begun or ended since the last look at a host. */
#ifndef CONNTRIAGE_WATCH_EVENTS_H
#define CONNTRIAGE_WATCH_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/finding.h"
#include "snapshot.h"

#define EVENTS_QUIET	60	/* s without a loss that end an incident, as in the module */
#define EVENTS_MOST	80	/* that one look can give: two for each row, and a few */

enum event_kind { EVENT_BEGUN, EVENT_ENDED };

extern const char *const event_word[];

/* An incident that has begun, or ended; what isn't known is UNKNOWN */
struct change {
	enum event_kind kind;
	int64_t incident;	/* its number in the module; UNKNOWN: told without it */
	int64_t netns;		/* inode of the fullest namespace */
	int64_t began;		/* s since 1970 UTC */
	int64_t seconds;	/* that it has lasted */
	int64_t refused, evicted;
};

/* What the next look is compared with; all zero before the first one */
struct events {
	bool looked;
	bool by_module;
	int64_t uptime;		/* of the module, s */
	int64_t last;		/* number of the newest incident that was seen */
	bool lasts;		/* one was told that has not ended */
	struct change open;	/* that one */
	struct ct_stat stat;
	int64_t lost_at;	/* when something was lost, as @now of events_compare() */
};

/** events_by_module() - whether the module tells incidents, in a snapshot */
bool events_by_module(const struct snapshot *s);

/**
 * events_compare() - what has changed since the last look
 * @e: what is known of that; brought up to date
 * @s: of this look; the files of the module are enough
 * @worst: how bad a diagnosis finds it; means nothing where the module tells incidents
 * @now: s of a clock that doesn't jump
 * @wall: s since 1970 UTC
 * @out: takes EVENTS_MOST
 *
 * With the module its incidents are told: what had ended before the first look is the
 * past. Without it, an incident begins when a diagnosis is critical, or the kernel
 * counts losses, and ends when neither was so for EVENTS_QUIET.
 *
 * Return: how many there are in @out, in the order in which they came.
 */
size_t events_compare(struct events *e, const struct snapshot *s, enum severity worst,
		      int64_t now, int64_t wall, struct change *out);

#endif
