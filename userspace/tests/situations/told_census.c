// SPDX-License-Identifier: GPL-2.0
/* The file census. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/abi.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "tests/situations/told.h"

static void dashes(struct sheet *sheet, int nr)
{
	while (nr--)
		sheet_put(sheet, "- ");
}

static void tell_simple(struct sheet *sheet, const char *record, int64_t name, const char *word,
			int64_t entries)
{
	sheet_word(sheet, record);
	dashes(sheet, 2);
	if (word)
		sheet_word(sheet, word);
	else
		sheet_number(sheet, name);
	sheet_number(sheet, entries);
	dashes(sheet, 19);
	sheet_end(sheet);
}

static void tell_walk(const struct told *t, struct sheet *sheet)
{
	const struct {
		const char *name;
		int64_t value;
	} rows[] = {
		{ "buckets", t->s->host.buckets }, { "restarts", 0 },
		{ "usec", t->v->count / 20 + t->s->host.buckets / 100 }, { "max_usec", 350 },
		{ "unplaced", 0 }, { "sampled", 256 }, { "bytes_entry", 320 }, { "bytes_ext", 64 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		tell_simple(sheet, CTRI_CENSUS_WALK, 0, rows[i].name, rows[i].value);
	if (t->s->host.nat)
		tell_simple(sheet, CTRI_CENSUS_EXT, 0, "nat", 256);
}

static void tell_state(const struct state_row *r, const char *record, bool hist,
		       struct sheet *sheet)
{
	static const int step[IDLE_STEPS] = { 60, 120, 300, 600, 1800, 3600, 7200, 86400 };
	int64_t below[IDLE_STEPS];
	int i;

	sheet_word(sheet, record);
	sheet_number(sheet, NETNS);
	sheet_word(sheet, r->name ? proto_name(r->proto) : "-");
	sheet_word(sheet, r->name ? r->name : "-");
	sheet_number(sheet, r->entries);
	sheet_number(sheet, r->unreplied);
	sheet_number(sheet, r->assured);
	dashes(sheet, 1);
	sheet_named(sheet, stage_name, r->stage, STAGES);
	dashes(sheet, 3);
	for (i = 0; i < IDLE_STEPS; i++) {
		sheet_number(sheet, r->idle[i]);
		below[i] = r->longest < step[i] ? r->longest : step[i] - 1;
	}
	if (!hist) {
		dashes(sheet, 2);
		sheet_put(sheet, "0 - ");
	} else {
		sheet_put(sheet, "0 ");
		sheet_numbers(sheet, r->hist, IDLE_OCTAVES);
		sheet_put(sheet, "0 ");
		sheet_numbers(sheet, below, IDLE_STEPS);
	}
	sheet_end(sheet);
}

static void tell_heavy(const struct member_row *r, const char *record, struct sheet *sheet)
{
	char text[ROW_NAME];

	sheet_word(sheet, record);
	sheet_number(sheet, NETNS);
	sheet_word(sheet, r->kind == ROW_SERVICE || r->kind == ROW_PAIR ?
		   proto_name(r->proto) : "-");
	sheet_word(sheet, row_name(text, r));
	sheet_number(sheet, r->entries);
	sheet_number(sheet, r->unreplied);
	sheet_number(sheet, r->assured);
	sheet_number(sheet, r->err);
	sheet_named(sheet, stage_name, r->stage, STAGES);
	sheet_number(sheet, r->kind == ROW_SOURCE ? 1 : llround(r->sources));
	sheet_number(sheet, r->kind == ROW_DEST || r->kind == ROW_PAIR ? 1 : llround(r->dests));
	sheet_number(sheet, r->kind == ROW_SERVICE ? 1 : llround(r->ports));
	dashes(sheet, 12);
	sheet_end(sheet);
}

/* Each entry stands in two buckets, by an even hash. */
static void tell_chains(const struct told *t, struct sheet *sheet)
{
	double buckets = t->s->host.buckets, mean = 2 * t->v->count / buckets;
	double share = exp(-mean);
	int length, longest = 0;

	for (length = 0; length < 300; length++) {
		if (buckets * share >= 0.5) {
			tell_simple(sheet, CTRI_CENSUS_CHAIN, length, NULL,
				    llround(buckets * share));
			longest = length;
		} else if (length > mean) {
			break;
		}
		share *= mean / (length + 1);
	}
	tell_simple(sheet, CTRI_CENSUS_WALK, 0, "chain_max", longest);
}

static int more_entries(const void *left, const void *right)
{
	const struct state_row *a = left, *b = right;

	return a->entries < b->entries ? 1 : -1;
}

void tell_census(const struct told *t, struct sheet *sheet)
{
	static const char *const records[] = {
		[ROW_SOURCE] = CTRI_CENSUS_SOURCE, [ROW_DEST] = CTRI_CENSUS_DEST,
		[ROW_SERVICE] = CTRI_CENSUS_SERVICE, [ROW_PREFIX] = CTRI_CENSUS_PREFIX,
		[ROW_PAIR] = CTRI_CENSUS_PAIR,
	};
	struct state_row state[MOST_STATES];
	int kind, i;

	sheet_put(sheet, CTRI_HEAD_CENSUS "\n");
	tell_walk(t, sheet);
	tell_state(&t->v->all, CTRI_CENSUS_NETNS, false, sheet);
	memcpy(state, t->v->state, sizeof(state));
	qsort(state, t->v->nr_states, sizeof(*state), more_entries);
	for (i = 0; i < t->v->nr_states; i++)
		tell_state(&state[i], CTRI_CENSUS_STATE, true, sheet);
	for (kind = 0; kind < ROW_CLASS; kind++)
		for (i = 0; i < t->v->nr_heavy[kind]; i++)
			tell_heavy(t->v->heavy[kind][i], records[kind], sheet);
	tell_chains(t, sheet);
}
