// SPDX-License-Identifier: GPL-2.0
/* What the commands of a finding do to a table, in streams. */
#include <math.h>
#include <string.h>

#include "judge/effect.h"
#include "judge/occupancy.h"
#include "judge/streams.h"
#include "judge/tables.h"

void effect_begin(struct effect *e, const struct netns_table *n, int64_t within)
{
	*e = (struct effect) { .n = n->streams ? n : NULL, .within = within };
}

static bool is_meant(enum stream stream, enum effect_of of)
{
	return of == EFFECT_ALL || stream_barren(stream);
}

void effect_turn_away(struct effect *e, const struct group *g, enum effect_of of,
		      int64_t limit)
{
	int i;

	for (i = 0; e->n && i < STREAMS; i++) {
		double part = is_meant(i, of) ? stream_share(e->n, g, i) : 0;

		/* a connection that talks goes on, and closes */
		if (stream_closes(i))
			continue;
		e->met[i] += part;
		e->limited[i] += fmin(part * e->n->streams->of[i].offered, limit);
	}
}

void effect_delete(struct effect *e, const struct group *g, enum effect_of of)
{
	int i;

	for (i = 0; e->n && i < STREAMS; i++)
		if (is_meant(i, of))
			e->gone[i] += stream_share(e->n, g, i) * e->n->streams->of[i].held;
	e->reaps = true;
}

void effect_delete_all(struct effect *e, enum stream stream)
{
	if (e->n)
		e->gone[stream] = e->n->streams->of[stream].held;
	e->reaps = true;
}

void effect_turn_away_all(struct effect *e, enum stream stream)
{
	e->met[stream] = 1;
}

void effect_delete_older(struct effect *e, const struct census_row *state, int64_t age)
{
	int i;

	for (i = 0; e->n && i < STREAMS; i++) {
		const struct stream_now *s = &e->n->streams->of[i];

		if (s->row == state)
			e->gone[i] = s->held - stream_younger(s, age);
	}
	e->reaps = true;
}

void effect_delete_state(struct effect *e, const struct census_row *state)
{
	effect_delete_older(e, state, 0);
}

void effect_delete_silent(struct effect *e, double entries)
{
	e->gone[STREAM_SILENT] += entries;
	e->reaps = true;
}

void effect_timeout(struct effect *e, const char *key, int64_t seconds)
{
	int i;

	for (i = 0; i < STREAMS; i++)
		if (stream_keys[i] && !strcmp(stream_keys[i], key))
			e->stay[i] = seconds;
}

void effect_add(struct effect *e, const struct effect *more)
{
	int i;

	for (i = 0; i < STREAMS; i++) {
		e->met[i] = fmin(e->met[i] + more->met[i], 1);
		e->limited[i] += more->limited[i];
		e->gone[i] = fmin(e->gone[i] + more->gone[i], more->n->streams->of[i].held);
		if (more->stay[i] > 0)
			e->stay[i] = more->stay[i];
	}
	if (more->max)
		e->max = more->max;
	if (more->buckets)
		e->buckets = more->buckets;
	e->reaps |= more->reaps;
}
