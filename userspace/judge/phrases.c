// SPDX-License-Identifier: GPL-2.0
/* Parts of sentences that more than one cause says. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "judge/phrases.h"
#include "judge/tables.h"
#include "judge/victims.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

const char *phrase_table(const struct netns_table *n)
{
	static char text[160];

	snprintf(text, sizeof(text), "The connection table%s%s",
		 n->label[0] ? " of " : "", n->label);
	return text;
}

const char *phrase_state(const struct netns_table *n)
{
	static char text[80];

	switch (n->level) {
	case LEVEL_REFUSING:
	case LEVEL_EVICTING:
		return "is full";
	case LEVEL_TIGHT:
		snprintf(text, sizeof(text), "is nearly full (%s)",
			 pct(n->count, n->max));
		return text;
	case LEVEL_WAS:
		snprintf(text, sizeof(text), "was full until %s ago",
			 duration(known(n->last_refused)));
		return text;
	case LEVEL_CALM:
		break;
	}
	return "has room";
}

const char *phrase_losers(const struct netns_table *n)
{
	static char text[160];
	const struct actor *worst;
	size_t nr = victims_count(n, &worst);
	const char *verb = n->level == LEVEL_WAS ? "lost" : nr > 1 ? "are losing" : "is losing";

	if (!nr)
		return "";
	if (nr == 1)
		snprintf(text, sizeof(text), ", and %s %s connections because of it",
			 worst->source, verb);
	else
		snprintf(text, sizeof(text),
			 ", and %s and %s%s other source%s %s connections because of it",
			 worst->source, n->losers_cut ? "at least " : "", num(nr - 1),
			 nr > 2 ? "s" : "", verb);
	return text;
}

static const char *service_words(const char *proto)
{
	static char text[24];
	size_t i;

	for (i = 0; proto[i] && i < sizeof(text) - 1; i++)
		text[i] = toupper((unsigned char)proto[i]);
	text[i] = '\0';
	return text;
}

const char *phrase_group(const struct group *g)
{
	const char *port = strrchr(g->row.name, ':');
	char *text = word_buffer();

	switch (g->kind) {
	case GROUP_PREFIX:
		snprintf(text, WORD_SIZE, "the network %s", g->row.name);
		break;
	case GROUP_SERVICE:
		snprintf(text, WORD_SIZE, "%s port %s", service_words(g->row.proto), g->row.name);
		break;
	case GROUP_PAIR:
		snprintf(text, WORD_SIZE, "%.*s, %s port %s", port ? (int)(port - g->row.name) : 0,
			 g->row.name, service_words(g->row.proto), port ? port + 1 : "");
		break;
	default:
		snprintf(text, WORD_SIZE, "%s", g->row.name);
	}
	return text;
}

const char *phrase_members(const struct part *p)
{
	static char text[1024];
	bool nets = p->nr_members && p->member[0]->kind == GROUP_PREFIX;
	size_t i, used;

	if (p->nr_members == 1)
		return phrase_group(p->member[0]);
	used = snprintf(text, sizeof(text), "%s %s (", num(p->nr_members),
			nets ? "networks" : "sources");
	for (i = 0; i < p->nr_members && used < sizeof(text) - 80; i++)
		used += snprintf(text + used, sizeof(text) - used, "%s%s", !i ? "" :
				 i + 1 < p->nr_members ? ", " : " and ", p->member[i]->row.name);
	snprintf(text + used, sizeof(text) - used, ")");
	return text;
}

const char *phrase_count(const struct source_row *row)
{
	static char text[80];

	if (row->err == UNKNOWN)
		snprintf(text, sizeof(text), "at least %s", num(row->count));
	else if (row->err > 0)
		snprintf(text, sizeof(text), "%s to %s", num(row->count),
			 num(plus(row->count, row->err)));
	else
		return num(row->count);
	return text;
}

const char *phrase_netns(const struct netns_table *n)
{
	return n->label[0] ? n->label : "this namespace";
}
