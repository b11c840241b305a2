// SPDX-License-Identifier: GPL-2.0
/* Captured trees of many hosts: each is read, judged and let go of; facts are compared. */
#include <stdlib.h>
#include <string.h>

#include "fleet/fleet.h"
#include "fleet/host.h"
#include "fleet/shared.h"
#include "fleet/show.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "read/trees.h"

/* Worst first; then who has least room, then by name, and the newest capture of one */
static int rank(const void *left, const void *right)
{
	const struct fleet_host *a = left, *b = right;
	double of_a = share(known(a->entries), known(a->max));
	double of_b = share(known(b->entries), known(b->max));

	if (a->severity != b->severity)
		return host_urgency(b) - host_urgency(a);
	if (of_a != of_b)
		return of_a > of_b ? -1 : 1;
	if (strcmp(a->name, b->name))
		return strverscmp(a->name, b->name);
	if (a->captured != b->captured)
		return a->captured > b->captured ? -1 : 1;
	return strcmp(a->root, b->root);
}

/* A tree that nobody could read, or not all of it, may be of a host in flames. */
static int status_of(const struct fleet_host *host, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (host[i].error)
			return SEV_UNKNOWN;
	return nr ? (int)host[0].severity : SEV_UNKNOWN;
}

int fleet_run(const struct fleet_request *ask, FILE *out)
{
	struct lines trees = { NULL, 0 };
	struct fleet_shares shares;
	struct fleet_host *host;
	int status, error;
	size_t i;

	for (i = 0; i < ask->nr; i++)
		trees_find(ask->dir[i], &trees);
	host = calloc(trees.nr + 1, sizeof(*host));
	if (!host)
		no_memory();
	for (i = 0; i < trees.nr; i++)
		host_judge(trees.line[i], &host[i]);
	qsort(host, trees.nr, sizeof(*host), rank);
	shares = shares_find(host, trees.nr);
	status = status_of(host, trees.nr);
	error = ask->json ? fleet_json(host, trees.nr, &shares, status, out) :
			    fleet_text(host, trees.nr, &shares, ask->all, out);
	shares_free(&shares);
	for (i = 0; i < trees.nr; i++)
		host_free(&host[i]);
	free(host);
	lines_free(&trees);
	return error ? SEV_UNKNOWN : status;
}
