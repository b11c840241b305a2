// SPDX-License-Identifier: GPL-2.0
/* Who: the heaviest by events and by entries, and the namespaces. */
#include <stdio.h>
#include <string.h>

#include "judge/life.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/who.h"
#include "lib/words.h"
#include "report/sections.h"

#define TOP	10	/* rows of each list */

static const char *const class_words[SRC_CLASSES] = {
	[SRC_INSERT] = "Who opens connections",
	[SRC_INVALID] = "Who sends INVALID packets",
	[SRC_REFUSED] = "Whose packets are refused",
	[SRC_EVICTED] = "Whose entries are evicted",
	[SRC_EVICTING] = "Who makes the kernel evict others",
	[SRC_INSERT_FAILED] = "Whose insertions fail",
	[SRC_INVALID_TO] = "Where INVALID packets go",
	[SRC_REFUSED_TO] = "Where refused packets were to go",
	[SRC_EVICTED_TO] = "Where evicted entries led",
	[SRC_PROGRAM] = "Which programs of this host open connections",
};

/* ", namespace red" of one that isn't the reader's: mostly it is */
static void put_name(struct html *h, const struct snapshot *s, int64_t netns, const char *name,
		     const char *who)
{
	const char *where = netns == s->own_netns ? "" : netns_word(s, netns);

	html_open(h, "th", "scope", "row", NULL);
	html_textf(h, "%s%s%s%s%s%s", name, *who ? " (" : "", who, *who ? ")" : "",
		   *where ? ", namespace " : "", where);
	html_close(h);
}

/* An address with who it is, or "nginx.service (nginx, 812)" */
static void put_source(struct html *h, const struct snapshot *s, const struct source_row *row)
{
	const struct program *p = row->class == SRC_PROGRAM ? find_program(s, row->source) : NULL;
	char command[64] = "";

	if (p && *p->command)
		snprintf(command, sizeof(command), "%s, %lld", p->command, (long long)p->pid);
	put_name(h, s, row->netns, p ? p->unit : row->source,
		 p ? command : who_words(s, row->netns, row->source));
}

/* "tcp 98 %, udp 2 %" */
static void kinds(struct html *h, const struct source_row *row)
{
	double sum = 0;
	int i;

	for (i = 0; i < row->nr_kinds; i++)
		sum += row->kind[i].count;
	html_open(h, "td", NULL);
	for (i = 0; i < row->nr_kinds; i++)
		html_textf(h, "%s%s %s", i ? ", " : "", row->kind[i].name,
			   pct(row->kind[i].count, sum));
	html_close(h);
}

static void more(struct html *h, size_t nr)
{
	if (nr <= TOP)
		return;
	html_open(h, "p", "class", "muted", NULL);
	html_textf(h, "And %s more that the module has kept.", num(nr - TOP));
	html_close(h);
}

static void source(struct html *h, const struct snapshot *s, const struct source_row *row)
{
	char count[96];

	snprintf(count, sizeof(count), row->err ? "%s to %s" : "%s", num(row->count),
		 num(plus(row->count, row->err)));
	html_open(h, "tr", NULL);
	put_source(h, s, row);
	html_number(h, per_second(row->rate));
	html_number(h, count);
	html_number(h, row->last_ago <= 1 ? "now" : short_time(row->last_ago));
	kinds(h, row);
	html_close(h);
}

static void sources(struct html *h, const struct snapshot *s, enum source_class class)
{
	static const struct html_column columns[] = {
		{ "Who", false }, { "A second", true }, { "In all", true }, { "Last, ago", true },
		{ "Kinds", false },
	};
	size_t i, nr = 0;

	for (i = 0; i < s->nr_source; i++) {
		if (s->source[i].class != class)
			continue;
		if (!nr++)
			html_table(h, class_words[class], columns, ARRAY_SIZE(columns));
		if (nr <= TOP)
			source(h, s, &s->source[i]);
	}
	if (nr)
		html_table_end(h);
	more(h, nr);
}

