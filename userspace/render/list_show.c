// SPDX-License-Identifier: GPL-2.0
/* The whole output of a command that is one list. */
#include "lib/terminal.h"
#include "render/json_values.h"
#include "render/list.h"

struct json_object *list_object(struct list *l, const char *nothing)
{
	struct json_object *top = json_command(l->command);

	list_order(l);
	json_object_object_add(top, "missing", json_string(nothing));
	json_object_object_add(top, "rows", list_json(l));
	return top;
}

int list_text(struct list *l, FILE *out)
{
	size_t left = list_order(l);

	if (!l->nr && !l->ask->no_headings)
		fputs("No row is of that kind.\n", out);
	if (list_print(l, out))
		return -1;
	if (left && !l->ask->no_headings)
		prose(out, "%zu %s; --all shows them.", left,
		      l->last && !l->ask->sort ? "earlier rows" : "more rows");
	return ferror(out) ? -1 : 0;
}

int list_show(struct list *l, const char *nothing, FILE *out)
{
	int error;

	if (l->ask->json)
		error = json_print(list_object(l, nothing), out) || nothing ? -1 : 0;
	else
		error = list_text(l, out);
	list_free(l);
	return error;
}
