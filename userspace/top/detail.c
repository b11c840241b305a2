// SPDX-License-Identifier: GPL-2.0
/* All that is known of one row: what it does, what it holds, what is said and done about it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/life.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "lib/words.h"
#include "render/page.h"
#include "render/sentence.h"
#include "top/about.h"
#include "top/panels.h"

static const char *const class_words[SRC_CLASSES] = {
	[SRC_INSERT] = "opens", [SRC_INVALID] = "INVALID", [SRC_REFUSED] = "refused",
	[SRC_EVICTED] = "evicted", [SRC_EVICTING] = "evicting",
	[SRC_INSERT_FAILED] = "failed", [SRC_INVALID_TO] = "INVALID",
	[SRC_REFUSED_TO] = "refused", [SRC_EVICTED_TO] = "evicted", [SRC_PROGRAM] = "opens",
};

static void label(FILE *out, const char *word)
{
	fprintf(out, "%-*s", PAGE_LABEL, word);
}

/* "opens       223 a second, 5,444 within 22 s" */
static void say_events(FILE *out, const struct source_row *row)
{
	double sum = 0;
	int i;

	label(out, class_words[row->class]);
	fprintf(out, "%s a second, %s within %s", per_second(row->rate), num(row->count),
		short_time(row->first_ago));
	if (row->last_ago > 1)
		fprintf(out, ", the last one %s ago", short_time(row->last_ago));
	if (row->err)
		fprintf(out, "; maybe %s more", row->err == UNKNOWN ? "any number of" :
			num(row->err));
	fputc('\n', out);
	for (i = 0; i < row->nr_kinds; i++)
		sum += row->kind[i].count;
	for (i = 0; i < row->nr_kinds; i++) {
		if (!i)
			label(out, "");
		fprintf(out, "%s%s %s", i ? ", " : "  of these ", row->kind[i].name,
			pct(row->kind[i].count, sum));
	}
	if (row->nr_kinds)
		fputc('\n', out);
}

static void say_entries(FILE *out, const struct census_row *census)
{
	int i;

	label(out, "entries");
	fprintf(out, "%s", num(known(census->entries)));
	for (i = 0; i < LIVES && census->has_stages; i++)
		if (life_count(census->stage, i))
			fprintf(out, ", %s %s", num(life_count(census->stage, i)), life_words[i]);
	fputc('\n', out);
	if (census->sources == UNKNOWN && census->dests == UNKNOWN && census->ports == UNKNOWN)
		return;
	label(out, "");
	fputs("  about", out);
	if (census->sources != UNKNOWN)
		fprintf(out, " %s sources", num(census->sources));
	if (census->dests != UNKNOWN)
		fprintf(out, " %s destinations", num(census->dests));
	if (census->ports != UNKNOWN)
		fprintf(out, " %s ports", num(census->ports));
	fputc('\n', out);
}

/* Since when its row counts */
static void say_since(FILE *out, const struct snapshot *s)
{
	if (s->mod.loaded)
		fputs(" since the module was loaded\n", out);
	else
		fprintf(out, " in the %s between two lists of the table\n",
			duration((s->dump.span + 500) / 1000));
}

static void say_namespace(FILE *out, const struct snapshot *s, const struct netns_row *n)
{
	static const struct {
		const char *word;
		size_t offset;
	} counter[] = {
		{ "opened", offsetof(struct netns_row, inserts) },
		{ "refused", offsetof(struct netns_row, refusals) },
		{ "evicted", offsetof(struct netns_row, evictions) },
		{ "by gc", offsetof(struct netns_row, gc_evictions) },
		{ "failed", offsetof(struct netns_row, k_insert_failed) },
		{ "clashes", offsetof(struct netns_row, k_clash) },
		{ "INVALID", offsetof(struct netns_row, invalid) },
	};
	size_t i;
	int64_t count;

	for (i = 0; i < ARRAY_SIZE(counter); i++) {
		memcpy(&count, (const char *)n + counter[i].offset, sizeof(count));
		if (count == UNKNOWN)
			continue;
		label(out, counter[i].word);
		fputs(num(count), out);
		say_since(out, s);
	}
}

