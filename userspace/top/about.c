// SPDX-License-Identifier: GPL-2.0
/* Which findings speak of a row. */
#include <stdio.h>
#include <string.h>

#include "lib/address.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "top/about.h"

static bool is_service(const struct party *p, const char *port, const char *key)
{
	char word[64];

	if (!p->proto || !port)
		return !strcmp(p->name, key);
	snprintf(word, sizeof(word), "%.20s/%.20s", p->proto, port);
	return !strcmp(word, key);
}

bool about_is(const struct snapshot *s, const struct party *p, enum list_kind list,
	      const struct identity *who)
{
	const struct program *program;

	if (p->netns != UNKNOWN && p->netns != who->netns)
		return false;
	switch (p->kind) {
	case PARTY_SOURCE:
		return list == LIST_SOURCES && !strcmp(p->name, who->key);
	case PARTY_NETWORK:
		return (list == LIST_SOURCES || list == LIST_PREFIXES) &&
		       address_in(p->name, who->key);
	case PARTY_DESTINATION:
		return list == LIST_DESTINATIONS && !strcmp(p->name, who->key);
	case PARTY_SERVICE:
		return list == LIST_SERVICES && is_service(p, p->name, who->key);
	case PARTY_ENDPOINT:
		return (list == LIST_DESTINATIONS && !strcmp(p->name, who->key)) ||
		       (list == LIST_SERVICES && is_service(p, p->port, who->key));
	case PARTY_NETNS:
		return list == LIST_NAMESPACES && p->netns == who->netns;
	case PARTY_PROGRAM:
		program = find_program(s, who->key);
		return list == LIST_PROGRAMS && program && !strcmp(program->unit, p->name);
	case PARTY_HELPER:
	case PARTY_SETTING:
	case PARTY_RULE:
	case PARTY_NOBODY:
	case PARTY_KINDS:
		break;
	}
	return false;
}

bool about_any(const struct snapshot *s, const struct parties *l, enum list_kind list,
	       const struct identity *who)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		if (about_is(s, &l->party[i], list, who))
			return true;
	return false;
}
