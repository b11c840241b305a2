// SPDX-License-Identifier: GPL-2.0
/* The census as JSON: all of its records, by what they are of. */
#include <stdlib.h>

#include "judge/census.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "render/census_json.h"
#include "render/census_tops.h"
#include "render/empty.h"
#include "render/json_values.h"
#include "render/origin.h"
#include "render/stages.h"

static void add_netns(struct json_object *o, const struct snapshot *s, int64_t netns)
{
	json_object_object_add(o, "netns", json_integer(netns));
	json_object_object_add(o, "netns_name", json_string(netns_name(s, netns)));
}

static void add_counts(struct json_object *o, const struct census_row *row)
{
	json_object_object_add(o, "entries", json_integer(row->entries));
	json_object_object_add(o, "unreplied", json_integer(row->unreplied));
	json_object_object_add(o, "assured", json_integer(row->assured));
}

/* By its name in the module's file */
static struct json_object *numbers_of(const struct snapshot *s, enum census_record record)
{
	struct json_object *o = json_fields();
	size_t i;

	for (i = 0; i < s->nr_census; i++)
		if (s->census[i].record == record)
			json_object_object_add(o, s->census[i].name,
					       json_integer(s->census[i].entries));
	return o;
}

static struct json_object *namespaces(const struct snapshot *s, const struct filter *f)
{
	struct json_object *all = json_list(), *o;
	size_t i;

	for (i = 0; i < s->nr_census; i++) {
		const struct census_row *row = &s->census[i];

		if (row->record != CENSUS_NETNS || !filter_netns(f, row->netns))
			continue;
		o = json_fields();
		add_netns(o, s, row->netns);
		json_object_object_add(o, "own", json_flag(row->netns == s->own_netns));
		add_counts(o, row);
		json_object_object_add(o, "idle_unknown", json_integer(row->idle_unknown));
		json_object_object_add(o, "stages",
				       row->has_stages ? stages_json(row->stage) : NULL);
		json_object_array_add(all, o);
	}
	return all;
}

static void add_states(struct json_object *all, const struct snapshot *s, int64_t netns)
{
	static const struct {
		enum idle_step step;
		const char *field;
	} idle[] = {
		{ IDLE_1MIN, "idle_60" }, { IDLE_5MIN, "idle_300" },
		{ IDLE_HOUR, "idle_3600" }, { IDLE_DAY, "idle_86400" },
	};
	struct census_row *state;
	struct json_object *o;
	size_t i, j, nr;

	state = census_states(s, netns, &nr);
	for (i = 0; i < nr; i++) {
		o = json_fields();
		add_netns(o, s, netns);
		json_object_object_add(o, "protocol", json_string(state[i].proto));
		json_object_object_add(o, "state", json_string(state[i].name));
		add_counts(o, &state[i]);
		json_object_object_add(o, "idle_median", json_integer(census_median(&state[i])));
		for (j = 0; j < ARRAY_SIZE(idle); j++)
			json_object_object_add(o, idle[j].field,
					       json_integer(state[i].idle[idle[j].step]));
		json_object_array_add(all, o);
	}
	free(state);
}

static struct json_object *states(const struct snapshot *s, const struct filter *f)
{
	struct json_object *all = json_list();
	size_t i;

	for (i = 0; i < s->nr_census; i++)
		if (s->census[i].record == CENSUS_NETNS && filter_netns(f, s->census[i].netns))
			add_states(all, s, s->census[i].netns);
	return all;
}

static struct json_object *zones(const struct snapshot *s, const struct filter *f)
{
	struct json_object *all = json_list(), *o;
	size_t i;

	for (i = 0; i < s->nr_census; i++) {
		const struct census_row *row = &s->census[i];

		if (row->record != CENSUS_ZONE || !filter_netns(f, row->netns))
			continue;
		o = json_fields();
		add_netns(o, s, row->netns);
		/* null: those that found no room of their own */
		json_object_object_add(o, "zone", json_integer(row->zone));
		add_counts(o, row);
		json_object_array_add(all, o);
	}
	return all;
}

static struct json_object *chain_lengths(const struct snapshot *s)
{
	static const char *const group[CHAIN_GROUPS] = CHAIN_GROUP_NAMES;
	struct json_object *o = json_fields(), *buckets = json_fields();
	struct chains chains;
	size_t i;

	census_chains(s, &chains);
	for (i = 0; i < CHAIN_GROUPS; i++)
		json_object_object_add(buckets, group[i], json_integer(chains.group[i]));
	json_object_object_add(o, "longest", json_integer(chains.longest));
	json_object_object_add(o, "mean", json_real(chains.mean));
	json_object_object_add(o, "buckets", buckets);
	return o;
}

/* The heaviest of each class, or of the one that was asked for */
static struct json_object *tops(const struct snapshot *s, const struct list_request *ask,
				const struct filter *f)
{
	struct json_object *all = json_list(), *rows;
	struct census_top t;
	size_t i, j;

	for (i = 0; i < CENSUS_TOPS; i++) {
		if (f->class != SIZE_MAX && f->class != i)
			continue;
		census_top_begin(&t, s, ask, f, i);
		list_order(&t.heavy.list);
		rows = list_json(&t.heavy.list);
		for (j = 0; j < json_object_array_length(rows); j++)
			json_object_array_add(all,
					      json_object_get(json_object_array_get_idx(rows, j)));
		json_object_put(rows);
		census_top_end(&t);
	}
	return all;
}

int census_json(const struct snapshot *s, const struct list_request *ask, const struct filter *f,
		FILE *out)
{
	const char *missing = none_held(s);
	struct json_object *top = json_command("census");

	json_object_object_add(top, "missing", json_string(missing));
	json_origin(top, s);
	json_object_object_add(top, "walk", numbers_of(s, CENSUS_WALK));
	json_object_object_add(top, "namespaces", namespaces(s, f));
	json_object_object_add(top, "states", states(s, f));
	json_object_object_add(top, "zones", zones(s, f));
	json_object_object_add(top, "chains", chain_lengths(s));
	json_object_object_add(top, "extensions", numbers_of(s, CENSUS_EXT));
	json_object_object_add(top, "rows", tops(s, ask, f));
	return json_print(top, out) || missing ? -1 : 0;
}
