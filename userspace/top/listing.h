/* SPDX-License-Identifier: GPL-2.0 */
/* The rows of a list: a snapshot's numbers by whom they are of, sorted and filtered. */
#ifndef CONNTRIAGE_TOP_LISTING_H
#define CONNTRIAGE_TOP_LISTING_H

#include <stddef.h>
#include <stdint.h>

#include "snapshot.h"
#include "top/scene.h"
#include "top/view.h"

struct listed {
	struct identity who;
	double now[METRICS];	/* a second, but entries; NAN: not known */
	int64_t total[METRICS];	/* since it is listed; UNKNOWN */
	const struct source_row *of[SRC_CLASSES];	/* or NULL */
	const struct census_row *census;		/* or NULL */
	const struct netns_row *netns;			/* of LIST_NAMESPACES */
};

struct listing {
	struct listed *row;	/* as they stand on the screen, the first ones maybe above it */
	size_t nr;
	size_t all;		/* that there are without the filter */
};

/**
 * listing_build() - the rows as the view wants them
 *
 * A selected row keeps its line on the screen, wherever its numbers would put it; one
 * that nothing is known of any more stands there without numbers. @v->scroll and ->line
 * are brought within what there is.
 * @lines: of the screen that the list has
 */
void listing_build(struct listing *l, const struct scene *sc, struct view *v, int lines);
void listing_free(struct listing *l);

/** listed_name() - what a row is called, for people; in a buffer of lib/words.h */
const char *listed_name(const struct snapshot *s, enum list_kind list, const struct identity *who);

/** listed_who() - whose it is, or what is to be said of it; "" */
const char *listed_who(const struct snapshot *s, enum list_kind list, const struct listed *row);

#endif
