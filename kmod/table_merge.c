// SPDX-License-Identifier: GPL-2.0
/*
 * The heavy-source table: the reader's side.
 *
 * All tables hash alike, so a source is in the same bucket number on every
 * CPU, and the merge needs to look at one bucket of each at a time: copy
 * them, add up the records of the same source, and let the k worst stay in
 * a heap. A CPU that has no record of a source may still have lost events of
 * it, so the upper bounds take in that CPU's loss counters.
 *
 * The sources of one namespace are told to that namespace, which is to learn
 * nothing of others. What a bucket lost is everybody's, so no bound and no guess
 * is made of it then: rows hold what was counted, and no more. Buckets without a
 * record of the namespace are passed by with a look.
 */
#include "table_merge.h"

#define CTRI_RESTARTS	3		/* merges begun anew in a later window */

/* Does @a rank below @b? */
static bool ctri_row_below(const struct ctri_merge *m, const struct ctri_row *a,
			   const struct ctri_row *b)
{
	u64 x, y;

	if (m->rank == CTRI_RANK_WINDOW) {
		x = (u64)a->cur_est + a->prev_est;
		y = (u64)b->cur_est + b->prev_est;
		if (x != y)
			return x < y;
	}
	return a->total < b->total;
}

/* Let the hole at @i of a heap of @rows rows sink until @row fits in. */
static void ctri_heap_sift(struct ctri_merge *m, unsigned int i, unsigned int rows,
			   const struct ctri_row *row)
{
	unsigned int child;

	while ((child = 2 * i + 1) < rows) {
		if (child + 1 < rows &&
		    ctri_row_below(m, &m->top[child + 1], &m->top[child]))
			child++;
		if (!ctri_row_below(m, &m->top[child], row))
			break;
		m->top[i] = m->top[child];
		i = child;
	}
	m->top[i] = *row;
}

static void ctri_heap_offer(struct ctri_merge *m, const struct ctri_row *row)
{
	unsigned int i, up;

	if (m->rows == m->k) {
		if (m->k && ctri_row_below(m, &m->top[0], row))
			ctri_heap_sift(m, 0, m->rows, row);
		return;
	}
	for (i = m->rows++; i; i = up) {
		up = (i - 1) / 2;
		if (!ctri_row_below(m, row, &m->top[up]))
			break;
		m->top[i] = m->top[up];
	}
	m->top[i] = *row;
}

/* The heap, worst first: its least goes to the end, again and again. */
static void ctri_heap_sort(struct ctri_merge *m)
{
	unsigned int rows = m->rows;
	struct ctri_row last;

	while (rows > 1) {
		last = m->top[--rows];
		m->top[rows] = m->top[0];
		ctri_heap_sift(m, 0, rows, &last);
	}
}

/* Add up what each CPU may have lost of a source that it has no record of. */
static void ctri_merge_losses(struct ctri_merge *m)
{
	unsigned int c, cell;

	memset(m->cur, 0, sizeof(m->cur));
	memset(m->prev, 0, sizeof(m->prev));
	m->lost = 0;
	for (c = 0; c < m->copies; c++) {
		const struct ctri_bucket *b = &m->copy[c];

		if (!ctri_bucket_lost(b))
			continue;
		m->lost += ctri_bucket_lost(b);
		for (cell = 0; cell < CTRI_LOSS_CELLS; cell++) {
			m->cur[cell] += ctri_loss_cur(b, cell);
			m->prev[cell] += ctri_loss_prev(b, cell);
		}
	}
}

/* The sum that the record belongs to, a new one if it is the source's first. */
static struct ctri_merge_source *
ctri_merge_source_of(struct ctri_merge *m, const struct ctri_rec0 *r0, u16 tag)
{
	unsigned int i = tag & (m->slots - 1);
	struct ctri_merge_source *s;

	for (; m->slot[i]; i = (i + 1) & (m->slots - 1)) {
		s = &m->source[m->slot[i] - 1];
		if (s->row.src.addr[0] == r0->addr[0] &&
		    s->row.src.addr[1] == r0->addr[1] &&
		    s->row.src.netns == r0->netns &&
		    s->row.src.family == r0->family)
			return s;
	}
	s = &m->source[m->sources];
	m->slot[i] = ++m->sources;
	memset(s, 0, sizeof(*s));
	s->tag = tag;
	s->row.src.addr[0] = r0->addr[0];
	s->row.src.addr[1] = r0->addr[1];
	s->row.src.netns = r0->netns;
	s->row.src.family = r0->family;
	s->row.first = r0->first;
	s->row.last = r0->last;
	return s;
}

