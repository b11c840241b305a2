// SPDX-License-Identifier: GPL-2.0
/*
 * Readers against writers at full speed: what a reader reports is never a
 * mixture of two states, and it always comes to an end.
 */
#include <pthread.h>
#include "common.h"
#include "tap.h"
#include "table_priv.h"

#define KEYS	512
#define ROWS	1024

/**
 * struct race - a writer and what it publishes
 * @t: the table
 * @keys: how many sources it chooses from
 * @window: events a window
 * @alternate: only even sources send in even windows, odd ones in odd windows
 * @begun: events begun, by key; written by the writer before each event
 * @done: events finished, by key; written after each
 * @epoch: current window, likewise published before it is used
 * @stop: the writer is to end
 */
struct race {
	struct ctri_table *t;
	unsigned int keys;
	unsigned int window;
	bool alternate;
	u64 begun[KEYS];
	u64 done[KEYS];
	u32 epoch;
	bool stop;
};

static void *writer(void *arg)
{
	struct race *r = arg;
	u64 rnd = 3, n = 0;

	while (!READ_ONCE(r->stop)) {
		u64 key = rnd_below(&rnd, r->keys);
		struct ctri_source src;

		if (++n % r->window == 0)
			__atomic_store_n(&r->epoch, r->epoch + 1, __ATOMIC_RELEASE);
		if (r->alternate)
			key = (key & ~1ULL) | (r->epoch & 1);
		src = source_of(key);
		__atomic_store_n(&r->begun[key], r->begun[key] + 1,
				 __ATOMIC_RELEASE);
		ctri_table_account(r->t, CTRI_C_INSERT, key % CTRI_KINDS, &src,
				   r->epoch, r->epoch);
		__atomic_store_n(&r->done[key], r->done[key] + 1,
				 __ATOMIC_RELEASE);
	}
	return NULL;
}

/* Each source has one kind only, so a mixture of two records shows. */
static const char *row_wrong(struct race *r, const struct ctri_row *row,
			     const u64 *done, u32 epoch)
{
	u64 key = row->src.addr[0], begun;
	unsigned int i;

	if (key >= r->keys || row->src.family != 6 || row->src.netns != 1)
		return "a source that never was";
	for (i = 0; i < CTRI_KINDS; i++) {
		if (row->kind[i] && i != key % CTRI_KINDS)
			return "another source's kind";
	}
	if (row->kind[key % CTRI_KINDS] != row->total)
		return "total differs from its parts";
	if ((u64)row->cur_low + row->prev_low > row->total)
		return "windows hold more than the total";
	if (r->alternate && (key % 2 == epoch % 2 ? row->prev_low : row->cur_low))
		return "events in a window in which it did not send";
	if (row->cur_low > row->cur_est || row->cur_est > row->cur_high ||
	    row->prev_low > row->prev_est || row->prev_est > row->prev_high)
		return "bounds are out of order";
	begun = __atomic_load_n(&r->begun[key], __ATOMIC_ACQUIRE);
	if (row->total > begun)
		return "more events than were begun";
	if (row->total_err != U64_MAX && row->total + row->total_err < done[key])
		return "fewer events than were done";
	return NULL;
}

/**
 * struct result - what the reader saw
 * @merges: merges done
 * @rows: rows checked
 * @torn: buckets reported torn
 * @retries: buckets read again
 * @worst: longest merge in ns
 * @wrong: first fault; NULL: none
 */
struct result {
	u64 merges;
	u64 rows;
	u64 torn;
	u64 retries;
	u64 worst;
	const char *wrong;
};

static struct result race(struct race *r, unsigned int ms)
{
	u64 end = nanoseconds() + ms * 1000000ULL, begin, done[KEYS];
	static struct ctri_row rows[ROWS];
	struct ctri_merge_info info;
	struct result res = { 0 };
	pthread_t thread;
	int n, i;

