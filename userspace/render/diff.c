// SPDX-License-Identifier: GPL-2.0
/* What changed between two snapshots, as text. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/causes.h"
#include "judge/compare.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "lib/words.h"
#include "render/page.h"
#include "render/render.h"
#include "render/sentence.h"

static void facts(const struct page *p, const char *word, struct lines *l)
{
	page_facts(p, word, l, 0);
	lines_free(l);
}

static const char *host(const struct snapshot *s)
{
	const char *name = host_name(s);

	return *name ? name : "a host";
}

static void head(struct page *p, const struct comparison *c)
{
	char text[512], when[64] = "";

	if (c->apart != UNKNOWN && c->apart >= 0)
		snprintf(when, sizeof(when), ", %s later", duration(c->apart));
	else if (c->apart != UNKNOWN)
		snprintf(when, sizeof(when), ", %s earlier: they stand the other way round",
			 duration(-c->apart));
	if (c->same_host)
		snprintf(text, sizeof(text), "%s%s%s", host(c->after), *c->after->root ? "" :
			 ", as it is now", when);
	else
		snprintf(text, sizeof(text), "%s, and %s%s: these are two hosts", host(c->before),
			 host(c->after), when);
	page_headline(p, "COMPARED", INK_DIM, text);
}

static const char *severity(const struct finding *f)
{
	return f->severity == SEV_OK ? "NOTE" : severity_words[f->severity].upper;
}

/* "STILL       WARNING, was CRITICAL: The table ..." */
static void finding(struct page *p, const struct finding_change *f)
{
	const struct finding *shown = f->after ? f->after : f->before;
	bool other = f->before && f->after && f->before->severity != f->after->severity;
	struct lines l = { 0 };
	char *text = sentence(&shown->sentence);

	lines_add(&l, "%s%s%s: %s", severity(shown), other ? ", was " : "",
		  other ? severity(f->before) : "", text);
	page_headline(p, !f->after ? "GONE" : !f->before ? "NEW" : "STILL",
		      !f->after ? INK_OK : severity_ink[shown->severity], l.line[0]);
	lines_free(&l);
	free(text);
}

static void table(struct lines *l, const struct comparison *c, const struct table_change *t)
{
	char events[256] = "", where[160] = "";

	if (t->refusals != UNKNOWN)
		snprintf(events, sizeof(events), "; in between %s new, %s packets refused, %s "
			 "entries evicted, %s INVALID packets", num(t->inserts), num(t->refusals),
			 num(t->evictions), num(t->invalid));
	if (t->netns != c->after->own_netns)
		snprintf(where, sizeof(where), "namespace %s: ", netns_word(c->after, t->netns));
	lines_add(l, "%s%s of %s, now %s of %s%s", where, num(t->count[0]), num(t->max[0]),
		  num(t->count[1]), num(t->max[1]), events);
}

static void cure(struct lines *l, const struct cure_check *k)
{
	static const char *const words[OUTCOMES] = {
		[OUTCOME_MET] = "as predicted",
		[OUTCOME_MORE] = "more than predicted: were the commands typed, and do they stand?",
		[OUTCOME_LESS] = "less than predicted",
		[OUTCOME_EARLY] = "but that time isn't over",
		[OUTCOME_UNKNOWN] = "it can't be told",
	};
	char now[64] = "how many there are isn't known";

	if (k->entries != UNKNOWN)
		snprintf(now, sizeof(now), "there are %s", num(k->entries));
	lines_add(l, "%s: about %s entries within %s were predicted; %s: %s",
		  k->finding->cause->name, num(k->predicted), duration(k->within), now,
		  words[k->outcome]);
}

int render_diff(const struct comparison *c, FILE *out)
{
	struct lines tables = { 0 }, settings = { 0 }, cures = { 0 }, culprits = { 0 };
	struct lines rules = { 0 };
	struct page p;
	size_t i;

	page_begin(&p, out);
	head(&p, c);
	for (i = 0; i < c->nr_tables; i++)
		table(&tables, c, &c->table[i]);
	for (i = 0; i < c->nr_cures; i++)
		cure(&cures, &c->cure[i]);
	for (i = 0; i < c->nr_culprits; i++)
		lines_add(&culprits, "%s: %s new connections a second, now %s",
			  c->culprit[i].source, per_second(c->culprit[i].before),
			  per_second(c->culprit[i].after));
	for (i = 0; i < c->nr_settings; i++)
		lines_add(&settings, "nf_conntrack_%s: %" PRId64 ", now %" PRId64,
			  c->setting[i].name, c->setting[i].before, c->setting[i].after);
	facts(&p, "entries", &tables);
	facts(&p, "cure", &cures);
	facts(&p, "who", &culprits);
	facts(&p, "settings", &settings);
	for (i = 0; i < c->rules_came.nr; i++)
		lines_add(&rules, "%s: new", c->rules_came.line[i]);
	for (i = 0; i < c->rules_gone.nr; i++)
		lines_add(&rules, "%s: gone", c->rules_gone.line[i]);
	facts(&p, "rules", &rules);
	for (i = 0; i < c->nr_findings; i++)
		finding(&p, &c->finding[i]);
	if (!c->nr_findings)
		page_headline(&p, "OK", INK_OK, "nothing was found, then and now");
	return ferror(out) ? -1 : 0;
}
