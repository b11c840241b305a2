/* SPDX-License-Identifier: GPL-2.0 */
/* How fast a table was offered entries. */
#ifndef CONNTRIAGE_JUDGE_PACE_H
#define CONNTRIAGE_JUDGE_PACE_H

#include "judge/tables.h"

/*
 * Of refused SYNs: TCP sends one again after 1, 3 and 7 s (tcp_input.c, RFC 6298). Who
 * waits for 3 s sends 3 for one connection, who waits for 7 s sends 4.
 */
#define SENT_AGAIN	0.7

/* What history says of some seconds, a second */
struct pace {
	double seconds;		/* that are known; 0: none, and nothing else is */
	double inserts, refusals, evictions, worker;
	double lost;		/* of what asked for an entry, the part that got none */
};

/**
 * pace_of() - of the seconds from @from s ago back to @from + @window s ago
 *
 * The worker frees room in bursts, so each estimate needs the pace of its own time.
 */
struct pace pace_of(const struct tables *ts, const struct netns_table *n, double from,
		    double window);

#endif
