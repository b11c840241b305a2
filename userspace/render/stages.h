/* SPDX-License-Identifier: GPL-2.0 */
/* Tables of entries by the stages of a connection's life, and of who has most. */
#ifndef CONNTRIAGE_RENDER_STAGES_H
#define CONNTRIAGE_RENDER_STAGES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "snapshot.h"

/* One of those that have most of something */
struct heaviest_row {
	const char *name;
	int64_t netns, count, err;
	int64_t sources, dests, ports;	/* about so many, or UNKNOWN */
	const int64_t *stage;		/* STAGES numbers, or NULL */
};

/**
 * stages_table() - how many entries are in which stage; none of those of none
 * @stage: STAGES numbers
 *
 * Return: 0, or -1 where @out took an error.
 */
int stages_table(const int64_t *stage, FILE *out);

/**
 * heaviest_table() - who has most, and in which stages
 * @head, @count: what the columns of names and of numbers are called
 * @row: as they shall stand, @nr of them
 *
 * 80 columns: of namespaces, errors, peers and stages only those columns that
 * tell something of one row at least, and a name that is too long for its
 * column has a line of its own. Return: 0, or -1 where @out took an error.
 */
int heaviest_table(const struct snapshot *s, const char *head, const char *count,
		   const struct heaviest_row *row, size_t nr, FILE *out);

/* What the stages of heaviest_table() are, in prose */
void heaviest_legend(FILE *out);

#endif
