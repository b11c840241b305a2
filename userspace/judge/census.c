// SPDX-License-Identifier: GPL-2.0
/* Sums over the rows of a census. */
#include <stdlib.h>
#include <string.h>

#include "judge/census.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "snapshot.h"

int64_t census_walk(const struct snapshot *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->nr_census; i++)
		if (s->census[i].record == CENSUS_WALK &&
		    !strcmp(s->census[i].name, name))
			return s->census[i].entries;
	return UNKNOWN;
}

static void add_state(struct census_row *sum, const struct census_row *row)
{
	size_t i;

	sum->entries = plus(sum->entries, row->entries);
	sum->unreplied = plus(sum->unreplied, row->unreplied);
	sum->assured = plus(sum->assured, row->assured);
	sum->idle_unknown = plus(sum->idle_unknown, row->idle_unknown);
	for (i = 0; i < IDLE_STEPS; i++)
		sum->idle[i] = plus(sum->idle[i], row->idle[i]);
	for (i = 0; i < IDLE_OCTAVES; i++)
		sum->hist[i] = plus(sum->hist[i], row->hist[i]);
	sum->has_hist &= row->has_hist;
	for (i = 0; i < IDLE_STEPS; i++)
		if (row->below[i] > sum->below[i])
			sum->below[i] = row->below[i];
	sum->has_below &= row->has_below;
}

static int by_name(const void *a, const void *b)
{
	const struct census_row *x = a, *y = b;

	return strcmp(x->proto, y->proto) ?: strcmp(x->name, y->name);
}

static int by_state(const void *a, const void *b)
{
	const struct census_row *x = a, *y = b;

	if (x->record != y->record)
		return x->record < y->record ? -1 : 1;
	if (x->netns != y->netns)
		return x->netns < y->netns ? -1 : 1;
	return by_name(a, b);
}

static int by_entries(const void *a, const void *b)
{
	const struct census_row *x = a, *y = b;

	if (x->entries != y->entries)
		return x->entries < y->entries ? 1 : -1;
	return by_name(a, b);
}

size_t census_merge(struct census_row *row, size_t nr)
{
	size_t i, last = 0;

	if (!nr)
		return 0;
	qsort(row, nr, sizeof(*row), by_state);
	for (i = 1; i < nr; i++) {
		if (row[i].record == CENSUS_STATE && !by_state(&row[i], &row[last]))
			add_state(&row[last], &row[i]);
		else
			row[++last] = row[i];
	}
	return last + 1;
}

struct census_row *census_states(const struct snapshot *s, int64_t netns,
				 size_t *nr)
{
	struct census_row *state = NULL, *row;
	size_t i;

	*nr = 0;
	for (i = 0; i < s->nr_census; i++) {
		if (s->census[i].record != CENSUS_STATE ||
		    (netns != UNKNOWN && s->census[i].netns != netns))
			continue;
		row = grow(&state, nr, sizeof(*state));
		*row = s->census[i];
		row->netns = netns;
	}
	if (!state)
		return NULL;
	*nr = census_merge(state, *nr);
	qsort(state, *nr, sizeof(*state), by_entries);
	return state;
}

int64_t census_median(const struct census_row *state)
{
	double all = 0, sum = 0;
	int i;

	if (!state->has_hist)
		return UNKNOWN;
	for (i = 0; i < IDLE_OCTAVES; i++)
		all += known(state->hist[i]);
	for (i = IDLE_OCTAVES - 1; i > 0; i--) {
		sum += known(state->hist[i]);
		if (2 * sum >= all)
			break;
	}
	return i ? 1LL << (i - 1) : 0;
}

static size_t group_of(int64_t length)
{
	size_t group = 0;

	while (group < CHAIN_GROUPS - 1 && length > (1LL << group) / 2)
		group++;
	return group;
}

void census_chains(const struct snapshot *s, struct chains *chains)
{
	double links = 0;
	int64_t length;
	size_t i;

	*chains = (struct chains) { .longest = census_walk(s, "chain_max") };
	for (i = 0; i < s->nr_census; i++) {
		const struct census_row *row = &s->census[i];
		int64_t *group;

		if (row->record != CENSUS_CHAIN ||
		    !text_count(row->name, &length))
			continue;
		group = &chains->group[group_of(length)];
		*group = plus(*group, row->entries);
		chains->all = plus(chains->all, row->entries);
		links += (double)length * known(row->entries);
		if (chains->longest == UNKNOWN || length > chains->longest)
			chains->longest = length;
	}
	if (chains->all > chains->group[0])
		chains->mean = links / (chains->all - chains->group[0]);
}