/* Add one CPU's record of a source to its sum. */
static void ctri_merge_record(struct ctri_merge *m, const struct ctri_bucket *b,
			      unsigned int way)
{
	const struct ctri_rec0 *r0 = &b->rec0[way];
	const struct ctri_rec1 *r1 = &b->rec1[way];
	unsigned int cell = ctri_loss_cell(b->tag[way]);
	struct ctri_merge_source *s = ctri_merge_source_of(m, r0, b->tag[way]);
	struct ctri_row *row = &s->row;
	s32 age = m->now - r0->last;
	unsigned int i;

	row->total += ctri_record_total(r0, r1);
	row->cur_low = ctri_sat_add(row->cur_low, r0->cur);
	row->prev_low = ctri_sat_add(row->prev_low, r0->prev);
	if (r0->cur_err)
		row->cur_est = ctri_sat_add(row->cur_est, r0->gain);
	else
		row->prev_est = ctri_sat_add(row->prev_est, r0->gain);
	s->cur_slack += (u64)r0->cur_err - ctri_loss_cur(b, cell) +
			ctri_most(r0->cur) - r0->cur;
	s->prev_slack += (u64)r0->prev_err - ctri_loss_prev(b, cell) +
			 ctri_most(r0->prev) - r0->prev;
	s->lost_slack += (u64)r0->lost - ctri_bucket_lost(b);
	if (r0->excess == U32_MAX)	/* its total is no total any more */
		s->lost_slack += U32_MAX;
	for (i = 0; i < CTRI_KINDS; i++)
		row->kind[i] = ctri_sat_add(row->kind[i], r1->kind[i]);

	s->fresh += ctri_rate_fold(r0->ewma, r0->sec, max_t(s32, age, 1));
	s->ewma += age > 0 ? ctri_rate_fold(r0->ewma, r0->sec, age) : r0->ewma;
	if ((s32)(r0->first - row->first) < 0)
		row->first = r0->first;
	if ((s32)(r0->last - row->last) > 0)
		row->last = r0->last;
}

/* Estimates hold only the gains so far; the bounds come out of the slacks. */
static void ctri_merge_bounds(const struct ctri_merge *m,
			      struct ctri_merge_source *s)
{
	struct ctri_row *row = &s->row;
	unsigned int cell = ctri_loss_cell(s->tag);
	u64 lost = s->lost_slack + m->lost;

	row->total_err = lost >= U32_MAX || m->torn ? U64_MAX : lost;
	row->cur_high = m->torn ? U32_MAX :
			ctri_sat_add(row->cur_low, s->cur_slack + m->cur[cell]);
	row->prev_high = m->torn ? U32_MAX :
			 ctri_sat_add(row->prev_low,
				      s->prev_slack + m->prev[cell]);
	row->cur_est = min_t(u32, row->cur_high,
			     ctri_sat_add(row->cur_low, row->cur_est));
	row->prev_est = min_t(u32, row->prev_high,
			      ctri_sat_add(row->prev_low, row->prev_est));
}

/* What was counted, and nothing that a bucket's losses say. */
static void ctri_merge_bare(const struct ctri_merge *m, struct ctri_merge_source *s)
{
	struct ctri_row *row = &s->row;

	row->cur_est = row->cur_low;
	row->cur_high = row->cur_low;
	row->prev_est = row->prev_low;
	row->prev_high = row->prev_low;
	if (row->src.family == CTRI_FAMILY_IPV4 || row->src.family == CTRI_FAMILY_IPV6)
		m->info->counted += row->total;
}

