// SPDX-License-Identifier: GPL-2.0
/*
 * The promise of the bounds, against a map that forgets nothing: after every
 * window, every row of every class, from tables far too small for the load.
 */
#include "exact.h"
#include "tap.h"
#include "table_priv.h"

#define WINDOWS		48
#define EVENTS		50000		/* a window */
#define ROWS		20000
#define CPUS		3

/**
 * struct run - tables under test and the truth
 * @t: the tables
 * @cpus: how many
 * @x: the truth
 * @rnd: random state
 * @epoch: current window
 * @now: current second
 * @checked: rows compared
 * @unknown: of these, rows without an upper bound
 * @wrong: what went wrong first; NULL: nothing
 */
struct run {
	struct ctri_table *t[CPUS];
	unsigned int cpus;
	struct exact x;
	u64 rnd;
	u32 epoch;
	u32 now;
	u64 checked;
	u64 unknown;
	const char *wrong;
};

static struct ctri_row rows[ROWS];

static void run_init(struct run *r, unsigned int cpus, u32 epoch, u64 seed)
{
	unsigned int c;

	memset(r, 0, sizeof(*r));
	r->cpus = cpus;
	r->epoch = epoch;
	r->rnd = seed;
	exact_init(&r->x, 1 << 16);
	for (c = 0; c < cpus; c++)
		r->t[c] = table_make(128 * 1024, seed);
}

static void run_free(struct run *r)
{
	while (r->cpus--)
		ctri_table_destroy(r->t[r->cpus]);
	exact_free(&r->x);
}

static void event(struct run *r, unsigned int cpu, unsigned int class, u64 key)
{
	struct ctri_source src = source_of(key);
	struct exact_count *c = exact_at(&r->x, class, key, r->epoch);

	c->total++;
	c->cur++;
	ctri_table_account(r->t[cpu], class, key % 7, &src, r->epoch, r->now);
}

/* A skewed mix: the smaller of random numbers, plus sources that come once. */
static u64 some_key(struct run *r, u32 phase)
{
	u64 a = rnd_below(&r->rnd, 3000), b = rnd_below(&r->rnd, 3000);

	switch (rnd_below(&r->rnd, 4)) {
	case 0:
		return rnd64(&r->rnd) | 1ULL << 40;
	case 1:
		return phase * 1000 + a % 11;
	default:
		return a * b / 3000;
	}
}

static void check(struct run *r, unsigned int class, enum ctri_rank rank)
{
	struct ctri_merge_info info;
	const char *wrong;
	int n, i;

	n = ctri_table_merge(r->t, r->cpus, class, rank, 0, r->epoch, r->now, rows,
			     ROWS, &info);
	if (r->wrong)
		return;
	if (n < 0 || info.torn || info.retries || info.epoch != r->epoch) {
		r->wrong = "merge failed";
		return;
	}
	r->wrong = exact_order(rows, n, rank);
	for (i = 0; i < n; i++) {
		wrong = exact_compare(&r->x, class, &rows[i], r->epoch);
		r->checked++;
		r->unknown += rows[i].total_err == U64_MAX ||
			      rows[i].cur_high == U32_MAX;
		if (wrong && !r->wrong)
			r->wrong = wrong;
	}
}

static void check_all(struct run *r)
{
	unsigned int class;

	for (class = 0; class < CTRI_CLASSES; class++) {
		check(r, class, CTRI_RANK_WINDOW);
		check(r, class, CTRI_RANK_TOTAL);
	}
}

/* Windows of random length, some left out, through the wrap of the epoch. */
static void windows(struct run *r)
{
	u32 w, i;

	for (w = 0; w < WINDOWS; w++) {
		u32 events = rnd_below(&r->rnd, 2 * EVENTS);

		for (i = 0; i < events; i++) {
			event(r, rnd_below(&r->rnd, r->cpus),
			      rnd_below(&r->rnd, CTRI_CLASSES),
			      some_key(r, w / 4));
			if (i == events / 2)
				check_all(r);
		}
		check_all(r);
		/* from the next window without an event, or one after it */
		r->epoch += 1 + (w % 5 == 4) + 3 * (w % 16 == 9);
		r->now += 10;
		check_all(r);
	}
}

