/* SPDX-License-Identifier: GPL-2.0 */
/* What the recorder has by second or by minute, as columns of a chart. */
#ifndef CONNTRIAGE_REPORT_SERIES_H
#define CONNTRIAGE_REPORT_SERIES_H

#include <stdbool.h>

#include "snapshot.h"

#define SERIES_COLUMNS	144	/* at most; a day by ten minutes */

enum measure {
	MEASURE_ENTRIES, MEASURE_INSERTED, MEASURE_REFUSED, MEASURE_EVICTED, MEASURE_INVALID,
	MEASURES
};

struct series {
	int64_t step;		/* s that a column stands for */
	size_t nr;		/* columns; the last one ends now */
	/*
	 * The highest second of each column: entries, or events. NAN: not recorded.
	 */
	double value[MEASURES][SERIES_COLUMNS];
	double peak[MEASURES];	/* of all columns, or 0 */
	int64_t max;		/* entries that the table may have, or UNKNOWN */
	bool gaps;		/* some columns aren't recorded */
};

/**
 * series_minutes() - the last 24 hours, or as far back as there is a record
 *
 * Return: false where there is none.
 */
bool series_minutes(const struct snapshot *s, struct series *out);

/** series_seconds() - the last ten minutes, likewise */
bool series_seconds(const struct snapshot *s, struct series *out);

#endif
