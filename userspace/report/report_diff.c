// SPDX-License-Identifier: GPL-2.0
/* Two snapshots beside each other as a page. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "judge/causes.h"
#include "judge/compare.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "render/sentence.h"
#include "report/frame.h"
#include "report/report.h"
#include "report/sections.h"

static const char *host(const struct snapshot *s)
{
	const char *name = host_name(s);

	return *name ? name : "a host";
}

static void moment(struct html *h, const char *which, const struct snapshot *s)
{
	int64_t when = report_moment(s);

	html_element(h, "dt", NULL, which);
	html_open(h, "dd", NULL);
	html_textf(h, "%s, %s", host(s), when == UNKNOWN ? "at a time that isn't told" :
		   report_when(s, 0, "%Y-%m-%d %H:%M:%S UTC"));
	html_close(h);
}

static void banner(struct html *h, const struct comparison *c, const char *title)
{
	html_open(h, "header", NULL);
	html_element(h, "h1", NULL, title);
	html_open(h, "dl", NULL);
	moment(h, "Before", c->before);
	moment(h, "After", c->after);
	if (c->apart != UNKNOWN) {
		html_element(h, "dt", NULL, "Apart");
		html_open(h, "dd", NULL);
		html_textf(h, "%s%s", duration(c->apart < 0 ? -c->apart : c->apart), c->apart < 0 ?
			   ": they stand the other way round" : "");
		html_close(h);
	}
	if (!c->same_host) {
		html_element(h, "dt", NULL, "Hosts");
		html_element(h, "dd", NULL, "These are two hosts.");
	}
	html_close(h);
	html_close(h);
}

/* "Gone", "New" or "Still there", and how bad it is, or was */
static void finding(struct html *h, const struct finding_change *f)
{
	const struct finding *shown = f->after ? f->after : f->before;
	char *text = sentence(&shown->sentence);

	html_element(h, "h3", NULL, !f->after ? "Gone" : !f->before ? "New" : "Still there");
	html_open(h, "p", "class", "summary", NULL);
	html_element(h, "b", severity_class[shown->severity],
		     severity_words[shown->severity].upper);
	if (f->before && f->after && f->before->severity != f->after->severity)
		html_textf(h, " (was %s)", severity_words[f->before->severity].upper);
	html_textf(h, " %s", text);
	html_close(h);
	free(text);
}

static void findings(struct html *h, const struct comparison *c)
{
	size_t i;

	html_element(h, "h2", NULL, "Findings");
	if (!c->nr_findings) {
		html_element(h, "p", NULL, "Nothing was found, then and now.");
		return;
	}
	for (i = 0; i < c->nr_findings; i++)
		finding(h, &c->finding[i]);
}

static void cures(struct html *h, const struct comparison *c)
{
	static const char *const words[OUTCOMES] = {
		[OUTCOME_MET] = "yes", [OUTCOME_MORE] = "no, there are more",
		[OUTCOME_LESS] = "there are less", [OUTCOME_EARLY] = "that time isn't over",
		[OUTCOME_UNKNOWN] = "it can't be told",
	};
	static const struct html_column columns[] = {
		{ "Cure of", false }, { "Predicted", true }, { "Within", true }, { "Now", true },
		{ "Did it?", false },
	};
	size_t i;

	if (!c->nr_cures)
		return;
	html_element(h, "h2", NULL, "Did the cure do what was predicted?");
	html_table(h, "Cures and what was predicted of them", columns, ARRAY_SIZE(columns));
	for (i = 0; i < c->nr_cures; i++) {
		const struct cure_check *k = &c->cure[i];

		html_row(h, k->finding->cause->name);
		html_count(h, k->predicted);
		html_number(h, duration(k->within));
		html_count(h, k->entries);
		html_cell(h, words[k->outcome]);
		html_close(h);
	}
	html_table_end(h);
}

static void tables(struct html *h, const struct comparison *c)
{
	static const struct html_column columns[] = {
		{ "Namespace", false }, { "Entries before", true }, { "Entries after", true },
		{ "Maximum", true }, { "New", true }, { "Refused", true }, { "Evicted", true },
		{ "INVALID", true },
	};
	size_t i;

	if (!c->nr_tables)
		return;
	html_element(h, "h2", NULL, "Tables");
	html_element(h, "p", "muted", "What was new, refused, evicted and INVALID is of the time "
		     "in between.");
	html_table(h, "Connection tables, before and after", columns, ARRAY_SIZE(columns));
	for (i = 0; i < c->nr_tables; i++) {
		const struct table_change *t = &c->table[i];

		html_row(h, t->netns == c->after->own_netns ? "this one" :
			 netns_word(c->after, t->netns));
		html_count(h, t->count[0]);
		html_count(h, t->count[1]);
		html_count(h, t->max[1]);
		html_count(h, t->inserts);
		html_count(h, t->refusals);
		html_count(h, t->evictions);
		html_count(h, t->invalid);
		html_close(h);
	}
	html_table_end(h);
}

static void culprits(struct html *h, const struct comparison *c)
{
	static const struct html_column columns[] = {
		{ "Source", false }, { "New a second, before", true }, { "After", true },
	};
	size_t i;

	if (!c->nr_culprits)
		return;
	html_element(h, "h2", NULL, "Who was accused");
	html_table(h, "Those who were accused, before and after", columns, ARRAY_SIZE(columns));
	for (i = 0; i < c->nr_culprits; i++) {
		html_row(h, c->culprit[i].source);
		html_number(h, per_second(c->culprit[i].before));
		html_number(h, per_second(c->culprit[i].after));
		html_close(h);
	}
	html_table_end(h);
}

static void number(struct html *h, int64_t n)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, n);
	html_number(h, n == UNKNOWN ? "-" : text);
}

static void settings(struct html *h, const struct comparison *c)
{
	static const struct html_column columns[] = {
		{ "net.netfilter.nf_conntrack_", false }, { "Before", true }, { "After", true },
	};
	size_t i;

	if (c->nr_settings) {
		html_element(h, "h2", NULL, "Settings");
		html_table(h, "Settings that changed", columns, ARRAY_SIZE(columns));
		for (i = 0; i < c->nr_settings; i++) {
			html_row(h, c->setting[i].name);
			number(h, c->setting[i].before);
			number(h, c->setting[i].after);
			html_close(h);
		}
		html_table_end(h);
	}
	if (!c->rules_came.nr && !c->rules_gone.nr)
		return;
	html_element(h, "h2", NULL, "Tables of conntriage's own rules");
	html_open(h, "ul", NULL);
	for (i = 0; i < c->rules_came.nr; i++) {
		html_open(h, "li", NULL);
		html_textf(h, "New: %s", c->rules_came.line[i]);
		html_close(h);
	}
	for (i = 0; i < c->rules_gone.nr; i++) {
		html_open(h, "li", NULL);
		html_textf(h, "Gone: %s", c->rules_gone.line[i]);
		html_close(h);
	}
	html_close(h);
}

int report_diff(const struct comparison *c, const char *file, char *err, size_t errlen)
{
	char title[200];
	struct frame f;
	struct html *h = &f.html;

	if (c->same_host)
		snprintf(title, sizeof(title), "What changed on %s", host(c->after));
	else
		snprintf(title, sizeof(title), "%s and %s compared", host(c->before),
			 host(c->after));
	frame_begin(&f, title);
	banner(h, c, title);
	html_open(h, "main", NULL);
	findings(h, c);
	cures(h, c);
	tables(h, c);
	culprits(h, c);
	settings(h, c);
	html_close(h);
	return frame_end(&f, file, err, errlen);
}
