/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the commands of a finding do to a table, in streams: written down beside the
 * commands, so that what is predicted is what they do.
 */
#ifndef CONNTRIAGE_JUDGE_EFFECT_H
#define CONNTRIAGE_JUDGE_EFFECT_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/streams.h"

struct netns_table;
struct group;

struct effect {
	const struct netns_table *n;	/* NULL: nothing of it is known */
	int64_t within;			/* s; 0: nothing is predicted */
	double met[STREAMS];		/* of what comes, the part that is turned away */
	double limited[STREAMS];	/* of that, so many a second are let in */
	double gone[STREAMS];		/* entries deleted */
	double stay[STREAMS];		/* s, a new timeout; 0: the old one */
	int64_t max, buckets;		/* new ones; 0: the old ones */
	bool reaps;			/* what is over goes as well */
};

/* Which entries a command means */
enum effect_of { EFFECT_ALL, EFFECT_BARREN };

/* "No such limit": all are turned away. */
#define EFFECT_NONE	0

/** effect_begin() - nothing yet
 * @within: s until what it does has settled; 0: no prediction
 */
void effect_begin(struct effect *e, const struct netns_table *n, int64_t within);

/** effect_turn_away() - new connections of a group get no entry
 * @limit: but so many a second; or EFFECT_NONE
 */
void effect_turn_away(struct effect *e, const struct group *g, enum effect_of of,
		      int64_t limit);

/** effect_delete() - entries of a group go */
void effect_delete(struct effect *e, const struct group *g, enum effect_of of);

/** effect_delete_all() - all entries of a stream go */
void effect_delete_all(struct effect *e, enum stream stream);

/** effect_turn_away_all() - nothing more comes to a stream */
void effect_turn_away_all(struct effect *e, enum stream stream);

/** effect_delete_state() - all entries of a state of the census go */
void effect_delete_state(struct effect *e, const struct census_row *state);

/** effect_delete_older() - those of it that are older than so many seconds */
void effect_delete_older(struct effect *e, const struct census_row *state, int64_t age);

/** effect_delete_silent() - so many of the silent go */
void effect_delete_silent(struct effect *e, double entries);

/** effect_timeout() - a timeout by its key is so many seconds */
void effect_timeout(struct effect *e, const char *key, int64_t seconds);

/** effect_add() - the commands of @more are typed after those of @e */
void effect_add(struct effect *e, const struct effect *more);

#endif