static struct ctri_bucket *some_bucket(struct run *r, unsigned int class)
{
	struct ctri_shard *sh = &r->t[0]->shard[class];

	return &sh->bucket[rnd_below(&r->rnd, sh->buckets)];
}

/*
 * Put counters close to their top, as a long load would, and the truth with
 * them: losses are only ever upper bounds, so more of them are never wrong.
 */
static void push_to_top(struct run *r, unsigned int class)
{
	struct ctri_bucket *b = some_bucket(r, class);
	struct ctri_loss *loss = &b->loss[b->epoch & 1];
	u32 room = rnd_below(&r->rnd, 50), way, cell, more;
	struct exact_count *c;

	for (cell = 0; cell < CTRI_LOSS_CELLS; cell++)
		loss->cell[cell] = max_t(u32, U16_MAX - room, loss->cell[cell]);
	/* more lost in all than in any cell, as it would have come about */
	loss->miss = ctri_sat_add(loss->miss, (u64)CTRI_LOSS_CELLS * U16_MAX);
	if (rnd_below(&r->rnd, 3) == 0) {
		loss->miss = max_t(u32, U32_MAX - room, loss->miss);
		b->lost = max_t(u32, U32_MAX - room, b->lost);
	}
	for (way = 0; way < CTRI_WAYS && b->score[way]; way++) {
		struct ctri_rec0 *r0 = &b->rec0[way];
		u32 *kind = &b->rec1[way].kind[r0->addr[0] % 7];

		if (b->epoch != r->epoch || rnd_below(&r->rnd, 2))
			continue;
		c = exact_at(&r->x, class, r0->addr[0], r->epoch);
		more = U32_MAX - room - *kind;
		if (*kind >= U32_MAX - room)
			continue;
		*kind += more;
		c->total += more;
		if (rnd_below(&r->rnd, 2))
			b->score[way] = CTRI_SCORE_FULL - room / 2;
		if (rnd_below(&r->rnd, 2) && r0->excess < U32_MAX - room) {
			more = U32_MAX - room - r0->excess;
			r0->excess += more;
			c->total += more;
		}
		if (rnd_below(&r->rnd, 2) && r0->cur < CTRI_CUR_FULL - room) {
			more = CTRI_CUR_FULL - room - r0->cur;
			r0->cur += more;
			c->cur += more;
		}
	}
}

static void saturation(struct run *r)
{
	u32 w, i;

	for (w = 0; w < 12; w++) {
		for (i = 0; i < 100000; i++) {
			unsigned int class = rnd_below(&r->rnd, CTRI_CLASSES);

			event(r, rnd_below(&r->rnd, r->cpus), class,
			      some_key(r, w / 4));
			if (i % 10000 == 9999)
				push_to_top(r, class);
			if (i % 25000 == 24999)
				check_all(r);
		}
		check_all(r);
		r->epoch++;
		r->now += 10;
		check_all(r);
	}
}

/* Cells that fill up by events alone: CTRI_LOSS_CELLS of 65,535 in each bucket. */
static void honest_saturation(struct run *r)
{
	unsigned int class = CTRI_C_INSERT_FAILED, i;
	unsigned int events = 5200000 * r->t[0]->shard[class].buckets;

	for (i = 0; i < events; i++) {
		struct ctri_source src = source_of(1ULL << 50 | i);

		if (i % 10 == 9)
			event(r, 0, class, rnd_below(&r->rnd, 50));
		else
			ctri_table_account(r->t[0], class, 0, &src, r->epoch,
					   r->now);
	}
	/* the sources that came once are not in the truth: drop their rows */
	for (i = 0; i < 2; i++) {
		struct ctri_bucket *b = r->t[0]->shard[class].bucket;
		struct ctri_merge_info info;
		int n, j;

		if (b->loss[b->epoch & 1].cell[0] != U16_MAX)
			r->wrong = "no cell is full";
		n = ctri_table_merge(r->t, 1, class, CTRI_RANK_WINDOW, 0, r->epoch,
				     r->now, rows, ROWS, &info);
		for (j = 0; j < n && !r->wrong; j++) {
			if (rows[j].src.addr[0] >> 50)
				continue;
			r->wrong = exact_compare(&r->x, class, &rows[j],
						 r->epoch);
			r->checked++;
		}
		r->epoch++;
	}
}

