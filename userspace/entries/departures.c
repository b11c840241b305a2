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

/*
 * Entries by the place of their source in the snapshot's list. Whoever isn't among the
 * heaviest has none, if all are among them.
 */
static void count_entries(const struct departures *d, enum ctri_class class,
			  const struct snapshot *s, struct ctri_row *row, int64_t *entries)
{
	char name[sizeof(s->source->source)];
	struct ctri_merge_info info;
	int nr = ctri_table_merge(&d->table, 1, class, CTRI_RANK_TOTAL, 0, 1, 1, row, ROWS, &info);
	int i, family;
	size_t k;

	if (nr < 0)
		no_memory();
	for (k = 0; k < s->nr_source; k++)
		entries[k] = nr < ROWS ? 0 : UNKNOWN;
	for (i = 0; i < nr; i++) {
		source_name(&row[i].src, name, sizeof(name), &family);
		for (k = 0; k < s->nr_source; k++)
			if (!strcmp(s->source[k].source, name))
				entries[k] = (int64_t)row[i].total;
	}
}

void departures_end(const struct departures *d, struct snapshot *s, int64_t netns, double each)
{
	struct ctri_row *row = calloc(ROWS, sizeof(*row));
	int64_t *had = calloc(s->nr_source + 1, sizeof(*had));
	int64_t *has = calloc(s->nr_source + 1, sizeof(*has));
	size_t i;

	if (!row || !had || !has)
		no_memory();
	count_entries(d, CLASS_FIRST, s, row, had);
	count_entries(d, CLASS_STILL, s, row, has);
	for (i = 0; i < s->nr_source; i++) {
		if (s->source[i].class != SRC_INSERT || s->source[i].netns != netns ||
		    had[i] == UNKNOWN || (had[i] && has[i] == UNKNOWN))
			continue;
		s->source[i].gone = had[i] > known(has[i]) ?
				    llround((double)(had[i] - known(has[i])) * each) : 0;
	}
	free(row);
	free(had);
	free(has);
}

void departures_free(struct departures *d)
{
	if (!d)
		return;
	ctri_table_destroy(d->table);
	free(d);
}