/* All its records are added up: the rest of its row. */
static void ctri_merge_finish(const struct ctri_merge *m, struct ctri_merge_source *s)
{
	struct ctri_row *row = &s->row;
	s32 age = m->now - row->first;

	row->rate_milli = age > 0 ? ctri_rate_milli(s->ewma, age) :
				    ctri_rate_milli(s->fresh, 1);
	if (m->netns)
		ctri_merge_bare(m, s);
	else
		ctri_merge_bounds(m, s);
}

/* A hash that has room for the sources of @n buckets */
static unsigned int ctri_merge_slots(unsigned int n)
{
	unsigned int slots = 2 * CTRI_WAYS;

	while (slots < n * 2 * CTRI_WAYS)
		slots *= 2;
	return slots;
}

/* The sources of the buckets in hand. */
static void ctri_merge_add(struct ctri_merge *m)
{
	unsigned int c, way;

	m->slots = ctri_merge_slots(m->copies);
	memset(m->slot, 0, m->slots * sizeof(*m->slot));
	m->sources = 0;
	for (c = 0; c < m->copies; c++) {
		for (way = 0; way < CTRI_WAYS; way++) {
			const struct ctri_bucket *b = &m->copy[c];

			if (!b->score[way])
				break;
			if (m->netns && b->rec0[way].netns != m->netns)
				continue;
			ctri_merge_record(m, b, way);
			m->info->entries++;
		}
	}
}

/* The rows of the buckets in hand. */
static void ctri_merge_rows(struct ctri_merge *m)
{
	ctri_merge_add(m);
	if (!m->netns)
		ctri_merge_losses(m);
	while (m->sources--) {
		struct ctri_merge_source *s = &m->source[m->sources];

		ctri_merge_finish(m, s);
		ctri_heap_offer(m, &s->row);
	}
}

/* No row is wanted of them: then how many records they have. */
static void ctri_merge_count(struct ctri_merge *m)
{
	unsigned int c;

	for (c = 0; c < m->copies; c++)
		m->info->entries += ctri_bucket_ways(&m->copy[c]);
}

/* All buckets once, in the window m->epoch; -EAGAIN: in a later one, please. */
static int ctri_merge_buckets(struct ctri_merge *m, bool last_try)
{
	u32 i;
	int err;

	m->rows = 0;
	m->info->entries = 0;
	m->info->torn = 0;
	m->info->counted = 0;
	ctri_merge_look(m);
	for (i = 0; i < m->buckets; i++) {
		err = ctri_merge_gather(m, i, last_try);
		if (err)
			return err;
		if (m->copies && m->k)
			ctri_merge_rows(m);
		else
			ctri_merge_count(m);
		cond_resched();
	}
	return 0;
}

/* The sizes of what stands one behind the other in a merge's memory. */
struct ctri_merge_sizes {
	size_t head, sh, wanted, copy, source, slot;
};

/*
 * A merge with its scratch memory in one page-aligned piece: for a bucket of each of
 * those of the @n tables @t that had an event, and its sources; each bucket number
 * makes them anew, so they aren't zeroed. kvfree() it; NULL: no memory.
 */
