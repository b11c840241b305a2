// SPDX-License-Identifier: GPL-2.0
/* Findings as text for a person: 80 columns, commands on lines of their own. */
#include <stdint.h>
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
#include "render/render.h"
#include "snapshot.h"

#define LABEL		12	/* columns of "CRITICAL    " and "  evidence  " */

enum ink { INK_PLAIN, INK_OK, INK_WARNING, INK_CRITICAL, INK_DIM };

struct page {
	FILE *out;
	bool colour;
};

static const enum ink severity_ink[] = {
	[SEV_OK] = INK_OK,
	[SEV_WARNING] = INK_WARNING,
	[SEV_CRITICAL] = INK_CRITICAL,
	[SEV_UNKNOWN] = INK_WARNING,
};

/* ANSI: bold red, bold yellow, green and dim are legible on dark and light. */
static void ink(const struct page *p, enum ink ink)
{
	static const char *const code[] = {
		[INK_PLAIN] = "\033[0m",
		[INK_OK] = "\033[32m",
		[INK_WARNING] = "\033[1;33m",
		[INK_CRITICAL] = "\033[1;31m",
		[INK_DIM] = "\033[2m",
	};

	if (p->colour)
		fputs(code[ink], p->out);
}

static void label(const struct page *p, const char *word)
{
	ink(p, INK_DIM);
	fprintf(p->out, "  %-*s", LABEL - 2, word);
	ink(p, INK_PLAIN);
}

static void facts(const struct page *p, const char *word, const struct lines *l)
{
	size_t i;

	for (i = 0; i < l->nr; i++) {
		label(p, i ? "" : word);
		/*
		 * Lines that continue a fact are indented further than those
		 * that begin one.
		 */
		fputs(l->nr > 1 ? "- " : "", p->out);
		wrap(p->out, l->line[i], LABEL + (l->nr > 1 ? 2 : 0), TERMINAL_WIDTH);
	}
}

/* Words for a person among commands: a comment, broken at spaces unless it has lines */
static void remark(const struct page *p, const char *word, const char *text)
{
	const size_t room = strchr(text, '\n') ? SIZE_MAX : TERMINAL_WIDTH - LABEL - 2;

	while (*text) {
		size_t at = line_length(text, room);

		label(p, word);
		word = "";
		ink(p, INK_DIM);
		fputs("# ", p->out);
		print_plain(p->out, text, at);
		ink(p, INK_PLAIN);
		fputc('\n', p->out);
		text += at + (text[at] != '\0');
	}
}

/* Commands are never broken: they are there to be copied. */
static void command(const struct page *p, const char *word, const char *mark,
		    const char *text)
{
	const char *end;

	for (; text; text = *end ? end + 1 : NULL) {
		end = strchrnul(text, '\n');
		label(p, word);
		word = "";
		if (*mark)
			ink(p, INK_DIM);
		fputs(mark, p->out);
		print_plain(p->out, text, end - text);
		if (*mark)
			ink(p, INK_PLAIN);
		fputc('\n', p->out);
	}
}

/* What takes it back stands below, the last one first. */
static void steps(const struct page *p, const char *word, const struct steps *st,
		  enum step_when when)
{
	size_t i;

	for (i = 0; i < st->nr; i++) {
		const struct step *s = &st->step[i];

		if (s->when != when)
			continue;
		if (s->kind == STEP_SAY)
			remark(p, word, s->text);
		else
			command(p, word, s->kind == STEP_INSTEAD ? "# " : "", s->text);
		word = "";
	}
	for (i = st->nr; i-- > 0; )
		if (st->step[i].when == when && st->step[i].undo)
			command(p, "", "# to undo: ", st->step[i].undo);
}

static void commands(const struct page *p, const char *word,
		     const struct lines *l)
{
	size_t i;

	for (i = 0; i < l->nr; i++) {
		bool comment = l->line[i][0] == '#';

		label(p, i ? "" : word);
		if (comment)
			ink(p, INK_DIM);
		print_plain(p->out, l->line[i], strlen(l->line[i]));
		if (comment)
			ink(p, INK_PLAIN);
		fputc('\n', p->out);
	}
}