/* What it is called, in the row's own list and elsewhere */
static void say_who(FILE *out, const struct scene *sc, const struct view *v,
		    const struct listed *row)
{
	const char *who = listed_who(sc->s, v->list, row);
	const struct program *p = v->list == LIST_PROGRAMS ?
				  find_program(sc->s, row->who.key) : NULL;

	label(out, "who");
	fprintf(out, "%s%s%s%s", listed_name(sc->s, v->list, &row->who), *who ? " (" : "", who,
		*who ? ")" : "");
	if (v->list != LIST_NAMESPACES && row->who.netns != sc->s->own_netns &&
	    row->who.netns > 0)
		fprintf(out, ", in namespace %s", netns_word(sc->s, row->who.netns));
	fputc('\n', out);
	if (p) {
		label(out, "cgroup");
		fprintf(out, "%s\n", p->path);
	}
}

/* What is said of it among others */
static void say_parties(struct page *page, const char *word, const struct parties *l,
			const struct scene *sc, const struct view *v, const struct identity *who)
{
	size_t i;

	for (i = 0; i < l->nr; i++) {
		char *text;

		if (!about_is(sc->s, &l->party[i], v->list, who))
			continue;
		text = sentence_party(&l->party[i]);
		page_label(page, word);
		wrap(page->out, text, PAGE_LABEL, TERMINAL_WIDTH);
		free(text);
	}
}

/* A finding that speaks of it, with what to type */
static int say_finding(FILE *out, const struct scene *sc, const struct view *v,
		       const struct identity *who, size_t nr)
{
	const struct finding *f = &sc->findings->finding[nr];
	struct page page = { .out = out, .begun = true };

	if (!about_any(sc->s, &f->culprit, v->list, who) &&
	    !about_any(sc->s, &f->victim, v->list, who))
		return 0;
	page_finding(&page, f);
	say_parties(&page, "who", &f->culprit, sc, v, who);
	say_parties(&page, "suffers", &f->victim, sc, v, who);
	page_steps(&page, "now", &f->fix, STEP_NOW);
	if (steps_change(&f->fix))
		fprintf(out, "%*s# as a script: conntriage fix %zu\n", PAGE_LABEL, "", nr + 1);
	return 1;
}

static char *detail_text(const struct scene *sc, const struct view *v, const struct listed *row)
{
	char *text = NULL;
	size_t len, i;
	FILE *out = open_memstream(&text, &len);
	int said = 0;

	if (!out)
		no_memory();
	say_who(out, sc, v, row);
	for (i = 0; i < sc->findings->nr; i++)
		said += say_finding(out, sc, v, &row->who, i);
	if (!said)
		fputs("\nNo finding speaks of it: neither to blame nor known to suffer.\n", out);
	fputc('\n', out);
	for (i = 0; i < SRC_CLASSES; i++)
		if (row->of[i])
			say_events(out, row->of[i]);
	if (row->census)
		say_entries(out, row->census);
	if (row->netns)
		say_namespace(out, sc->s, row->netns);
	if (fclose(out))
		no_memory();
	return text;
}

/* What begins at @text and goes into one row: commands go on in the next, uncut */
static int row_length(const char *text, int columns)
{
	int len = strcspn(text, "\n");

	return len < columns ? len : columns;
}

static const char *next_row(const char *text, int columns)
{
	text += row_length(text, columns);
	return text + (*text == '\n');
}

void text_draw(struct cells *c, int row, int lines, const char *text, int *below)
{
	int nr = 0, most, i;
	const char *at;

	for (at = text; *at; at = next_row(at, c->columns))
		nr++;
	most = nr > lines ? nr - lines : 0;
	*below = *below > most ? most : *below < 0 ? 0 : *below;
	for (i = 0, at = text; *at && i < *below + lines; i++, at = next_row(at, c->columns)) {
		bool loud = !strncmp(at, "CRITICAL", 8) || !strncmp(at, "WARNING", 7);
		char *line;

		if (i < *below)
			continue;
		line = strndup(at, row_length(at, c->columns));
		if (!line)
			no_memory();
		cells_put(c, row + i - *below, 0, c->columns, CELL_PLAIN, line);
		if (loud)
			cells_bold(c, row + i - *below, 0, c->columns);
		free(line);
	}
	if (*below < most)
		cells_right(c, row + lines, c->columns, CELL_WARNING, "more below");
}

void detail_draw(struct cells *c, int row, int lines, const struct scene *sc, struct view *v,
		 const struct listing *l)
{
	const struct listed *at = NULL;
	char *text;
	size_t i;

	for (i = 0; i < l->nr; i++)
		if (same_identity(&l->row[i].who, &v->selected))
			at = &l->row[i];
	if (!at)
		return;
	text = detail_text(sc, v, at);
	text_draw(c, row, lines, text, &v->below);
	free(text);
}
