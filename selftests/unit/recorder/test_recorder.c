// SPDX-License-Identifier: GPL-2.0
/*
 * The recorder and the incidents against what was made to happen: rings that
 * wrap, minutes, ticks that are missed, a suspend, clocks and counters that
 * jump or wrap, and who was there.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "arm.h"
#include "census.h"
#include "clock.h"
#include "history.h"
#include "incident.h"
#include "netns.h"
#include "snapshot.h"
#include "tap.h"
#include "tick.h"

#define PLAN	35

u64 shim_awake, shim_asleep;
time64_t shim_wall = 1700000000;
struct work_struct *shim_work, *shim_tick;
unsigned int nf_conntrack_max = 1000;

/* One namespace, and another that comes and goes */
static struct net net[2] = { { .ns.inum = 77 }, { .ns.inum = 88 } };
static struct ctri_counts counts[2];
static struct ctri_kstat kstat[2];
static struct ctri_net watched[2] = {
	{ .net = &net[0], .id = 1 }, { .net = &net[1], .id = 2 },
};
struct list_head ctri_nets;
DEFINE_MUTEX(ctri_nets_mutex);
static int armed[CTRI_WATCHES];

/* Events by class, source and window: what the source table would know */
#define SOURCES		48
#define WINDOWS		64
static u32 seen[CTRI_CLASSES][SOURCES][WINDOWS];

static struct ctri_second second[CTRI_SECONDS];
static struct ctri_minute minute[CTRI_MINUTES];
static struct ctri_incident incident[CTRI_INCIDENTS];

void ctri_counts_read(const struct ctri_net *cn, struct ctri_counts *sum)
{
	*sum = counts[cn - watched];
}

void ctri_kstat_read(const struct net *n, struct ctri_kstat *k)
{
	*k = kstat[n - net];
}

int ctri_probes_arm(enum ctri_watch watch)
{
	return !armed[watch]++;
}

