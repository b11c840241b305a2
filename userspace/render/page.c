// SPDX-License-Identifier: GPL-2.0
/* The parts of a finding as text: 80 columns, commands on lines of their own. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/terminal.h"
#include "lib/words.h"
#include "render/page.h"
#include "render/sentence.h"

const enum ink severity_ink[] = {
	[SEV_OK] = INK_OK,
	[SEV_WARNING] = INK_WARNING,
	[SEV_CRITICAL] = INK_CRITICAL,
	[SEV_UNKNOWN] = INK_WARNING,
};

void page_begin(struct page *p, FILE *out)
{
	const char *off = getenv("NO_COLOR");

	p->out = out;
	p->colour = isatty(fileno(out)) && !(off && *off);
	p->begun = false;
}

/* ANSI: bold red, bold yellow, green and dim are legible on dark and light. */
void page_ink(const struct page *p, enum ink ink)
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

void page_label(const struct page *p, const char *word)
{
	page_ink(p, INK_DIM);
	fprintf(p->out, "  %-*s", PAGE_LABEL - 2, word);
	page_ink(p, INK_PLAIN);
}

void page_facts(const struct page *p, const char *word, const struct lines *l, size_t more)
{
	const char *dash = l->nr + more > 1 ? "- " : "";
	size_t i;

	for (i = 0; i < l->nr; i++) {
		page_label(p, i ? "" : word);
		/*
		 * Lines that continue a fact are indented further than those
		 * that begin one.
		 */
		fputs(dash, p->out);
		wrap(p->out, l->line[i], PAGE_LABEL + strlen(dash), TERMINAL_WIDTH);
	}
	if (more) {
		page_label(p, "");
		fprintf(p->out, "%sand %s more\n", dash, num(more));
	}
}

/* Words for a person among commands: a comment, broken at spaces unless it has lines */
static void remark(const struct page *p, const char *word, const char *text)
{
	const size_t room = strchr(text, '\n') ? SIZE_MAX : TERMINAL_WIDTH - PAGE_LABEL - 2;

	while (*text) {
		size_t at = line_length(text, room);

		page_label(p, word);
		word = "";
		page_ink(p, INK_DIM);
		fputs("# ", p->out);
		print_plain(p->out, text, at);
		page_ink(p, INK_PLAIN);
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
		page_label(p, word);
		word = "";
		if (*mark)
			page_ink(p, INK_DIM);
		fputs(mark, p->out);
		print_plain(p->out, text, end - text);
		if (*mark)
			page_ink(p, INK_PLAIN);
		fputc('\n', p->out);
	}
}

void page_steps(const struct page *p, const char *word, const struct steps *st,
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

void page_commands(const struct page *p, const char *word, const struct lines *l)
{
	size_t i;

	for (i = 0; i < l->nr; i++) {
		bool comment = l->line[i][0] == '#';

		page_label(p, i ? "" : word);
		if (comment)
			page_ink(p, INK_DIM);
		print_plain(p->out, l->line[i], strlen(l->line[i]));
		if (comment)
			page_ink(p, INK_PLAIN);
		fputc('\n', p->out);
	}
}

void page_headline(struct page *p, const char *word, enum ink colour, const char *sentence)
{
	if (p->begun)
		fputc('\n', p->out);
	p->begun = true;
	page_ink(p, colour);
	fprintf(p->out, "%-*s", PAGE_LABEL, word);
	page_ink(p, INK_PLAIN);
	wrap(p->out, sentence, PAGE_LABEL, TERMINAL_WIDTH);
}

static void certainty(const struct page *p, const struct finding *f)
{
	static const char *const text[] = {
		[LIKELY] = "likely: the data fit, and don't prove it",
		[POSSIBLE] = "possible: the data allow other readings",
	};

	if (f->certainty == SURE)
		return;
	page_label(p, "certainty");
	wrap(p->out, text[f->certainty], PAGE_LABEL, TERMINAL_WIDTH);
}

void page_finding(struct page *p, const struct finding *f)
{
	char *text = sentence(&f->sentence);

	page_headline(p, f->severity == SEV_OK ? "NOTE" : severity_words[f->severity].upper,
		      severity_ink[f->severity], text);
	free(text);
	certainty(p, f);
}

void page_clear(struct page *p, const struct findings *fs)
{
	char *text;

	if (!fs->clear.pattern)
		return;
	text = sentence(&fs->clear);
	page_headline(p, severity_words[SEV_OK].upper, INK_OK, text);
	free(text);
}
