// SPDX-License-Identifier: GPL-2.0
/* Who holds most of the table. */
#include <stdlib.h>

#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "render/census_tops.h"

/* In the order in which a person asks */
static const struct {
	enum census_record record;
	const char *head, *whole;
} top[CENSUS_TOPS] = {
	{ CENSUS_SOURCE, "SOURCE", "conntriage census --class source -o all" },
	{ CENSUS_DEST, "DESTINATION", "conntriage census --class dest -o all" },
	{ CENSUS_SERVICE, "SERVICE", "conntriage census --class service -o all" },
	{ CENSUS_PAIR, "ENDPOINT", "conntriage census --class pair -o all" },
	{ CENSUS_PREFIX, "SOURCE PREFIX", "conntriage census --class prefix -o all" },
};

const char *const census_class[CENSUS_TOPS] = {
	CTRI_CENSUS_SOURCE, CTRI_CENSUS_DEST, CTRI_CENSUS_SERVICE, CTRI_CENSUS_PAIR,
	CTRI_CENSUS_PREFIX,
};

static struct heaviest_row row_of(const struct census_row *row, size_t class)
{
	bool pair = row->record == CENSUS_PAIR, has_proto = pair || row->record == CENSUS_SERVICE;
	struct heaviest_row r = {
		.class = census_class[class], .netns = row->netns, .count = row->entries,
		.err = row->err, .sources = row->sources, .dests = row->dests,
		/* A pair's are those of the sources: as many as entries. */
		.ports = pair ? UNKNOWN : row->ports,
		.stage = row->has_stages ? row->stage : NULL,
	};

	snprintf(r.name, sizeof(r.name), "%s%s%s", has_proto ? row->proto : "",
		 has_proto ? "/" : "", row->name);
	return r;
}

void census_top_begin(struct census_top *t, const struct snapshot *s,
		      const struct list_request *ask, const struct filter *f, size_t class)
{
	struct heaviest_row row, *new;
	size_t i;

	*t = (struct census_top) { 0 };
	heaviest_begin(&t->heavy, s, ask, "census", top[class].head, "ENTRIES");
	t->heavy.list.whole = top[class].whole;
	/* That is of incidents. */
	t->heavy.list.column++;
	t->heavy.list.columns--;
	for (i = 0; i < s->nr_census; i++) {
		if (s->census[i].record != top[class].record ||
		    !filter_netns(f, s->census[i].netns))
			continue;
		row = row_of(&s->census[i], class);
		if (!filter_address(f, row.name))
			continue;
		new = grow(&t->row, &t->nr, sizeof(*t->row));
		*new = row;
	}
	for (i = 0; i < t->nr; i++)
		list_add(&t->heavy.list, &t->row[i]);
}

void census_top_end(struct census_top *t)
{
	list_free(&t->heavy.list);
	free(t->row);
}
