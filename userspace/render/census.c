// SPDX-License-Identifier: GPL-2.0
/* What the table holds: states, who holds most, chains, memory, zones. */
#include <stdlib.h>

#include "judge/census.h"
#include "lib/complain.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/print_table.h"
#include "lib/terminal.h"
#include "lib/words.h"
#include "render/census_json.h"
#include "render/census_tops.h"
#include "render/empty.h"
#include "render/heaviest.h"
#include "render/origin.h"
#include "render/render.h"
#include "render/stages.h"
#include "snapshot.h"

#define RIGHT	SCOLS_FL_RIGHT
#define TOP	10		/* rows of each class; the file has up to 64 */

#define MAX_RESTARTS	3	/* the module then finishes all the same */

static void show_walk(const struct snapshot *s, FILE *out)
{
	int64_t restarts = census_walk(s, "restarts");
	int64_t unplaced = census_walk(s, "unplaced");
	int64_t entries = 0, netns = 0, usec = census_walk(s, "usec");
	size_t i;

	for (i = 0; i < s->nr_census; i++)
		if (s->census[i].record == CENSUS_NETNS) {
			entries = plus(entries, s->census[i].entries);
			netns++;
		}
	fprintf(out, "%s entries", num(entries));
	if (netns > 1)
		fprintf(out, " in %s namespaces", num(netns));
	listed_clause(s, out);
	if (usec != UNKNOWN)
		fprintf(out, ", counted in %s ms", num(plus(usec, 999) / 1000));
	fputc('\n', out);
	if (known(restarts) > MAX_RESTARTS)
		prose(out, "The table was resized again and again; entries may be missing.");
	else if (known(restarts) > 0)
		prose(out, "The table was resized; the count began anew (%s of %d times).",
		      num(restarts), MAX_RESTARTS);
	if (known(unplaced) > 0)
		prose(out, "%s entries are of states that found no room of their own: \"other\".",
		      num(unplaced));
}

/* A share of a state; "-" for none, so that those that there are stand out */
static void put_share(struct libscols_line *line, size_t column, int64_t part,
		      int64_t whole)
{
	table_pct(line, column, part > 0 ? part : UNKNOWN, whole);
}

static int states_table(const struct snapshot *s, int64_t netns, FILE *out)
{
	static const struct table_column columns[] = {
		{ "PROTO", 0 }, { "STATE", 0 }, { "ENTRIES", RIGHT },
		{ "UNREPLIED", RIGHT }, { "ASSURED", RIGHT },
		{ "IDLE", RIGHT }, { ">1min", RIGHT }, { ">5min", RIGHT },
		{ ">1h", RIGHT }, { ">1d", RIGHT },
	};
	static const int steps[] = { IDLE_1MIN, IDLE_5MIN, IDLE_HOUR, IDLE_DAY };
	struct libscols_table *t;
	struct census_row *state;
	size_t i, j, nr;

	state = census_states(s, netns, &nr);
	t = table_begin(out, columns, ARRAY_SIZE(columns));
	for (i = 0; i < nr; i++) {
		struct libscols_line *line = table_line(t);

		table_put(line, 0, "%s", state[i].proto[0] ? state[i].proto : "-");
		table_put(line, 1, "%s", state[i].name[0] ? state[i].name : "-");
		table_num(line, 2, state[i].entries);
		put_share(line, 3, state[i].unreplied, state[i].entries);
		put_share(line, 4, state[i].assured, state[i].entries);
		table_put(line, 5, "%s", short_time(census_median(&state[i])));
		for (j = 0; j < ARRAY_SIZE(steps); j++)
			put_share(line, 6 + j, state[i].idle[steps[j]],
				  state[i].entries);
	}
	free(state);
	return table_end(t, out);
}

