/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A table as streams of entries: how many of a kind there are, how many more are
 * offered a second, and how long each stays. What it will hold follows from these
 * (Little 1961); refill.c calculates it.
 */
#ifndef CONNTRIAGE_JUDGE_STREAMS_H
#define CONNTRIAGE_JUDGE_STREAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/occupancy.h"
#include "judge/tables.h"
#include "snapshot.h"

enum stream {
	/* a connection begins with one of these, and waits for so long at most */
	STREAM_SYN_SENT, STREAM_SYN_RECV, STREAM_MIDSTREAM, STREAM_UDP_UNREPLIED,
	STREAM_ICMP_UNREPLIED, STREAM_UDP_REPLIED, STREAM_ICMP_REPLIED,
	/* what talked ends in one of these */
	STREAM_TIME_WAIT, STREAM_FIN_WAIT, STREAM_CLOSE_WAIT, STREAM_LAST_ACK, STREAM_CLOSE,
	STREAM_TALKING, STREAM_SILENT,
	STREAMS
};

struct stream_now {
	const struct census_row *row;	/* or NULL: their ages aren't known */
	double held;		/* entries */
	double in;		/* that came a second */
	double offered;		/* that would come if none were refused */
	double peak;		/* of what closes, that came a second when most came lately */
	double stay;		/* s, of a timeout that nothing renews */
};

/* Connections that ended all at once: a server was restarted, a path failed */
struct restart {
	double until, since;	/* s ago: between these */
	double ended;		/* connections; 0: there was no such thing */
	double stay;		/* s, of their entries since then */
	double again;		/* that still ask to come again */
};

/* Of one namespace */
struct streams {
	struct stream_now of[STREAMS];
	double expired;		/* entries that are over and still stand there */
	double rest;		/* entries of no stream */
	double ends;		/* of the talking ones, the part that ends in a second */
	double passed;		/* s since the kernel's worker came; UNKNOWN */
	double refused;		/* connections a second that are refused, with repetitions */
	struct restart restart;
};

extern const char *const stream_keys[STREAMS];	/* the timeout that rules it, or NULL */

/** stream_waits() - it begins a connection that then waits for a timeout */
bool stream_waits(enum stream stream);
/** stream_closes() - it ends a connection of TCP */
bool stream_closes(enum stream stream);
/** stream_barren() - nobody answered it, or its client never completed it */
bool stream_barren(enum stream stream);

/**
 * streams_measure() - into @n->streams, after verdict_decide()
 *
 * Those that came lately still stand there with their age (the census' silence), so
 * entries tell arrivals. free() it.
 */
void streams_measure(const struct tables *ts, struct netns_table *n);

/** stream_younger() - entries of a stream that came within the last @age s */
double stream_younger(const struct stream_now *s, double age);

/** stream_share() - the part of a stream's entries that a group has, 0 to 1 */
double stream_share(const struct netns_table *n, const struct group *g, enum stream stream);

#endif
