// SPDX-License-Identifier: GPL-2.0
/* A table that has room because nothing gets through. */
#include <string.h>

#include "judge/life.h"
#include "judge/mute.h"
#include "judge/streams.h"
#include "judge/tables.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SOME_ENTRIES	20	/* fewer may be anything */
#define ANSWERED	2	/* %: less is as good as nobody */
#define SOME_ANSWERS	3	/* fewer may be a session that was open before */
#define BOOTED		300	/* s: links, names and routes come up one by one */

/* UDP that a client waits for an answer of: DNS, NTP, QUIC */
static const char *const asking[] = { "53", "123", "443" };

static double expecting(const struct tables *ts, const struct netns_table *n)
{
	const struct census_row *row;
	double sum = 0;
	size_t i;

	for (row = tables_heaviest(ts, CENSUS_STATE, n->netns); row; row = tables_next(ts, row))
		if (!strcmp(row->proto, "tcp") || !strcmp(row->proto, "icmp") ||
		    !strcmp(row->proto, "icmpv6"))
			sum += known(row->entries);
	for (row = tables_heaviest(ts, CENSUS_SERVICE, n->netns); row; row = tables_next(ts, row))
		for (i = 0; i < ARRAY_SIZE(asking); i++)
			if (!strcmp(row->proto, "udp") && !strcmp(row->name, asking[i]))
				sum += known(row->entries);
	return sum;
}

/*
 * Of those that came lately: a burst that nobody answered stands there for minutes, and
 * says nothing of what goes on.
 */
static bool answers_now(const struct netns_table *n)
{
	double answered = 0, waiting = 0;
	int i;

	if (!n->streams)
		return false;
	for (i = 0; i < STREAMS; i++) {
		const struct stream_now *s = &n->streams->of[i];

		if (stream_barren(i))
			waiting += s->in;
		else if (stream_waits(i) || stream_closes(i))
			answered += s->in;
	}
	return answered > 0 && share(answered, answered + waiting) >= ANSWERED;
}

/*
 * Somebody gets answers: then those who get none are told by what they have in common,
 * not by this. What this host asks itself leaves no interface.
 */
static bool somebody_is_answered(const struct netns_table *n)
{
	const struct occupancy *o = n->occupancy;
	size_t i;

	for (i = 0; i < o->nr[GROUP_SOURCE]; i++) {
		const struct group *g = &o->group[GROUP_SOURCE][i];

		if (!g->own && group_fruitful(g) >= SOME_ANSWERS &&
		    group_fruitful(g) > group_barren(g))
			return true;
	}
	return false;
}

bool mute_table(const struct tables *ts, const struct netns_table *n, struct mute *m)
{
	static const enum life fruitful[] = { LIFE_ONCE, LIFE_TALKING, LIFE_SILENT, LIFE_CLOSING };
	const int64_t *stage = n->total && n->total->has_stages ? n->total->stage : NULL;
	size_t i;

	*m = (struct mute) { .expecting = 0 };
	if (!stage || (n->level != LEVEL_CALM && n->level != LEVEL_WAS) ||
	    (ts->s->boot_age != UNKNOWN && ts->s->boot_age < BOOTED))
		return false;
	m->expecting = expecting(ts, n);
	for (i = 0; i < ARRAY_SIZE(fruitful); i++)
		m->answered += life_count(stage, fruitful[i]);
	/* at one a second so many are there within a timeout; half of them where it goes on */
	return m->expecting >= (n->offered_now >= 1 ? SOME_ENTRIES / 2 : SOME_ENTRIES) &&
	       share(m->answered, m->expecting) < ANSWERED && !answers_now(n) &&
	       !somebody_is_answered(n);
}
