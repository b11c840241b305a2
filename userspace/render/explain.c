// SPDX-License-Identifier: GPL-2.0
/* What "conntriage explain" and "conntriage thresholds" say: the words are judge/'s. */
#include <string.h>

#include "judge/causes.h"
#include "judge/thresholds.h"
#include "lib/numbers.h"
#include "render/json_values.h"
#include "render/render.h"

static struct json_object *cause_json(const struct cause *c)
{
	struct json_object *o = json_fields();

	json_object_object_add(o, "cause", json_string(c->name));
	json_object_object_add(o, "title", json_string(c->title));
	json_object_object_add(o, "text", json_string(c->text));
	return o;
}

/* All of them, or the one */
static int print_json(const struct cause *only, FILE *out)
{
	struct json_object *top = json_command("explain"), *rows = json_list();
	const struct cause *const *c;

	for (c = causes; *c; c++)
		if (!only || *c == only)
			json_object_array_add(rows, cause_json(*c));
	json_object_object_add(top, "rows", rows);
	return json_print(top, out);
}

int render_explanation(const char *word, bool json, FILE *out)
{
	const struct cause *const *c;

	if (!word || !*word) {
		if (json)
			return print_json(NULL, out);
		for (c = causes; *c; c++)
			fprintf(out, "%-10s  %s\n", (*c)->name, (*c)->title);
		return ferror(out) ? -1 : 0;
	}
	for (c = causes; *c; c++) {
		if (strcmp((*c)->name, word))
			continue;
		if (json)
			return print_json(*c, out);
		fprintf(out, "%s: %s\n\n%s", (*c)->name, (*c)->title, (*c)->text);
		return ferror(out) ? -1 : 0;
	}
	return -1;
}

int render_thresholds(bool json, FILE *out)
{
	struct json_object *top, *rows, *o;
	size_t i;

	if (!json) {
		threshold_list(out);
		return ferror(out) ? -1 : 0;
	}
	top = json_command("thresholds");
	rows = json_list();
	for (i = 0; i < NR_THRESHOLDS; i++) {
		o = json_fields();
		json_object_object_add(o, "word", json_string(threshold[i].word));
		json_object_object_add(o, "value", json_real(threshold[i].value));
		json_object_object_add(o, "unit", json_string(threshold[i].unit));
		json_object_object_add(o, "why", json_string(threshold[i].why));
		json_object_array_add(rows, o);
	}
	json_object_object_add(top, "rows", rows);
	return json_print(top, out);
}
