// SPDX-License-Identifier: GPL-2.0
/* What the table holds: states, who holds most, chains, memory, zones. */
#include <stdlib.h>
#include <string.h>

#include "judge/census.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/print_table.h"
#include "lib/terminal.h"
#include "lib/words.h"
#include "render/empty.h"
#include "render/render.h"
#include "render/stages.h"
#include "snapshot.h"

#define RIGHT	SCOLS_FL_RIGHT
#define TOP	10		/* rows of each kind; the file has up to 64 */

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
	t = table_begin(out, TABLE_WHOLE, columns, ARRAY_SIZE(columns));
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
static int show_states(const struct snapshot *s, FILE *out)
{
	size_t i;

	for (i = 0; i < s->nr_census; i++) {
		const struct census_row *row = &s->census[i];

		if (row->record != CENSUS_NETNS)
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

/* "tcp/192.0.2.1:443", of one row */
static char *census_name(const struct census_row *row, char *text, size_t size)
{
	bool has_proto = row->record == CENSUS_SERVICE || row->record == CENSUS_PAIR;

	snprintf(text, size, "%s%s%s", has_proto ? row->proto : "", has_proto ? "/" : "",
		 row->name);
	return text;
}

static int show_heaviest(const struct snapshot *s, enum census_record record,
			 const char *head, FILE *out)
{
	char name[TOP][sizeof(s->census->proto) + sizeof(s->census->name)];
	struct heaviest_row heavy[TOP];
	size_t i, nr = 0;

	for (i = 0; i < s->nr_census; i++) {
		const struct census_row *row = &s->census[i];

		if (row->record != record || nr++ >= TOP)
			continue;
		heavy[nr - 1] = (struct heaviest_row) {
			.name = census_name(row, name[nr - 1], sizeof(name[0])),
			.netns = row->netns, .count = row->entries, .err = row->err,
			.sources = row->sources, .dests = row->dests,
			/* A pair's are those of the sources: as many as entries. */
			.ports = record == CENSUS_PAIR ? UNKNOWN : row->ports,
			.stage = row->has_stages ? row->stage : NULL,
		};
	}
	if (!nr)
		return 0;
	fputc('\n', out);
	if (heaviest_table(s, head, "ENTRIES", heavy, nr < TOP ? nr : TOP, out))
		return -1;
	if (nr > TOP)
		fprintf(out, "... and %s more in the module's file \"census\"\n",
			num(nr - TOP));
	return 0;
}

static int show_chains(const struct snapshot *s, FILE *out)
{
	static const struct table_column columns[] = {
		{ "CHAIN", RIGHT }, { "BUCKETS", RIGHT }, { "SHARE", RIGHT },
	};
	static const char *const group[CHAIN_GROUPS] = {
		"0", "1", "2", "3-4", "5-8", "9-16", "17-32", "33-64", "65-",
	};
	struct libscols_table *t;
	struct chains chains;
	size_t i;

	census_chains(s, &chains);
	if (chains.all <= 0)
		return 0;
	fputc('\n', out);
	prose(out, "Hash chains: the longest has %s links, those in use %.1f on average",
	      num(chains.longest), chains.mean);
	t = table_begin(out, TABLE_WHOLE, columns, ARRAY_SIZE(columns));
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

static int show_zones(const struct snapshot *s, FILE *out)
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

		if (row->record != CENSUS_ZONE)
			continue;
		if (!t)
			t = table_begin(out, TABLE_WHOLE, columns, ARRAY_SIZE(columns));
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

int render_census(const struct snapshot *s, FILE *out)
{
	if (!s->nr_census)
		return none_recorded(s, out, "census", false);
	show_walk(s, out);
	if (show_states(s, out) ||
	    show_heaviest(s, CENSUS_SOURCE, "SOURCE", out) ||
	    show_heaviest(s, CENSUS_DEST, "DESTINATION", out) ||
	    show_heaviest(s, CENSUS_SERVICE, "SERVICE", out) ||
	    show_heaviest(s, CENSUS_PAIR, "ENDPOINT", out) ||
	    show_heaviest(s, CENSUS_PREFIX, "SOURCE PREFIX", out) ||
	    show_zones(s, out) || show_chains(s, out))
		return -1;
	show_memory(s, out);
	fputc('\n', out);
	prose(out, "IDLE: half of the entries have been silent for at least so long. SOURCES, "
	      "DESTS and PORTS: about so many distinct ones.");
	heaviest_legend(out);
	return ferror(out) ? -1 : 0;
}
