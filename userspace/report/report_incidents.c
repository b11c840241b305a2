// SPDX-License-Identifier: GPL-2.0
/* The spells in which entries were evicted or packets refused, and the story of each. */
#include <inttypes.h>
#include <stdlib.h>

#include "judge/incident.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "report/sections.h"

#define TOLD	8	/* the latest; all of them are in the table */

static void table(struct html *h, const struct snapshot *s)
{
	static const struct html_column columns[] = {
		{ "Nr", false }, { "Began", true }, { "Lasted", true }, { "Namespace", false },
		{ "Peak", true }, { "Max", true }, { "Inserted", true }, { "Evicted", true },
		{ "Refused", true },
	};
	char nr[24], began[32];
	size_t i;

	html_table(h, "Incidents, the latest first", columns, ARRAY_SIZE(columns));
	for (i = s->nr_incidents; i-- > 0; ) {
		const struct incident_row *inc = &s->incident[i];

		snprintf(nr, sizeof(nr), "%" PRId64, inc->nr);
		html_row(h, nr);
		local_time(inc->begin, "%Y-%m-%d %H:%M:%S", began, sizeof(began));
		html_number(h, began);
		html_open(h, "td", "class", "n", NULL);
		html_textf(h, "%s%s", short_time(incident_seconds(inc)), inc->end ? "" :
			   ", not over yet");
		html_close(h);
		html_cell(h, netns_word(s, inc->netns));
		html_count(h, inc->count_peak);
		html_count(h, inc->max);
		html_count(h, inc->inserts);
		html_count(h, incident_killed(inc));
		html_count(h, incident_refused(inc));
		html_close(h);
	}
	html_table_end(h);
}

void report_incidents(struct html *h, const struct snapshot *s)
{
	size_t i, told = 0;

	html_open(h, "section", "id", "incidents", NULL);
	html_element(h, "h2", NULL, "Incidents");
	if (!s->nr_incidents)
		html_element(h, "p", NULL, s->mod.loaded ? "None is recorded." :
			     "The module isn't loaded, which records them.");
	else
		table(h, s);
	for (i = s->nr_incidents; i-- > 0 && told < TOLD; told++) {
		char *story = incident_summary(s, &s->incident[i]);

		html_open(h, "h3", NULL);
		html_textf(h, "Incident %" PRId64, s->incident[i].nr);
		html_close(h);
		html_element(h, "p", NULL, story);
		free(story);
	}
	html_close(h);
}
