// SPDX-License-Identifier: GPL-2.0
/* Findings as JSON, for programs: the same words and commands as in the text. */
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fix/steps.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "kmod/abi.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "render/render.h"
#include "snapshot.h"

#define SCHEMA	1

static struct json_object *checked(struct json_object *o)
{
	if (!o)
		no_memory();
	return o;
}

/* Plain ASCII, as in the text, so that the output is valid whatever was read. */
static struct json_object *string(const char *text)
{
	char *plain = strdup(text), *c;
	struct json_object *o;

	if (!plain)
		no_memory();
	for (c = plain; *c; c++)
		if ((*c < ' ' && *c != '\n') || *c > '~')
			*c = '?';
	o = checked(json_object_new_string(plain));
	free(plain);
	return o;
}

static struct json_object *array(const struct lines *l)
{
	struct json_object *a = checked(json_object_new_array());
	size_t i;

	for (i = 0; i < l->nr; i++)
		json_object_array_add(a, string(l->line[i]));
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

/* Commands as they are typed; what is only for a person begins with "#". */
static struct json_object *steps(const struct steps *st, enum step_when when)
{
	struct json_object *a = checked(json_object_new_array());
	char *text;
	size_t i;

	for (i = 0; i < st->nr; i++) {
		const struct step *s = &st->step[i];

		if (s->when != when)
			continue;
		text = s->kind <= STEP_INSTEAD ? remark_text(s->text) : NULL;
		json_object_array_add(a, string(text ? text : s->text));
		free(text);
	}
	return a;
}

static struct json_object *undo(const struct steps *st, enum step_when when)
{
	struct json_object *a = checked(json_object_new_array());
	size_t i;

	for (i = st->nr; i-- > 0; )
		if (st->step[i].when == when && st->step[i].undo)
			json_object_array_add(a, string(st->step[i].undo));
	return a;
}

static struct json_object *integer(int64_t n)
{
	return n == UNKNOWN ? NULL : checked(json_object_new_int64(n));
}

static struct json_object *prediction(const struct prediction *p)
{
	struct json_object *o;

	if (p->entries == UNKNOWN)
		return NULL;
	o = checked(json_object_new_object());
	json_object_object_add(o, "entries", integer(p->entries));
	json_object_object_add(o, "within", integer(p->within));
	json_object_object_add(o, "refused_per_second",
			       checked(json_object_new_double(p->refused)));
	return o;
}

static struct json_object *object_of(const struct finding *f)
{
	struct json_object *o = checked(json_object_new_object());

	json_object_object_add(o, "cause", string(f->cause->name));
	json_object_object_add(o, "severity", string(severity_words[f->severity].lower));
	json_object_object_add(o, "certainty", string(certainty_word[f->certainty]));
	json_object_object_add(o, "sentence", string(f->sentence));
	json_object_object_add(o, "evidence", array(&f->evidence));
	json_object_object_add(o, "against", array(&f->against));
	json_object_object_add(o, "who", array(&f->culprit));
	json_object_object_add(o, "suffers", array(&f->victim));
	json_object_object_add(o, "now", steps(&f->fix, STEP_NOW));
	json_object_object_add(o, "for_good", steps(&f->fix, STEP_FOR_GOOD));
	json_object_object_add(o, "undo", undo(&f->fix, STEP_NOW));
	json_object_object_add(o, "undo_for_good", undo(&f->fix, STEP_FOR_GOOD));
	json_object_object_add(o, "price", f->price ? string(f->price) : NULL);
	json_object_object_add(o, "prediction", prediction(&f->prediction));
	json_object_object_add(o, "check", array(&f->verify));
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
	o = checked(json_object_new_object());
	json_object_object_add(o, "host", *c->host ? string(c->host) : NULL);
	json_object_object_add(o, "date", *date ? string(date) : NULL);
	json_object_object_add(o, "version", *c->version ? string(c->version) : NULL);
	json_object_object_add(o, "age", integer(c->age));
	json_object_object_add(o, "newer", checked(json_object_new_boolean(c->newer)));
	return o;
}

int render_json(const struct findings *f, FILE *out)
{
	struct json_object *top = checked(json_object_new_object());
	struct json_object *list = checked(json_object_new_array());
	char *line = findings_line(f);
	size_t i;

	for (i = 0; i < f->nr; i++)
		json_object_array_add(list, object_of(&f->finding[i]));
	json_object_object_add(top, "schema", checked(json_object_new_int(SCHEMA)));
	json_object_object_add(top, "version", string(CTRI_VERSION));
	json_object_object_add(top, "severity", string(severity_words[f->worst].lower));
	json_object_object_add(top, "status", checked(json_object_new_int(f->worst)));
	json_object_object_add(top, "summary", string(line));
	json_object_object_add(top, "captured", captured(f->captured));
	json_object_object_add(top, "findings", list);
	json_object_object_add(top, "faults", array(&f->faults));
	fputs(json_object_to_json_string_ext(top, JSON_C_TO_STRING_PRETTY |
					     JSON_C_TO_STRING_SPACED |
					     JSON_C_TO_STRING_NOSLASHESCAPE), out);
	fputc('\n', out);
	json_object_put(top);
	free(line);
	return ferror(out) ? -1 : 0;
}
