// SPDX-License-Identifier: GPL-2.0
/* The worst sources of each event, and all the others in one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge/actors.h"
#include "kmod/abi.h"
#include "lib/address.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/who.h"
#include "metrics/parts.h"

/* What history counts of an event, or UNKNOWN: it doesn't */
static int64_t insertions(const struct history_row *h) { return h->inserts; }
static int64_t refusals(const struct history_row *h) { return h->refusals; }
static int64_t invalid(const struct history_row *h) { return h->invalid; }

static int64_t evictions(const struct history_row *h)
{
	return plus(h->evictions, h->gc_evictions);
}

static const struct event {
	enum source_class class;
	const char *name;
	int64_t (*all)(const struct history_row *h);	/* NULL: only the list tells */
} events[] = {
	{ SRC_INSERT, "inserted", insertions },
	{ SRC_REFUSED, "refused", refusals },
	{ SRC_EVICTED, "evicted", evictions },
	{ SRC_EVICTING, "evicting", NULL },
	{ SRC_INVALID, "invalid", invalid },
};

/*
 * All events of a kind a second, by the mean that the module has for each source
 * (kmod/table_math.c): what is RATE_HALF_LIFE old counts half. History is younger than that
 * mean where its weights don't add up to 1.
 */
static double rate_of_all(const struct snapshot *s, const struct event *e)
{
	double rate = 0, weight = 0;
	size_t i;

	for (i = 0; i < s->nr_history && e->all; i++) {
		double seconds = known(s->history[i].span) / 1000.0;
		double keep = exp2(-seconds / RATE_HALF_LIFE);

		if (seconds <= 0)
			continue;
		rate = keep * rate + (1 - keep) * known(e->all(&s->history[i])) / seconds;
		weight = keep * weight + 1 - keep;
	}
	return weight > 0 ? rate / weight : 0;
}

/* Most events first; then as the module has them, which is by what came lately */
static int by_rate(const void *left, const void *right)
{
	const struct source_row *a = *(const struct source_row *const *)left;
	const struct source_row *b = *(const struct source_row *const *)right;

	if (a->rate != b->rate)
		return a->rate < b->rate ? 1 : -1;
	return (a > b) - (a < b);
}

/* Of those in namespaces that are gone, nobody tells them apart either. */
static bool same_source(const struct source_row *a, const struct source_row *b)
{
	return (a->netns == b->netns || (a->netns <= 0 && b->netns <= 0)) &&
	       !strcmp(a->source, b->source);
}

/* Of a damaged list, one may come twice: the first, which has more, is taken. */
static bool is_again(const struct source_row **row, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (same_source(row[k], row[i]))
			return true;
	return false;
}

static void add_source(struct series *l, const struct snapshot *s, const struct event *e,
		       const struct source_row *row)
{
	char netns[SPACE_WORD], address[sizeof(row->source)];

	space_label(s, row->netns, netns);
	address_of_word(row->source, address, sizeof(address));
	series_real(l, FAMILY_SOURCE_RATE, row->rate, "event", e->name, "netns", netns, "source",
		    row->source, "name", who_words(s, row->netns, address), NULL);
}

static void add_event(struct series *l, const struct snapshot *s, const struct event *e,
		      const struct source_row **row, int64_t top)
{
	double told = 0, listed = 0, all = rate_of_all(s, e);
	size_t i, nr = 0;
	int64_t left = top;

	for (i = 0; i < s->nr_source; i++)
		if (s->source[i].class == e->class && s->source[i].family && s->source[i].rate > 0)
			row[nr++] = &s->source[i];
	if (nr)
		qsort(row, nr, sizeof(*row), by_rate);
	for (i = 0; i < nr; i++) {
		listed += row[i]->rate;
		if (left <= 0 || is_again(row, i))
			continue;
		add_source(l, s, e, row[i]);
		told += row[i]->rate;
		left--;
	}
	/* both are means, and of seconds that don't begin at one time */
	series_real(l, FAMILY_SOURCE_RATE, fmax(fmax(all, listed) - told, 0), "event", e->name,
		    "netns", SPACE_OTHER, "source", SPACE_OTHER, "name", "", NULL);
}

void series_sources(struct series *l, const struct snapshot *s, int64_t top)
{
	const struct source_row **row;
	size_t i;

	if (!s->mod.loaded || find_fault(s, CTRI_FILE_SOURCES) || find_fault(s, CTRI_PROC_NAME))
		return;
	row = calloc(s->nr_source + 1, sizeof(*row));
	if (!row)
		no_memory();
	for (i = 0; i < ARRAY_SIZE(events); i++)
		add_event(l, s, &events[i], row, top < METRICS_TOP ? top : METRICS_TOP);
	free(row);
}
