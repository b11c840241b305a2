// SPDX-License-Identifier: GPL-2.0
/* What is one for all namespaces: the hash table, sources, the forecast, incidents. */
#include "kmod/abi.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "metrics/parts.h"
#include "metrics/until.h"

static void add_incidents(struct series *l, const struct snapshot *s)
{
	const struct incident_row *last = NULL;
	size_t i;

	if (!s->mod.loaded || s->mod.partial || find_fault(s, CTRI_FILE_INCIDENTS))
		return;
	for (i = 0; i < s->nr_incidents; i++)
		if (!last || s->incident[i].nr > last->nr)
			last = &s->incident[i];
	series_count(l, FAMILY_INCIDENT, last && last->end == 0, NULL);
	series_count(l, FAMILY_INCIDENTS, last ? last->nr : 0, NULL);
	if (last)
		series_count(l, FAMILY_INCIDENT_AT, last->begin, NULL);
}

void series_table(struct series *l, const struct snapshot *s)
{
	series_count(l, FAMILY_BUCKETS, s->buckets, NULL);
	if (s->has_class[SRC_INSERT])
		series_count(l, FAMILY_SOURCES, s->class[SRC_INSERT].distinct, NULL);
	series_real(l, FAMILY_UNTIL_FULL, until_full(s), NULL);
	add_incidents(l, s);
}
