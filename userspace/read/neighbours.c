// SPDX-License-Identifier: GPL-2.0
/*
 * The interface and MAC of an address on a local link: of own_netns, and of the
 * namespaces that rows name. /proc has the IPv4 ones alone: see neighbours6.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/names.h"
#include "read/namespaces.h"

#define COMPLETE	0x2	/* ATF_COM of the kernel's uapi/linux/if_arp.h */
#define NO_MAC		"00:00:00:00:00:00"

/*
 * arp_format_neigh_entry() of net/ipv4/arp.c:
 *
 *	"10.0.0.13        0x1         0x2         02:42:0a:00:00:0d     *        br-lan"
 */
void parse_arp(struct names *n, int64_t netns, char *text)
{
	char address[16], mac[18], device[16], *line;
	struct snapshot *s = n->r->s;
	struct neighbour *row;
	unsigned int flags;

	while ((line = text_line(&text))) {
		if (sscanf(line, "%15s %*8x %8x %17s %*s %15s", address, &flags, mac,
			   device) != 4 || !(flags & COMPLETE) || !strcmp(mac, NO_MAC) ||
		    strspn(mac, "0123456789abcdef:") != strlen(mac) ||
		    !named_find(n, address) || s->nr_neighbours == READ_MAX_NEIGHBOURS)
			continue;
		row = grow(&s->neighbour, &s->nr_neighbours, sizeof(*row));
		row->netns = netns;
		snprintf(row->address, sizeof(row->address), "%s", address);
		memcpy(row->mac, mac, sizeof(row->mac));
		text_printable(row->interface, sizeof(row->interface), device);
	}
}

static void read_arp(struct names *n, int64_t netns, const char *path)
{
	char *text;

	if (!files_read_part(&n->r->files, path, READ_MAX_KERNEL_FILE, &text, NULL))
		parse_arp(n, netns, text);
	free(text);
}

void read_neighbours(struct names *n)
{
	const struct snapshot *s = n->r->s;
	const struct process *first;
	char path[64];
	size_t i, nr;

	if (!n->nr_named)
		return;
	read_arp(n, s->own_netns, "proc/net/arp");
	namespaces_read(n->r);
	for (i = 0; i < s->nr_netns && i < READ_MAX_TENANTS; i++) {
		if (s->netns[i].netns == s->own_netns)
			continue;
		first = namespace_processes(n->r, s->netns[i].netns, &nr);
		if (!first)
			continue;
		snprintf(path, sizeof(path), "proc/%" PRId64 "/net/arp", first->pid);
		read_arp(n, s->netns[i].netns, path);
	}
}
