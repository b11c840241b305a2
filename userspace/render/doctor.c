// SPDX-License-Identifier: GPL-2.0
/* Checks of conntriage itself: a line each with its commands, or the same as JSON. */
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/terminal.h"
#include "render/json_values.h"
#include "render/render.h"

#define NAME_COLUMN	10	/* commands stand below it, too */
#define TEXT_COLUMN	20

static const char *const state_word[] = {
	[CHECK_WELL] = "ok", [CHECK_UNWELL] = "not well", [CHECK_UNKNOWN] = "unknown",
};

int render_doctor(const struct checks *c, FILE *out)
{
	size_t i, j;

	for (i = 0; i < c->nr; i++) {
		const struct check *k = &c->check[i];

		fprintf(out, "%-*s%-*s", NAME_COLUMN, state_word[k->state],
			TEXT_COLUMN - NAME_COLUMN, k->name);
		wrap(out, k->text, TEXT_COLUMN, terminal_width(out));
		for (j = 0; j < k->commands.nr; j++) {
			fprintf(out, "%*s", NAME_COLUMN, "");
			print_plain(out, k->commands.line[j], strlen(k->commands.line[j]));
			fputc('\n', out);
		}
	}
	return ferror(out) ? -1 : 0;
}

/* The lines of its commands as one text, null where there is none */
static struct json_object *commands_json(const struct lines *l)
{
	struct json_object *o;
	char *text;
	size_t i, len;
	FILE *all = open_memstream(&text, &len);

	if (!all)
		no_memory();
	for (i = 0; i < l->nr; i++)
		fprintf(all, "%s%s", i ? "\n" : "", l->line[i]);
	if (fclose(all))
		no_memory();
	o = json_string(text);
	free(text);
	return o;
}

int render_doctor_json(const struct checks *c, FILE *out)
{
	struct json_object *top = json_command("doctor"), *list = json_list();
	size_t i;

	json_object_object_add(top, "status", json_integer(checks_status(c)));
	for (i = 0; i < c->nr; i++) {
		const struct check *k = &c->check[i];
		struct json_object *o = json_fields();

		json_object_object_add(o, "name", json_string(k->name));
		json_object_object_add(o, "state", json_string(state_word[k->state]));
		json_object_object_add(o, "text", json_string(k->text));
		json_object_object_add(o, "command", commands_json(&k->commands));
		json_object_array_add(list, o);
	}
	json_object_object_add(top, "checks", list);
	return json_print(top, out);
}
