// SPDX-License-Identifier: GPL-2.0
/* Facts and parties as JSON. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "render/json_fact.h"
#include "render/json_values.h"
#include "render/sentence.h"

static const char *const unit[] = {
	[VALUE_COUNT] = "count",
	[VALUE_AS_IT_IS] = "number",
	[VALUE_PER_SECOND] = "per_second",
	[VALUE_PERCENT] = "percent",
	[VALUE_SECONDS] = "seconds",
	[VALUE_BYTES] = "bytes",
	[VALUE_MEAN] = "mean",
	[VALUE_TEXT] = "text",
};

/* To a hundredth: more was never measured */
static struct json_object *rounded(double value)
{
	return json_real(round(100 * value) / 100);
}

static struct json_object *number(const struct value *v)
{
	switch (v->kind) {
	case VALUE_COUNT:
	case VALUE_AS_IT_IS:
	case VALUE_SECONDS:
		return json_integer(v->count);
	case VALUE_PERCENT:
		return rounded(share(v->real, v->whole));
	case VALUE_TEXT:
		return json_string(v->text);
	case VALUE_PER_SECOND:
	case VALUE_BYTES:
	case VALUE_MEAN:
		break;
	}
	return rounded(v->real);
}

static struct json_object *value(const struct value *v)
{
	struct json_object *o = json_fields();

	json_object_object_add(o, "value", number(v));
	json_object_object_add(o, "unit", json_string(unit[v->kind]));
	if (v->err)
		json_object_object_add(o, "error", json_integer(v->err));
	return o;
}

struct json_object *json_values(const struct fact *f)
{
	struct json_object *o = json_fields();
	const char *at = f->pattern;
	char name[64];
	size_t i = 0, len;

	while (i < f->nr && (at = strchr(at, '{'))) {
		const char *next = sentence_name(at + 1, &len);

		if (!next)
			break;
		snprintf(name, sizeof(name), "%.*s", (int)len, at + 1);
		if (len)
			json_object_object_add(o, name, value(&f->value[i]));
		i++;
		at = next;
	}
	return o;
}

/* The origin is a field of its own, and stands in the text as well. */
struct json_object *json_facts(const struct facts *l)
{
	struct json_object *a = json_list(), *o;
	size_t i;

	for (i = 0; i < l->nr; i++) {
		char *text = sentence(&l->fact[i]);

		o = json_fields();
		json_object_object_add(o, "text", json_string(text));
		json_object_object_add(o, "origin", json_string(l->fact[i].origin));
		json_object_object_add(o, "values", json_values(&l->fact[i]));
		json_object_array_add(a, o);
		free(text);
	}
	return a;
}

static struct json_object *life(const struct party *p)
{
	struct json_object *o;
	int i;

	if (!p->has_life)
		return NULL;
	o = json_fields();
	for (i = 0; i < LIVES; i++)
		json_object_object_add(o, life_name[i], json_integer(llround(p->life[i])));
	return o;
}

static struct json_object *netns(const struct party *p)
{
	struct json_object *o;

	if (p->netns == UNKNOWN)
		return NULL;
	o = json_fields();
	json_object_object_add(o, "inode", json_integer(p->netns));
	json_object_object_add(o, "name", json_string(p->netns_name));
	return o;
}

static struct json_object *party(const struct party *p)
{
	bool address = p->kind == PARTY_SOURCE || p->kind == PARTY_NETWORK ||
		       p->kind == PARTY_DESTINATION || p->kind == PARTY_ENDPOINT;
	const char *port = p->kind == PARTY_SERVICE ? p->name : p->port;
	struct json_object *o = json_fields();
	char *text = sentence_party(p);

	json_object_object_add(o, "kind", json_string(party_word[p->kind]));
	json_object_object_add(o, "text", json_string(text));
	json_object_object_add(o, "netns", netns(p));
	json_object_object_add(o, "address", address ? json_string(p->name) : NULL);
	json_object_object_add(o, "protocol", json_string(p->proto));
	json_object_object_add(o, "port", json_string(port));
	json_object_object_add(o, "name", address || port ? NULL : json_string(p->name));
	json_object_object_add(o, "who", json_string(p->who));
	json_object_object_add(o, "this_host", json_flag(p->own));
	json_object_object_add(o, "pid", json_integer(p->pid));
	json_object_object_add(o, "command", json_string(p->command));
	json_object_object_add(o, "entries", life(p));
	json_object_object_add(o, "facts", json_facts(&p->facts));
	free(text);
	return o;
}

struct json_object *json_parties(const struct parties *l)
{
	struct json_object *a = json_list();
	size_t i;

	for (i = 0; i < l->nr; i++)
		json_object_array_add(a, party(&l->party[i]));
	return a;
}
