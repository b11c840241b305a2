// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: event sequences against an exact map.
 *
 * The input is a sequence of operations of four bytes: what, and three of
 * operands. Two small tables, so that buckets fill up at once; epochs jump and
 * wrap; counters are pushed to their tops. Every merge is checked row by row.
 */
#include "exact.h"
#include "table_priv.h"

#define CPUS	2
#define ROWS	4096

enum op {
	OP_EVENT, OP_BULK, OP_FLOOD, OP_NEXT, OP_JUMP, OP_TIME, OP_MERGE, OP_TOP,
	OPS
};

/**
 * struct fuzz - one run
 * @t: tables under test
 * @x: the truth
 * @epoch: current window
 * @now: current second
 * @fresh: number of the next source that comes once
 */
struct fuzz {
	struct ctri_table *t[CPUS];
	struct exact x;
	u32 epoch;
	u32 now;
	u64 fresh;
};

static void die(const char *why)
{
	fprintf(stderr, "fuzz_table: %s\n", why);
	abort();
}

static void event(struct fuzz *f, u8 where, u64 key, u32 times)
{
	unsigned int class = where % CTRI_CLASSES;
	unsigned int cpu = where / CTRI_CLASSES % CPUS;
	struct exact_count *c = exact_at(&f->x, class, key, f->epoch);
	struct ctri_source src = source_of(key);

	c->total += times;
	c->cur += times;
	while (times--)
		ctri_table_account(f->t[cpu], class, key, &src, f->epoch, f->now);
}

static void merge(struct fuzz *f, u8 how, u32 behind)
{
	static struct ctri_row rows[ROWS];
	unsigned int class = how % CTRI_CLASSES, k = how & 0x80 ? 5 : ROWS;
	enum ctri_rank rank = how & 0x40 ? CTRI_RANK_TOTAL : CTRI_RANK_WINDOW;
	struct ctri_merge_info info;
	const char *wrong;
	int n, i;

	/* a reader that is behind must come to the truth all the same */
	n = ctri_table_merge(f->t, CPUS, class, rank, 0, f->epoch - behind, f->now,
			     rows, k, &info);
	if (n < 0 || n > (int)k || info.torn || info.retries ||
	    info.entries > info.slots || n > (long)info.entries)
		die("not the rows that were asked for");
	wrong = exact_order(rows, n, rank);
	for (i = 0; i < n && !wrong; i++)
		wrong = exact_compare(&f->x, class, &rows[i], info.epoch);
	if (wrong)
		die(wrong);
}

/* Where the first CPU's table counts a key. */
static struct ctri_bucket *bucket_of(struct fuzz *f, unsigned int class, u64 key)
{
	const struct ctri_shard *sh = &f->t[0]->shard[class];
	u64 hash = ctri_sip_2u64(key, 1 | 6ULL << 32, &sh->key);

	return &sh->bucket[((hash >> 32) * sh->buckets) >> 32];
}

/* A source without a record lost more events than its cell can hold. */
static void lose(struct fuzz *f, unsigned int class, u64 key)
{
	struct ctri_bucket *b = bucket_of(f, class, key);
	struct exact_count *c = exact_at(&f->x, class, key, f->epoch);
	struct ctri_loss *loss = &b->loss[b->epoch & 1];
	unsigned int way, cell;

	for (way = 0; way < CTRI_WAYS; way++) {
		if (!b->score[way] || b->rec0[way].addr[0] == key)
			return;
	}
	for (cell = 0; cell < CTRI_LOSS_CELLS; cell++)
		loss->cell[cell] = U16_MAX;
	loss->miss = ctri_sat_add(loss->miss, (u64)CTRI_LOSS_CELLS * U16_MAX);
	c->cur += 3 * U16_MAX;
	c->total += 3 * U16_MAX;
	event(f, class, key, 40);	/* now it may get one */
}

/* Counters close to their tops, and the truth with them. */
static void to_the_top(struct fuzz *f, u8 where, u8 what, u8 room)
{
	unsigned int class = where % CTRI_CLASSES, way;
	struct ctri_bucket *b = bucket_of(f, class, where);
	struct ctri_loss *loss;
	struct exact_count *c;
	u32 add;

	if (b->epoch != f->epoch)
		return;
	if (what & 1)
		lose(f, class, where);
	loss = &b->loss[b->epoch & 1];
	if (what & 2 && loss->miss)
		loss->miss = max_t(u32, loss->miss, U32_MAX - room);
	if (what & 2 && b->lost)
		b->lost = max_t(u32, b->lost, U32_MAX - room);
	for (way = 0; way < CTRI_WAYS && b->score[way]; way++) {
		struct ctri_rec0 *r0 = &b->rec0[way];
		u32 *kind = &b->rec1[way].kind[r0->addr[0] % CTRI_KINDS];

		c = exact_at(&f->x, class, r0->addr[0], f->epoch);
		if (what & 4 && *kind < U32_MAX - room) {
			add = U32_MAX - room - *kind;
			*kind += add;
			c->total += add;
		}
		if (what & 8 && r0->excess < U32_MAX - room && *kind >= U32_MAX - room) {
			add = U32_MAX - room - r0->excess;
			r0->excess += add;
			c->total += add;
		}
		if (what & 16 && r0->cur < CTRI_CUR_FULL - room && *kind >= U32_MAX - room) {
			add = CTRI_CUR_FULL - room - r0->cur;
			r0->cur += add;
			c->cur += add;
		}
		if (what & 32)
			b->score[way] = max_t(u32, b->score[way], CTRI_SCORE_FULL - room);
		if (what & 64)
			r0->sec = U16_MAX - room;
		if (what & 128)
			r0->ewma = U32_MAX - room;
	}
}

static void step(struct fuzz *f, const u8 *op)
{
	u32 i;

	switch (op[0] % OPS) {
	case OP_EVENT:
		event(f, op[1], op[2], 1 + op[3] % 8);
		break;
	case OP_BULK:
		event(f, op[1], op[2], 1 + op[3] * 16);
		break;
	case OP_FLOOD:
		for (i = 0; i < 16 + op[3] * 2u; i++)
			event(f, op[1], op[2] & 1 ? f->fresh++ : i % 61, 1);
		break;
	case OP_NEXT:
		f->epoch++;
		f->now += op[1] % 16;
		break;
	case OP_JUMP:
		/* far, but not so far that the past looks like the future */
		f->epoch += op[1] & 1 ? op[2] : (u32)op[2] << 20;
		break;
	case OP_TIME:
		f->now += op[1] & 1 ? op[2] : (u32)op[2] << 24;
		break;
	case OP_MERGE:
		merge(f, op[1], op[2] & 1);
		break;
	case OP_TOP:
		to_the_top(f, op[1], op[2], op[3] % 32);
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz f = { .fresh = 1ULL << 32 };
	size_t i;
	u64 sum;
	u8 how;

	if (size < 8 || size > 4096)
		return 0;
	memcpy(&f.epoch, data, sizeof(f.epoch));
	exact_init(&f.x, 1 << 10);
	for (i = 0; i < CPUS; i++)
		f.t[i] = table_make(ctri_table_min_bytes(), data[4]);
	for (i = 5, sum = 0; i + 4 <= size; i += 4) {
		/* jumps add up: keep them all below half of the numbers */
		if (data[i] % OPS == OP_JUMP && sum++ >= 8)
			continue;
		step(&f, data + i);
	}
	for (how = 0; how < CTRI_CLASSES; how++)
		merge(&f, how, 0);
	exact_free(&f.x);
	for (i = 0; i < CPUS; i++)
		ctri_table_destroy(f.t[i]);
	return 0;
}
