// SPDX-License-Identifier: GPL-2.0
/* Entries and counters of namespaces. */
#include <math.h>
#include <string.h>

#include "kmod/abi.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "metrics/parts.h"

/* In the order of the inv_ columns of kmod/abi.h */
static const char *const reason[INV_KINDS] = {
	"malformed", "flags", "midstream", "rstfin", "synack", "window", "icmp", "other",
	"unsampled",
};

/* Families of one series a namespace, but for INVALID packets, evictions and stages */
#define PLAIN	7

size_t spaces_series(bool census)
{
	return PLAIN + 2 + INV_KINDS + (census ? STAGES + 1 : 0);
}

/* The kernel's count has what came before the probes were armed; only rises, as both do. */
static int64_t evicted(const struct netns_row *row)
{
	return row->k_early_drop != UNKNOWN ? row->k_early_drop : row->evictions;
}

/* The module's, where its probes can see it */
static int64_t refused(const struct snapshot *s, const struct netns_row *row)
{
	bool seen = strcmp(s->mod.probe_alloc, CTRI_PROBE_ABSENT) &&
		    strcmp(s->mod.probe_drop, CTRI_PROBE_ABSENT);

	return seen && row->refusals != UNKNOWN ? row->refusals : row->k_drop;
}

static void add_entries(struct series *l, const struct space *sp)
{
	series_count(l, FAMILY_ENTRIES, sp->row.count, "netns", sp->label, NULL);
	if (sp->unlimited)
		series_real(l, FAMILY_LIMIT, INFINITY, "netns", sp->label, NULL);
	else
		series_count(l, FAMILY_LIMIT, sp->row.max, "netns", sp->label, NULL);
}

static void add_counters(struct series *l, const struct snapshot *s, const struct space *sp)
{
	const struct netns_row *row = &sp->row;
	const struct {
		enum family_id id;
		int64_t value;
	} counter[] = {
		{ FAMILY_INSERTED, row->inserts },
		{ FAMILY_REFUSED, refused(s, row) },
		{ FAMILY_INSERT_FAILED, row->k_insert_failed },
		{ FAMILY_CLASHES, row->k_clash },
		{ FAMILY_CHAIN, row->k_chaintoolong },
	};
	size_t i;

	_Static_assert(ARRAY_SIZE(counter) + 2 == PLAIN, "PLAIN are these, entries and limit");
	for (i = 0; i < ARRAY_SIZE(counter); i++)
		series_count(l, counter[i].id, counter[i].value, "netns", sp->label, NULL);
	series_count(l, FAMILY_EVICTED, evicted(row), "netns", sp->label, "by", "early_drop", NULL);
	series_count(l, FAMILY_EVICTED, row->gc_evictions, "netns", sp->label, "by", "gc", NULL);
}

static void add_invalid(struct series *l, const struct space *sp)
{
	bool judged = false;
	size_t i;

	for (i = 0; i < INV_KINDS; i++) {
		series_count(l, FAMILY_INVALID, sp->row.inv[i], "netns", sp->label, "reason",
			     reason[i], NULL);
		judged = judged || sp->row.inv[i] != UNKNOWN;
	}
	if (!judged)
		series_count(l, FAMILY_INVALID, sp->row.k_invalid, "netns", sp->label, "reason",
			     "unknown", NULL);
}

static void add_census(struct series *l, const struct space *sp)
{
	size_t i;

	for (i = 0; i < STAGES && sp->total.has_stages; i++)
		series_count(l, FAMILY_STAGE, sp->total.stage[i], "netns", sp->label, "stage",
			     stage_name[i], NULL);
	if (sp->total.entries != UNKNOWN && sp->total.assured != UNKNOWN)
		series_count(l, FAMILY_EVICTABLE, minus(sp->total.entries, sp->total.assured),
			     "netns", sp->label, NULL);
}

void series_spaces(struct series *l, const struct snapshot *s, const struct spaces *spaces,
		   bool census)
{
	size_t i;

	for (i = 0; i < spaces->nr; i++) {
		add_entries(l, &spaces->space[i]);
		add_counters(l, s, &spaces->space[i]);
		add_invalid(l, &spaces->space[i]);
		if (census)
			add_census(l, &spaces->space[i]);
	}
}
