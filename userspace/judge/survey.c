// SPDX-License-Identifier: GPL-2.0
/* All that is found of the tables before anybody judges them, in its order. */
#include <stdlib.h>

#include "judge/actors.h"
#include "judge/capacity.h"
#include "judge/level.h"
#include "judge/survey.h"
#include "judge/occupancy.h"
#include "judge/streams.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/verdict.h"
#include "lib/numbers.h"
#include "snapshot.h"

/* Each step looks at what those before it have found. */
void survey_begin(struct tables *ts, const struct snapshot *s)
{
	size_t i;

	tables_begin(ts, s);
	capacity_weigh(ts);
	level_losses(ts);
	actors_collect(ts);
	for (i = 0; i < ts->nr_netns; i++) {
		struct netns_table *n = &ts->netns[i];

		level_decide(ts, n);
		if (n->row)
			occupancy_fill(ts, n);
		if (n->level != LEVEL_CALM || share(n->count, n->max) >= TH(IDLE_USAGE))
			verdict_decide(ts, n);
		if (occupancy_known(n->occupancy) && n->level != LEVEL_WAS)
			streams_measure(ts, n);
	}
}

void survey_end(struct tables *ts)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		occupancy_free(ts->netns[i].occupancy);
		free(ts->netns[i].verdict);
		free(ts->netns[i].streams);
	}
	tables_free(ts);
}
