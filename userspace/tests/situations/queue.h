/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table as a queue, second by second: arrivals, timeouts, evictions, refusals,
 * the worker. What is kept is how many of each flow are in which part of their
 * lives; whose they are is for members.c.
 */
#ifndef CONNTRIAGE_SITUATIONS_QUEUE_H
#define CONNTRIAGE_SITUATIONS_QUEUE_H

#include "snapshot.h"
#include "tests/situations/situation.h"

#define WARM_UP		330	/* s that nobody sees */
#define RECORDED	600	/* s of history */
#define WINDOW		10	/* s, of the source table */

/* Entries with one timeout, by the second in which they came */
struct cohorts {
	size_t at;		/* of struct queue's store */
	int timeout;		/* s; 0: there are none */
	double sum;
};

/* Events of one kind */
struct seen {
	double total;		/* since the module was loaded */
	double recent;		/* in this window and the last */
	double rate;		/* decaying mean, 10 s */
	int first_ago, last_ago;	/* s; -1: never */
};

enum event { INSERTED, REFUSED, EVICTING, INVALID, EVICTED, EVENTS };

/* In the order of "kinds" of the class "evicted" */
enum victim_kind { V_WAITING, V_UNANSWERED, V_HALF_OPEN, V_ONCE, V_CLOSING, V_LIVE, VICTIM_KINDS };

struct flow_state {
	/* With the timeouts at first, and with those that a lever has set */
	struct cohorts wait[2], close[2];
	double talking, silent, expired;
	double retry[32];	/* refused ones, by the second in which they come again */
	double keep;		/* of its arrivals: a lever's */
	double most;		/* arrivals a second: a lever's limit; 0: none */
	struct seen seen[EVENTS];
	double victims[2][VICTIM_KINDS];	/* by early_drop, by the worker; since load */
	double invalid[8];	/* since load */
};

struct second {
	double count, inserts, evictions, gc_evictions, refusals, invalid;
	double newcomers;	/* sources that came once, so far */
};

struct queue {
	const struct situation *s;
	struct chance chance;
	double max;
	struct flow_state flow[MOST_FLOWS];
	double alive_evictable, alive_closing;	/* factors: what is left of old cohorts */
	int clock;		/* s since the play began */
	int next_gc;
	double refused_since_gc;
	double newcomers;
	struct second now;
	struct second history[RECORDED];
	int pressed_for;	/* s before the question that losses began; 0: within the play */
	double *store;
	size_t used;
};

/** queue_begin() - the table when the play begins, as if all had always been there */
void queue_begin(struct queue *q, const struct situation *s);

/** queue_until() - play until so many seconds before the question; 0: the question */
void queue_until(struct queue *q, int ago);

/** queue_copy() - another one that goes on where @from is, with its own store */
void queue_copy(struct queue *q, const struct queue *from);

/** queue_second() - play one second more; what the module counts stays */
void queue_second(struct queue *q);

/** queue_count() - entries, expired ones too */
double queue_count(const struct queue *q);

/** queue_relax() - what comes from now on to @f's wait or close has another timeout */
void queue_relax(struct queue *q, int flow, bool close, int timeout);

/** cohorts_by_age() - entries by how long ago they came
 * @each: called for each second with entries
 */
void cohorts_by_age(const struct queue *q, const struct cohorts *c, double alive,
		    void (*each)(void *to, int age, double entries), void *to);

/** queue_free() - free the store */
void queue_free(struct queue *q);

#endif
