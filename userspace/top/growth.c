// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's own counters, noted at each picture: how the table grows is seen without
 * the module, too, from when somebody looks.
 */
#include <stdlib.h>

#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/netns_row.h"
#include "lib/numbers.h"
#include "top/growth.h"

void growth_note(struct growth *g, const struct snapshot *s, int64_t at)
{
	if (s->count == UNKNOWN)
		return;
	g->moment[g->next] = (struct moment) { at, s->own_netns, s->count, s->max, s->stat };
	g->next = (g->next + 1) % GROWTH_MOST;
	if (g->nr < GROWTH_MOST)
		g->nr++;
}

/* A counter that isn't told, or began anew, tells nothing. */
static int64_t since(int64_t now, int64_t before)
{
	return now == UNKNOWN || before == UNKNOWN || now < before ? UNKNOWN : now - before;
}

/* From one picture to the next, @ago seconds before the last one */
static struct history_row row_of(const struct moment *now, const struct moment *before,
				 int64_t ago)
{
	return (struct history_row) {
		.ago = ago, .span = now->at - before->at, .count = now->count, .max = now->max,
		.netns = now->netns, .inserts = UNKNOWN, .evictions = UNKNOWN,
		.gc_evictions = UNKNOWN, .refusals = UNKNOWN, .distinct = UNKNOWN,
		.insert_failed = since(now->stat.insert_failed, before->stat.insert_failed),
		.k_drop = since(now->stat.drop, before->stat.drop),
		.k_early_drop = since(now->stat.early_drop, before->stat.early_drop),
		.invalid = since(now->stat.invalid, before->stat.invalid),
	};
}

/* Nobody has told whether it is the initial one: as where nothing of it is known. */
static void tell_namespace(struct snapshot *s)
{
	struct netns_row *row = netns_row_of(s, s->own_netns);

	row->id = CTRI_ID_INIT;
	row->conntrack = 1;
	row->count = s->count;
	row->max = s->max;
}

void growth_tell(const struct growth *g, struct snapshot *s)
{
	size_t first = (g->next + GROWTH_MOST - g->nr) % GROWTH_MOST, i;
	const struct moment *last = &g->moment[(g->next + GROWTH_MOST - 1) % GROWTH_MOST];

	if (g->nr < 2)
		return;
	if (!s->nr_netns)
		tell_namespace(s);
	free(s->history);
	s->history = NULL;
	s->nr_history = 0;
	for (i = 1; i < g->nr; i++) {
		const struct moment *now = &g->moment[(first + i) % GROWTH_MOST];
		const struct moment *before = &g->moment[(first + i - 1) % GROWTH_MOST];
		struct history_row *row;

		/* a clock that was set back */
		if (now->at < before->at || last->at < now->at)
			continue;
		row = grow(&s->history, &s->nr_history, sizeof(*row));
		*row = row_of(now, before, (last->at - now->at + 500) / 1000);
	}
}
