// SPDX-License-Identifier: GPL-2.0
/* How many entries the kernel could evict for new connections, without a walk. */
#include <math.h>
#include <stdbool.h>

#include "judge/evictable.h"
#include "judge/life.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define LOOKED_INTO	8.0	/* buckets: NF_CT_EVICTION_RANGE in nf_conntrack_core.c */
#define PLACES		2.0	/* of an entry: one in each direction */
#define RULE_OF_THREE	3.0	/* the most of a kind that none of a sample hides, at 95 % */

double early_drop_misses(double evictable, double buckets)
{
	return exp(-LOOKED_INTO * PLACES * evictable / buckets);
}

/* Those that are counted are this table's: no other one could make room. */
static bool is_alone(const struct tables *ts, const struct netns_table *n)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *other = &ts->netns[i];

		if (other != n && share(other->count, other->max) >= TH(TIGHT))
			return false;
	}
	return true;
}

/* Entries that one success kills at most, in the mean: as if all could go */
static double killed_at_once(const struct netns_table *n, double buckets)
{
	double mean = PLACES * n->count / buckets;

	return mean > 0 ? mean / -expm1(-mean) : 1;
}

static int64_t by_pressure(const struct tables *ts, const struct netns_table *n)
{
	double refused = 0, killed = 0, buckets = known(ts->s->buckets), tries, least;
	size_t i;

	if (buckets <= 0 || !is_alone(ts, n))
		return UNKNOWN;
	for (i = 0; i < ts->s->nr_history; i++) {
		const struct history_row *h = &ts->s->history[i];

		if (h->netns != n->netns || known(h->ago) > TH(RECENT))
			continue;
		refused += known(ts->probes ? h->refusals : h->k_drop);
		killed += known(ts->probes ? h->evictions : h->k_early_drop);
	}
	tries = refused + killed / killed_at_once(n, buckets);
	if (killed <= 0 || tries <= fmax(refused, RULE_OF_THREE))
		return UNKNOWN;
	least = buckets / (LOOKED_INTO * PLACES) * log(tries / fmax(refused, RULE_OF_THREE));
	return (int64_t)fmin(least, n->count);
}

/* The newest incident whose worst minute tells of this table as it is now, or NULL */
static const struct incident_row *recent_incident(const struct snapshot *s, int64_t netns)
{
	size_t i = s->nr_incidents;

	while (i--) {
		const struct incident_row *inc = &s->incident[i];

		if (inc->netns == netns)
			return inc->has_stages && inc->worst_ago != UNKNOWN &&
			       inc->worst_ago <= TH(SPELL) ? inc : NULL;
	}
	return NULL;
}

/* Expired ones are in nobody's way: they go as soon as the kernel's worker comes by. */
static int64_t by_census(const struct netns_table *n, const struct incident_row *inc)
{
	double all = life_sum(inc->stage);
	double may_go = life_count(inc->stage, LIFE_EXPIRED) +
			life_count(inc->stage, LIFE_UNANSWERED) +
			life_count(inc->stage, LIFE_HALF_OPEN) +
			life_count(inc->stage, LIFE_ONCE);

	return all > 0 ? (int64_t)(may_go / all * n->count) : UNKNOWN;
}

void evictable_find(const struct tables *ts, const struct netns_table *n, struct evictable *e)
{
	const struct incident_row *inc = recent_incident(ts->s, n->netns);
	int64_t worst = inc ? by_census(n, inc) : UNKNOWN;

	*e = (struct evictable) { .entries = by_pressure(ts, n), .from = EVICTABLE_PRESSURE };
	/* UNKNOWN is less than any number. */
	if (worst > e->entries)
		*e = (struct evictable) { .entries = worst, .from = EVICTABLE_WORST,
					  .ago = inc->worst_ago };
	if (e->entries == UNKNOWN)
		e->from = EVICTABLE_UNTOLD;
}
