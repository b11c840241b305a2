// SPDX-License-Identifier: GPL-2.0
/* The addresses and namespaces that the module's rows name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/text.h"
#include "read/limits.h"
#include "read/names.h"

static int by_address(const void *left, const void *right)
{
	return strcmp(((const struct named *)left)->address,
		      ((const struct named *)right)->address);
}

struct named *named_find(const struct names *n, const char *address)
{
	struct named key;

	if (!n->nr_named || strlen(address) >= sizeof(key.address))
		return NULL;
	memcpy(key.address, address, strlen(address) + 1);
	return bsearch(&key, n->named, n->nr_named, sizeof(key), by_address);
}

/* "10.0.0.1", "10.0.0.1/32", "10.0.0.1:80", "[fd00::1]:80", "tcp/10.0.0.1:80" */
static void add_address(struct names *n, const char *word)
{
	char copy[64], *address = copy, *end;
	struct named *row;

	snprintf(copy, sizeof(copy), "%s", word);
	if (text_endpoint(copy))
		address = strchr(copy, '/') + 1;
	if (text_pair(address)) {
		end = strrchr(address, ':');
		if (*address == '[') {
			address++;
			end--;
		}
		*end = '\0';
	}
	/* Networks are nobody. */
	if (!text_address(address, 0) || strchr(address, '/') || n->nr_named == READ_MAX_NAMED)
		return;
	row = grow(&n->named, &n->nr_named, sizeof(*row));
	snprintf(row->address, sizeof(row->address), "%s", address);
}

void names_netns(struct names *n, int64_t netns)
{
	if (netns > 0 && netns != n->r->s->own_netns &&
	    n->nr_netns < READ_MAX_NETNS + READ_MAX_OWNED)
		*(int64_t *)grow(&n->netns, &n->nr_netns, sizeof(netns)) = netns;
}

/* Each once */
static void sort(struct names *n)
{
	size_t i, kept = 0;

	if (!n->nr_named)
		return;
	qsort(n->named, n->nr_named, sizeof(*n->named), by_address);
	for (i = 1; i < n->nr_named; i++)
		if (by_address(&n->named[i], &n->named[kept]))
			n->named[++kept] = n->named[i];
	n->nr_named = kept + 1;
}

void named_collect(struct names *n)
{
	const struct snapshot *s = n->r->s;
	size_t i;

	for (i = 0; i < s->nr_source; i++)
		add_address(n, s->source[i].source);
	for (i = 0; i < s->nr_census; i++)
		add_address(n, s->census[i].name);
	for (i = 0; i < s->nr_incident_tops; i++)
		add_address(n, s->incident_top[i].source);
	for (i = 0; i < s->nr_netns; i++)
		names_netns(n, s->netns[i].netns);
	sort(n);
}
