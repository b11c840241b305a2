// SPDX-License-Identifier: GPL-2.0
/*
 * When the fullest table will be full. A table that fills with what nobody answers
 * reaches its limit and stays there: early_drop() evicts it, and nothing is lost. That it
 * can do so is known by what it did before, or by a census.
 */
#include <math.h>
#include <string.h>

#include "judge/evictable.h"
#include "judge/forecast.h"
#include "judge/thresholds.h"
#include "kmod/abi.h"
#include "lib/numbers.h"
#include "metrics/until.h"

#define UNTIL_RECORD	7200	/* s: as long as the forecast looks for slow growth */
#define MISSED		0.01	/* of new connections: so many may find none to evict */
#define HORIZON		60	/* windows, as of the forecast itself */

/* Refusals are seen by probes; else the kernel's own drops have to do. */
static bool probes(const struct snapshot *s)
{
	return strcmp(s->mod.probe_alloc, CTRI_PROBE_ABSENT) &&
	       strcmp(s->mod.probe_drop, CTRI_PROBE_ABSENT);
}

static int64_t refused(const struct snapshot *s, const struct history_row *h)
{
	return known(probes(s) ? h->refusals : h->k_drop);
}

static bool evicted(const struct history_row *h)
{
	return known(h->evictions) > 0 || known(h->gc_evictions) > 0 || known(h->k_early_drop) > 0;
}

/* A table with room isn't full, whatever it refused just before. */
static bool refuses(const struct snapshot *s, const struct history_row *last)
{
	size_t i;

	if (share(known(last->count), known(last->max)) < TH(TIGHT))
		return false;
	for (i = s->nr_history; i-- > 0 && known(s->history[i].ago) <= TH(RECENT);)
		if (refused(s, &s->history[i]) > 0)
			return true;
	return false;
}

static const struct netns_row *row_of(const struct snapshot *s, int64_t netns)
{
	size_t i;

	for (i = 0; i < s->nr_netns; i++)
		if (s->netns[i].netns == netns)
			return &s->netns[i];
	return NULL;
}

/* This table evicted within the record, and no table refused: it had room to make. */
static bool made_room(const struct snapshot *s, int64_t netns)
{
	const struct netns_row *own = row_of(s, netns);
	bool full = false;
	size_t i;

	if (!own || (known(own->evictions) <= 0 && known(own->k_early_drop) <= 0))
		return false;
	for (i = 0; i < s->nr_history; i++) {
		if (refused(s, &s->history[i]) > 0)
			return false;
		full = full || evicted(&s->history[i]);
	}
	for (i = 0; i < s->nr_minutes; i++) {
		const struct minute_row *m = &s->minute[i];

		if (known(m->ago) > UNTIL_RECORD)
			continue;
		if (known(probes(s) ? m->refusals.max : m->k_drop.max) > 0)
			return false;
		full = full || known(m->evictions.max) > 0 || known(m->gc_evictions.max) > 0;
	}
	return full;
}

static const struct census_row *census_of(const struct snapshot *s, int64_t netns)
{
	size_t i;

	for (i = 0; i < s->nr_census; i++)
		if (s->census[i].record == CENSUS_NETNS && s->census[i].netns == netns)
			return &s->census[i];
	return NULL;
}

/*
 * Until it is full of assured entries, which grow with their share of all. Each entry
 * stands in two buckets; where even of a full table's evictable ones a new connection
 * misses some, the limit itself is the end.
 */
static double until_assured(const struct snapshot *s, const struct forecast *f)
{
	const struct census_row *t = census_of(s, f->netns);
	double assured, missed, seconds;

	if (!t || known(t->entries) <= 0 || t->assured == UNKNOWN)
		return f->seconds;
	assured = fmin((double)t->assured / t->entries, 1);
	missed = known(s->buckets) <= 0 ? 0 :
		 early_drop_misses((1 - assured) * f->max, s->buckets);
	if (missed > MISSED)
		return f->seconds;
	seconds = (f->max - assured * f->count) / (f->growth * assured);
	return seconds <= (double)HORIZON * f->window ? seconds : INFINITY;
}

double until_full(const struct snapshot *s)
{
	const struct history_row *last;
	struct forecast f;

	if (!s->nr_history)
		return NAN;
	last = &s->history[s->nr_history - 1];
	if (refuses(s, last))
		return 0;
	if (!forecast(s, &f) || made_room(s, f.netns))
		return INFINITY;
	return round(until_assured(s, &f));
}
