/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One namespace's table, looked at once or twice: what it holds, and who opened what
 * came meanwhile. Where entries come from (the kernel, a capture, a text), others know.
 */
#ifndef CONNTRIAGE_ENTRIES_LOOKS_H
#define CONNTRIAGE_ENTRIES_LOOKS_H

#include <stdbool.h>

#include "entries/entry.h"
#include "entries/timeouts.h"
#include "snapshot.h"

/* What the kernel counted at one moment; UNKNOWN where it doesn't tell */
struct look {
	int64_t at;			/* ms of some clock */
	int64_t count;
	struct ct_stat stat;
};

#define LOOKS_MOST	64		/* moments that are kept: one a second, a minute at most */

struct looks;

/**
 * looks_begin() - look at a namespace's table
 * @t: timeouts in force there
 * @entries: about so many are there
 */
struct looks *looks_begin(const struct timeouts *t, int64_t entries);

/**
 * looks_once() - there will be one look alone
 *
 * What waits for an answer gets no packet that would renew its timeout, but for one that
 * is sent again; so its silence is its age, and the young ones tell who opens connections.
 */
void looks_once(struct looks *l);

/** looks_soon() - an entry will come soon, in either look */
void looks_soon(const struct looks *l, struct entry *e);

/** looks_first() - an entry of the first look, where there will be a second */
void looks_first(struct looks *l, struct entry *e);

/**
 * looks_last() - an entry of the look that counts: the only one, or the second
 * @e: ->arrived and ->newcomer are filled in, where there was a first
 * @sample: the first look went no further than a part of the table
 *
 * Return: false where @sample, and the end of that part is reached: what comes now wasn't
 * looked at before, whether it is new or not.
 */
bool looks_last(struct looks *l, struct entry *e, bool sample);

/** looks_remember() - note what the look that counts has, for a later one of the same table */
void looks_remember(struct looks *l);

struct earlier;

/** looks_memory() - take what was noted, for earlier_free() or looks_recall(); or NULL */
struct earlier *looks_memory(struct looks *l);

/** looks_recall() - the first look was another reading's: @e of looks_memory(), at @first */
void looks_recall(struct looks *l, struct earlier *e, const struct look *first);

/** looks_moment() - note what the kernel counts now */
void looks_moment(struct looks *l, const struct look *at);

/** looks_moments() - all that were noted */
const struct look *looks_moments(const struct looks *l, size_t *nr);

/* What is known of the namespace besides, and of the lists */
struct looked {
	int64_t netns, max;
	int64_t listed;			/* entries in the last list */
	bool init;			/* it is the initial namespace */
	double each;			/* each entry stands for so many */
	int64_t expired;		/* see struct dump */
	bool twice;			/* there were two looks */
};

/** looks_end() - fill a snapshot's rows of this namespace, and free all */
void looks_end(struct looks *l, const struct looked *is, struct snapshot *s);

/** looks_free() - free all, as the namespace is gone */
void looks_free(struct looks *l);

#endif
