// SPDX-License-Identifier: GPL-2.0
/*
 * What the census builds on: who counts by hints gets the same bounds as who
 * doesn't, and what is kept beside a record, by its slot, is always that of the
 * source that the record belongs to.
 */
#include "common.h"
#include "table_inline.h"
#include "tap.h"

#define EVENTS	2000000
#define KEYS	20000
#define HINTS	256
#define ROWS	64

static struct ctri_table_hint hint[HINTS];
static u64 *beside;		/* by slot: whose it is */
static u32 truth[KEYS + 1];
static u64 admissions, taken;	/* taken: from another source */

static void event(struct ctri_table *t, u64 key)
{
	struct ctri_table_hint *guess = &hint[mix64(key) % HINTS];
	struct ctri_source src = source_of(key);
	bool admitted = false;
	u64 *owner;

	truth[key]++;
	if (ctri_table_count_hint(guess, src.addr[0], 0, src.netns, src.family, 3) ||
	    !ctri_table_account_hint(t, CTRI_C_INSERT, 3, &src, guess, &admitted))
		return;
	if (!admitted)
		return;
	owner = &beside[ctri_table_slot(t, CTRI_C_INSERT, guess)];
	admissions++;
	taken += *owner != 0;
	*owner = key;
}

static bool row_is_right(struct ctri_table *t, const struct ctri_row *row)
{
	struct ctri_table_hint found;
	u64 key = row->src.addr[0];
	unsigned int slot;

	if (!ctri_table_find(t, CTRI_C_INSERT, &row->src, &found))
		return false;
	slot = ctri_table_slot(t, CTRI_C_INSERT, &found);
	return slot < ctri_table_slots(t, CTRI_C_INSERT) && beside[slot] == key &&
	       row->total <= truth[key] &&
	       truth[key] <= row->total + row->total_err &&
	       row->kind[3] == row->total;
}

int main(void)
{
	struct ctri_table *t = table_make_one(64 * 1024, 1);
	unsigned int slots = ctri_table_slots(t, CTRI_C_INSERT);
	struct ctri_merge_info info;
	struct ctri_table_hint none;
	struct ctri_row row[ROWS];
	struct ctri_source absent = source_of(KEYS + 1);
	u64 rnd = 5, i;
	int n, good = 0;

	beside = calloc(slots, sizeof(*beside));
	ctri_table_hints_init(t, hint, HINTS);
	tap_begin(6);
	for (i = 0; i < EVENTS; i++) {
		u64 a = rnd_below(&rnd, KEYS) + 1, b = rnd_below(&rnd, KEYS) + 1;

		/* the low ones come most, all in any order */
		event(t, (a * b >> 8) % KEYS * a / KEYS + 1);
	}
	n = ctri_table_merge(&t, 1, CTRI_C_INSERT, CTRI_RANK_TOTAL, 0, 0, 0, row,
			     ROWS, &info);
	for (i = 0; i < (u64)n; i++)
		good += row_is_right(t, &row[i]);
	tap_ok(n == ROWS, "there are rows");
	tap_ok(good == n, "each is found, within its bounds, and has its own beside it");
	tap_ok(info.slots == slots, "as many slots as records");
	tap_ok(taken > 100 && admissions == taken + info.entries &&
	       taken == info.replaced, "every change of a record's owner is told");
	tap_ok(!ctri_table_find(t, CTRI_C_INSERT, &absent, &none),
	       "who never came isn't found");
	tap_ok(!ctri_table_count_hint(&hint[0], ~0ULL, 0, 1, 6, 3),
	       "a hint of somebody else counts nothing");
	ctri_table_destroy(t);
	free(beside);
	return tap_end(6);
}
