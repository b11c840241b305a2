/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of who has most entries or events, which the census and incidents share. */
#ifndef CONNTRIAGE_RENDER_HEAVIEST_H
#define CONNTRIAGE_RENDER_HEAVIEST_H

#include <stdint.h>
#include <stdio.h>

#include "render/list.h"
#include "snapshot.h"

/* One of those that have most of something */
struct heaviest_row {
	const char *phase;		/* of an incident, or NULL */
	const char *class;		/* what they are ranked by */
	char name[96];			/* as the module has it, a pair with its protocol */
	const struct program *program;	/* whose cgroup it is, or NULL */
	int64_t netns, count, err;
	int64_t sources, dests, ports;	/* about so many, or UNKNOWN */
	const int64_t *stage;		/* STAGES numbers, or NULL */
};

#define HEAVIEST_COLUMNS	18

struct heaviest_list {
	struct list list;
	struct list_column column[HEAVIEST_COLUMNS];
};

/**
 * heaviest_begin() - a list without rows yet
 * @head, @count: what the columns of names and of numbers are called
 *
 * 80 columns, if list.report is set: of namespaces, errors, peers and stages only those
 * columns that tell something of one row at least, and a name that is too long for
 * its column has a line of its own.
 */
void heaviest_begin(struct heaviest_list *h, const struct snapshot *s,
		    const struct list_request *ask, const char *command, const char *head,
		    const char *count);

/* What the stages are, in prose */
void heaviest_legend(FILE *out);

#endif