/* The states of each namespace that holds something */
static int show_states(const struct snapshot *s, const struct filter *f, FILE *out)
{
	size_t i;

	for (i = 0; i < s->nr_census; i++) {
		const struct census_row *row = &s->census[i];

		if (row->record != CENSUS_NETNS || !filter_netns(f, row->netns))
			continue;
		fputc('\n', out);
		prose(out, "Namespace %s%s: %s entries, %s unreplied, %s assured",
		      netns_word(s, row->netns),
		      row->netns == s->own_netns ? " (this one)" : "",
		      num(known(row->entries)),
		      pct(known(row->unreplied), row->entries),
		      pct(known(row->assured), row->entries));
		if (row->has_stages) {
			if (stages_table(row->stage, out))
				return -1;
			fputc('\n', out);
		}
		if (states_table(s, row->netns, out))
			return -1;
		if (known(row->idle_unknown) > 0)
			prose(out, "For how long %s of them have been silent can't be told: "
			      "they are offloaded, or their timeout is not conntrack's choice. "
			      "They pass for 0 s.", num(row->idle_unknown));
	}
	return 0;
}

/* The heaviest of one class, behind others in a text of 80 columns */
static int show_heaviest(struct list *l, FILE *out)
{
	l->report = true;
	l->usual = TOP;
	fputc('\n', out);
	return list_text(l, out);
}

static int show_all_heaviest(const struct snapshot *s, const struct list_request *ask,
			     const struct filter *f, FILE *out)
{
	bool any = false;
	int error = 0;
	size_t i;

	for (i = 0; i < CENSUS_TOPS && !error; i++) {
		struct census_top t;

		census_top_begin(&t, s, ask, f, i);
		any |= t.nr;
		if (t.nr)
			error = show_heaviest(&t.heavy.list, out);
		census_top_end(&t);
	}
	if (!any && f->family)
		fputs("No row is of that kind.\n", out);
	return error;
}

static int show_class(const struct snapshot *s, const struct list_request *ask,
		      const struct filter *f, FILE *out)
{
	struct census_top t;
	int error;

	census_top_begin(&t, s, ask, f, f->class);
	error = list_text(&t.heavy.list, out);
	census_top_end(&t);
	return error;
}

static int show_chains(const struct snapshot *s, FILE *out)
{
	static const struct table_column columns[] = {
		{ "CHAIN", RIGHT }, { "BUCKETS", RIGHT }, { "SHARE", RIGHT },
	};
	static const char *const group[CHAIN_GROUPS] = CHAIN_GROUP_NAMES;
	struct libscols_table *t;
	struct chains chains;
	size_t i;

	census_chains(s, &chains);
	if (chains.all <= 0)
		return 0;
	fputc('\n', out);
	prose(out, "Hash chains: the longest has %s links, those in use %.1f on average",
	      num(chains.longest), chains.mean);
	t = table_begin(out, columns, ARRAY_SIZE(columns));
	for (i = 0; i < CHAIN_GROUPS; i++) {
		struct libscols_line *line;

		if (!chains.group[i])
			continue;
		line = table_line(t);
		table_put(line, 0, "%s", group[i]);
		table_num(line, 1, chains.group[i]);
		table_pct(line, 2, chains.group[i], chains.all);
	}
	return table_end(t, out);
}

/* "nat 100 %, acct 98 %", of the entries that were looked at */
static void show_memory(const struct snapshot *s, FILE *out)
{
	int64_t each = census_walk(s, "bytes_entry");
	int64_t ext = census_walk(s, "bytes_ext");
	int64_t sampled = census_walk(s, "sampled");
	const char *before = " (";
	char list[256] = "";
	size_t i, used = 0;

	if (each == UNKNOWN)
		return;
	for (i = 0; i < s->nr_census && used + 96 < sizeof(list); i++) {
		const struct census_row *row = &s->census[i];

		if (row->record != CENSUS_EXT || known(sampled) <= 0)
			continue;
		used += snprintf(list + used, sizeof(list) - used, "%s%s %s", before,
				 row->name, pct(known(row->entries), sampled));
		before = ", ";
	}
	fputc('\n', out);
	if (ext == UNKNOWN)
		prose(out, "An entry takes %s bytes.", num(each));
	else
		prose(out, "An entry takes %s bytes, %s of them for its extensions%s%s.",
		      num(each), num(ext), list, used ? ")" : "");
}

