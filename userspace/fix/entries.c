// SPDX-License-Identifier: GPL-2.0
/* Deleting entries with conntrack(8). */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "lib/lines.h"

static const char *prefix_mask(int family, unsigned long bits)
{
	static char text[INET6_ADDRSTRLEN];
	unsigned char mask[16] = { 0 };
	unsigned long i;

	for (i = 0; i < bits && i < 128; i++)
		mask[i / 8] |= 0x80 >> i % 8;
	inet_ntop(family == 6 ? AF_INET6 : AF_INET, mask, text, sizeof(text));
	return text;
}

/* conntrack(8) takes a prefix as address and mask. */
size_t fix_from(const struct fix_source *a, char *text, size_t size)
{
	const char *slash = strchr(a->source, '/');
	int used = snprintf(text, size, " -s %.*s", (int)strcspn(a->source, "/"), a->source);

	if (slash)
		used += snprintf(text + used, size - used, " --mask-src %s",
				 prefix_mask(a->family, strtoul(slash + 1, NULL, 10)));
	return used;
}

void fix_delete_entries(struct fix *x, const struct fix_source *a)
{
	char from[128];

	fix_from(a, from, sizeof(from));
	fix_line(x, x->now, "conntrack -D%s >/dev/null", from);
}

/*
 * conntrack(8) gives up at the first entry that has gone since it read the
 * table, and in a flood there always is one.
 */
void fix_delete_kind(struct fix *x, const char *options)
{
	lines_add(x->now, "for i in $(seq 20); do %sconntrack -D %s "
		  ">/dev/null 2>&1 && break; done", x->enter, options);
}

void fix_delete_unanswered(struct fix *x, const struct fix_source *a)
{
	char from[128], options[160];

	fix_from(a, from, sizeof(from));
	snprintf(options, sizeof(options), "%s -u '!SEEN_REPLY'", from + 1);
	fix_delete_kind(x, options);
}
