// SPDX-License-Identifier: GPL-2.0
/* All series of a snapshot, and how many there may be. */
#include "lib/numbers.h"
#include "metrics/metrics.h"
#include "metrics/parts.h"
#include "metrics/write.h"
#include "read/read.h"

unsigned int metrics_parts(const struct metrics_request *ask)
{
	if (ask->census)
		return READ_ALL;
	return ask->top ? 0 : READ_FAST | READ_METRICS;
}

/*
 * What the limit has no room for are namespaces: each has the same series, and those of
 * the rest are summed up. All else has a bound of its own.
 */
static void add_spaces(struct series *l, const struct snapshot *s, bool census)
{
	size_t each = spaces_series(census);
	struct spaces spaces;

	spaces_begin(&spaces, s, (METRICS_SERIES - 1 - l->nr) / each);
	series_spaces(l, s, &spaces, census);
	series_count(l, FAMILY_DROPPED, spaces.summed * each, NULL);
	spaces_free(&spaces);
}

int metrics_write(const struct snapshot *s, const struct findings *f,
		  const struct metrics_request *ask, FILE *out)
{
	struct series l = { .nr = 0 };

	series_module(&l, s, ask);
	series_table(&l, s);
	if (f && ask->census)
		series_findings(&l, f, ask);
	if (ask->top > 0)
		series_sources(&l, s, ask->top);
	add_spaces(&l, s, ask->census);
	if (ask->openmetrics)
		write_openmetrics(&l, out);
	else
		write_text(&l, out);
	series_free(&l);
	return ferror(out) ? -1 : 0;
}
