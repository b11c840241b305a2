// SPDX-License-Identifier: GPL-2.0
/*
 * What is counted against what the walk of the table has met (docs/conntrack.md,
 * "The count").
 */
#include "judge/thresholds.h"
#include "judge/unlisted.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define LEAST_ROWS	10	/* of history, within that */

/* Entries that came and went between the two looks, at most: a second's worth */
static int64_t passing(const struct snapshot *s)
{
	const struct history_row *last = s->nr_history ? &s->history[s->nr_history - 1] : NULL;

	return last && last->span > 0 && known(last->inserts) < INT64_MAX / 1000 ?
	       known(last->inserts) * 1000 / last->span : 0;
}

/* The fewest entries that a namespace had lately, or UNKNOWN: history has another's */
static int64_t fewest_lately(const struct snapshot *s, int64_t netns)
{
	int64_t fewest = UNKNOWN;
	size_t i, rows = 0;

	for (i = 0; i < s->nr_history; i++) {
		const struct history_row *h = &s->history[i];

		if (h->ago > UNLISTED_LATELY)
			continue;
		if (h->netns != netns || h->count == UNKNOWN)
			return UNKNOWN;
		if (fewest == UNKNOWN || h->count < fewest)
			fewest = h->count;
		rows++;
	}
	return rows >= LEAST_ROWS ? fewest : UNKNOWN;
}

static int64_t waiting_packets(const struct snapshot *s)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < s->nr_queues; i++)
		sum = plus(sum, s->queue[i].waiting);
	return sum;
}

struct unlisted unlisted_entries(const struct tables *ts, const struct netns_table *n)
{
	struct unlisted u = { .missing = 0, .fewest = UNKNOWN };
	int64_t missing;
	double normal;

	if (!n->row || !n->total || n->count == UNKNOWN || n->total->entries == UNKNOWN)
		return u;
	missing = minus(n->count, n->total->entries);
	normal = n->count * TH(UNLISTED_SHARE) / 100;
	if (normal < TH(UNLISTED_LEAST))
		normal = TH(UNLISTED_LEAST);
	normal += passing(ts->s);
	if (missing <= normal)
		return u;
	u.fewest = fewest_lately(ts->s, n->netns);
	u.queued = n->own && waiting_packets(ts->s) >= missing / 2;
	/* It has to last, unless the queue that holds them is there to be seen. */
	if (u.queued || (u.fewest != UNKNOWN && minus(u.fewest, n->total->entries) > normal))
		u.missing = missing;
	return u;
}