static int show_zones(const struct snapshot *s, const struct filter *f, FILE *out)
{
	static const struct table_column columns[] = {
		{ "ZONE", RIGHT }, { "NETNS", RIGHT }, { "ENTRIES", RIGHT },
		{ "UNREPLIED", RIGHT }, { "ASSURED", RIGHT },
	};
	struct libscols_table *t = NULL;
	size_t i;

	for (i = 0; i < s->nr_census; i++) {
		const struct census_row *row = &s->census[i];
		struct libscols_line *line;

		if (row->record != CENSUS_ZONE || !filter_netns(f, row->netns))
			continue;
		if (!t)
			t = table_begin(out, columns, ARRAY_SIZE(columns));
		line = table_line(t);
		if (row->zone == UNKNOWN)
			table_put(line, 0, "%s", row->name);
		else
			table_num(line, 0, row->zone);
		table_put(line, 1, "%s", netns_word(s, row->netns));
		table_num(line, 2, row->entries);
		put_share(line, 3, row->unreplied, row->entries);
		put_share(line, 4, row->assured, row->entries);
	}
	if (!t)
		return 0;
	fputs("\nConntrack zones, but for zone 0\n", out);
	return table_end(t, out);
}

/* Sums that addresses have no part in */
static int show_sums(const struct snapshot *s, const struct filter *f, FILE *out)
{
	if (show_zones(s, f, out) || show_chains(s, out))
		return -1;
	show_memory(s, out);
	return 0;
}

static void show_legend(FILE *out)
{
	fputc('\n', out);
	prose(out, "IDLE: half of the entries have been silent for at least so long. SOURCES, "
	      "DESTS and PORTS: about so many distinct ones.");
	heaviest_legend(out);
}

/* --class and --prefix leave rows of addresses, and nothing of the table as a whole. */
static int show(const struct snapshot *s, const struct list_request *ask,
		const struct filter *f, FILE *out)
{
	if (f->class != SIZE_MAX)
		return show_class(s, ask, f, out);
	if (f->family)
		return show_all_heaviest(s, ask, f, out);
	show_walk(s, out);
	if (show_states(s, f, out) || show_all_heaviest(s, ask, f, out) || show_sums(s, f, out))
		return -1;
	show_legend(out);
	return ferror(out) ? -1 : 0;
}

/* The option that is for one list, of which the census has five; or NULL */
static const char *of_one_list(const struct list_request *ask)
{
	return ask->columns ? "-o" : ask->sort ? "--sort" :
	       ask->no_headings ? "--no-headings" : NULL;
}

static int check(const struct snapshot *s, const struct list_request *ask, const struct filter *f)
{
	struct census_top t;
	int error;

	if (f->class == SIZE_MAX && of_one_list(ask)) {
		complain("census: %s is for one of its lists; add --class source, dest, service, "
		      "pair or prefix", of_one_list(ask));
		return -1;
	}
	if (f->class == SIZE_MAX)
		return 0;
	census_top_begin(&t, s, ask, f, f->class);
	error = list_check(&t.heavy.list);
	census_top_end(&t);
	return error;
}

int render_census(const struct snapshot *s, const struct list_request *ask, FILE *out)
{
	struct filter f;

	if (filter_read(s, ask, "census", census_class, CENSUS_TOPS, &f) || check(s, ask, &f))
		return -1;
	if (ask->json)
		return census_json(s, ask, &f, out);
	if (!s->nr_census)
		return none_in_table(s, out, "census");
	return show(s, ask, &f, out);
}
