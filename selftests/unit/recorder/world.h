/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the recorder asks of the rest of the module: namespaces and their
 * counters, the probes, the source tables and the census, as the test has set
 * them. Included once, by the test.
 */
#ifndef RECORDER_WORLD_H
#define RECORDER_WORLD_H

#include "arm.h"
#include "census.h"
#include "clock.h"
#include "netns.h"
#include "news.h"
#include "probe_failed.h"
#include "pulse.h"
#include "snapshot.h"

/* One namespace, and another that comes and goes */
static struct net net[2] = { { .ns.inum = 77 }, { .ns.inum = 88 } };
static struct ctri_counts counts[2];
static struct ctri_kstat kstat[2];
static struct ctri_net watched[2] = {
	{ .net = &net[0], .id = 1, .activity = CTRI_NET_QUIET },
	{ .net = &net[1], .id = 2, .activity = CTRI_NET_QUIET },
};
static unsigned int sums_read;		/* how often a namespace was added up */
static unsigned int nets_listed;	/* of watched */
DEFINE_MUTEX(ctri_nets_mutex);
static int armed[CTRI_WATCHES];

/* Events by class, source and window: what the source table would know */
#define SOURCES		48
#define WINDOWS		64
static u32 seen[CTRI_CLASSES][SOURCES][WINDOWS];

void ctri_sums_read(const struct ctri_net *cn, struct ctri_sums *sum)
{
	const struct ctri_counts *c = &counts[cn - watched];
	const struct ctri_kstat *k = &kstat[cn - watched];
	unsigned int i;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < CTRI_N_INVALID; i++)
		sum->n[i] = c->n[i];
	for (; i < CTRI_N_MAX; i++)
		sum->invalid += c->n[i];
	sum->insert_failed = k->insert_failed;
	sum->chaintoolong = k->chaintoolong;
	sum->drop = k->drop;
	sum->early_drop = k->early_drop;
	sums_read++;
}

void ctri_nets_each(unsigned int (*look)(struct ctri_net *cn, void *arg), void *arg)
{
	unsigned int i;

	for (i = 0; i < nets_listed; i++)
		look(&watched[i], arg);
}

void ctri_enable_look(void)
{
}

bool ctri_net_tracked(const struct net *net)
{
	return true;
}

int ctri_probes_arm(enum ctri_watch watch)
{
	return !armed[watch]++;
}

void ctri_probes_disarm(enum ctri_watch watch)
{
	armed[watch] = 0;
}

static u32 clashes_seen;	/* by the probe of clashes */

u32 ctri_failed_clashes(void)
{
	return clashes_seen;
}

void ctri_pulse_second(void)
{
}

u32 ctri_net_inum(u32 id)
{
	return id == 1 ? 77 : 0;
}

static u32 window_now(void)
{
	return shim_awake / NSEC_PER_SEC / CTRI_WINDOW;
}

static int by_window(const void *a, const void *b)
{
	const struct ctri_row *x = a, *y = b;
	u64 n = (u64)x->cur_high + x->prev_high, m = (u64)y->cur_high + y->prev_high;

	return n < m ? 1 : n > m ? -1 : 0;
}

int ctri_snap_top(enum ctri_class class, enum ctri_rank rank,
		  struct ctri_row *top, unsigned int k,
		  struct ctri_merge_info *info)
{
	struct ctri_row row[SOURCES] = { 0 };
	u32 now = window_now();
	int i, nr = 0;

	memset(info, 0, sizeof(*info));
	for (i = 0; i < SOURCES; i++) {
		row[nr].src.family = 4;
		row[nr].src.netns = 1;
		row[nr].src.addr[0] = i;
		row[nr].cur_low = seen[class][i][now % WINDOWS];
		row[nr].prev_low = seen[class][i][(now - 1) % WINDOWS];
		row[nr].cur_high = row[nr].cur_low;
		row[nr].prev_high = row[nr].prev_low;
		nr += row[nr].cur_low || row[nr].prev_low;
		info->distinct += !!seen[class][i][WINDOWS - 1];
	}
	qsort(row, nr, sizeof(row[0]), by_window);
	nr = min_t(int, nr, k);
	memcpy(top, row, nr * sizeof(row[0]));
	return nr;
}

/*
 * The census says how many there were before it. The fullest namespace has the
 * most entries, though a zone of another has more than it.
 */
static unsigned int censuses;
static bool no_census;

struct ctri_census *ctri_census_get(void)
{
	static struct ctri_census c;
	static struct ctri_cell total[3] = {
		{ .inum = 88, .entries = 10, .stage = { [CTRI_STAGE_ONCE] = 10 } },
		{ .inum = 77, .entries = 30 },
		{ .inum = 88, .zone = 4, .entries = 90 },
	};
	unsigned int kind, i;

	if (no_census)
		return (void *)-12L;
	c.when = ktime_get_ns();
	c.total = total;
	c.nr_total = 3;
	total[1].stage[CTRI_STAGE_CLOSING] = censuses;
	for (kind = 0; kind < CTRI_HEAVIES; kind++) {
		c.nr_top[kind] = CTRI_CENSUS_TOP;
		for (i = 0; i < CTRI_CENSUS_TOP; i++) {
			struct ctri_heavy *h = &c.top[kind][i];

			h->row.src.family = kind + 1;
			h->row.src.addr[0] = i;
			h->row.total = 3000 - i;
			h->row.total_err = i % 2 ? U64_MAX : i;
			h->row.kind[CTRI_STAGE_SILENT_300] = censuses;
			h->inum = 77;
			h->service = 500 + i;
		}
	}
	censuses++;
	return &c;
}

void ctri_census_put(struct ctri_census *c)
{
}

static bool idle_cpu;		/* its deferrable timers wait */
static bool unnoticed;		/* what is counted isn't marked by the test */

/* What was counted since the last time is news, as account.c tells */
static void notice(void)
{
	static struct ctri_counts seen_counts[2];
	static struct ctri_kstat seen_kstat[2];
	unsigned int i;

	for (i = 0; i < 2 && !unnoticed; i++)
		if (memcmp(&seen_counts[i], &counts[i], sizeof(counts[i])) ||
		    memcmp(&seen_kstat[i], &kstat[i], sizeof(kstat[i])))
			ctri_news_note(&watched[i]);
	memcpy(seen_counts, counts, sizeof(counts));
	memcpy(seen_kstat, kstat, sizeof(kstat));
}

/* What is due is done */
static void run(void)
{
	struct work_struct *w;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct delayed_work *d = shim_delayed[i];

		if (!d || !d->at || d->at > jiffies || (d->rest && idle_cpu))
			continue;
		d->at = 0;
		d->work.func(&d->work);
	}
	w = shim_work;
	shim_work = NULL;
	if (w)
		w->func(w);
}

#endif
