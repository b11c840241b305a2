// SPDX-License-Identifier: GPL-2.0
/* Whom several hosts blame. */
#include <stdlib.h>
#include <string.h>

#include "fleet/shared.h"
#include "lib/memory.h"

/* One host blames one party. */
struct blame {
	const struct fleet_host *host;
	const struct fleet_finding *finding;
	const struct fleet_party *party;
};

/* By party; then as hosts are, which stand in one array, worst first */
static int compare(const void *left, const void *right)
{
	const struct blame *a = left, *b = right;
	int order = strverscmp(a->party->name, b->party->name);

	if (order)
		return order;
	if (a->host != b->host)
		return a->host < b->host ? -1 : 1;
	return a->finding < b->finding ? -1 : a->finding > b->finding;
}

static struct blame *collect(const struct fleet_host *host, size_t nr, size_t *nr_blames)
{
	struct blame *all = NULL, *b;
	size_t i, j, k;

	for (i = 0; i < nr; i++) {
		for (j = 0; j < host[i].nr_findings; j++) {
			const struct fleet_finding *f = &host[i].finding[j];

			for (k = 0; k < f->nr_parties; k++) {
				if (!f->party[k].blamed)
					continue;
				b = grow(&all, nr_blames, sizeof(*b));
				*b = (struct blame) { &host[i], f, &f->party[k] };
			}
		}
	}
	return all;
}

static void add_host(struct fleet_shared *s, const struct fleet_host *host)
{
	const struct fleet_host **place;
	size_t i;

	for (i = 0; i < s->nr; i++)
		if (!strcmp(s->host[i]->name, host->name))
			return;
	place = grow(&s->host, &s->nr, sizeof(*place));
	*place = host;
}

static int by_hosts(const void *left, const void *right)
{
	const struct fleet_shared *a = left, *b = right;

	if (a->nr != b->nr)
		return a->nr > b->nr ? -1 : 1;
	return strverscmp(a->name, b->name);
}

struct fleet_shares shares_find(const struct fleet_host *host, size_t nr)
{
	struct fleet_shares s = { NULL, 0 };
	size_t nr_blames = 0, i, next;
	struct blame *all = collect(host, nr, &nr_blames);

	if (nr_blames)
		qsort(all, nr_blames, sizeof(*all), compare);
	for (i = 0; i < nr_blames; i = next) {
		struct fleet_shared one = {
			.name = all[i].party->name, .who = all[i].party->who,
			.cause = all[i].finding->cause,
		};
		struct fleet_shared *place;

		for (next = i; next < nr_blames && !strcmp(all[next].party->name, one.name); next++)
			add_host(&one, all[next].host);
		if (one.nr < 2) {
			free(one.host);
			continue;
		}
		place = grow(&s.shared, &s.nr, sizeof(*place));
		*place = one;
	}
	free(all);
	if (s.nr)
		qsort(s.shared, s.nr, sizeof(*s.shared), by_hosts);
	return s;
}

void shares_free(struct fleet_shares *s)
{
	size_t i;

	for (i = 0; i < s->nr; i++)
		free(s->shared[i].host);
	free(s->shared);
	*s = (struct fleet_shares) { NULL, 0 };
}
