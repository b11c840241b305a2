// SPDX-License-Identifier: GPL-2.0
/* Findings as JSON, for programs: what the text says, as fields. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fix/steps.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "render/json_fact.h"
#include "render/json_values.h"
#include "render/origin.h"
#include "render/render.h"
#include "render/sentence.h"
#include "snapshot.h"

static struct json_object *array(const struct lines *l)
{
	struct json_object *a = json_list();
	size_t i;

	for (i = 0; i < l->nr; i++)
		json_object_array_add(a, json_string(l->line[i]));
	return a;
}

/* "# in a file:\n# KEY = VALUE": no shell takes a line of it for a command. */
static char *remark_text(const char *text)
{
	char *all;
	size_t size;
	FILE *out = open_memstream(&all, &size);

	if (!out)
		no_memory();
	fputs("# ", out);
	for (; *text; text++)
		*text == '\n' ? fputs("\n# ", out) : fputc(*text, out);
	if (fclose(out))
		no_memory();
	return all;
}

/* As it is typed; what is only for a person begins with "#". */
static struct json_object *typed(const struct step *s)
{
	char *text = s->kind <= STEP_INSTEAD ? remark_text(s->text) : NULL;
	struct json_object *o = json_string(text ? text : s->text);

	free(text);
	return o;
}

/* The same as lines, for who only wants to type them */
static struct json_object *lines_of(const struct steps *st, enum step_when when)
{
	struct json_object *a = json_list();
	size_t i;

	for (i = 0; i < st->nr; i++)
		if (st->step[i].when == when)
			json_object_array_add(a, typed(&st->step[i]));
	return a;
}

static struct json_object *undo(const struct steps *st, enum step_when when)
{
	struct json_object *a = json_list();
	size_t i;

	for (i = st->nr; i-- > 0; )
		if (st->step[i].when == when && st->step[i].undo)
			json_object_array_add(a, json_string(st->step[i].undo));
	return a;
}

static struct json_object *needs(const struct step *s)
{
	struct json_object *a = json_list();
	int tool;

	for (tool = 0; tool < TOOLS; tool++)
		if (s->needs & (1u << tool))
			json_object_array_add(a, json_string(tool_name[tool]));
	return a;
}

static struct json_object *steps(const struct steps *st)
{
	static const char *const kind[] = {
		[STEP_SAY] = "say", [STEP_INSTEAD] = "instead", [STEP_LOOK] = "look",
		[STEP_RULES] = "rules", [STEP_SETTING] = "setting", [STEP_DELETE] = "delete",
		[STEP_MODULE] = "module", [STEP_FILE] = "file",
	};
	struct json_object *a = json_list(), *o;
	size_t i;

	for (i = 0; i < st->nr; i++) {
		const struct step *s = &st->step[i];

		o = json_fields();
		json_object_object_add(o, "when", json_string(s->when == STEP_NOW ? "now" :
							      "for_good"));
		json_object_object_add(o, "kind", json_string(kind[s->kind]));
		json_object_object_add(o, "changes", json_flag(step_changes(s)));
		json_object_object_add(o, "text", json_string(s->text));
		json_object_object_add(o, "undo", json_string(s->undo));
		json_object_object_add(o, "test", json_string(s->test));
		json_object_object_add(o, "needs", needs(s));
		json_object_array_add(a, o);
	}
	return a;
}

static struct json_object *prediction(const struct prediction *p)
{
	struct json_object *o, *later = NULL;

	if (p->entries == UNKNOWN)
		return NULL;
	o = json_fields();
	json_object_object_add(o, "entries", json_integer(p->entries));
	json_object_object_add(o, "within", json_integer(p->within));
	json_object_object_add(o, "refused_per_second",
			       isnan(p->refused) ? NULL : json_real(p->refused));
	if (p->later_within) {
		later = json_fields();
		json_object_object_add(later, "entries", json_integer(p->later));
		json_object_object_add(later, "within", json_integer(p->later_within));
		json_object_object_add(later, "settles", json_flag(p->settles));
		json_object_object_add(later, "full_again", json_flag(p->full_again));
	}
	json_object_object_add(o, "later", later);
	return o;
}

