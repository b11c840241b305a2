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

void phrase_table_is(struct fact *f, const struct netns_table *n)
{
	fact_set(f, "{}", text_of(phrase_table(n)));
	switch (n->level) {
	case LEVEL_REFUSING:
	case LEVEL_EVICTING:
		fact_more(f, " is full");
		break;
	case LEVEL_TIGHT:
		fact_more(f, " is nearly full ({used})", share_of(n->count, n->max));
		break;
	case LEVEL_WAS:
		fact_more(f, " was full until {ended} ago", seconds_of(known(n->last_refused)));
		break;
	case LEVEL_CALM:
		fact_more(f, " has room");
		break;
	}
}

/* Of this host's own addresses a sentence says so by itself. */
static const char *with_who(const char *name, const char *who, bool own)
{
	char *text;

	if (own || !*who)
		return name;
	text = word_buffer();
	snprintf(text, WORD_SIZE, "%.40s (%s)", name, who);
	return text;
}

void phrase_losers(struct fact *f, const struct netns_table *n)
{
	const struct actor *worst;
	size_t nr = victims_count(n, &worst);

	if (!nr)
		return;
	fact_more(f, ", and {loser}", text_of(with_who(worst->source, worst->who, worst->local)));
	if (nr > 1)
		fact_more(f, " and {}{other_losers} other source{}",
			  text_of(n->losers_cut ? "at least " : ""), count_of(nr - 1),
			  text_of(nr > 2 ? "s" : ""));
	fact_more(f, " {} connections because of it", text_of(n->level == LEVEL_WAS ? "lost" :
							      nr > 1 ? "are losing" :
							      "is losing"));
}

void phrase_end(struct fact *f, const struct netns_table *n)
{
	phrase_losers(f, n);
	fact_more(f, ".");
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

const char *phrase_who(const struct group *g)
{
	return with_who(phrase_group(g), g->who, g->own);
}

const char *phrase_members(const struct part *p)
{
	static char text[1024];
	bool nets = p->nr_members && p->member[0]->kind == GROUP_PREFIX;
	size_t i, used;

	if (p->nr_members == 1)
		return phrase_who(p->member[0]);
	used = snprintf(text, sizeof(text), "%s %s (", num(p->nr_members),
			nets ? "networks" : "sources");
	for (i = 0; i < p->nr_members && used < sizeof(text) - 80; i++)
		used += snprintf(text + used, sizeof(text) - used, "%s%s", !i ? "" :
				 i + 1 < p->nr_members ? ", " : " and ",
				 with_who(p->member[i]->row.name, p->member[i]->who,
					  p->member[i]->own));
	snprintf(text + used, sizeof(text) - used, ")");
	return text;
}

const char *phrase_netns(const struct netns_table *n)
{
	return n->label[0] ? n->label : "this namespace";
}
