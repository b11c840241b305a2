/* SPDX-License-Identifier: GPL-2.0 */
/* The sources of a snapshot: who does how much of what, in which namespace. */
#ifndef CONNTRIAGE_JUDGE_ACTORS_H
#define CONNTRIAGE_JUDGE_ACTORS_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/tables.h"
#include "snapshot.h"

#define LIST_ROWS	64	/* of a class in the file "sources" (kmod/snapshot.h, CTRI_TOP) */
#define RATE_HALF_LIFE	8.0	/* s, of the module's rates (kmod/table_math.c, CTRI_HALF_LIFE) */

/**
 * actors_collect() - fill @ts->actor and hand each namespace its share of it
 *
 * What a namespace is offered is what its heavy sources offer. What history
 * counts beyond these is taken for the fullest namespace's: it is most likely
 * its own, and of the others nobody would look at it. level_losses() comes
 * before.
 */
void actors_collect(struct tables *ts);

/* The source with most events of a class now, or NULL. */
const struct actor *actors_top(const struct netns_table *n, enum source_class class);
/* The one that holds most entries, or NULL. */
const struct actor *actors_holder(const struct netns_table *n);

/**
 * actors_spread() - over how many sources the new connections are spread
 *
 * As many sources with equal shares of them have the entropy of these. The real
 * number is at least that.
 */
double actors_spread(const struct tables *ts, const struct netns_table *n);

/* Events of a class in the module's window; since the source was first seen */
int64_t actor_recent(const struct actor *a, enum source_class class);
int64_t actor_count(const struct actor *a, enum source_class class);
/* Events of a class a second, as they are now */
double actor_rate(const struct actor *a, enum source_class class);

/* The protocol that most events of a class are of, or "". */
const char *actor_proto(const struct actor *a, enum source_class class);
/* How many events of a row are of a kind. */
int64_t row_kind(const struct source_row *row, const char *kind);
/* Of all events of a row, those of a kind: 0 to 1. */
double row_part(const struct source_row *row, const char *kind);
/* Likewise, of a class */
double actor_part(const struct actor *a, enum source_class class,
		  const char *kind);

/*
 * Mostly INVALID packets, as far as they were judged, and not such as either end
 * of a real connection sends when its other direction passes elsewhere. A full table
 * refuses before it judges: what it refuses of this source was no connection, either.
 */
bool actor_sends_invalid(const struct actor *a);
/*
 * It sends SYN-ACKs to requests that this host didn't see or has lost: a server,
 * which answers. Whatever else of it is INVALID, it is not to blame.
 */
bool actor_answers(const struct actor *a);
/* Real clients get answers: most of what it holds was answered. */
bool actor_real(const struct actor *a);
#endif