static struct json_object *object_of(const struct finding *f)
{
	struct json_object *o = json_fields();
	char *text = sentence(&f->sentence), *price = sentence_all(&f->price), page[64];

	snprintf(page, sizeof(page), "docs/causes/%s.md", f->cause->name);
	json_object_object_add(o, "cause", json_string(f->cause->name));
	json_object_object_add(o, "page", json_string(page));
	json_object_object_add(o, "severity", json_string(severity_words[f->severity].lower));
	json_object_object_add(o, "certainty", json_string(certainty_word[f->certainty]));
	json_object_object_add(o, "sentence", json_string(text));
	json_object_object_add(o, "values", json_values(&f->sentence));
	json_object_object_add(o, "evidence", json_facts(&f->evidence));
	json_object_object_add(o, "against", json_facts(&f->against));
	json_object_object_add(o, "who", json_parties(&f->culprit));
	json_object_object_add(o, "suffers", json_parties(&f->victim));
	json_object_object_add(o, "steps", steps(&f->fix));
	json_object_object_add(o, "now", lines_of(&f->fix, STEP_NOW));
	json_object_object_add(o, "for_good", lines_of(&f->fix, STEP_FOR_GOOD));
	json_object_object_add(o, "undo", undo(&f->fix, STEP_NOW));
	json_object_object_add(o, "undo_for_good", undo(&f->fix, STEP_FOR_GOOD));
	json_object_object_add(o, "price", json_string(price));
	json_object_object_add(o, "prediction", prediction(&f->prediction));
	json_object_object_add(o, "check", array(&f->verify));
	free(text);
	free(price);
	return o;
}

/* NULL for a live host */
static struct json_object *captured(const struct captured *c)
{
	struct json_object *o;
	char date[32] = "";
	time_t when;
	struct tm tm;

	if (!c)
		return NULL;
	when = c->date;
	if (c->date != UNKNOWN && gmtime_r(&when, &tm))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm);
	o = json_fields();
	json_object_object_add(o, "host", json_string(c->host));
	json_object_object_add(o, "date", json_string(date));
	json_object_object_add(o, "version", json_string(c->version));
	json_object_object_add(o, "age", json_integer(c->age));
	json_object_object_add(o, "newer", json_flag(c->newer));
	json_object_object_add(o, "source", json_string(c->source));
	return o;
}

int render_fix(const struct finding *f, const struct cure_script *o, const char *script,
	       FILE *out)
{
	struct json_object *top = json_command("fix");

	json_object_object_add(top, "finding", json_integer(f ? o->nr : UNKNOWN));
	json_object_object_add(top, "cause", f ? json_string(f->cause->name) : NULL);
	json_object_object_add(top, "when", json_string(o->when == STEP_NOW ? "now" : "for_good"));
	json_object_object_add(top, "undo", json_flag(o->undo));
	json_object_object_add(top, "dry_run", json_flag(o->dry_run));
	json_object_object_add(top, "script", json_string(script));
	return json_print(top, out);
}

int render_captured(const char *dir, FILE *out)
{
	struct json_object *top = json_command("capture");

	json_object_object_add(top, "directory", json_string(dir));
	return json_print(top, out);
}

int render_error(const char *command, const char *line, FILE *out)
{
	struct json_object *top = json_command(command);

	json_object_object_add(top, "status", json_integer(SEV_UNKNOWN));
	json_object_object_add(top, "error", json_string(line));
	return json_print(top, out);
}

int render_json(const struct snapshot *s, const struct findings *f, FILE *out)
{
	struct json_object *top = json_command("diagnose");
	struct json_object *list = json_list();
	char *line = sentence_summary(f);
	size_t i;

	for (i = 0; i < f->nr; i++)
		json_object_array_add(list, object_of(&f->finding[i]));
	json_object_object_add(top, "severity", json_string(severity_words[f->worst].lower));
	json_object_object_add(top, "status", json_integer(f->worst));
	json_object_object_add(top, "summary", json_string(line));
	json_object_object_add(top, "captured", captured(f->captured));
	json_origin(top, s);
	json_object_object_add(top, "findings", list);
	json_object_object_add(top, "faults", array(&f->faults));
	free(line);
	return json_print(top, out);
}
