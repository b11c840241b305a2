// SPDX-License-Identifier: GPL-2.0
/* Naming those whom a finding is about. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/party.h"
#include "judge/phrases.h"
#include "lib/address.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/who.h"

const char *const party_word[PARTY_KINDS] = {
	[PARTY_SOURCE] = "source",
	[PARTY_NETWORK] = "network",
	[PARTY_DESTINATION] = "destination",
	[PARTY_SERVICE] = "service",
	[PARTY_ENDPOINT] = "endpoint",
	[PARTY_NETNS] = "netns",
	[PARTY_PROGRAM] = "program",
	[PARTY_HELPER] = "helper",
	[PARTY_SETTING] = "setting",
	[PARTY_RULE] = "rule",
	[PARTY_NOBODY] = "nobody",
};

static const enum party_kind kind_of_group[GROUP_KINDS] = {
	[GROUP_SOURCE] = PARTY_SOURCE,
	[GROUP_PREFIX] = PARTY_NETWORK,
	[GROUP_DEST] = PARTY_DESTINATION,
	[GROUP_SERVICE] = PARTY_SERVICE,
};

/* NULL of what is empty */
static char *copy(const char *text)
{
	char *out;

	if (!*text)
		return NULL;
	out = strdup(text);
	if (!out)
		no_memory();
	return out;
}

struct party *party_add(struct parties *l, enum party_kind kind, const char *name)
{
	struct party *p = grow(&l->party, &l->nr, sizeof(*p));

	p->kind = kind;
	p->name = copy(name);
	p->netns = UNKNOWN;
	p->pid = UNKNOWN;
	return p;
}

struct facts *party_nobody(struct parties *l)
{
	return &party_add(l, PARTY_NOBODY, "")->facts;
}

static void seen_in(struct party *p, const struct snapshot *s, int64_t netns)
{
	p->netns = netns;
	p->netns_name = copy(netns_name(s, netns));
}

struct facts *party_actor(struct parties *l, const struct tables *ts, const struct actor *a)
{
	struct party *p = party_add(l, PARTY_SOURCE, a->source);

	seen_in(p, ts->s, a->netns);
	p->own = a->local;
	p->who = copy(a->who);
	return &p->facts;
}

struct facts *party_row(struct parties *l, const struct tables *ts, const struct source_row *row)
{
	struct party *p = party_add(l, PARTY_SOURCE, row->source);

	seen_in(p, ts->s, row->netns);
	p->who = copy(who_words(ts->s, row->netns, row->source));
	return &p->facts;
}

struct facts *party_group(struct parties *l, const struct tables *ts,
			  const struct netns_table *n, const struct group *g)
{
	char address[64];
	struct party *p;

	if (g->kind == GROUP_PAIR) {
		const char *port = address_of_pair(g->row.name, address, sizeof(address));

		p = party_add(l, PARTY_ENDPOINT, address);
		p->port = copy(port);
	} else {
		p = party_add(l, kind_of_group[g->kind], g->row.name);
	}
	seen_in(p, ts->s, n->netns);
	if (g->kind == GROUP_SERVICE || g->kind == GROUP_PAIR)
		p->proto = copy(g->row.proto);
	p->own = g->own;
	p->who = copy(g->who);
	p->has_life = true;
	memcpy(p->life, g->life, sizeof(p->life));
	return &p->facts;
}

struct facts *party_netns(struct parties *l, const struct netns_table *n)
{
	struct party *p = party_add(l, PARTY_NETNS, phrase_netns(n));

	p->netns = n->netns;
	p->netns_name = copy(n->name);
	return &p->facts;
}

struct facts *party_service(struct parties *l, const char *name, const char *proto)
{
	const char *slash = strchr(name, '/');
	struct party *p = party_add(l, PARTY_SERVICE, slash ? slash + 1 : name);

	p->proto = slash ? strndup(name, slash - name) : strdup(proto);
	if (!p->proto)
		no_memory();
	if (p->name && !strcmp(p->name, "53"))
		p->who = copy("DNS");
	return &p->facts;
}

struct facts *party_setting(struct parties *l, const char *name)
{
	char key[96];

	snprintf(key, sizeof(key), "nf_conntrack_%s", name);
	return &party_add(l, PARTY_SETTING, key)->facts;
}

struct facts *party_rule(struct parties *l, const char *place)
{
	return &party_add(l, PARTY_RULE, place)->facts;
}

struct party *party_program(struct parties *l, const char *name)
{
	return party_add(l, PARTY_PROGRAM, name);
}

void party_process(struct party *p, int64_t pid, const char *command)
{
	p->pid = pid;
	p->command = copy(command);
}

void parties_free(struct parties *l)
{
	size_t i;

	for (i = 0; i < l->nr; i++) {
		struct party *p = &l->party[i];

		free(p->netns_name);
		free(p->name);
		free(p->proto);
		free(p->port);
		free(p->who);
		free(p->command);
		facts_free(&p->facts);
	}
	free(l->party);
	memset(l, 0, sizeof(*l));
}
