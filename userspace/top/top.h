/* SPDX-License-Identifier: GPL-2.0 */
/* conntriage top: the table and who fills it, second by second. */
#ifndef CONNTRIAGE_TOP_TOP_H
#define CONNTRIAGE_TOP_TOP_H

#include <stdbool.h>
#include <stdint.h>

struct top_request {
	bool batch;		/* pictures as text, no keys */
	int64_t pictures;	/* then it ends; UNKNOWN: until it is ended */
	double delay;		/* s between two */
	const char *record, *replay;	/* files, or NULL; @replay may be a captured tree */
};

/**
 * top_run() - show pictures until somebody ends it
 * @root: "": this host
 * @resolve: ask the resolver for names
 *
 * Return: an exit status; what went wrong is said.
 */
int top_run(const struct top_request *r, const char *root, bool resolve);

#endif
