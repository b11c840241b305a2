// SPDX-License-Identifier: GPL-2.0
/* Parts of sentences that more than one cause says. */
#include <stdio.h>

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
			 ", and %s and %s other source%s %s connections because of it",
			 worst->source, num(nr - 1), nr > 2 ? "s" : "", verb);
	return text;
}

const char *phrase_names(const struct actor *a, size_t nr)
{
	static char text[1024];
	size_t i, used = 0;

	text[0] = '\0';
	for (i = 0; i < nr && used < sizeof(text) - 80; i++)
		used += snprintf(text + used, sizeof(text) - used, "%s%s",
				 !i ? "" : i + 1 < nr ? ", " : " and ", a[i].source);
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
