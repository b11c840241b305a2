// SPDX-License-Identifier: GPL-2.0
/*
 * Who is who: an address alone is nobody. What runtimes, the kernel and DHCP servers
 * have in files, for the addresses, namespaces and programs that rows name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/memory.h"
#include "lib/containers.h"
#include "lib/numbers.h"
#include "read/files.h"
#include "read/names.h"
#include "read/parts.h"
#include "read/runtimes.h"

static int by_id(const void *left, const void *right)
{
	return strcmp(((const struct container *)left)->id, ((const struct container *)right)->id);
}

static int by_netns(const void *left, const void *right)
{
	int64_t a = ((const struct tenant *)left)->netns, b = ((const struct tenant *)right)->netns;

	return (a > b) - (a < b);
}

static int by_owned(const void *left, const void *right)
{
	const struct owned_address *a = left, *b = right;
	int order = strcmp(a->address, b->address);

	return order ? order : (a->netns > b->netns) - (a->netns < b->netns);
}

static int by_neighbour(const void *left, const void *right)
{
	const struct neighbour *a = left, *b = right;
	int order = strcmp(a->address, b->address);

	return order ? order : (a->netns > b->netns) - (a->netns < b->netns);
}

static int by_lease(const void *left, const void *right)
{
	return strcmp(((const struct lease *)left)->address,
		      ((const struct lease *)right)->address);
}

static void sort(void *items, size_t nr, size_t size, int (*order)(const void *, const void *))
{
	if (nr)
		qsort(items, nr, size, order);
}

void names_sort(struct snapshot *s)
{
	sort(s->container, s->nr_containers, sizeof(*s->container), by_id);
	sort(s->tenant, s->nr_tenants, sizeof(*s->tenant), by_netns);
	sort(s->owned, s->nr_owned, sizeof(*s->owned), by_owned);
	sort(s->neighbour, s->nr_neighbours, sizeof(*s->neighbour), by_neighbour);
	sort(s->lease, s->nr_leases, sizeof(*s->lease), by_lease);
}

/* "docker container web" in place of "docker container 4f2a1b3c9d8e" */
static void name_programs(struct snapshot *s)
{
	size_t i;

	for (i = 0; i < s->nr_programs; i++) {
		struct program *p = &s->program[i];
		const struct container *c = find_container(s, p->container);

		if (c && (*c->name || *c->pod))
			snprintf(p->unit, sizeof(p->unit), "%s", container_words(c));
	}
}

static void read_live(struct reader *r)
{
	struct names n = { .r = r, .runtimes = { .r = r } };

	n.now = r->s->captured.known && r->s->captured.date != UNKNOWN ? r->s->captured.date :
		time(NULL);
	named_collect(&n);
	read_owned(&n);
	read_empty(&n);
	read_neighbours(&n);
	read_neighbours6(&n);
	outside_mark(&n);
	read_tenants(&n);
	read_leases(&n);
	names_keep(r);
	runtimes_free(&n.runtimes);
	free(n.named);
	free(n.netns);
}

/* A tree without what a capture keeps is read as the host itself: it may be its disk. */
int read_who(struct reader *r)
{
	if (!*r->s->root || !names_kept(r))
		read_live(r);
	names_sort(r->s);
	name_programs(r->s);
	return 0;
}
