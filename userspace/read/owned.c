// SPDX-License-Identifier: GPL-2.0
/*
 * Which network namespaces have the addresses that rows name: what is forwarded comes
 * from a container, and it is the container that has the address. Each namespace is
 * asked once.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/names.h"
#include "read/namespaces.h"
#include "read/parts.h"

/* Every namespace has these. */
static bool is_everywhere(const char *address)
{
	return !strncmp(address, "127.", 4) || !strcmp(address, "::1") ||
	       !strncmp(address, "fe80:", 5);
}

void add_owned(struct names *n, int64_t netns, const char *address)
{
	struct snapshot *s = n->r->s;
	struct owned_address *row;

	if (is_everywhere(address) || !named_find(n, address))
		return;
	if (s->nr_owned == READ_MAX_OWNED) {
		n->too_many = true;
		return;
	}
	row = grow(&s->owned, &s->nr_owned, sizeof(*row));
	snprintf(row->address, sizeof(row->address), "%s", address);
	row->netns = netns;
	names_netns(n, netns);
}

/* The same files as of the host itself, so the same parsers: into a list of its own */
void add_addresses(struct names *n, int64_t netns, const char *dir)
{
	static const struct {
		const char *file;
		void (*parse)(struct snapshot *s, char *text);
	} files[] = {
		{ "fib_trie", parse_fib_trie }, { "if_inet6", parse_if_inet6 },
	};
	struct snapshot there = { .root = "" };
	char path[64], *text;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i].file);
		if (!files_read_part(&n->r->files, path, READ_MAX_ROUTES, &text, NULL))
			files[i].parse(&there, text);
		free(text);
	}
	for (i = 0; i < there.nr_local; i++)
		add_owned(n, netns, there.local[i]);
	free(there.local);
}

void read_owned(struct names *n)
{
	const struct reader *r = n->r;
	size_t i, spaces = 0;
	char dir[48];

	if (!n->nr_named)
		return;
	namespaces_read(n->r);
	for (i = 0; i < r->nr_processes && !n->too_many; i++) {
		const struct process *p = &r->process[i];

		if (p->netns == r->s->own_netns || (i && p[-1].netns == p->netns))
			continue;
		snprintf(dir, sizeof(dir), "proc/%" PRId64 "/net", p->pid);
		add_addresses(n, p->netns, dir);
		n->too_many = n->too_many || ++spaces == READ_MAX_TENANTS;
	}
}