static void holder(struct html *h, const struct snapshot *s, const struct census_row *row)
{
	bool has_proto = row->record == CENSUS_SERVICE || row->record == CENSUS_PAIR;
	char name[128];
	int i;

	snprintf(name, sizeof(name), "%s%s%s", has_proto ? row->proto : "", has_proto ? "/" : "",
		 row->name);
	html_open(h, "tr", NULL);
	put_name(h, s, row->netns, name, who_words(s, row->netns, row->name));
	html_count(h, row->entries);
	for (i = 0; i < LIVES; i++) {
		int64_t part = row->has_stages ? life_count(row->stage, i) : UNKNOWN;

		html_number(h, part == UNKNOWN ? "-" : part > 0 ? pct(part, row->entries) : "");
	}
	html_close(h);
}

static void holders(struct html *h, const struct snapshot *s, enum census_record record,
		    const char *caption)
{
	static const struct html_column columns[] = {
		{ "Who", false }, { "Entries", true }, { "Expired", true }, { "Unanswered", true },
		{ "Half-open", true }, { "Once", true }, { "Talking", true }, { "Silent", true },
		{ "Closing", true },
	};
	size_t i, nr = 0;

	_Static_assert(ARRAY_SIZE(columns) == 2 + LIVES, "a column for each part of a life");
	for (i = 0; i < s->nr_census; i++) {
		if (s->census[i].record != record)
			continue;
		if (!nr++)
			html_table(h, caption, columns, ARRAY_SIZE(columns));
		if (nr <= TOP)
			holder(h, s, &s->census[i]);
	}
	if (nr)
		html_table_end(h);
	more(h, nr);
}

static void namespaces(struct html *h, const struct snapshot *s)
{
	static const struct html_column columns[] = {
		{ "Namespace", false }, { "Entries", true }, { "Max", true }, { "Used", true },
		{ "Inserted", true }, { "Refused", true }, { "Evicted", true },
		{ "By gc", true }, { "Failed", true }, { "INVALID", true },
	};
	char name[160];
	size_t i;

	if (!s->nr_netns)
		return;
	html_table(h, s->mod.loaded ? "Network namespaces, since the module was loaded" :
		      s->dump.span ? "Network namespaces, and what came between two lists of "
		      "the table" : "Network namespaces", columns, ARRAY_SIZE(columns));
	for (i = 0; i < s->nr_netns; i++) {
		const struct netns_row *row = &s->netns[i];

		snprintf(name, sizeof(name), "%s%s", netns_word(s, row->netns),
			 row->netns == s->own_netns ? " (this one)" : "");
		html_row(h, name);
		html_count(h, row->count);
		html_count(h, row->max);
		html_number(h, row->conntrack == 1 && row->max > 0 ? pct(row->count, row->max) :
			    "off");
		html_count(h, row->inserts);
		html_count(h, row->refusals);
		html_count(h, row->evictions);
		html_count(h, row->gc_evictions);
		html_count(h, row->k_insert_failed);
		html_count(h, row->invalid);
		html_close(h);
	}
	html_table_end(h);
}

void report_lists(struct html *h, const struct snapshot *s)
{
	int i;

	html_open(h, "section", "id", "who", NULL);
	html_element(h, "h2", NULL, "Who");
	if (!s->nr_netns && !s->nr_source && !s->nr_census)
		html_element(h, "p", NULL, "Nobody is counted: see what wasn't seen.");
	namespaces(h, s);
	for (i = 0; i < SRC_CLASSES; i++)
		sources(h, s, i);
	holders(h, s, CENSUS_SOURCE, "Sources by entries");
	holders(h, s, CENSUS_PREFIX, "Networks of sources by entries");
	holders(h, s, CENSUS_DEST, "Destinations by entries");
	holders(h, s, CENSUS_SERVICE, "Services by entries");
	holders(h, s, CENSUS_PAIR, "Services of one host by entries");
	html_close(h);
}
