// SPDX-License-Identifier: GPL-2.0
/* Findings as text for a person: 80 columns, commands on lines of their own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fix/steps.h"
#include "judge/finding.h"
#include "kmod/abi.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "lib/words.h"
#include "render/page.h"
#include "render/render.h"
#include "render/screen.h"
#include "render/sentence.h"
#include "snapshot.h"

static void prediction(const struct page *p, const struct prediction *e)
{
	char *text = sentence_prediction(e);

	if (!text)
		return;
	page_label(p, "expect");
	wrap(p->out, text, PAGE_LABEL, TERMINAL_WIDTH);
	free(text);
}

static void list(const struct page *p, const char *word, const struct facts *facts)
{
	struct lines l = { 0 };

	sentence_facts(facts, &l);
	page_facts(p, word, &l, 0);
	lines_free(&l);
}

static void who(const struct page *p, const char *word, const struct parties *parties)
{
	struct lines l = { 0 };

	sentence_parties(parties, &l);
	page_facts(p, word, &l, 0);
	lines_free(&l);
}

static void finding(struct page *p, const struct finding *f)
{
	char *price = sentence_all(&f->price);

	page_finding(p, f);
	list(p, "evidence", &f->evidence);
	list(p, "against", &f->against);
	who(p, "who", &f->culprit);
	who(p, "suffers", &f->victim);
	page_steps(p, "now", &f->fix, STEP_NOW);
	page_steps(p, "for good", &f->fix, STEP_FOR_GOOD);
	if (price) {
		page_label(p, "price");
		wrap(p->out, price, PAGE_LABEL, TERMINAL_WIDTH);
	}
	free(price);
	prediction(p, &f->prediction);
	page_commands(p, "check", &f->verify);
}

/* A damaged file each */
static void not_read(struct page *p, const struct lines *faults)
{
	size_t i;

	for (i = 0; i < faults->nr; i++) {
		p->begun = p->begun && !i;
		page_headline(p, i ? "" : "NOT READ", INK_WARNING, faults->line[i]);
	}
}

/*
 * "captured on router1 at 2026-11-28 03:12 UTC, 2 days ago, by conntriage 0.1.0", or
 * "sos report of router1, of 2026-11-28 03:12 UTC, 2 days ago"
 */
static void head(const struct page *p, const struct captured *c)
{
	char text[512], date[40] = "", age[160] = "", by[64] = "", what[120];
	time_t when = c->date;
	struct tm tm;

	if (c->date != UNKNOWN && gmtime_r(&when, &tm)) {
		strftime(date, sizeof(date), *c->source ? ", of %Y-%m-%d %H:%M UTC" :
			 " at %Y-%m-%d %H:%M UTC", &tm);
		if (c->age < 0)
			snprintf(age, sizeof(age), ", %s ahead of this clock",
				 duration(-c->age));
		else
			snprintf(age, sizeof(age), ", %s ago", duration(c->age));
	}
	if (*c->version)
		snprintf(by, sizeof(by), ", by conntriage %s", c->version);
	if (*c->source)
		snprintf(what, sizeof(what), "%s%s%s", c->source, *c->host ? " of " : "", c->host);
	else
		snprintf(what, sizeof(what), "captured%s%s", *c->host ? " on " : "", c->host);
	if (*c->source && c->date == UNKNOWN)
		snprintf(date, sizeof(date), ", which doesn't tell of when");
	snprintf(text, sizeof(text), "%s%s%s%s%s", what, date, age, by, c->newer ?
		 ", which is newer than this (" CTRI_VERSION "): some of it may not be understood here" :
		 "");
	page_ink(p, INK_DIM);
	wrap(p->out, text, 0, TERMINAL_WIDTH);
	page_ink(p, INK_PLAIN);
}

int render_text(const struct findings *f, bool all, int above, FILE *out)
{
	struct page p;
	size_t i;

	page_begin(&p, out);
	if (f->captured)
		head(&p, f->captured);
	if (!all && isatty(fileno(out))) {
		render_screen(&p, f, above);
		return ferror(out) ? -1 : 0;
	}
	page_clear(&p, f);
	for (i = 0; i < f->nr; i++)
		finding(&p, &f->finding[i]);
	not_read(&p, &f->faults);
	return ferror(out) ? -1 : 0;
}

int render_watch(int64_t seconds, FILE *out)
{
	struct page p;
	char now[32];

	local_time(time(NULL), "%F %T %Z", now, sizeof(now));
	page_begin(&p, out);
	page_ink(&p, INK_DIM);
	fprintf(out, "conntriage every %s: %s", duration(seconds), now);
	page_ink(&p, INK_PLAIN);
	fputc('\n', out);
	return ferror(out) ? -1 : 0;
}