/* "about 4,100 entries within 2 minutes, and nothing refused" */
static void prediction(const struct page *p, const struct prediction *e)
{
	char text[160];

	if (e->entries == UNKNOWN)
		return;
	snprintf(text, sizeof(text), "entries should settle at about %s within %s%s%s%s",
		 num(e->entries), duration(e->within), e->refused > 0 ? ", with " :
		 ", and nothing be refused", e->refused > 0 ? per_second(e->refused) : "",
		 e->refused > 0 ? " packets a second still refused" : "");
	label(p, "expect");
	wrap(p->out, text, LABEL, TERMINAL_WIDTH);
}

static void certainty(const struct page *p, const struct finding *f)
{
	static const char *const text[] = {
		[LIKELY] = "likely: the data fit, and don't prove it",
		[POSSIBLE] = "possible: the data allow other readings",
	};

	if (f->certainty == SURE)
		return;
	label(p, "certainty");
	wrap(p->out, text[f->certainty], LABEL, TERMINAL_WIDTH);
}

static void finding(const struct page *p, const struct finding *f)
{
	fputc('\n', p->out);
	ink(p, severity_ink[f->severity]);
	fprintf(p->out, "%-*s", LABEL, f->severity == SEV_OK ? "NOTE" :
		severity_words[f->severity].upper);
	ink(p, INK_PLAIN);
	wrap(p->out, f->sentence, LABEL, TERMINAL_WIDTH);
	certainty(p, f);
	facts(p, "evidence", &f->evidence);
	facts(p, "against", &f->against);
	facts(p, "who", &f->culprit);
	facts(p, "suffers", &f->victim);
	steps(p, "now", &f->fix, STEP_NOW);
	steps(p, "for good", &f->fix, STEP_FOR_GOOD);
	if (f->price) {
		label(p, "price");
		wrap(p->out, f->price, LABEL, TERMINAL_WIDTH);
	}
	prediction(p, &f->prediction);
	commands(p, "check", &f->verify);
}

/* A damaged file each */
static void not_read(const struct page *p, const struct lines *faults)
{
	size_t i;

	if (faults->nr)
		fputc('\n', p->out);
	for (i = 0; i < faults->nr; i++) {
		ink(p, INK_WARNING);
		fprintf(p->out, "%-*s", LABEL, i ? "" : "NOT READ");
		ink(p, INK_PLAIN);
		wrap(p->out, faults->line[i], LABEL, TERMINAL_WIDTH);
	}
}

/* "captured on router1 at 2026-11-28 03:12 UTC, 2 days ago, by conntriage 0.1.0" */
static void head(const struct page *p, const struct captured *c)
{
	char text[512], date[40] = "", age[160] = "", by[64] = "";
	time_t when = c->date;
	struct tm tm;

	if (c->date != UNKNOWN && gmtime_r(&when, &tm)) {
		strftime(date, sizeof(date), " at %Y-%m-%d %H:%M UTC", &tm);
		if (c->age < 0)
			snprintf(age, sizeof(age), ", %s ahead of this clock",
				 duration(-c->age));
		else
			snprintf(age, sizeof(age), ", %s ago", duration(c->age));
	}
	if (*c->version)
		snprintf(by, sizeof(by), ", by conntriage %s", c->version);
	snprintf(text, sizeof(text), "captured%s%s%s%s%s%s", *c->host ? " on " : "", c->host,
		 date, age, by, c->newer ? ", which is newer than this (" CTRI_VERSION
		 "): some of it may not be understood here" : "");
	ink(p, INK_DIM);
	wrap(p->out, text, 0, TERMINAL_WIDTH);
	ink(p, INK_PLAIN);
}

int render_text(const struct findings *f, FILE *out)
{
	const char *off = getenv("NO_COLOR");
	struct page p = { .out = out };
	size_t i;

	p.colour = isatty(fileno(out)) && !(off && *off);
	ink(&p, severity_ink[f->worst]);
	print_plain(out, f->summary, strlen(f->summary));
	ink(&p, INK_PLAIN);
	fputc('\n', out);
	if (f->captured)
		head(&p, f->captured);
	for (i = 0; i < f->nr; i++)
		finding(&p, &f->finding[i]);
	not_read(&p, &f->faults);
	return ferror(out) ? -1 : 0;
}