static struct ctri_merge *ctri_merge_alloc(struct ctri_table *const *t,
					   unsigned int n, enum ctri_class class)
{
	struct ctri_merge_sizes size;
	unsigned int words = round_up(t[0]->shard[class].buckets, 64) / 64;
	unsigned int c, used = 0, room = 0;
	struct ctri_merge *m;
	char *p;

	for (c = 0; c < n; c++)
		room += ctri_shard_used(t[c], &t[c]->shard[class]);
	size.head = round_up(sizeof(struct ctri_merge), CTRI_LINE);
	size.sh = round_up(room * sizeof(*m->sh), CTRI_LINE);
	size.wanted = round_up((size_t)room * words * sizeof(*m->wanted), CTRI_LINE);
	size.copy = room * sizeof(struct ctri_bucket);
	size.source = (size_t)room * CTRI_WAYS * sizeof(struct ctri_merge_source);
	size.slot = ctri_merge_slots(room) * sizeof(*m->slot);
	p = kvmalloc_node(round_up(size.head + size.sh + size.wanted + size.copy +
				   size.source + size.slot, PAGE_SIZE),
			  GFP_KERNEL, NUMA_NO_NODE);
	if (!p)
		return NULL;
	m = memset(p, 0, sizeof(*m));
	p += size.head;
	m->sh = (const struct ctri_shard **)p;
	p += size.sh;
	m->wanted = (u64 *)p;
	p += size.wanted;
	m->copy = (struct ctri_bucket *)p;
	p += size.copy;
	m->source = (struct ctri_merge_source *)p;
	p += size.source;
	m->slot = (u32 *)p;
	/* one may have had its first event meanwhile */
	for (c = 0; c < n && used < room; c++)
		if (ctri_shard_used(t[c], &t[c]->shard[class]))
			m->sh[used++] = &t[c]->shard[class];
	m->n = used;
	m->words = words;
	m->buckets = t[0]->shard[class].buckets;
	return m;
}

/**
 * ctri_table_merge() - the worst sources of a class, over all CPUs
 * @t: tables of equal size and key, one a CPU
 * @n: how many, at least 1
 * @class: the class
 * @rank: order of the rows
 * @netns: 0: rows of all. Else of this one alone, and nothing of others: bounds
 *	and estimates of rows are what was counted, total_err is 0, and of @info
 *	entries, counted, torn, retries and epoch alone are filled
 * @epoch: number of the current window, of the writers' clock
 * @now: seconds, of the writers' clock
 * @top: filled with the rows, worst first
 * @k: room in @top; 0 is fine
 * @info: filled with what the rows don't say, uncertainty first of all
 *
 * Writers go on meanwhile, so the rows are of no single moment, but each CPU's
 * part of a row is. If a writer is found in a later window than @epoch, the
 * merge begins anew in that one, three times at most; after that, buckets
 * from the future count as torn. The number of windows in between is told
 * apart by a sign, so @epoch must be within 2^31 windows of every record.
 *
 * Context: process; may sleep; no limit to concurrent merges.
 * Return: number of rows; -EINVAL: no table, a class without memory or tables
 *	that don't fit together; -ENOMEM: no scratch memory (4 KiB, and 3.1 KiB and
 *	a bit a bucket for each CPU that had an event of the class).
 */
int ctri_table_merge(struct ctri_table *const *t, unsigned int n,
		     enum ctri_class class, enum ctri_rank rank, u32 netns,
		     u32 epoch, u32 now, struct ctri_row *top, unsigned int k,
		     struct ctri_merge_info *info)
{
	struct ctri_merge *m;
	unsigned int c, try = 0;
	int err;

	memset(info, 0, sizeof(*info));
	if (!n || class >= CTRI_CLASSES || !t[0]->shard[class].buckets)
		return -EINVAL;
	for (c = 1; c < n; c++) {
		if (t[c]->shard[class].buckets != t[0]->shard[class].buckets ||
		    memcmp(&t[c]->shard[class].key, &t[0]->shard[class].key,
			   sizeof(struct ctri_sip)))
			return -EINVAL;
	}
	m = ctri_merge_alloc(t, n, class);
	if (!m)
		return -ENOMEM;
	m->rank = rank;
	m->netns = netns;
	m->epoch = epoch;
	m->now = now;
	m->top = top;
	m->k = k;
	m->info = info;
	do {
		err = m->n ? ctri_merge_buckets(m, try == CTRI_RESTARTS) : 0;
	} while (err && try++ < CTRI_RESTARTS);
	ctri_heap_sort(m);

	for (c = 0; c < n && !netns; c++) {
		const struct ctri_shard *sh = &t[c]->shard[class];

		info->slots += (u64)sh->buckets * CTRI_WAYS;
		info->replaced += READ_ONCE(sh->replaced);
		info->missed += READ_ONCE(sh->missed);
	}
	if (!netns)
		info->distinct = ctri_merge_distinct(m);
	info->epoch = m->epoch;
	err = m->rows;
	kvfree(m);
	return err;
}
