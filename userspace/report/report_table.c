// SPDX-License-Identifier: GPL-2.0
/* Entries by stage, now and in the worst minute of each incident: no record has more. */
#include <inttypes.h>
#include <stdio.h>

#include "judge/incident.h"
#include "judge/life.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "report/sections.h"
#include "report/svg.h"

#define MOMENTS	12	/* namespaces now, then incidents */

/* Of what the stages are known */
struct moment {
	char name[128];
	const int64_t *stage;
};

static size_t now(const struct snapshot *s, struct moment *m, size_t room)
{
	size_t i, nr = 0;

	for (i = 0; i < s->nr_census && nr < room; i++) {
		const struct census_row *row = &s->census[i];

		if (row->record != CENSUS_NETNS || !row->has_stages || life_sum(row->stage) <= 0)
			continue;
		snprintf(m[nr].name, sizeof(m->name), "Now%s%s",
			 row->netns == s->own_netns ? "" : ", namespace ",
			 row->netns == s->own_netns ? "" : netns_word(s, row->netns));
		m[nr++].stage = row->stage;
	}
	return nr;
}

static size_t worst(const struct snapshot *s, struct moment *m, size_t room)
{
	size_t i, nr = 0;

	for (i = s->nr_incidents; i-- > 0 && nr < room; ) {
		const struct incident_row *inc = &s->incident[i];
		char when[32];

		if (!inc->has_stages || life_sum(inc->stage) <= 0)
			continue;
		local_time(incident_worst(inc), "%m-%d %H:%M", when, sizeof(when));
		snprintf(m[nr].name, sizeof(m->name), "Incident %" PRId64 ", its worst minute, %s",
			 inc->nr, when);
		m[nr++].stage = inc->stage;
	}
	return nr;
}

static void legend(struct html *h)
{
	int i;

	html_open(h, "ul", "class", "legend", NULL);
	for (i = 0; i < LIVES; i++) {
		html_open(h, "li", NULL);
		svg_key(h, i);
		html_textf(h, " %s", life_words[i]);
		html_close(h);
	}
	html_close(h);
}

static void bar(struct html *h, const struct moment *m)
{
	double part[LIVES];
	char text[512];
	size_t used = 0;
	int i;

	for (i = 0; i < LIVES; i++) {
		part[i] = life_count(m->stage, i);
		if (part[i] > 0 && used < sizeof(text))
			used += snprintf(text + used, sizeof(text) - used, "%s%s %s",
					 used ? ", " : "", num(part[i]), life_words[i]);
	}
	html_open(h, "figure", NULL);
	html_open(h, "figcaption", NULL);
	html_element(h, "b", NULL, m->name);
	html_textf(h, " %s entries", num(life_sum(m->stage)));
	html_close(h);
	svg_stack(h, m->name, text, part, LIVES);
	html_close(h);
}

static void numbers(struct html *h, const struct moment *m, size_t nr)
{
	struct html_column columns[1 + MOMENTS] = { { "Stage", false } };
	size_t i;
	int life;

	for (i = 0; i < nr; i++)
		columns[1 + i] = (struct html_column){ m[i].name, true };
	html_table(h, "The numbers: entries by stage", columns, 1 + nr);
	for (life = 0; life < LIVES; life++) {
		html_row(h, life_words[life]);
		for (i = 0; i < nr; i++)
			html_count(h, life_count(m[i].stage, life));
		html_close(h);
	}
	html_table_end(h);
}

void report_table(struct html *h, const struct snapshot *s)
{
	struct moment m[MOMENTS];
	size_t nr = now(s, m, MOMENTS / 2), i;

	nr += worst(s, m + nr, MOMENTS - nr);
	html_open(h, "section", "id", "stages", NULL);
	html_element(h, "h2", NULL, "Entries by stage");
	if (!nr) {
		html_element(h, "p", NULL, "No census of them is known.");
	} else {
		html_element(h, "p", "muted", "In which stage of a connection's life the entries "
			     "are. It is counted when somebody asks, and in the worst minute of "
			     "an incident; there is no record of it by the minute.");
		html_open(h, "div", "class", "beside", NULL);
		html_open(h, "div", NULL);
		legend(h);
		for (i = 0; i < nr; i++)
			bar(h, &m[i]);
		html_close(h);
		numbers(h, m, nr);
		html_close(h);
	}
	html_close(h);
}
