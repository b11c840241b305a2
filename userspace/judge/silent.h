/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entries that have been silent for long: what a shorter timeout would free, and
 * how those go that it comes too late for.
 */
#ifndef CONNTRIAGE_JUDGE_SILENT_H
#define CONNTRIAGE_JUDGE_SILENT_H

#include <stdbool.h>
#include <stdint.h>

#include "fix/fix.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/tables.h"

/* Entries that nobody waits for any more */
struct silent {
	const char *what;	/* "TCP connection" */
	const char *select;	/* conntriage-delete's options for their kind */
	bool first;		/* before the timeout is lowered, as the next lines do */
	int64_t at_least;	/* s of silence */
	int64_t left;		/* s: less than this is left of their timeout */
	int64_t spared;		/* s: those with less have another, shorter timeout */
};

/**
 * silent_make_room() - commands that free room until a lower timeout works
 *
 * A lower timeout spares the entries that are silent already: they keep their
 * old deadline, so the room has to come from elsewhere. They aren't a flood, so
 * a bigger table may help. These commands go before the one that lowers the
 * timeout: from then on all that speaks has little left as well.
 *
 * @e: takes what they do, but for the deletion itself, as @s doesn't tell the stream
 *
 * Return: whether it deletes them.
 */
bool silent_make_room(const struct tables *ts, const struct netns_table *n,
		      struct fix *x, const struct silent *s, struct effect *e);

/**
 * silent_tcp() - delete established TCP connections that are silent for two hours
 * @where: conntriage-delete(8)'s options for whose, or ""
 * @nr: how many there are
 * @e: takes what the commands do
 *
 * No sooner: RFC 5382 asks for 2 hours 4 minutes, and TCP keepalives come every two
 * hours by default.
 *
 * Return: false where nothing is deleted: their timeout is no longer than that.
 */
bool silent_tcp(const struct tables *ts, const struct netns_table *n, struct fix *x,
		const char *where, int64_t nr, struct effect *e);

/** silent_cure() - evidence and cure for silent TCP connections of everybody */
void silent_cure(const struct tables *ts, const struct netns_table *n,
		 struct fix *x, struct finding *f);

#endif
