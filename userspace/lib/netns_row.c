// SPDX-License-Identifier: GPL-2.0
/* Rows of network namespaces, of which others know this and that. */
#include "lib/memory.h"
#include "lib/netns_row.h"
#include "lib/numbers.h"

void netns_row_unknown(struct netns_row *row, int64_t netns)
{
	int64_t *column = (int64_t *)row;
	size_t i;

	_Static_assert(sizeof(*row) % sizeof(*column) == 0, "struct netns_row is all numbers");
	for (i = 0; i < sizeof(*row) / sizeof(*column); i++)
		column[i] = UNKNOWN;
	row->netns = netns;
}

struct netns_row *netns_row_of(struct snapshot *s, int64_t netns)
{
	struct netns_row *row;
	size_t i;

	for (i = 0; i < s->nr_netns; i++)
		if (s->netns[i].netns == netns)
			return &s->netns[i];
	row = grow(&s->netns, &s->nr_netns, sizeof(*row));
	netns_row_unknown(row, netns);
	return row;
}
