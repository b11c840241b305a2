// SPDX-License-Identifier: GPL-2.0
/* The list of settings that programs write, and the names of settings. */
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "read/limits.h"
#include "read/writers.h"
#include "snapshot.h"

#define PREFIX		"nf_conntrack_"

void written_add(struct snapshot *s, const struct written *w)
{
	size_t i;

	for (i = 0; i < s->nr_written; i++)
		if (s->written[i].program == w->program &&
		    !strcmp(s->written[i].sysctl, w->sysctl)) {
			s->written[i] = *w;
			return;
		}
	if (s->nr_written < READ_MAX_WRITTEN)
		*(struct written *)grow(&s->written, &s->nr_written, sizeof(*w)) = *w;
}

bool written_key(const char *key, char *name, size_t size)
{
	static const char *const before[] = {
		"net.netfilter.", "net/netfilter/", "net.", "net/", "",
	};
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(before); i++) {
		len = strlen(before[i]);
		if (!strncmp(key, before[i], len) &&
		    !strncmp(key + len, PREFIX, strlen(PREFIX)))
			break;
	}
	if (i == ARRAY_SIZE(before))
		return false;
	key += len + strlen(PREFIX);
	len = strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (!len || key[len] || len >= size)
		return false;
	memcpy(name, key, len + 1);
	return true;
}
