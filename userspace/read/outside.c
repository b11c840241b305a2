// SPDX-License-Identifier: GPL-2.0
/*
 * A container's address may be that of somebody else in the world, too: who floods this
 * host from there isn't the container. own_netns tells the two apart: it sends what is
 * for its containers to a bridge or a pair of veth devices, and what is for others out
 * of a network card.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/names.h"
#include "read/route_words.h"

#define MAX_DEPTH	4	/* of a VLAN on a bond on cards */
#define MAX_LOWER	256	/* devices below one */
#define DEVICES		64	/* of which is remembered what they are */

struct way {
	int family;		/* 4 or 6 */
	unsigned char to[16];
	int bits;		/* of the best route so far, or -1 */
	char device[16];
	bool on_link;		/* a neighbour's, which is more than a route */
};

struct devices {
	struct {
		char name[16];
		bool outside;
	} seen[DEVICES];
	size_t nr;
};

/* A card, or something on cards alone: a bridge with a container on it, too, is none */
static bool leads_outside(struct reader *r, const char *device, int depth)
{
	char path[128], **lower;
	bool outside;
	size_t i, nr;

	snprintf(path, sizeof(path), "sys/class/net/%s/device", device);
	if (files_is_there(&r->files, path))
		return true;
	snprintf(path, sizeof(path), "sys/class/net/%s", device);
	if (!depth || files_list(&r->files, path, "lower_", "", MAX_LOWER, &lower, &nr))
		return false;
	outside = nr;
	for (i = 0; i < nr && outside; i++)
		outside = leads_outside(r, lower[i] + strlen("lower_"), depth - 1);
	files_list_free(lower, nr);
	return outside;
}

static bool is_outside(struct reader *r, struct devices *d, const char *device)
{
	bool outside;
	size_t i;

	if (!*device || strchr(device, '/') || *device == '.')
		return false;
	for (i = 0; i < d->nr; i++)
		if (!strcmp(d->seen[i].name, device))
			return d->seen[i].outside;
	outside = leads_outside(r, device, MAX_DEPTH);
	if (d->nr < DEVICES) {
		snprintf(d->seen[d->nr].name, sizeof(d->seen[0].name), "%s", device);
		d->seen[d->nr++].outside = outside;
	}
	return outside;
}

static bool same_bits(const unsigned char *a, const unsigned char *b, int bits)
{
	int rest = bits % 8;

	return !memcmp(a, b, bits / 8) &&
	       (!rest || !((a[bits / 8] ^ b[bits / 8]) >> (8 - rest)));
}

static void try_route(struct way *ways, size_t nr, int family, const unsigned char *to, int bits,
		      const char *device)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		struct way *w = &ways[i];

		/* The first of equal ones: the kernel lists them by metric. */
		if (w->on_link || w->family != family || bits <= w->bits ||
		    !same_bits(w->to, to, bits))
			continue;
		w->bits = bits;
		snprintf(w->device, sizeof(w->device), "%s", device);
	}
}

/* "eth0 0001A8C0 00000000 0001 0 0 0 00FFFFFF ..."; numbers: read/route_words.h */
static void read_routes(struct way *ways, size_t nr, char *text, bool captured)
{
	bool little = routes_little(text, captured);
	char device[16], *line;
	uint32_t to, mask;

	while ((line = text_line(&text))) {
		if (sscanf(line, "%15s %8x %*8x %*4x %*d %*d %*d %8x", device, &to, &mask) != 3)
			continue;
		to = route_word(to, little);
		try_route(ways, nr, 4, (const unsigned char *)&to, __builtin_popcount(mask),
			  device);
	}
}

/* rt6_info_route(): destination, its bits, source, its bits, next hop, ..., device */
static void read_routes6(struct way *ways, size_t nr, char *text, bool captured)
{
	unsigned char to[16];
	char hex[33], device[16], *line;
	unsigned int bits;
	size_t i;

	(void)captured;
	while ((line = text_line(&text))) {
		if (sscanf(line, "%32[0-9a-f] %2x %*s %*s %*s %*s %*s %*s %*s %15s", hex, &bits,
			   device) != 3 || strlen(hex) != 32 || bits > 128)
			continue;
		for (i = 0; i < sizeof(to); i++)
			sscanf(hex + 2 * i, "%2hhx", &to[i]);
		try_route(ways, nr, 6, to, bits, device);
	}
}

/* The interface of the neighbour table, where it has the address */
static void begin_way(const struct snapshot *s, const struct owned_address *owned, struct way *w)
{
	size_t i;

	*w = (struct way) { .bits = -1, .family = strchr(owned->address, ':') ? 6 : 4 };
	inet_pton(w->family == 4 ? AF_INET : AF_INET6, owned->address, w->to);
	for (i = 0; i < s->nr_neighbours && !w->on_link; i++) {
		if (s->neighbour[i].netns != s->own_netns ||
		    strcmp(s->neighbour[i].address, owned->address))
			continue;
		w->on_link = true;
		memcpy(w->device, s->neighbour[i].interface, sizeof(w->device));
	}
}

/* Routes that are too many, or can't be read, lead nowhere. */
static void try_routes(struct names *n, struct way *ways, size_t nr, const char *path,
		       void (*read)(struct way *ways, size_t nr, char *text, bool captured))
{
	char *text;

	if (!files_read_part(&n->r->files, path, READ_MAX_LOCAL_ROUTES, &text, NULL))
		read(ways, nr, text, *n->r->s->root);
	free(text);
}

void outside_mark(struct names *n)
{
	struct snapshot *s = n->r->s;
	struct devices devices = { .nr = 0 };
	struct way *ways;
	size_t i;

	/* No name is better than a wrong one. */
	if (n->too_many)
		s->nr_owned = 0;
	if (!s->nr_owned)
		return;
	ways = calloc(s->nr_owned, sizeof(*ways));
	if (!ways)
		no_memory();
	for (i = 0; i < s->nr_owned; i++)
		begin_way(s, &s->owned[i], &ways[i]);
	try_routes(n, ways, s->nr_owned, "proc/net/route", read_routes);
	try_routes(n, ways, s->nr_owned, "proc/net/ipv6_route", read_routes6);
	/* What this host doesn't know the way to isn't one of its containers, either. */
	for (i = 0; i < s->nr_owned; i++)
		s->owned[i].outside = !*ways[i].device ||
				      is_outside(n->r, &devices, ways[i].device);
	free(ways);
}
