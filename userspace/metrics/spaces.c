// SPDX-License-Identifier: GPL-2.0
/*
 * Network namespaces as values of the label netns: which ones, what they are called,
 * and which are summed up where there are too many.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/names.h"
#include "lib/netns_row.h"
#include "lib/numbers.h"
#include "metrics/spaces.h"

/* A name that two have: they aren't told apart by it. */
static bool is_shared(const struct snapshot *s, int64_t netns, const char *name)
{
	size_t i;

	for (i = 0; i < s->nr_netns_names; i++)
		if (s->netns_name[i].netns != netns && !strcmp(s->netns_name[i].name, name))
			return true;
	return false;
}

void space_label(const struct snapshot *s, int64_t netns, char *label)
{
	const char *name = netns_name(s, netns);

	if (netns == s->own_netns)
		snprintf(label, SPACE_WORD, SPACE_OWN);
	else if (netns <= 0)
		snprintf(label, SPACE_WORD, "gone");
	else if (!*name)
		snprintf(label, SPACE_WORD, "%" PRId64, netns);
	else if (!strcmp(name, SPACE_OWN) || !strcmp(name, SPACE_OTHER) || !strcmp(name, "gone") ||
		 strchr(name, ':') || !name[strspn(name, "0123456789")] ||
		 is_shared(s, netns, name))
		snprintf(label, SPACE_WORD, "%s:%" PRId64, name, netns);
	else
		snprintf(label, SPACE_WORD, "%s", name);
}

/* Rows of numbers alone */
static void forget(void *row, size_t size)
{
	int64_t *number = row;
	size_t i;

	for (i = 0; i < size / sizeof(*number); i++)
		number[i] = UNKNOWN;
}

static void add_numbers(int64_t *to, const int64_t *more, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (more[i] != UNKNOWN)
			to[i] = plus(to[i], more[i]);
}

static void forget_total(struct census_row *t)
{
	*t = (struct census_row) { .entries = UNKNOWN, .assured = UNKNOWN };
}

static void add_total(struct census_row *to, const struct census_row *more)
{
	add_numbers(&to->entries, &more->entries, 1);
	add_numbers(&to->assured, &more->assured, 1);
	to->has_stages = to->has_stages || more->has_stages;
	if (more->has_stages)
		add_numbers(to->stage, more->stage, STAGES);
}

static void add_space(struct space *to, const struct space *more)
{
	_Static_assert(sizeof(struct netns_row) % sizeof(int64_t) == 0,
		       "struct netns_row is all numbers");
	add_numbers((int64_t *)&to->row, (const int64_t *)&more->row,
		    sizeof(to->row) / sizeof(int64_t));
	to->unlimited = to->unlimited || more->unlimited;
	add_total(&to->total, &more->total);
}

static struct space *new_space(struct spaces *l, int64_t netns)
{
	struct space *sp = grow(&l->space, &l->nr, sizeof(*sp));

	sp->netns = netns;
	forget(&sp->row, sizeof(sp->row));
	forget_total(&sp->total);
	return sp;
}

static int by_netns(const void *left, const void *right)
{
	int64_t a = ((const struct space *)left)->netns, b = ((const struct space *)right)->netns;

	return (a > b) - (a < b);
}

/* Of a damaged list, one may have two rows. */
static void merge(struct spaces *l)
{
	size_t i, nr = 0;

	if (!l->nr)
		return;
	qsort(l->space, l->nr, sizeof(*l->space), by_netns);
	for (i = 1; i < l->nr; i++)
		if (l->space[i].netns == l->space[nr].netns)
			add_space(&l->space[nr], &l->space[i]);
		else
			l->space[++nr] = l->space[i];
	l->nr = nr + 1;
}