void ctri_probes_disarm(enum ctri_watch watch)
{
	armed[watch] = 0;
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

int ctri_snap_top(enum ctri_class class, enum ctri_rank rank, u32 netns,
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

struct ctri_census *ctri_census_get(void)
{
	static struct ctri_census c;

	c.nr_top[CTRI_H_SERVICE] = 1;
	c.top[CTRI_H_SERVICE][0].row.src.family = CTRI_FAMILY_SERVICE;
	c.top[CTRI_H_SERVICE][0].row.total = 321;
	c.top[CTRI_H_SERVICE][0].inum = 77;
	return &c;
}

void ctri_census_put(struct ctri_census *c)
{
}

static void list_nets(unsigned int nr)
{
	struct list_head *at = &ctri_nets;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		at->next = &watched[i].list;
		watched[i].list.prev = at;
		at = &watched[i].list;
	}
	at->next = &ctri_nets;
	ctri_nets.prev = at;
}

/* --- what happens ------------------------------------------------------- */

static void run(struct work_struct **work)
{
	struct work_struct *w = *work;

	*work = NULL;
	if (w)
		w->func(w);
}

static void tick_after(u64 ms)
{
	shim_awake += ms * NSEC_PER_MSEC;
	run(&shim_tick);
	run(&shim_work);
}

/* Ticks that come a little late, as they do */
static void quiet(unsigned int seconds)
{
	while (seconds--)
		tick_after(1004);
}

static void did(enum ctri_class class, unsigned int source, u32 n)
{
	static const enum ctri_count count[CTRI_CLASSES] = {
		[CTRI_C_INSERT] = CTRI_N_INSERT,
		[CTRI_C_REFUSED] = CTRI_N_REFUSAL,
		[CTRI_C_EVICTED] = CTRI_N_EVICTION,
		[CTRI_C_EVICTING] = CTRI_N_EVICTING,
	};

	counts[0].n[count[class]] += n;
	seen[class][source][window_now() % WINDOWS] += n;
}

/*
 * A scene of its own: a module that was just loaded, in the middle of a window.
 * A process each, as the module can't be made anew otherwise.
 */
static void scene(void (*play)(void))
{
	int result[2] = { tap_run, tap_failed + 1 }, end[2];

	fflush(stdout);
	if (pipe(end))
		abort();
	if (!fork()) {
		shim_awake = 1000004 * NSEC_PER_SEC;
		net[0].count = 10;
		list_nets(1);
		ctri_history_init();
		ctri_incident_init();
		ctri_arm_init();
		ctri_tick_init();
		ctri_arm_start();
		ctri_tick_start();
		play();
		ctri_arm_stop();
		ctri_tick_stop();
		ctri_arm_exit();
		ctri_incident_stop();
		ctri_incident_exit();
		ctri_history_exit();
		result[0] = tap_run;
		result[1] = tap_failed;
		exit(write(end[1], result, sizeof(result)) != sizeof(result));
	}
	close(end[1]);
	if (read(end[0], result, sizeof(result)) < 0)
		abort();
	close(end[0]);
	wait(NULL);
	tap_run = result[0];
	tap_failed = result[1];
}

static const struct ctri_second *last(void)
{
	return &second[ctri_history_seconds(second) - 1];
}

static unsigned int incidents(void)
{
	return ctri_incident_read(incident);
}

static const struct ctri_share *share(enum ctri_inc_list list, unsigned int source)
{
	static const struct ctri_share none;
	unsigned int i;

	for (i = 0; i < CTRI_INC_TOP; i++)
		if (incident[0].top[list][i].src.family == 4 &&
		    incident[0].top[list][i].src.addr[0] == source)
			return &incident[0].top[list][i];
	return &none;
}

/* --- the recorder ------------------------------------------------------- */

static void seconds(void)
{
	unsigned int i, nr;
	bool ordered = true;

	for (i = 0; i < 700; i++) {
		counts[0].n[CTRI_N_INSERT] += i;
		tick_after(1004);
	}
	nr = ctri_history_seconds(second);
	tap_ok(nr == CTRI_SECONDS, "600 seconds are kept of 700");
	for (i = 1; i < nr; i++)
		ordered &= second[i].when > second[i - 1].when &&
			   second[i].n[CTRI_N_INSERT] == second[i - 1].n[CTRI_N_INSERT] + 1;
	tap_ok(ordered && second[nr - 1].n[CTRI_N_INSERT] == 699,
	       "the last 600, oldest first, none twice");
}

/* in each minute the rates 0 to 59 times the minute's number */
static void minutes(void)
{
	unsigned int i, nr;
	bool right = true;

	for (i = 0; i < 60 * 1500; i++) {
		counts[0].n[CTRI_N_INSERT] += i % 60 * (i / 60 % 100);
		net[0].count = 100 + i % 60;
		tick_after(1000);
	}
	nr = ctri_history_minutes(minute);
	tap_ok(nr == CTRI_MINUTES, "1,440 minutes are kept of 1,500");
	for (i = 0; i < nr; i++) {
		unsigned int by = (i + 60) % 100;

		right &= minute[i].span == 60000 &&
			 minute[i].s[CTRI_S_INSERTS].min == 0 &&
			 minute[i].s[CTRI_S_INSERTS].mean == (59 * by + 1) / 2 &&
			 minute[i].s[CTRI_S_INSERTS].max == 59 * by &&
			 minute[i].s[CTRI_S_COUNT].min == 100 &&
			 minute[i].s[CTRI_S_COUNT].mean == 130 &&
			 minute[i].s[CTRI_S_COUNT].max == 159 &&
			 (!i || minute[i].when == minute[i - 1].when + 60ULL * NSEC_PER_SEC);
	}
	tap_ok(right, "least, mean and most of each of them");
}

static void odd_rows(void)
{
	unsigned int i;

	counts[0].n[CTRI_N_INSERT] += 500;
	tick_after(50);
	for (i = 1; i < 60; i++) {
		counts[0].n[CTRI_N_INVALID]++;
		tick_after(1004);
	}
	ctri_history_minutes(minute);
	tap_ok(minute[0].s[CTRI_S_INSERTS].max == 500,
	       "the first row, of 50 ms, makes no rate of what it has");
	tap_ok(minute[0].s[CTRI_S_INVALID].mean == 1 && minute[0].s[CTRI_S_INVALID].max == 1,
	       "one event in each of many long seconds is not none");
}

static void stall(void)
{
	u64 missed;

	quiet(3);
	missed = ctri_history_missed();
	counts[0].n[CTRI_N_INSERT] += 10000;
	tick_after(5000);
	tap_ok(last()->span == 5000 && last()->n[CTRI_N_INSERT] == 10000,
	       "a stall is one long row");
	tap_ok(ctri_history_missed() - missed == 4, "of which four ticks are missed");
	quiet(56);
	ctri_history_minutes(minute);
	tap_ok(minute[0].s[CTRI_S_INSERTS].max == 2000, "and no higher rate");
}

static void suspend(void)
{
	u64 missed;
	unsigned int i;

	quiet(10);
	missed = ctri_history_missed();
	shim_asleep += 8 * 3600 * (u64)NSEC_PER_SEC;
	counts[0].n[CTRI_N_REFUSAL] += 30;
	net[0].count = 1000;
	tick_after(1000);
	tap_ok(last()->span == 8 * 3600 * 1000 + 1000, "a suspend of 8 hours is a long row");
	tap_ok(ctri_history_missed() - missed == 8 * 3600, "it shows as missed");
	ctri_history_minutes(minute);
	tap_ok(minute[0].s[CTRI_S_REFUSALS].max == 0 &&
	       minute[0].s[CTRI_S_COUNT].mean == 1000, "and makes no rate");
	tap_ok(incidents() == 1 && incident[0].peak[CTRI_N_REFUSAL] == 1 &&
	       incident[0].n[CTRI_N_REFUSAL] == 30, "nor a peak");
	i = ctri_history_seconds(second);
	tap_ok(ktime_get_boottime_ns() - second[i - 2].when >
	       8 * 3600 * (u64)NSEC_PER_SEC, "what was before it is 8 hours ago");
}

static void wrap(void)
{
	kstat[0].drop = kstat[0].early_drop = 0xfffffff0;
	quiet(1);
	kstat[0].drop += 0x20;
	kstat[0].early_drop += 0x21;
	quiet(1);
	tap_ok(last()->k_drop == 0x20 && last()->k_early_drop == 0x21,
	       "the kernel's counters wrap at 32 bits");
}

static void clashes(void)
{
	quiet(2);
	kstat[0].drop += 5;
	kstat[0].insert_failed += 8;
	kstat[0].chaintoolong += 3;
	quiet(1);
	tap_ok(last()->k_drop == 0 && last()->k_insert_failed == 8,
	       "clashes are no drops");
	tap_ok(!armed[CTRI_W_FULL] && armed[CTRI_W_FAILED],
	       "they arm the probe of failures, and no other");
	kstat[0].drop += 7;
	kstat[0].insert_failed += 5;
	quiet(1);
	tap_ok(last()->k_drop == 2 && armed[CTRI_W_FULL],
	       "of drops and clashes in one second, the drops arm");
	tap_ok(incidents() == 0, "drops of a table that has room are no incident");
}

/* another namespace, which goes within the second */
static void leaving(void)
{
	quiet(1);
	list_nets(2);
	net[1].count = 20;
	quiet(1);
	tap_ok(last()->netns == 88 && last()->count == 20, "the fullest namespace");
	counts[1].n[CTRI_N_INSERT] += 9;
	mutex_lock(&ctri_nets_mutex);
	ctri_tick_last(&watched[1]);
	list_nets(1);
	mutex_unlock(&ctri_nets_mutex);
	quiet(1);
	tap_ok(last()->netns == 77 && last()->n[CTRI_N_INSERT] == 9,
	       "what one did in the second in which it went is not lost");
}

/* --- incidents ---------------------------------------------------------- */

static void spells(void)
{
	unsigned int i;
	bool right = true;

	quiet(5);
	did(CTRI_C_REFUSED, 1, 3);
	quiet(1);
	i = incidents();
	tap_ok(i == 1 && !incident[0].over && incident[0].nr == 1,
	       "the first refusal begins an incident");
	tap_ok(incident[0].begin == ktime_get_boottime_ns() - 1004 * NSEC_PER_MSEC &&
	       incident[0].begin_wall == ktime_get_real_seconds() - 1,
	       "at the begin of its row, by both clocks");
	tap_ok(incident[0].top[CTRI_I_HELD][0].count == 321,
	       "the biggest services were asked for");
	quiet(57);
	did(CTRI_C_EVICTED, 1, 2);
	quiet(1);
	shim_wall -= 3600;
	quiet(61);
	tap_ok(incidents() == 1 && incident[0].over && incident[0].end - incident[0].begin ==
	       59 * 1004 * NSEC_PER_MSEC, "it ends with the last event before 60 quiet seconds");
	tap_ok(incident[0].n[CTRI_N_REFUSAL] == 3 && incident[0].n[CTRI_N_EVICTION] == 2,
	       "and has all of them");
	counts[0].n[CTRI_N_GC_EVICTION] += 4;
	quiet(1);
	tap_ok(incidents() == 2 && incident[1].nr == 2 &&
	       incident[1].n[CTRI_N_GC_EVICTION] == 4, "the gc worker's count as well");
	quiet(61);

	/* unseen by probes: the kernel alone counted them */
	kstat[0].drop += 6;
	net[0].count = 990;
	quiet(1);
	tap_ok(incidents() == 3 && incident[2].k_drop == 6 && incident[2].count_peak == 990,
	       "refusals that only the kernel saw");
	quiet(61);
	for (i = 0; i < 37; i++) {
		did(CTRI_C_REFUSED, 1, 1);
		quiet(62);
	}
	tap_ok(incidents() == CTRI_INCIDENTS, "32 are kept of 40");
	for (i = 0; i < CTRI_INCIDENTS; i++)
		right &= incident[i].nr == i + 9 && incident[i].over;
	tap_ok(right, "the last ones, oldest first");
}

static void who(void)
{
	unsigned int i;

	did(CTRI_C_INSERT, 9, 5000);		/* too long ago */
	quiet(75);
	for (i = 0; i < 50; i++) {
		did(CTRI_C_INSERT, 1, 10);
		did(CTRI_C_INSERT, 2, 1);
		quiet(1);
	}
	/* to the last moment of a window, and beyond it before the tick comes */
	while (shim_awake / NSEC_PER_SEC % CTRI_WINDOW != CTRI_WINDOW - 1)
		tick_after(250);
	did(CTRI_C_REFUSED, 1, 40);
	did(CTRI_C_EVICTED, 2, 4);
	did(CTRI_C_EVICTING, 1, 4);
	tick_after(1000);
	for (i = 0; i < 25; i++) {
		did(CTRI_C_REFUSED, 1, 40);
		did(CTRI_C_INSERT, 1, 100);
		quiet(1);
	}
	quiet(15);
	incidents();
	tap_ok(incident[0].top[CTRI_I_BEFORE][0].src.addr[0] == 1 &&
	       share(CTRI_I_BEFORE, 1)->count == 500 && share(CTRI_I_BEFORE, 2)->count == 50 &&
	       !share(CTRI_I_BEFORE, 1)->err, "before: the minute's sources, exactly");
	tap_ok(!share(CTRI_I_BEFORE, 9)->count, "and none that is longer ago");
	tap_ok(share(CTRI_I_INSERT, 1)->count == 2500, "during: who inserted");
	tap_ok(share(CTRI_I_REFUSED, 1)->count == 26 * 40 &&
	       share(CTRI_I_REFUSED, 1)->count == incident[0].n[CTRI_N_REFUSAL] &&
	       share(CTRI_I_EVICTED, 2)->count == 4 && share(CTRI_I_EVICTING, 1)->count == 4,
	       "refused, evicted, evicting: also those of the window before the tick");
}

/* more sources than are added up: what is said holds */
static void many(void)
{
	unsigned int i, held = 0, right = 0, vague = 0;

	quiet(12);
	srand(1);
	for (i = 0; i < 100; i++) {
		unsigned int k;

		for (k = 0; k < 60; k++)
			did(CTRI_C_INSERT, rand() % SOURCES, 1 + rand() % 9);
		if (i >= 55)
			did(CTRI_C_REFUSED, rand() % SOURCES, 1);
		quiet(1);
	}
	quiet(12);
	incidents();
	for (i = 0; i < CTRI_INC_TOP; i++) {
		const struct ctri_share *b = &incident[0].top[CTRI_I_BEFORE][i];
		const struct ctri_share *d = share(CTRI_I_INSERT, b->src.addr[0]);
		u64 all = 0;
		unsigned int w;

		for (w = 0; w < WINDOWS; w++)
			all += seen[CTRI_C_INSERT][b->src.addr[0]][w];
		if (!d->count)
			continue;
		held++;
		vague += b->err || d->err;
		right += b->count + d->count <= all &&
			 all <= b->count + b->err + d->count + d->err;
	}
	tap_ok(held >= 5 && vague && right == held,
	       "of more than 32 sources a window: no more than count and err say, no less than count");
}

int main(void)
{
	static void (*const play[])(void) = {
		seconds, minutes, odd_rows, stall, suspend,
		wrap, clashes, leaving, spells, who, many
	};
	unsigned int i;

	tap_begin(PLAN);
	for (i = 0; i < ARRAY_SIZE(play); i++)
		scene(play[i]);
	return tap_end(PLAN);
}
