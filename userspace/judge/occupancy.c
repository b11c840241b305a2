// SPDX-License-Identifier: GPL-2.0
/* What a table is full of, as a whole and by group. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/life.h"
#include "judge/occupancy.h"
#include "judge/tables.h"
#include "lib/address.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "snapshot.h"

static const enum census_record record_of[GROUP_KINDS] = {
	[GROUP_SOURCE] = CENSUS_SOURCE,
	[GROUP_PREFIX] = CENSUS_PREFIX,
	[GROUP_DEST] = CENSUS_DEST,
	[GROUP_SERVICE] = CENSUS_SERVICE,
	[GROUP_PAIR] = CENSUS_PAIR,
};

static const enum incident_class class_of[GROUP_KINDS] = {
	[GROUP_SOURCE] = INC_SOURCE,
	[GROUP_PREFIX] = INC_PREFIX,
	[GROUP_DEST] = INC_DEST,
	[GROUP_SERVICE] = INC_SERVICE,
	[GROUP_PAIR] = INC_PAIR,
};

double group_barren(const struct group *g)
{
	return g->life[LIFE_UNANSWERED] + g->life[LIFE_HALF_OPEN];
}

double group_offered(const struct group *g)
{
	return g->actor ? g->actor->offered : 0;
}

double group_fruitful(const struct group *g)
{
	return g->life[LIFE_ONCE] + g->life[LIFE_TALKING] + g->life[LIFE_CLOSING];
}

double group_silent(const struct group *g)
{
	return g->life[LIFE_SILENT];
}

double group_once(const struct group *g)
{
	return g->life[LIFE_ONCE];
}

double group_closing(const struct group *g)
{
	return g->life[LIFE_CLOSING];
}

bool group_contains(const struct group *g, const char *address)
{
	return address_in(g->row.name, address);
}

static const struct actor *find_actor(const struct netns_table *n, const char *source)
{
	size_t i;

	for (i = 0; i < n->nr_actors; i++)
		if (!strcmp(n->actor[i].source, source))
			return &n->actor[i];
	return NULL;
}

static bool is_own(const struct tables *ts, const struct netns_table *n,
		   const struct group *g)
{
	size_t i;

	if (g->kind == GROUP_SOURCE)
		return g->actor && g->actor->local;
	if (!n->own || g->kind == GROUP_SERVICE || g->kind == GROUP_PREFIX)
		return false;
	for (i = 0; i < ts->s->nr_local; i++)
		if (group_contains(g, ts->s->local[i]))
			return true;
	return false;
}

/*
 * Packets a second that are out of the window of a connection that is known: of a
 * source, or to a destination or service
 */
static double late_packets(const struct tables *ts, const struct group *g)
{
	char service[96];
	size_t i;

	if (g->kind == GROUP_SOURCE)
		return g->actor ? actor_rate(g->actor, SRC_INVALID) *
				  actor_part(g->actor, SRC_INVALID, "inv_window") : 0;
	snprintf(service, sizeof(service), "%s/%s", g->row.proto, g->row.name);
	for (i = 0; g->kind != GROUP_PREFIX && i < ts->s->nr_source; i++) {
		const struct source_row *row = &ts->s->source[i];

		if (row->class != SRC_INVALID_TO || row->netns != g->row.netns)
			continue;
		if (row->family ? g->kind != GROUP_SERVICE && group_contains(g, row->source) :
		    g->kind == GROUP_SERVICE && !strcmp(row->source, service))
			return row->rate * row_part(row, "inv_window");
	}
	return 0;
}

/* Whose an address is; a pair's destination's */
static void name_group(const struct tables *ts, const struct netns_table *n, struct group *g)
{
	char address[64];

	if (g->kind == GROUP_SERVICE || g->kind == GROUP_PREFIX)
		return;
	if (g->kind == GROUP_PAIR)
		address_of_pair(g->row.name, address, sizeof(address));
	else
		snprintf(address, sizeof(address), "%s", g->row.name);
	snprintf(g->who, sizeof(g->who), "%s", who_words(ts->s, n->netns, address));
}

static void add_group(const struct tables *ts, const struct netns_table *n,
		      struct occupancy *o, enum group_kind kind,
		      const struct census_row *row)
{
	struct group *g = grow(&o->group[kind], &o->nr[kind], sizeof(*g));
	int i;

	g->kind = kind;
	g->row = *row;
	for (i = 0; i < LIVES; i++)
		g->life[i] = life_count(row->stage, i);
	g->entries = life_sum(row->stage) - g->life[LIFE_EXPIRED];
	if (kind == GROUP_SOURCE)
		g->actor = find_actor(n, row->name);
	g->own = is_own(ts, n, g);
	name_group(ts, n, g);
	g->late = late_packets(ts, g);
}

