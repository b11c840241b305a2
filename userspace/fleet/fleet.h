/* SPDX-License-Identifier: GPL-2.0 */
/* Captured trees of many hosts beside each other: who has what, and what they share. */
#ifndef CONNTRIAGE_FLEET_FLEET_H
#define CONNTRIAGE_FLEET_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct fleet_request {
	char *const *dir;	/* captured trees, or directories of such */
	size_t nr;
	bool all, json;		/* all findings of each host; JSON */
};

/**
 * fleet_run() - read, judge and show them
 *
 * One tree is in memory at a time; of each, a few facts are kept.
 *
 * Return: the exit status: 3 where a tree can't be read, or a file of it, else that of
 * the worst host.
 */
int fleet_run(const struct fleet_request *ask, FILE *out);

#endif
