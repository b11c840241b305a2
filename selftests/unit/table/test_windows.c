// SPDX-License-Identifier: GPL-2.0
/* Windows, rates, times and ranks: what a row says about when. */
#include "common.h"
#include "tap.h"

#define KIB	128

static struct ctri_table *t;
static struct ctri_merge_info info;
static struct ctri_row row;

static void events(u64 key, u32 n, u32 epoch, u32 now)
{
	struct ctri_source src = source_of(key);

	while (n--)
		ctri_table_account(t, CTRI_C_INSERT, 0, &src, epoch, now);
}

/* The first row, as seen in a window and second; the number of rows. */
static int look(u32 epoch, u32 now)
{
	memset(&row, 0, sizeof(row));
	return ctri_table_merge(&t, 1, CTRI_C_INSERT, CTRI_RANK_WINDOW, 0, epoch,
				now, &row, 1, &info);
}

static bool counts(u32 cur, u32 prev)
{
	return row.cur_low == cur && row.cur_est == cur && row.cur_high == cur &&
	       row.prev_low == prev && row.prev_est == prev &&
	       row.prev_high == prev;
}

static bool near(u32 n, u32 want, u32 percent)
{
	return (u64)n * 100 >= (u64)want * (100 - percent) &&
	       (u64)n * 100 <= (u64)want * (100 + percent);
}

static bool windows_from(u32 e)
{
	unsigned int bits;
	bool good = true;

	t = table_make(KIB * 1024, e);
	events(1, 100, e, 0);
	good &= look(e, 0) == 1 && counts(100, 0);
	/* a reader is ahead of the record */
	good &= look(e + 1, 10) == 1 && counts(0, 100);
	good &= look(e + 2, 20) == 1 && counts(0, 0) && row.total == 100;
	events(1, 7, e + 1, 10);
	good &= look(e + 1, 10) == 1 && counts(7, 100);
	events(1, 3, e + 4, 40);
	good &= look(e + 4, 40) == 1 && counts(3, 0) && row.total == 110;
	/* gaps that a number of 8, 16 or 24 bits would take for 0 or 1 */
	for (bits = 8; bits <= 24; bits += 8) {
		good &= look(e + 4 + (1U << bits), 40) == 1 && counts(0, 0);
		good &= look(e + 5 + (1U << bits), 40) == 1 && counts(0, 0);
	}
	/* a reader is behind: it is told of the later window */
	good &= look(e + 3, 39) == 1 && counts(3, 0) && info.epoch == e + 4;
	ctri_table_destroy(t);
	return good;
}

static void test_windows(void)
{
	tap_ok(windows_from(0) && windows_from(1000),
	       "counts move from window to window, and a reader sees it first");
	tap_ok(windows_from(U32_MAX) && windows_from(U32_MAX - 1) &&
	       windows_from(U32_MAX - 3) && windows_from(0x7ffffffe) &&
	       windows_from(0xfffe) && windows_from(0xff),
	       "the same where the number of the window wraps");
}

static void test_rates(void)
{
	bool steady = true;
	u32 s, n;

	t = table_make(KIB * 1024, 1);
	for (s = 50; s < 90; s++) {
		events(1, 1000, s / 10, s);
		steady &= look(s / 10, s) == 1 && near(row.rate_milli, 1000000, 1);
		steady &= row.first == 50 && row.last == s;
	}
	tap_ok(steady, "1,000 events a second are a rate of 1,000 from the first second on");
	look(9, 90);
	n = row.rate_milli;
	look(9, 98);
	tap_ok(near(row.rate_milli, n / 2, 2), "a rate halves in 8 s of silence");
	look(30, 300);
	tap_ok(row.rate_milli == 0 && row.last == 89 && row.total == 40000,
	       "it ends at 0; the last event and the total stay");
	look(30, 20000000);
	tap_ok(row.rate_milli == 0, "also after months");
	ctri_table_destroy(t);

	t = table_make(KIB * 1024, 1);
	for (s = U32_MAX - 10; s != 10; s++)
		events(1, 300, s / 10, s);
	look(0, 9);
	tap_ok(near(row.rate_milli, 300000, 1) && row.first == U32_MAX - 10 &&
	       row.last == 9, "seconds may wrap");
	ctri_table_destroy(t);

	t = table_make(KIB * 1024, 1);
	events(1, 200000, 1, 10);
	look(1, 10);
	steady = near(row.rate_milli, 200000000, 1);
	for (s = 11; s < 20; s++)
		events(1, 200000, 1, s);
	look(2, 20);
	tap_ok(steady && near(row.rate_milli, 200000000, 1),
	       "more events in a second than 16 bits hold are no less a rate");
	ctri_table_destroy(t);
}

static void test_ranks(void)
{
	struct ctri_row rows[2];
	bool good;

	t = table_make(KIB * 1024, 1);
	events(1, 1000, 1, 10);
	events(2, 10, 3, 30);
	good = ctri_table_merge(&t, 1, CTRI_C_INSERT, CTRI_RANK_WINDOW, 0, 3, 30,
				rows, 2, &info) == 2 &&
	       rows[0].src.addr[0] == 2 && rows[1].src.addr[0] == 1;
	good &= ctri_table_merge(&t, 1, CTRI_C_INSERT, CTRI_RANK_TOTAL, 0, 3, 30,
				 rows, 2, &info) == 2 &&
		rows[0].src.addr[0] == 1 && rows[1].src.addr[0] == 2;
	good &= ctri_table_merge(&t, 1, CTRI_C_INSERT, CTRI_RANK_TOTAL, 0, 3, 30,
				 rows, 1, &info) == 1 &&
		rows[0].src.addr[0] == 1 && info.entries == 2;
	good &= ctri_table_merge(&t, 1, CTRI_C_INSERT, CTRI_RANK_TOTAL, 0, 3, 30,
				 NULL, 0, &info) == 0 && info.entries == 2;
	tap_ok(good, "rank by window, by total, and no more rows than asked for");
	ctri_table_destroy(t);
}

/*
 * Ten windows of 400 sources with 500 events each, more than there is room
 * for; then ten others with 4,000 each in a flood. Were ranks not halved,
 * the old ones would keep their places.
 */
static void test_decay(void)
{
	struct ctri_row rows[10];
	u64 rnd = 5, i, key;
	bool exact = true;
	int found = 0, k, n = 0;
	u32 epoch;

	t = table_make(KIB * 1024, 1);
	for (epoch = 1; epoch <= 12; epoch++) {
		for (i = 0; i < 200000; i++) {
			if (epoch <= 10)
				key = 1000 + rnd_below(&rnd, 400);
			else if (i % 5)
				key = rnd64(&rnd) | 1ULL << 40;
			else
				key = i / 5 % 10;
			events(key, 1, epoch, 0);
		}
	}
	n = ctri_table_merge(&t, 1, CTRI_C_INSERT, CTRI_RANK_WINDOW, 0, 12, 0,
			     rows, 10, &info);
	for (k = 0; k < n; k++) {
		found += rows[k].src.addr[0] < 10;
		exact &= rows[k].cur_low == 4000 && rows[k].cur_high == 4000;
	}
	tap_ok(n == 10 && found == 10 && exact,
	       "a window after the old heavies stop the new ones are the top 10, exactly");
	ctri_table_destroy(t);
}

int main(void)
{
	tap_begin(10);
	test_windows();
	test_rates();
	test_ranks();
	test_decay();
	return tap_end(10);
}
