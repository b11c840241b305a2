/* SPDX-License-Identifier: GPL-2.0 */
/* What happened from picture to picture, where no module records it. */
#ifndef CONNTRIAGE_TOP_GROWTH_H
#define CONNTRIAGE_TOP_GROWTH_H

#include <stddef.h>
#include <stdint.h>

#include "snapshot.h"

#define GROWTH_MOST	600	/* pictures that are kept: as many seconds as the module keeps */

struct moment {
	int64_t at;		/* ms since 1970 */
	int64_t netns, count, max;
	struct ct_stat stat;
};

struct growth {
	struct moment moment[GROWTH_MOST];
	size_t nr, next;	/* where the next one goes */
};

/** growth_note() - remember what the kernel counts at @at */
void growth_note(struct growth *g, const struct snapshot *s, int64_t at);

/**
 * growth_tell() - give a snapshot the history of what was noted
 *
 * Rows as the module's, but for what only it tells: UNKNOWN. In place of what it has; and
 * a row of its namespace, where there is none. Nothing is done before there are two moments.
 */
void growth_tell(const struct growth *g, struct snapshot *s);

#endif
