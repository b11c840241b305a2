// SPDX-License-Identifier: GPL-2.0
/* Findings with their cures: what the text of a diagnosis says, as a page. */
#include <stdlib.h>
#include <string.h>

#include "fix/steps.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "render/sentence.h"
#include "report/sections.h"

const char *const severity_class[] = {
	[SEV_OK] = "ok", [SEV_WARNING] = "warning", [SEV_CRITICAL] = "critical",
	[SEV_UNKNOWN] = "unknown",
};

static void list(struct html *h, const char *head, struct lines *l)
{
	size_t i;

	if (l->nr) {
		html_element(h, "h4", NULL, head);
		html_open(h, "ul", NULL);
		for (i = 0; i < l->nr; i++)
			html_element(h, "li", NULL, l->line[i]);
		html_close(h);
	}
	lines_free(l);
}

static void facts(struct html *h, const char *head, const struct facts *facts)
{
	struct lines l = { 0 };

	sentence_facts(facts, &l);
	list(h, head, &l);
}

static void parties(struct html *h, const char *head, const struct parties *parties)
{
	struct lines l = { 0 };

	sentence_parties(parties, &l);
	list(h, head, &l);
}

/* Words among commands: every line is a comment for the shell that it is pasted into. */
static void remark(struct html *h, const char *text)
{
	char *copy = strdup(text), *next = copy, *line;

	while (next && (line = strsep(&next, "\n"))) {
		html_open(h, "span", "class", "remark", NULL);
		html_textf(h, "# %s", line);
		html_close(h);
		html_text(h, "\n");
	}
	free(copy);
}

static void undo(struct html *h, const struct steps *st, enum step_when when)
{
	size_t i;

	for (i = st->nr; i-- > 0; ) {
		char *text;

		if (st->step[i].when != when || !st->step[i].undo)
			continue;
		if (asprintf(&text, "to undo: %s", st->step[i].undo) < 0)
			continue;
		remark(h, text);
		free(text);
	}
}

static void begin_commands(struct html *h, const char *head)
{
	html_element(h, "h4", NULL, head);
	html_open(h, "pre", NULL);
	html_open(h, "code", NULL);
}

static void steps(struct html *h, const char *head, const struct steps *st, enum step_when when)
{
	size_t i;

	if (!steps_has(st, when))
		return;
	begin_commands(h, head);
	for (i = 0; i < st->nr; i++) {
		const struct step *s = &st->step[i];

		if (s->when != when)
			continue;
		if (s->kind <= STEP_INSTEAD)
			remark(h, s->text);
		else
			html_textf(h, "%s\n", s->text);
	}
	undo(h, st, when);
	html_close(h);
	html_close(h);
}

static void check(struct html *h, const struct lines *verify)
{
	size_t i;

	if (!verify->nr)
		return;
	begin_commands(h, "To see whether it worked");
	for (i = 0; i < verify->nr; i++)
		html_textf(h, "%s\n", verify->line[i]);
	html_close(h);
	html_close(h);
}

static void paragraph(struct html *h, const char *head, char *text)
{
	if (text) {
		html_element(h, "h4", NULL, head);
		html_element(h, "p", NULL, text);
	}
	free(text);
}

/* The reader may not have conntriage: what "explain" says of the cause, folded */
static void explain(struct html *h, const struct cause *c)
{
	html_open(h, "details", NULL);
	html_open(h, "summary", NULL);
	html_textf(h, "How \"%s\" works: %s", c->name, c->title);
	html_close(h);
	html_element(h, "p", "prose", c->text);
	html_close(h);
}

static void finding(struct html *h, const struct finding *f)
{
	static const char *const sure[] = {
		[LIKELY] = "Likely: the data fit, and don't prove it.",
		[POSSIBLE] = "Possible: the data allow other readings.",
	};
	char *text = sentence(&f->sentence);

	html_open(h, "article", "class", severity_class[f->severity], NULL);
	html_open(h, "h3", NULL);
	html_element(h, "b", "badge", f->severity == SEV_OK ? "NOTE" :
		     severity_words[f->severity].upper);
	html_text(h, " ");
	html_text(h, text);
	html_close(h);
	free(text);
	if (f->certainty != SURE)
		html_element(h, "p", "sure", sure[f->certainty]);
	steps(h, "Type now", &f->fix, STEP_NOW);
	parties(h, "Who", &f->culprit);
	parties(h, "Who suffers", &f->victim);
	facts(h, "Evidence", &f->evidence);
	facts(h, "What speaks against it", &f->against);
	steps(h, "For good", &f->fix, STEP_FOR_GOOD);
	paragraph(h, "Price", sentence_all(&f->price));
	paragraph(h, "What to expect", sentence_prediction(&f->prediction));
	check(h, &f->verify);
	explain(h, f->cause);
	html_close(h);
}

void report_findings(struct html *h, const struct findings *fs)
{
	size_t i;

	html_open(h, "section", "id", "findings", NULL);
	html_element(h, "h2", NULL, "Findings");
	if (fs->clear.pattern) {
		char *text = sentence(&fs->clear);

		html_open(h, "article", "class", "ok", NULL);
		html_open(h, "h3", NULL);
		html_element(h, "b", "badge", severity_words[SEV_OK].upper);
		html_textf(h, " %s", text);
		html_close(h);
		html_close(h);
		free(text);
	}
	for (i = 0; i < fs->nr; i++)
		finding(h, &fs->finding[i]);
	html_close(h);
}
