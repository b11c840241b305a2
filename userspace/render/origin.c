// SPDX-License-Identifier: GPL-2.0
/*
 * Who told what the table holds. What ctnetlink lists is as good as what the module counts,
 * but for what a reader has to know: a sample is an estimate, and rates are of the few
 * seconds between two lists.
 */
#include "lib/numbers.h"
#include "lib/words.h"
#include "render/json_values.h"
#include "render/origin.h"

bool is_listed(const struct snapshot *s)
{
	return s->origin > ORIGIN_MODULE;
}

void listed_clause(const struct snapshot *s, FILE *out)
{
	if (s->origin == ORIGIN_LISTING)
		fputs(", of a listing", out);
	else if (is_listed(s) && s->dump.each > 1)
		fprintf(out, ", by a sample of %s that ctnetlink listed", num(s->dump.entries));
	else if (is_listed(s))
		fputs(", listed by ctnetlink", out);
}

void listed_since(const struct snapshot *s, FILE *out)
{
	if (s->mod.loaded)
		fputs("numbers are since the module was loaded", out);
	else if (s->dump.span)
		fprintf(out, "numbers are of the %s between two lists of the table",
			duration((s->dump.span + 500) / 1000));
	else
		fputs("listed once, which tells of no events", out);
}

void json_origin(struct json_object *top, const struct snapshot *s)
{
	static const char *const word[] = {
		[ORIGIN_NONE] = NULL, [ORIGIN_MODULE] = "module",
		[ORIGIN_CTNETLINK] = "ctnetlink", [ORIGIN_LISTING] = "listing",
	};
	const struct dump *d = &s->dump;
	struct json_object *o = NULL;

	json_object_object_add(top, "origin", json_string(word[s->origin]));
	if (is_listed(s)) {
		o = json_fields();
		json_object_object_add(o, "entries", json_integer(d->entries));
		json_object_object_add(o, "each", json_real(d->each));
		json_object_object_add(o, "span", d->span ? json_real(d->span / 1000.0) : NULL);
		json_object_object_add(o, "expired", json_integer(d->expired));
		json_object_object_add(o, "unread", json_integer(d->unread));
		json_object_object_add(o, "unreached", json_integer(d->unreached));
		json_object_object_add(o, "loaded", json_flag(d->loaded));
		json_object_object_add(o, "cut", json_flag(d->cut));
	}
	json_object_object_add(top, "dump", o);
}
