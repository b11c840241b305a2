/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A host that is looked at again and again: what is known of it, brought up to date, and
 * judged again each time.
 */
#ifndef CONNTRIAGE_LOOK_LOOK_H
#define CONNTRIAGE_LOOK_LOOK_H

#include <stdint.h>

#include "judge/finding.h"
#include "snapshot.h"

struct look {
	struct snapshot s;
	struct findings findings;	/* of it */
	int64_t at;			/* ms since 1970: the last reading; UNKNOWN: none yet */
	int64_t whole_at, minutes_at, census_at;	/* likewise, those that had these */
	int64_t census_lasts;		/* ms: an older census isn't judged with the rest */
};

/** look_now() - ms since 1970 */
int64_t look_now(void);

/** look_begin() - nothing is known yet; see struct look for @census_lasts */
void look_begin(struct look *l, int64_t census_lasts);

/**
 * look_take() - bring it up to date, and judge it
 * @now: was read with @parts: READ_* flags; without READ_FAST it is the whole host. Empty
 *	then
 * @at: when that was, in ms since 1970
 *
 * What @parts leaves out stays as it was; a census until the next one.
 */
void look_take(struct look *l, struct snapshot *now, unsigned int parts, int64_t at);

/** look_end() - free what it holds */
void look_end(struct look *l);

#endif
