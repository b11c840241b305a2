// SPDX-License-Identifier: GPL-2.0
/*
 * The first screen of a terminal: what is wrong, what to type, who did it and who
 * suffers, on as many rows as every terminal has. The rest is a word away.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/terminal.h"
#include "lib/words.h"
#include "render/page.h"
#include "render/screen.h"
#include "render/sentence.h"

#define ROWS		23	/* of 24: the prompt stands on the last */
#define ALL		"conntriage -v"

/* What is printed on a sheet is counted, and then put on the page. */
struct sheet {
	struct page page;
	char *text;
	size_t len;
};

static void sheet_begin(struct sheet *sheet, const struct page *p)
{
	sheet->page = *p;
	sheet->page.out = open_memstream(&sheet->text, &sheet->len);
	if (!sheet->page.out)
		no_memory();
}

/* What a line takes of a row: all but the colours, "ESC [ ... m" */
static int columns(const char *line, const char *end)
{
	int n = 0;

	while (line < end) {
		if (*line == '\033')
			line = strchr(line, 'm') + 1;
		else
			n++, line++;
	}
	return n;
}

/* Commands are never broken: the terminal does that. */
static int sheet_rows(struct sheet *sheet)
{
	const char *c, *end;
	int rows = 0, n;

	fflush(sheet->page.out);
	for (c = sheet->text; (end = strchr(c, '\n')); c = end + 1) {
		n = columns(c, end);
		rows += n ? (n + TERMINAL_WIDTH - 1) / TERMINAL_WIDTH : 1;
	}
	return rows;
}

static void sheet_drop(struct sheet *sheet)
{
	fclose(sheet->page.out);
	free(sheet->text);
}

static void sheet_put(struct sheet *sheet, struct page *p, int *room)
{
	*room -= sheet_rows(sheet);
	fputs(sheet->text, p->out);
	p->begun = sheet->page.begun;
	sheet_drop(sheet);
}

/* The first of a list, if it has one */
static void sheet_first(struct sheet *sheet, const struct page *p, const char *word,
			const struct lines *l)
{
	struct lines first = { l->line, l->nr ? 1 : 0 };

	sheet_begin(sheet, p);
	page_facts(&sheet->page, word, &first, 0);
}

static int rows_of_first(const struct page *p, const struct lines *l)
{
	struct sheet sheet;
	int rows;

	sheet_first(&sheet, p, "", l);
	rows = sheet_rows(&sheet);
	sheet_drop(&sheet);
	return rows;
}

/* As many of a list as there is room for, the first of them whatever there is */
static void some(struct page *p, const char *word, const struct lines *l, int rows, int *room)
{
	struct lines few = { l->line, l->nr };
	struct sheet sheet;

	for (; few.nr; few.nr--) {
		sheet_begin(&sheet, p);
		page_facts(&sheet.page, word, &few, l->nr - few.nr);
		if (sheet_rows(&sheet) <= rows) {
			sheet_put(&sheet, p, room);
			return;
		}
		sheet_drop(&sheet);
	}
	sheet_first(&sheet, p, word, l);
	sheet_put(&sheet, p, room);
}

/* "2 more warnings" */
static void count(struct lines *more, size_t nr, const char *other, const char *one)
{
	if (nr)
		lines_add(more, "%s%s %s%s", num(nr), other, one, nr > 1 ? "s" : "");
}

/* Where nothing is to be done now, what has to be before the next reboot */
static enum step_when soonest(const struct finding *f)
{
	return steps_has(&f->fix, STEP_NOW) ? STEP_NOW : STEP_FOR_GOOD;
}

