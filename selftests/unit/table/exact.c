// SPDX-License-Identifier: GPL-2.0
#include "exact.h"

/**
 * exact_init() - make an empty map
 * @x: filled
 * @size: slots, a power of two; the map grows when it is three quarters full
 */
void exact_init(struct exact *x, size_t size)
{
	x->slot = calloc(size, sizeof(*x->slot));
	x->size = size;
	x->used = 0;
	if (!x->slot)
		abort();
}

/**
 * exact_free() - free a map
 * @x: the map
 */
void exact_free(struct exact *x)
{
	free(x->slot);
}

static struct exact_count *find(struct exact *x, unsigned int class, u64 key)
{
	size_t i = mix64(key ^ mix64(class)) & (x->size - 1);

	while (x->slot[i].used &&
	       (x->slot[i].key != key || x->slot[i].class != class))
		i = (i + 1) & (x->size - 1);
	return &x->slot[i];
}

static void grow(struct exact *x)
{
	struct exact old = *x;
	size_t i;

	exact_init(x, old.size * 2);
	x->used = old.used;
	for (i = 0; i < old.size; i++) {
		if (old.slot[i].used)
			*find(x, old.slot[i].class, old.slot[i].key) = old.slot[i];
	}
	free(old.slot);
}

/* The counts as they are seen from a window. */
static void roll(struct exact_count *c, u32 epoch)
{
	u32 gone = epoch - c->epoch;

	if (!gone)
		return;
	c->prev = gone == 1 ? c->cur : 0;
	c->cur = 0;
	c->epoch = epoch;
}

/**
 * exact_at() - what a source did, seen from a window
 * @x: the map
 * @class: the class
 * @key: the source's key
 * @epoch: the window that @cur of the result is about
 *
 * Return: the counts, zero for a new source; valid until the next call.
 */
struct exact_count *exact_at(struct exact *x, unsigned int class, u64 key,
			     u32 epoch)
{
	struct exact_count *c;

	if (x->used * 4 > x->size * 3)
		grow(x);
	c = find(x, class, key);
	if (!c->used) {
		x->used++;
		c->used = true;
		c->key = key;
		c->class = class;
		c->epoch = epoch;
	}
	roll(c, epoch);
	return c;
}

static bool within(u64 n, u32 low, u32 high)
{
	return n >= low && (n <= high || high == U32_MAX);
}

/**
 * exact_compare() - check one row against the truth
 * @x: the truth
 * @class: the row's class
 * @row: the row
 * @epoch: window of the row
 *
 * Leaves the truth in its window: a reader that is behind must not move it,
 * for the next may be further behind.
 *
 * Return: NULL: everything holds; else what does not.
 */
const char *exact_compare(struct exact *x, unsigned int class,
			  const struct ctri_row *row, u32 epoch)
{
	struct exact_count c = *find(x, class, row->src.addr[0]);
	u64 kinds = 0;
	int i;

	if (row->src.netns != 1 || row->src.family != 6 || row->src.addr[1] ||
	    row->src.pad[0] || row->src.pad[1] || row->src.pad[2])
		return "a source that was never there";
	if (!c.used || !c.total)
		return "a source without events";
	roll(&c, epoch);
	if (row->total > c.total)
		return "total above the truth";
	if (row->total_err != U64_MAX && c.total - row->total > row->total_err)
		return "truth above total + error";
	if (!within(c.cur, row->cur_low, row->cur_high))
		return "this window's truth outside of its bounds";
	if (!within(c.prev, row->prev_low, row->prev_high))
		return "last window's truth outside of its bounds";
	if (row->cur_est < row->cur_low || row->cur_est > row->cur_high ||
	    row->prev_est < row->prev_low || row->prev_est > row->prev_high)
		return "estimate outside of the bounds";
	for (i = 0; i < CTRI_KINDS; i++)
		kinds += row->kind[i];
	if (kinds > row->total)
		return "more events by kind than in all";
	if (!row->total || row->cur_low > row->total)
		return "more events in a window than in all";
	return NULL;
}

/**
 * exact_order() - check that rows are sorted and each source comes once
 * @rows: the rows
 * @n: how many
 * @rank: the order they ought to be in
 *
 * Return: NULL or what is wrong.
 */
const char *exact_order(const struct ctri_row *rows, int n, enum ctri_rank rank)
{
	u64 a, b;
	int i, j;

	for (i = 1; i < n; i++) {
		a = (u64)rows[i - 1].cur_est + rows[i - 1].prev_est;
		b = (u64)rows[i].cur_est + rows[i].prev_est;
		if (rank == CTRI_RANK_WINDOW ? a < b ||
		    (a == b && rows[i - 1].total < rows[i].total) :
		    rows[i - 1].total < rows[i].total)
			return "rows are not sorted";
		for (j = 0; j < i && n <= 128; j++) {
			if (rows[j].src.addr[0] == rows[i].src.addr[0])
				return "a source comes twice";
		}
	}
	return NULL;
}
