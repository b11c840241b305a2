/* SPDX-License-Identifier: GPL-2.0 */
/* A path that this host sees one direction of. */
#ifndef CONNTRIAGE_JUDGE_ONEWAY_H
#define CONNTRIAGE_JUDGE_ONEWAY_H

#include <stdbool.h>

#include "judge/actors.h"
#include "judge/occupancy.h"
#include "judge/tables.h"
#include "judge/verdict.h"

/*
 * A source whose packets don't fit what conntrack saw of its connections: it
 * acknowledges a SYN-ACK that passed elsewhere, or sends SYN-ACKs to a SYN that did.
 * A flood sends none.
 */
bool oneway_odd(const struct actor *a);

/* A source whose entries are a server's answers to what passed elsewhere, by their ports. */
bool oneway_answers(const struct group *g);

/* Much of what nobody answered is of such sources. */
bool oneway_is_much(const struct netns_table *n);

/**
 * oneway_find() - one direction of much passes elsewhere, as its packets say
 * @left: entries that nobody answered
 * @p: takes the part
 */
bool oneway_find(const struct netns_table *n, const struct occupancy *o, double left,
		 struct part *p);

/**
 * oneway_suspected() - whether the same may be true of TCP where nobody knows whose INVALID
 *	packets are
 * @left: entries that nobody answered
 *
 * There is at least one for each connection that is seen from one side: the client's
 * acknowledgment, or the server's SYN-ACK. Whoever floods sends none, but others may.
 */
bool oneway_suspected(const struct netns_table *n, double left);

/**
 * oneway_set_aside() - then nobody is accused of TCP who opens no more than that many: his
 *	entries count as taken
 */
void oneway_set_aside(const struct netns_table *n);

/** oneway_suspect() - what is left then, as a part */
void oneway_suspect(const struct occupancy *o, double left, struct part *p);

/** oneway_midstream() - the same by what was picked up in the middle, and stays */
bool oneway_midstream(const struct occupancy *o, double left, struct part *p);

/** oneway_everybody() - many who come back, and hardly one is answered: the way itself */
bool oneway_everybody(const struct occupancy *o, double left, struct part *p);

#endif
