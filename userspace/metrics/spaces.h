/* SPDX-License-Identifier: GPL-2.0 */
/* Network namespaces as values of the label netns. */
#ifndef CONNTRIAGE_METRICS_SPACES_H
#define CONNTRIAGE_METRICS_SPACES_H

#include <stddef.h>

#include "snapshot.h"

#define SPACE_OWN	"host"	/* that of the reader */
#define SPACE_OTHER	"other"	/* all those that have no series of their own */
#define SPACE_WORD	96	/* bytes of a label */

/* A namespace with its series, or all others */
struct space {
	char label[SPACE_WORD];
	int64_t netns;			/* inode; 0: of many, UNKNOWN: not told */
	struct netns_row row;		/* counters; of many, the sums of what is known */
	bool unlimited;			/* one of them has no limit */
	struct census_row total;	/* likewise; what is UNKNOWN is in no census */
};

struct spaces {
	struct space *space;		/* own first, then the fullest; the others last */
	size_t nr;
	size_t summed;			/* namespaces in the last one, or 0 */
};

/**
 * spaces_begin() - the namespaces that track connections
 * @most: that may have series of their own, at least 1; if there are more, the last of
 *	these is all others
 *
 * Without the module: the reader's own, as the kernel's files tell it.
 */
void spaces_begin(struct spaces *l, const struct snapshot *s, size_t most);

/** spaces_free() - free what it holds */
void spaces_free(struct spaces *l);

/**
 * space_label() - what a namespace is called
 * @label: takes SPACE_WORD bytes: SPACE_OWN; its name; its inode, where it has none; and
 *	both, with ":" between, where the name alone could be taken for another
 *
 * No two namespaces have the same.
 */
void space_label(const struct snapshot *s, int64_t netns, char *label);

#endif
