/* SPDX-License-Identifier: GPL-2.0 */
/* Who sets a setting beside the boot files, and how it is changed there. */
#ifndef CONNTRIAGE_JUDGE_WRITER_H
#define CONNTRIAGE_JUDGE_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/tables.h"
#include "lib/lines.h"
#include "snapshot.h"

struct writer {
	const struct written *w;	/* NULL: nobody is known */
	const char *name;		/* "kube-proxy" */
	char where[320];		/* "--conntrack-min" or "KEY in FILE, line 3" */
	bool holds;			/* what it writes is what the setting is now */
};

/**
 * writer_of() - who sets a setting
 * @sysctl: its name without "nf_conntrack_"
 *
 * Of several the one whose number is in force, else the first.
 */
struct writer writer_of(const struct snapshot *s, const char *sysctl);

/**
 * writer_change() - lines that say how to make it @value where that program has it
 *
 * Comments: such a file belongs to somebody else.
 */
void writer_change(struct lines *l, const struct writer *by, int64_t value);

/**
 * writer_explains() - why a setting isn't what the boot files make it
 *
 * A known program has set it, or, of the maximum, something has lowered it.
 */
bool writer_explains(const struct snapshot *s, const struct ct_sysctl *c);

/**
 * writer_took_room() - whether a program's maximum is all that is wrong with a table
 *
 * What the boot files set would hold the table's work, with room to spare.
 */
bool writer_took_room(const struct tables *ts, const struct netns_table *n);

#endif