static void ranks_set(struct ctri_shard *sh, u32 score)
{
	u32 i, way;

	for (i = 0; i < sh->buckets; i++) {
		sh->bucket[i].floor = score;
		for (way = 0; way < CTRI_WAYS; way++)
			sh->bucket[i].score[way] = score;
	}
}

/*
 * A source that loses 70,000 events, more than its cell holds, and gets a
 * record @later windows after.
 */
static bool full_cell(u32 later)
{
	struct ctri_table *t = table_make(ctri_table_min_bytes(), 6);
	struct ctri_shard *sh = &t->shard[CTRI_C_INSERT_FAILED];
	struct ctri_source src = source_of(4711);
	struct ctri_merge_info info;
	bool good = false;
	u32 i, lost;
	int n;

	for (i = 0; i < 1000; i++) {
		struct ctri_source other = source_of(i);

		ctri_table_account(t, CTRI_C_INSERT_FAILED, 0, &other, 8, 1);
	}
	ranks_set(sh, U32_MAX);
	lost = sh->missed;
	for (i = 0; i < 70000; i++)
		ctri_table_account(t, CTRI_C_INSERT_FAILED, 0, &src, 9, 1);
	lost = sh->missed - lost;
	ranks_set(sh, 1);
	ctri_table_account(t, CTRI_C_INSERT_FAILED, 0, &src, 9 + later, 1);
	n = ctri_table_merge(&t, 1, CTRI_C_INSERT_FAILED, CTRI_RANK_WINDOW, 0,
			     9 + later, 1, rows, ROWS, &info);
	while (n--) {
		if (rows[n].src.addr[0] != 4711)
			continue;
		good = lost == 70000 &&
		       (later ? rows[n].prev_high : rows[n].cur_high) >= lost &&
		       rows[n].total + rows[n].total_err > lost;
	}
	ctri_table_destroy(t);
	return good;
}

static void report(const struct run *r, const char *name)
{
	printf("# %s: %llu rows compared, %llu without an upper bound%s%s\n",
	       name, (unsigned long long)r->checked,
	       (unsigned long long)r->unknown, r->wrong ? "; " : "",
	       r->wrong ? r->wrong : "");
}

int main(void)
{
	struct run r;

	tap_begin(8);

	run_init(&r, 1, U32_MAX - 20, 1);
	windows(&r);
	report(&r, "one CPU");
	tap_ok(!r.wrong, "bounds hold on one CPU, through the wrap of the epoch");
	tap_ok(r.checked >= 100000 && !r.unknown,
	       "100,000 rows compared in 48 windows, each with its bounds");
	run_free(&r);

	run_init(&r, CPUS, 7, 2);
	windows(&r);
	report(&r, "three CPUs");
	tap_ok(!r.wrong, "bounds hold merged over three CPUs");
	run_free(&r);

	run_init(&r, CPUS, 100, 3);
	saturation(&r);
	report(&r, "saturation");
	tap_ok(!r.wrong, "bounds hold with every counter driven to its top");
	tap_ok(r.unknown && r.unknown < r.checked,
	       "rows say that a bound is unknown, where it is");
	run_free(&r);

	run_init(&r, 1, 100, 4);
	ctri_table_destroy(r.t[0]);
	r.t[0] = table_make(ctri_table_min_bytes(), 4);
	honest_saturation(&r);
	report(&r, "full cells");
	tap_ok(!r.wrong && r.checked, "bounds hold when cells fill up by themselves");
	run_free(&r);

	tap_ok(full_cell(0), "a full cell gives way to all that its bucket lost");
	tap_ok(full_cell(1), "also when its window is over");
	return tap_end(8);
}