	if (pthread_create(&thread, NULL, writer, r))
		abort();
	while (nanoseconds() < end) {
		u32 epoch = __atomic_load_n(&r->epoch, __ATOMIC_ACQUIRE);

		for (i = 0; i < KEYS; i++)
			done[i] = __atomic_load_n(&r->done[i], __ATOMIC_ACQUIRE);
		begin = nanoseconds();
		n = ctri_table_merge(&r->t, 1, CTRI_C_INSERT, CTRI_RANK_WINDOW, 0,
				     epoch, epoch, rows, ROWS, &info);
		begin = nanoseconds() - begin;
		res.worst = begin > res.worst ? begin : res.worst;
		res.merges++;
		res.torn += info.torn;
		res.retries += info.retries;
		for (i = 0; i < n && !res.wrong; i++, res.rows++)
			res.wrong = row_wrong(r, &rows[i], done,
					      info.epoch);
		if ((s32)(info.epoch - epoch) < 0)
			res.wrong = "a window in the past";
	}
	WRITE_ONCE(r->stop, true);
	pthread_join(thread, NULL);
	printf("# %u keys: %llu merges, %llu rows, %llu torn, %llu retries, longest merge %llu us%s%s\n",
	       r->keys, (unsigned long long)res.merges,
	       (unsigned long long)res.rows, (unsigned long long)res.torn,
	       (unsigned long long)res.retries,
	       (unsigned long long)res.worst / 1000, res.wrong ? "; " : "",
	       res.wrong ? res.wrong : "");
	return res;
}

/*
 * A writer that stopped inside its section, for good: the merge ends, says so,
 * and has no upper bounds for rows that the lost bucket may have added to.
 */
static bool stuck(void)
{
	struct ctri_table *t[2] = { table_make(128 * 1024, 1),
				    table_make(128 * 1024, 1) };
	struct ctri_source src = source_of(1);
	struct ctri_merge_info info;
	struct ctri_bucket *b;
	struct ctri_row row;
	bool good;
	int n;

	ctri_table_account(t[0], 0, 0, &src, 1, 1);
	ctri_table_account(t[1], 0, 0, &src, 1, 1);
	b = t[0]->shard[0].bucket;
	while (!b->score[0])
		b++;
	b->seq++;
	n = ctri_table_merge(t, 2, 0, 0, 0, 1, 1, &row, 1, &info);
	good = n == 1 && info.torn == 1 && info.retries == 1000 &&
	       row.total == 1 && row.cur_low == 1 && row.total_err == U64_MAX &&
	       row.cur_high == U32_MAX && row.prev_high == U32_MAX;
	b->seq++;
	n = ctri_table_merge(t, 2, 0, 0, 0, 1, 1, &row, 1, &info);
	good &= n == 1 && !info.torn && row.total == 2 && !row.total_err &&
		row.cur_high == 2;
	ctri_table_destroy(t[0]);
	ctri_table_destroy(t[1]);
	return good;
}

int main(void)
{
	static struct race many = { .keys = KEYS, .window = 100000 };
	static struct race turn = { .keys = KEYS, .window = 2000, .alternate = true };
	static struct race one = { .keys = 1, .window = 100000 };
	struct result res;

	tap_begin(6);
	many.t = table_make(128 * 1024, 1);
	res = race(&many, 1000);
	tap_ok(!res.wrong && res.rows > 1000,
	       "no row mixes two states while a writer replaces records");
	tap_ok(res.retries, "the reader and the writer really met");
	ctri_table_destroy(many.t);

	turn.t = table_make(128 * 1024, 1);
	res = race(&turn, 2000);
	tap_ok(!res.wrong && res.rows > 1000,
	       "no row mixes two windows while a writer turns them");
	ctri_table_destroy(turn.t);

	one.t = table_make(128 * 1024, 1);
	res = race(&one, 500);
	tap_ok(!res.wrong, "no row mixes two states of one hot record");
	tap_ok(res.merges && res.retries <= res.merges * 4 * 1000,
	       "readings of a bucket that never rests are bounded");
	ctri_table_destroy(one.t);

	tap_ok(stuck(), "a writer stuck in its section costs 1,000 readings and the bounds");
	return tap_end(6);
}
