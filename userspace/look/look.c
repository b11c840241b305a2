// SPDX-License-Identifier: GPL-2.0
/*
 * A host is read whole once, and then by the second only what changes by the second;
 * rules, names and boot files stay as they were.
 */
#include <string.h>
#include <time.h>

#include "judge/diagnose.h"
#include "lib/moment.h"
#include "lib/numbers.h"
#include "look/look.h"
#include "read/read.h"

int64_t look_now(void)
{
	return clock_ms(CLOCK_REALTIME);
}

void look_begin(struct look *l, int64_t census_lasts)
{
	memset(l, 0, sizeof(*l));
	l->at = l->whole_at = l->minutes_at = l->census_at = UNKNOWN;
	l->census_lasts = census_lasts;
}

/* A census of another time would be judged together with what is so now. */
static void judge(struct look *l)
{
	struct snapshot s = l->s;

	if (l->census_at != UNKNOWN && l->at - l->census_at > l->census_lasts) {
		s.census = NULL;
		s.nr_census = 0;
		if (snapshot_is_listed(&s))
			snapshot_unlist(&s);
	}
	findings_free(&l->findings);
	diagnose(&s, &l->findings);
	if (l->findings.captured)	/* pointed into that copy */
		l->findings.captured = &l->s.captured;
}


void look_take(struct look *l, struct snapshot *now, unsigned int parts, int64_t at)
{
	if (parts & READ_FAST) {
		snapshot_renew(&l->s, now, parts);
	} else {
		if (!(parts & READ_CENSUS))
			snapshot_keep_census(&l->s, now);
		snapshot_free(&l->s);
		l->s = *now;
		memset(now, 0, sizeof(*now));
		l->whole_at = at;
	}
	l->at = at;
	if (!(parts & READ_FAST) || parts & READ_MINUTES)
		l->minutes_at = at;
	if (parts & READ_CENSUS && l->s.nr_census)
		l->census_at = at;
	judge(l);
}

void look_end(struct look *l)
{
	findings_free(&l->findings);
	snapshot_free(&l->s);
}
