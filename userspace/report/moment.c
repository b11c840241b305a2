// SPDX-License-Identifier: GPL-2.0
/* Moments: of the snapshot, and before it. */
#include <stdio.h>
#include <time.h>

#include "lib/numbers.h"
#include "lib/words.h"
#include "report/sections.h"

int64_t report_moment(const struct snapshot *s)
{
	if (s->captured.known && s->captured.date != UNKNOWN)
		return s->captured.date;
	return *s->root ? UNKNOWN : time(NULL);
}

const char *report_when(const struct snapshot *s, int64_t ago, const char *format)
{
	char *out = word_buffer();

	if (ago == UNKNOWN) {
		snprintf(out, WORD_SIZE, "-");
	} else if (report_moment(s) == UNKNOWN) {
		snprintf(out, WORD_SIZE, ago ? "%s ago" : "now", short_time(ago));
	} else {
		local_time(minus(report_moment(s), ago), format, out, WORD_SIZE);
	}
	return out;
}
