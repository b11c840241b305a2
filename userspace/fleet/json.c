// SPDX-License-Identifier: GPL-2.0
/* A fleet as one object of JSON. */
#include <stdio.h>

#include "fleet/show.h"
#include "render/json_values.h"

static struct json_object *party_json(const struct fleet_party *p)
{
	struct json_object *o = json_fields();

	json_object_object_add(o, "name", json_string(p->name));
	json_object_object_add(o, "who", json_string(p->who));
	json_object_object_add(o, "blamed", json_flag(p->blamed));
	return o;
}

static struct json_object *finding_json(const struct fleet_finding *f)
{
	struct json_object *o = json_fields(), *culprits = json_list();
	size_t i;

	for (i = 0; i < f->nr_parties; i++)
		json_object_array_add(culprits, party_json(&f->party[i]));
	json_object_object_add(o, "severity", json_string(severity_words[f->severity].lower));
	json_object_object_add(o, "cause", json_string(f->cause->name));
	json_object_object_add(o, "certainty", json_string(certainty_word[f->certainty]));
	json_object_object_add(o, "sentence", json_string(f->sentence));
	json_object_object_add(o, "culprits", culprits);
	return o;
}

static struct json_object *host_json(const struct fleet_host *h)
{
	struct json_object *o = json_fields(), *findings = json_list();
	size_t i;

	for (i = 0; i < h->nr_findings; i++)
		json_object_array_add(findings, finding_json(&h->finding[i]));
	json_object_object_add(o, "host", json_string(h->name));
	json_object_object_add(o, "tree", json_string(h->root));
	json_object_object_add(o, "captured", json_integer(h->captured));
	json_object_object_add(o, "severity", json_string(severity_words[h->severity].lower));
	json_object_object_add(o, "since", json_integer(h->since));
	json_object_object_add(o, "entries", json_integer(h->entries));
	json_object_object_add(o, "limit", json_integer(h->max));
	json_object_object_add(o, "error", json_string(h->error));
	json_object_object_add(o, "findings", findings);
	return o;
}

static struct json_object *shared_json(const struct fleet_shared *s)
{
	struct json_object *o = json_fields(), *hosts = json_list();
	size_t i;

	for (i = 0; i < s->nr; i++)
		json_object_array_add(hosts, json_string(s->host[i]->name));
	json_object_object_add(o, "name", json_string(s->name));
	json_object_object_add(o, "who", json_string(s->who));
	json_object_object_add(o, "cause", json_string(s->cause->name));
	json_object_object_add(o, "hosts", hosts);
	return o;
}

int fleet_json(const struct fleet_host *host, size_t nr, const struct fleet_shares *shares,
	       int status, FILE *out)
{
	struct json_object *top = json_command("fleet");
	struct json_object *shared = json_list(), *hosts = json_list();
	size_t i;

	for (i = 0; i < shares->nr; i++)
		json_object_array_add(shared, shared_json(&shares->shared[i]));
	for (i = 0; i < nr; i++)
		json_object_array_add(hosts, host_json(&host[i]));
	json_object_object_add(top, "status", json_integer(status));
	json_object_object_add(top, "shared", shared);
	json_object_object_add(top, "hosts", hosts);
	return json_print(top, out);
}
