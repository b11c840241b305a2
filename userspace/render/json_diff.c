// SPDX-License-Identifier: GPL-2.0
/* What changed between two snapshots, as JSON. */
#include <stdlib.h>

#include "judge/causes.h"
#include "judge/compare.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "render/json_values.h"
#include "render/render.h"
#include "render/sentence.h"

static struct json_object *severity(const struct finding *f)
{
	return f ? json_string(severity_words[f->severity].lower) : NULL;
}

static struct json_object *findings(const struct comparison *c)
{
	struct json_object *a = json_list(), *o;
	size_t i;

	for (i = 0; i < c->nr_findings; i++) {
		const struct finding_change *f = &c->finding[i];
		const struct finding *shown = f->after ? f->after : f->before;
		char *text = sentence(&shown->sentence);

		o = json_fields();
		json_object_object_add(o, "change", json_string(!f->after ? "gone" :
								!f->before ? "new" : "still"));
		json_object_object_add(o, "cause", json_string(shown->cause->name));
		json_object_object_add(o, "severity_before", severity(f->before));
		json_object_object_add(o, "severity_after", severity(f->after));
		json_object_object_add(o, "sentence", json_string(text));
		json_object_array_add(a, o);
		free(text);
	}
	return a;
}

static struct json_object *pair(int64_t before, int64_t after)
{
	struct json_object *o = json_fields();

	json_object_object_add(o, "before", json_integer(before));
	json_object_object_add(o, "after", json_integer(after));
	return o;
}

static struct json_object *tables(const struct comparison *c)
{
	struct json_object *a = json_list(), *o;
	size_t i;

	for (i = 0; i < c->nr_tables; i++) {
		const struct table_change *t = &c->table[i];

		o = json_fields();
		json_object_object_add(o, "netns", json_integer(t->netns));
		json_object_object_add(o, "entries", pair(t->count[0], t->count[1]));
		json_object_object_add(o, "max", pair(t->max[0], t->max[1]));
		json_object_object_add(o, "inserted", json_integer(t->inserts));
		json_object_object_add(o, "refused", json_integer(t->refusals));
		json_object_object_add(o, "evicted", json_integer(t->evictions));
		json_object_object_add(o, "invalid", json_integer(t->invalid));
		json_object_array_add(a, o);
	}
	return a;
}

static struct json_object *settings(const struct comparison *c)
{
	struct json_object *a = json_list(), *o;
	size_t i;

	for (i = 0; i < c->nr_settings; i++) {
		o = pair(c->setting[i].before, c->setting[i].after);
		json_object_object_add(o, "name", json_string(c->setting[i].name));
		json_object_array_add(a, o);
	}
	return a;
}

static struct json_object *cures(const struct comparison *c)
{
	struct json_object *a = json_list(), *o;
	size_t i;

	for (i = 0; i < c->nr_cures; i++) {
		const struct cure_check *k = &c->cure[i];

		o = json_fields();
		json_object_object_add(o, "cause", json_string(k->finding->cause->name));
		json_object_object_add(o, "predicted", json_integer(k->predicted));
		json_object_object_add(o, "within", json_integer(k->within));
		json_object_object_add(o, "entries", json_integer(k->entries));
		json_object_object_add(o, "outcome", json_string(outcome_word[k->outcome]));
		json_object_array_add(a, o);
	}
	return a;
}

static struct json_object *culprits(const struct comparison *c)
{
	struct json_object *a = json_list(), *o;
	size_t i;

	for (i = 0; i < c->nr_culprits; i++) {
		o = json_fields();
		json_object_object_add(o, "address", json_string(c->culprit[i].source));
		json_object_object_add(o, "per_second_before", json_real(c->culprit[i].before));
		json_object_object_add(o, "per_second_after", json_real(c->culprit[i].after));
		json_object_array_add(a, o);
	}
	return a;
}

static struct json_object *names(const struct lines *l)
{
	struct json_object *a = json_list();
	size_t i;

	for (i = 0; i < l->nr; i++)
		json_object_array_add(a, json_string(l->line[i]));
	return a;
}

int render_json_diff(const struct comparison *c, FILE *out)
{
	struct json_object *top = json_command("diff");

	json_object_object_add(top, "same_host", json_flag(c->same_host));
	json_object_object_add(top, "apart", json_integer(c->apart));
	json_object_object_add(top, "tables", tables(c));
	json_object_object_add(top, "cures", cures(c));
	json_object_object_add(top, "who", culprits(c));
	json_object_object_add(top, "settings", settings(c));
	json_object_object_add(top, "rules_new", names(&c->rules_came));
	json_object_object_add(top, "rules_gone", names(&c->rules_gone));
	json_object_object_add(top, "findings", findings(c));
	return json_print(top, out);
}