static void left_out(const struct findings *fs, const struct finding *shown, struct lines *more)
{
	size_t i, critical = 0, warnings = 0, notes = 0;
	const char *other = shown ? " more" : "";

	for (i = 0; i < fs->nr; i++) {
		const struct finding *f = &fs->finding[i];

		if (f == shown)
			continue;
		critical += f->severity == SEV_CRITICAL;
		warnings += f->severity == SEV_WARNING || f->severity == SEV_UNKNOWN;
		notes += f->severity == SEV_OK;
	}
	count(more, critical, other, "critical finding");
	count(more, warnings, other, "warning");
	count(more, notes, other, "note");
	if (fs->faults.nr)
		lines_add(more, "%s file%s that could not be read", num(fs->faults.nr),
			  fs->faults.nr > 1 ? "s" : "");
	if (!shown)
		return;
	if (shown->evidence.nr)
		lines_add(more, "the evidence");
	if (soonest(shown) == STEP_NOW && steps_has(&shown->fix, STEP_FOR_GOOD))
		lines_add(more, "what outlasts a reboot");
	if (shown->price.nr)
		lines_add(more, "the price");
}

static void more_line(struct page *p, const struct findings *fs, const struct finding *shown)
{
	struct lines more = { 0 };
	char text[512];
	size_t i, len;

	left_out(fs, shown, &more);
	len = snprintf(text, sizeof(text), "%s tells", ALL);
	for (i = 0; i < more.nr && len < sizeof(text); i++)
		len += snprintf(text + len, sizeof(text) - len, "%s%s", !i ? " " :
				i + 1 < more.nr ? ", " : " and ", more.line[i]);
	if (more.nr) {
		page_label(p, "more");
		wrap(p->out, text, PAGE_LABEL, TERMINAL_WIDTH);
	}
	lines_free(&more);
}

/* The steps, or where these are too many the script that takes them */
static void cure(struct page *p, const struct finding *f, const struct lines *who,
		 const struct lines *suffers, int *room)
{
	enum step_when when = soonest(f);
	const char *word = when == STEP_NOW ? "now" : "for good";
	const char *option = when == STEP_NOW ? "" : " --for-good";
	struct steps script = { 0 };
	struct sheet sheet;
	int rows;

	sheet_begin(&sheet, p);
	page_steps(&sheet.page, word, &f->fix, when);
	rows = sheet_rows(&sheet);
	if (rows <= *room - rows_of_first(p, who) - rows_of_first(p, suffers)) {
		sheet_put(&sheet, p, room);
		return;
	}
	sheet_drop(&sheet);
	step_say(&script, when, "%s lines, too many for this screen. Read them:", num(rows));
	step_look(&script, when, "conntriage fix%s", option);
	step_say(&script, when, "and have them run:");
	step_look(&script, when, "conntriage fix%s | sudo sh", option);
	sheet_begin(&sheet, p);
	page_steps(&sheet.page, word, &script, when);
	sheet_put(&sheet, p, room);
	steps_free(&script);
}

static void brief(struct page *p, const struct finding *f, int *room)
{
	struct lines who = { 0 }, suffers = { 0 };
	struct sheet sheet;

	sentence_parties(&f->culprit, &who);
	sentence_parties(&f->victim, &suffers);
	sheet_begin(&sheet, p);
	page_finding(&sheet.page, f);
	sheet_put(&sheet, p, room);
	cure(p, f, &who, &suffers, room);
	some(p, "who", &who, (*room - rows_of_first(p, &suffers) + 1) / 2, room);
	some(p, "suffers", &suffers, *room, room);
	lines_free(&who);
	lines_free(&suffers);
}

void render_screen(struct page *p, const struct findings *fs, int above)
{
	/* a note without an alarm isn't what the first screen is for */
	const struct finding *shown = fs->worst == SEV_OK ? NULL : &fs->finding[0];
	int room = ROWS - above - (fs->captured ? 1 : 0);
	struct sheet more;

	sheet_begin(&more, p);
	more_line(&more.page, fs, shown);
	room -= sheet_rows(&more);
	page_clear(p, fs);
	if (shown)
		brief(p, shown, &room);
	sheet_put(&more, p, &room);
}
