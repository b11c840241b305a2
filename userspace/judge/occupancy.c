// SPDX-License-Identifier: GPL-2.0
/* What a table is full of, as a whole and by group. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/life.h"
#include "judge/occupancy.h"
#include "judge/tables.h"
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

/* "10.0.0.1", "10.0.0.1/24", "10.0.0.1:80", "[fd00::1]:80": bytes, bits of them */
static int parse_address(const char *text, unsigned char *bytes, int *bits)
{
	char address[INET6_ADDRSTRLEN + 1];
	const char *slash = strchr(text, '/');
	size_t len;
	int family;

	if (*text == '[') {
		text++;
		len = strcspn(text, "]");
	} else {
		len = slash ? (size_t)(slash - text) : strlen(text);
		if (strchr(text, '.') && strchr(text, ':'))
			len = strcspn(text, ":");
	}
	if (len >= sizeof(address))
		return 0;
	memcpy(address, text, len);
	address[len] = '\0';
	family = strchr(address, ':') ? AF_INET6 : AF_INET;
	*bits = slash ? atoi(slash + 1) : family == AF_INET ? 32 : 128;
	return inet_pton(family, address, bytes) == 1 ? family : 0;
}

bool group_contains(const struct group *g, const char *address)
{
	unsigned char net[16], one[16];
	int bits, more, i, family = parse_address(g->row.name, net, &bits);

	if (!family || parse_address(address, one, &more) != family || more < bits)
		return false;
	for (i = 0; i < bits / 8; i++)
		if (net[i] != one[i])
			return false;
	return !(bits % 8) || !((net[i] ^ one[i]) >> (8 - bits % 8));
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
}

static void set_whole(struct occupancy *o, const int64_t *stage)
{
	int i;

	memcpy(o->stage, stage, sizeof(o->stage));
	for (i = 0; i < LIVES; i++)
		o->life[i] = life_count(stage, i);
	o->entries = life_sum(stage) - o->life[LIFE_EXPIRED];
}

static void from_census(const struct tables *ts, const struct netns_table *n,
			struct occupancy *o)
{
	const struct census_row *row;
	int kind;

	if (!n->total || !n->total->has_stages)
		return;
	set_whole(o, n->total->stage);
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

void occupancy_fill(const struct tables *ts, struct netns_table *n)
{
	struct occupancy *o = calloc(1, sizeof(*o));

	if (!o)
		no_memory();
	if (n->level == LEVEL_WAS)
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

bool occupancy_known(const struct occupancy *o)
{
	return o && o->entries + o->life[LIFE_EXPIRED] > 0;
}
