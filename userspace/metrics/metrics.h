/* SPDX-License-Identifier: GPL-2.0 */
/* What is known of a host as series for Prometheus. */
#ifndef CONNTRIAGE_METRICS_METRICS_H
#define CONNTRIAGE_METRICS_METRICS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "judge/finding.h"
#include "snapshot.h"

#define METRICS_SERIES	2000	/* at most; namespaces give way, see metrics/README.md */
#define METRICS_TOP	64	/* sources of an event; the module lists as many */

struct metrics_request {
	bool openmetrics;
	bool census;		/* a census was read and findings are judged of it */
	int64_t top;		/* sources; 0: no address is told */
	int64_t read_at, census_at;	/* s since 1970; UNKNOWN */
};

/**
 * metrics_parts() - what of a host the series that are asked for are made of
 *
 * Return: READ_* flags for read_snapshot(). Nothing walks the table but with @ask->census,
 * and nobody's name is looked up but with @ask->top.
 */
unsigned int metrics_parts(const struct metrics_request *ask);

/**
 * metrics_write() - all series, in the text format 0.0.4 or as OpenMetrics 1.0
 * @s: read with metrics_parts() or more
 * @f: what diagnose() made of @s, with its census; NULL: nothing was judged
 * @out: whole lines; an error of it is left for ferror()
 *
 * What isn't known has no series. Return: 0, or -1 where @out took an error.
 */
int metrics_write(const struct snapshot *s, const struct findings *f,
		  const struct metrics_request *ask, FILE *out);

#endif
