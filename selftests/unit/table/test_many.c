// SPDX-License-Identifier: GPL-2.0
/*
 * Many CPUs, of which few had an event: what nobody wrote to isn't read. The buckets and
 * registers of unused shards are out of reach here, so that a look at one is the end.
 */
#include <string.h>
#include "common.h"
#include "table_priv.h"
#include "tap.h"

#define CPUS	512
#define USED	3		/* CPUs with events: the first ones */
#define KEYS	3000
#define ROWS	64

static struct ctri_table *t[CPUS];
static struct ctri_row rows[ROWS], others[ROWS];
static struct ctri_merge_info info, other;

/* The shards of a class on these CPUs, back or out of reach */
static void reach(enum ctri_class class, unsigned int from, bool within)
{
	static struct ctri_shard kept[CTRI_CLASSES][CPUS];
	unsigned int c;

	for (c = from; c < CPUS; c++) {
		struct ctri_shard *sh = &t[c]->shard[class];

		if (within) {
			*sh = kept[class][c];
		} else {
			kept[class][c] = *sh;
			sh->bucket = NULL;
			sh->hll = NULL;
		}
	}
}

static int merge(unsigned int n, enum ctri_class class, struct ctri_row *row,
		 unsigned int k, struct ctri_merge_info *to)
{
	return ctri_table_merge(t, n, class, CTRI_RANK_WINDOW, 0, 1, 10, row, k, to);
}

static void test_empty(void)
{
	bool good = true;
	int class;

	for (class = 0; class < CTRI_CLASSES; class++) {
		u64 slots = (u64)ctri_table_slots(t[0], class) * CPUS;

		reach(class, 0, false);
		good &= !merge(CPUS, class, rows, ROWS, &info) && info.slots == slots &&
			!info.entries && !info.distinct && !info.missed;
		good &= !merge(CPUS, class, NULL, 0, &info) && info.slots == slots;
		reach(class, 0, true);
	}
	tap_ok(good, "of 512 CPUs without an event no bucket and no register is read");
}

/* More sources than the INVALID shards hold; some on all of the CPUs, some on one */
static struct ctri_table *events(void)
{
	struct ctri_table *all = table_make(512 * 1024, 1);
	u64 rnd = 7;
	int i;

	for (i = 0; i < 40 * KEYS; i++) {
		u64 a = rnd_below(&rnd, KEYS), b = rnd_below(&rnd, KEYS);
		struct ctri_source src = source_of(1 + a * b / KEYS);

		ctri_table_account(t[i % USED], CTRI_C_INVALID, i % 5, &src, 1, 10);
		ctri_table_account(all, CTRI_C_INVALID, i % 5, &src, 1, 10);
	}
	return all;
}

static void test_few(void)
{
	struct ctri_table *all = events();
	int n, m;

	n = merge(USED, CTRI_C_INVALID, others, ROWS, &other);
	reach(CTRI_C_INVALID, USED, false);
	m = merge(CPUS, CTRI_C_INVALID, rows, ROWS, &info);
	tap_ok(n == ROWS && m == n && !memcmp(rows, others, sizeof(rows)),
	       "three CPUs with events among 512 have the rows of three CPUs");
	tap_ok(info.entries == other.entries && info.replaced == other.replaced &&
	       info.missed == other.missed && info.missed &&
	       info.slots == other.slots / USED * CPUS,
	       "and their counts, and the room of all");
	m = merge(CPUS, CTRI_C_INVALID, NULL, 0, &other);
	tap_ok(!m && other.entries == info.entries && other.distinct == info.distinct &&
	       other.missed == info.missed && other.slots == info.slots,
	       "who wants no rows is told the same");
	ctri_table_merge(&all, 1, CTRI_C_INVALID, CTRI_RANK_WINDOW, 0, 1, 10, NULL, 0,
			 &other);
	tap_ok(info.distinct && info.distinct == other.distinct,
	       "sources seen by several CPUs are distinct once, to the last register");
	ctri_table_destroy(all);
	reach(CTRI_C_INVALID, USED, true);
}

static void test_stuck(void)
{
	struct ctri_bucket *b = t[1]->shard[CTRI_C_INVALID].bucket;

	b->seq++;
	merge(CPUS, CTRI_C_INVALID, rows, ROWS, &info);
	merge(CPUS, CTRI_C_INVALID, NULL, 0, &other);
	b->seq--;
	tap_ok(b->score[0] && info.torn == 1 && other.torn == 1 && info.entries &&
	       other.entries == info.entries,
	       "a bucket that can't be read is torn, with rows and without");
}

int main(void)
{
	unsigned int c;

	for (c = 0; c < CPUS; c++)
		t[c] = table_make(ctri_table_min_bytes() + 64 * 1024, 1);
	tap_begin(6);
	test_empty();
	test_few();
	test_stuck();
	for (c = 0; c < CPUS; c++)
		ctri_table_destroy(t[c]);
	return tap_end(6);
}
