// SPDX-License-Identifier: GPL-2.0
/*
 * A namespace that asks for its own sources gets what was counted of them, the
 * same whatever others do, as long as they take no record of it; and how much is
 * in its records is told exactly.
 */
#include "common.h"
#include "tap.h"

#define CPUS	3
#define MINE	7	/* the namespace that asks */
#define SOURCES	20
#define EPOCH	9
#define NOW	90

static void event(struct ctri_table *t, u32 netns, u64 key, u32 epoch)
{
	struct ctri_source src = source_of(key);

	src.netns = netns;
	ctri_table_account(t, CTRI_C_INSERT, 1, &src, epoch, epoch * 10);
}

static void make(struct ctri_table **t, size_t bytes)
{
	siphash_key_t key = key_of(1);
	unsigned int c;

	for (c = 0; c < CPUS; c++)
		t[c] = table_must(ctri_table_create(bytes, &key, NUMA_NO_NODE));
}

static void destroy(struct ctri_table **t)
{
	unsigned int c;

	for (c = 0; c < CPUS; c++)
		ctri_table_destroy(t[c]);
}

/* Source k of the namespace has 1000 * k events, on two CPUs: 5 in the window before. */
static u64 mine(struct ctri_table **t)
{
	u64 k, i, sum = 0;

	for (k = 1; k <= SOURCES; k++)
		for (i = 0; i < 5; i++, sum++)
			event(t[i % 2], MINE, k, EPOCH - 1);
	for (k = 1; k <= SOURCES; k++)
		for (i = 5; i < 1000 * k; i++, sum++)
			event(t[i % 2], MINE, k, EPOCH);
	return sum;
}

static int ask(struct ctri_table **t, u32 netns, struct ctri_row *row, unsigned int k,
	       struct ctri_merge_info *info)
{
	return ctri_table_merge(t, CPUS, CTRI_C_INSERT, CTRI_RANK_WINDOW, netns, EPOCH,
				NOW, row, k, info);
}

static bool right(const struct ctri_row *row, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		u64 k = SOURCES - i;	/* worst first */

		if (row[i].src.addr[0] != k || row[i].src.netns != MINE ||
		    row[i].total != 1000 * k || row[i].total_err ||
		    row[i].prev_low != 5 || row[i].cur_low != 1000 * k - 5 ||
		    row[i].cur_high != row[i].cur_low || row[i].cur_est != row[i].cur_low ||
		    row[i].prev_high != 5 || row[i].prev_est != 5)
			return false;
	}
	return true;
}

static void test_alone(void)
{
	struct ctri_merge_info info;
	struct ctri_row row[64];
	struct ctri_table *t[CPUS];
	u64 sum;
	int n;

	make(t, 512 * 1024);
	sum = mine(t);
	n = ask(t, MINE, row, 64, &info);
	tap_ok(n == SOURCES && right(row, n), "all sources of the namespace, exactly");
	tap_ok(info.counted == sum && info.entries == 2 * SOURCES,
	       "and how much is in their records");
	n = ask(t, MINE, row, 5, &info);
	tap_ok(n == 5 && right(row, n) && info.counted == sum,
	       "the worst of them, and how much is in the records of all");
	n = ask(t, MINE + 1, row, 64, &info);
	tap_ok(!n && !info.counted && !info.entries, "another namespace has none");
	destroy(t);
}

/*
 * Others flood with sources that come once. They take free records and one
 * another's; those of the namespace are too heavy to lose.
 */
static void test_flooded(void)
{
	static struct ctri_row row[64], before[64];
	struct ctri_merge_info info, was;
	struct ctri_table *t[CPUS];
	u64 rnd = 3, i;
	int n, m;

	make(t, 128 * 1024);
	mine(t);
	n = ask(t, MINE, before, 64, &was);
	for (i = 0; i < 3000; i++)
		event(t[i % CPUS], 1 + rnd_below(&rnd, 5), rnd64(&rnd) | 1ULL << 40, EPOCH);
	m = ask(t, MINE, row, 64, &info);
	tap_ok(n == m && !memcmp(row, before, n * sizeof(*row)),
	       "in a flood of others every row is the same, to the last bit");
	tap_ok(!memcmp(&info, &was, sizeof(info)), "and so is what is told besides");
	n = ask(t, 0, row, 64, &info);
	for (m = 0; m < n && (row[m].src.netns != MINE || !row[m].total_err); m++)
		;
	tap_ok(m < n && info.missed, "though they lost events, which who sees all is told");
	destroy(t);
}

/* A source whose record another one took: its events are in no record. */
static void test_replaced(void)
{
	struct ctri_merge_info info;
	struct ctri_row row[64];
	struct ctri_table *t[CPUS];
	u64 i, k, sum = 0;
	int n, j;

	make(t, 84 * 1024);
	for (k = 0; k < 500; k++)
		for (i = 0; i < 3; i++, sum++)
			event(t[0], MINE, k, EPOCH);
	n = ask(t, MINE, row, 64, &info);
	for (j = 0; j < n && row[j].total <= 3; j++)
		;
	tap_ok(n == 64 && j == n && info.counted && info.counted < sum,
	       "what no record holds is not counted, and no source has more than it had");
	destroy(t);
}

int main(void)
{
	tap_begin(8);
	test_alone();
	test_flooded();
	test_replaced();
	return tap_end(8);
}
