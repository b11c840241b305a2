/* SPDX-License-Identifier: GPL-2.0 */
/* Who sets a setting beside the boot files, and how it is changed there. */
#ifndef CONNTRIAGE_FIX_WRITER_H
#define CONNTRIAGE_FIX_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "fix/steps.h"
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

/** writer_wins() - whether what it writes comes after the boot files */
bool writer_wins(const struct writer *by);

/**
 * writer_change() - for good: how to make it @value where that program has it
 *
 * In words: such a file belongs to somebody else.
 */
void writer_change(struct steps *st, const struct writer *by, int64_t value);

#endif