static void add_census(struct spaces *l, const struct snapshot *s)
{
	struct space key, *sp;
	size_t i;

	for (i = 0; i < s->nr_census && l->nr; i++) {
		if (s->census[i].record != CENSUS_NETNS)
			continue;
		key.netns = s->census[i].netns;
		sp = bsearch(&key, l->space, l->nr, sizeof(key), by_netns);
		if (sp)
			add_total(&sp->total, &s->census[i]);
	}
}

/* What the kernel tells of the reader's own: its counters are of the time since boot. */
static void add_own(struct spaces *l, const struct snapshot *s)
{
	struct space *sp = new_space(l, s->own_netns);

	sp->row.netns = s->own_netns;
	sp->row.count = s->count;
	sp->row.max = s->max;
	sp->unlimited = s->max == 0;
	if (s->mod.loaded)
		return;
	sp->row.k_insert_failed = s->stat.insert_failed;
	sp->row.k_chaintoolong = s->stat.chaintoolong;
	sp->row.k_clash = s->stat.clash_resolve;
	sp->row.k_drop = s->stat.drop;
	sp->row.k_early_drop = s->stat.early_drop;
	sp->row.k_invalid = s->stat.invalid;
}

/* Of a listed namespace: what was counted between two lists is no counter. */
static void keep_entries(struct netns_row *row)
{
	const struct netns_row was = *row;

	netns_row_unknown(row, was.netns);
	row->id = was.id;
	row->conntrack = was.conntrack;
	row->count = was.count;
	row->max = was.max;
}

/* Own first, then by how full it is; entries decide where that isn't known. */
static int by_use(const void *left, const void *right, void *own)
{
	const struct space *a = left, *b = right;
	double used_a = share(known(a->row.count), known(a->row.max));
	double used_b = share(known(b->row.count), known(b->row.max));

	if ((a->netns == *(int64_t *)own) != (b->netns == *(int64_t *)own))
		return a->netns == *(int64_t *)own ? -1 : 1;
	if (used_a != used_b)
		return used_a < used_b ? 1 : -1;
	if (known(a->row.count) != known(b->row.count))
		return known(a->row.count) < known(b->row.count) ? 1 : -1;
	return by_netns(a, b);
}

static void sum_up(struct spaces *l, size_t most)
{
	struct space *rest = &l->space[most - 1];
	size_t i;

	l->summed = l->nr - most + 1;
	for (i = most; i < l->nr; i++)
		add_space(rest, &l->space[i]);
	l->nr = most;
	rest->netns = 0;
}

void spaces_begin(struct spaces *l, const struct snapshot *s, size_t most)
{
	int64_t own = s->own_netns;
	bool listed = false;
	size_t i;

	*l = (struct spaces) { .nr = 0 };
	for (i = 0; i < s->nr_netns; i++) {
		const struct netns_row *row = &s->netns[i];
		struct space *sp;

		/* where connections were never tracked there is nothing to tell */
		if (row->netns <= 0 || (row->netns != own && row->conntrack != 1 &&
					known(row->count) <= 0))
			continue;
		/* the kernel's counters of it are since boot, those of a list aren't */
		if (!s->mod.loaded && row->netns == own && s->count != UNKNOWN)
			continue;
		sp = new_space(l, row->netns);
		sp->row = *row;
		if (!s->mod.loaded)
			keep_entries(&sp->row);
		sp->unlimited = row->max == 0;
		listed = listed || row->netns == own;
	}
	if (!listed && s->count != UNKNOWN && (own != UNKNOWN || !l->nr))
		add_own(l, s);
	merge(l);
	add_census(l, s);
	if (l->nr)
		qsort_r(l->space, l->nr, sizeof(*l->space), by_use, &own);
	if (l->nr > most)
		sum_up(l, most);
	for (i = 0; i < l->nr; i++)
		space_label(s, l->space[i].netns, l->space[i].label);
	if (l->summed)
		snprintf(l->space[l->nr - 1].label, SPACE_WORD, SPACE_OTHER);
}

void spaces_free(struct spaces *l)
{
	free(l->space);
	*l = (struct spaces) { .nr = 0 };
}