static void set_whole(struct occupancy *o, const int64_t *stage)
{
	int i;

	memcpy(o->stage, stage, sizeof(o->stage));
	for (i = 0; i < LIVES; i++)
		o->life[i] = life_count(stage, i);
	o->all = life_sum(stage);
	o->entries = o->all - o->life[LIFE_EXPIRED];
}

static void from_census(const struct tables *ts, const struct netns_table *n,
			struct occupancy *o)
{
	const struct census_row *row;
	int kind;

	if (!n->total || !n->total->has_stages)
		return;
	set_whole(o, n->total->stage);
	/* it may have been flushed between the two looks: few that came since tell nothing */
	o->all = fmax(o->all, (double)known(n->count));
	for (kind = 0; kind < GROUP_KINDS; kind++)
		for (row = tables_heaviest(ts, record_of[kind], n->netns); row;
		     row = tables_next(ts, row))
			if (row->has_stages)
				add_group(ts, n, o, kind, row);
}

/* An incident's lists name a service and a pair as protocol/name. */
static void from_top(const struct tables *ts, const struct netns_table *n,
		     struct occupancy *o, enum group_kind kind,
		     const struct incident_top *top)
{
	bool proto = kind == GROUP_SERVICE || kind == GROUP_PAIR;
	const char *name = proto ? strchr(top->source, '/') : NULL;
	struct census_row row = {
		.record = record_of[kind], .netns = top->netns, .entries = top->count,
		.err = top->err, .has_stages = true, .sources = UNKNOWN,
		.dests = UNKNOWN, .ports = UNKNOWN,
	};

	memcpy(row.stage, top->stage, sizeof(row.stage));
	snprintf(row.name, sizeof(row.name), "%s", name ? name + 1 : top->source);
	if (name)
		snprintf(row.proto, sizeof(row.proto), "%.*s", (int)(name - top->source),
			 top->source);
	add_group(ts, n, o, kind, &row);
}

/* The newest incident of this namespace: the one that its last refusals were in */
static const struct incident_row *last_incident(const struct snapshot *s, int64_t netns)
{
	size_t i = s->nr_incidents;

	while (i--)
		if (s->incident[i].netns == netns)
			return &s->incident[i];
	return NULL;
}

static void from_incident(const struct tables *ts, const struct netns_table *n,
			  struct occupancy *o)
{
	const struct incident_row *inc = last_incident(ts->s, n->netns);
	size_t i;
	int kind;

	if (!inc || !inc->has_stages)
		return;
	o->incident = inc;
	set_whole(o, inc->stage);
	for (i = 0; i < ts->s->nr_incident_tops; i++) {
		const struct incident_top *top = &ts->s->incident_top[i];

		if (top->nr != inc->nr || top->phase != PHASE_WORST ||
		    top->netns != n->netns || !top->has_stages)
			continue;
		for (kind = 0; kind < GROUP_KINDS; kind++)
			if (class_of[kind] == top->class)
				from_top(ts, n, o, kind, top);
	}
}

/* Nobody has walked the table, and the module did while this incident, which goes on */
static bool is_kept(const struct tables *ts, const struct netns_table *n)
{
	const struct incident_row *inc = last_incident(ts->s, n->netns);

	return n->level > LEVEL_WAS && !n->total && inc && !inc->end;
}

void occupancy_fill(const struct tables *ts, struct netns_table *n)
{
	struct occupancy *o = calloc(1, sizeof(*o));

	if (!o)
		no_memory();
	if (n->level == LEVEL_WAS || is_kept(ts, n))
		from_incident(ts, n, o);
	else
		from_census(ts, n, o);
	n->occupancy = o;
}

void occupancy_free(struct occupancy *o)
{
	int kind;

	for (kind = 0; o && kind < GROUP_KINDS; kind++)
		free(o->group[kind]);
	free(o);
}

double occupancy_listed(const struct occupancy *o)
{
	return o ? o->entries + o->life[LIFE_EXPIRED] : 0;
}

bool occupancy_known(const struct occupancy *o)
{
	return occupancy_listed(o) > 0;
}
