// SPDX-License-Identifier: GPL-2.0
/* Who an address is. */
#include <string.h>

#include "lib/who.h"
#include "snapshot.h"

const char *who_words(const struct snapshot *s, int64_t netns, const char *address)
{
	size_t i;

	for (i = 0; netns == s->own_netns && i < s->nr_local; i++)
		if (!strcmp(s->local[i], address))
			return "this host";
	return "";
}
