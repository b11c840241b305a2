// SPDX-License-Identifier: GPL-2.0
/*
 * What a source had at the first look, less what is still there of it. Both are counted
 * in a source table of the same size and key, so that a source that has a record of one
 * kind mostly has the other.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "entries/census_user.h"
#include "entries/departures.h"
#include "entries/source.h"
#include "kmod/table.h"
#include "lib/memory.h"
#include "lib/numbers.h"

#define BYTES	(128 * 1024)
#define ROWS	256

/* Of a source table the classes that count something here */
#define CLASS_FIRST	CTRI_C_INSERT
#define CLASS_STILL	CTRI_C_REFUSED

struct departures {
	struct ctri_table *table;
};

struct departures *departures_begin(void)
{
	static const u8 shares[CTRI_CLASSES] = { [CLASS_FIRST] = 8, [CLASS_STILL] = 8 };
	struct departures *d = calloc(1, sizeof(*d));
	siphash_key_t key;

	if (!d)
		no_memory();
	masks_begin();
	get_random_bytes(&key, sizeof(key));
	d->table = ctri_table_create_shares(BYTES, shares, &key, NUMA_NO_NODE);
	if (!d->table)
		no_memory();
	return d;
}

static void account(struct departures *d, enum ctri_class class, const struct entry *e)
{
	struct ctri_source src;

	entry_source(e, &src);
	ctri_table_account(d->table, class, 0, &src, 1, 1);
}

void departures_first(struct departures *d, const struct entry *e)
{
	account(d, CLASS_FIRST, e);
}

void departures_still(struct departures *d, const struct entry *e)
{
	account(d, CLASS_STILL, e);
}

static int rank(const struct departures *d, enum ctri_class class, struct ctri_row *row)
{
	struct ctri_merge_info info;
	int nr = ctri_table_merge(&d->table, 1, class, CTRI_RANK_TOTAL, 0, 1, 1, row, ROWS, &info);

	if (nr < 0)
		no_memory();
	return nr;
}

/* Entries of a source among the heaviest; where it isn't, UNKNOWN */
static int64_t entries_of(const struct ctri_row *row, int nr, const char *name)
{
	char text[sizeof(((struct source_row *)0)->source)];
	int i, family;

	for (i = 0; i < nr; i++) {
		source_name(&row[i].src, text, sizeof(text), &family);
		if (!strcmp(text, name))
			return (int64_t)row[i].total;
	}
	return UNKNOWN;
}

void departures_end(const struct departures *d, struct snapshot *s, int64_t netns, double each)
{
	struct ctri_row *first = calloc(ROWS, sizeof(*first)), *still = calloc(ROWS, sizeof(*still));
	int nr_first, nr_still;
	size_t i;

	if (!first || !still)
		no_memory();
	nr_first = rank(d, CLASS_FIRST, first);
	nr_still = rank(d, CLASS_STILL, still);
	for (i = 0; i < s->nr_source; i++) {
		struct source_row *row = &s->source[i];
		int64_t had, has;

		if (row->class != SRC_INSERT || row->netns != netns)
			continue;
		had = entries_of(first, nr_first, row->source);
		has = entries_of(still, nr_still, row->source);
		/* whoever isn't among the heaviest has none, where all are listed */
		if (had == UNKNOWN)
			row->gone = nr_first < ROWS ? 0 : UNKNOWN;
		else if (has == UNKNOWN)
			row->gone = nr_still < ROWS ? llround((double)had * each) : UNKNOWN;
		else
			row->gone = had > has ? llround((double)(had - has) * each) : 0;
	}
	free(first);
	free(still);
}

void departures_free(struct departures *d)
{
	if (!d)
		return;
	ctri_table_destroy(d->table);
	free(d);
}
