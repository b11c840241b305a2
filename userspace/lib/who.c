// SPDX-License-Identifier: GPL-2.0
/* Who an address is. */
#include <stdlib.h>
#include <string.h>

#include "lib/who.h"
#include "snapshot.h"

static int by_address(const void *address, const void *row)
{
	return strcmp(address, ((const struct resolved *)row)->address);
}

/* What its owner says that it is: where nothing here knows better */
static const char *resolved_name(const struct snapshot *s, const char *address)
{
	const struct resolved *row;

	row = s->nr_resolved ? bsearch(address, s->resolved, s->nr_resolved, sizeof(*row),
				       by_address) : NULL;
	return row ? row->name : "";
}

const char *who_words(const struct snapshot *s, int64_t netns, const char *address)
{
	size_t i;

	for (i = 0; netns == s->own_netns && i < s->nr_local; i++)
		if (!strcmp(s->local[i], address))
			return "this host";
	return resolved_name(s, address);
}
