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
#include "history.h"
#include "incident.h"
#include "incident_wait.h"
#include "tap.h"
#include "tick.h"
#include "world.h"

#define PLAN	63

u64 shim_awake, shim_asleep;
time64_t shim_wall = 1700000000;
struct work_struct *shim_work;
struct delayed_work *shim_delayed[2];
unsigned int shim_woken;
unsigned int nf_conntrack_max = 1000;

static struct ctri_second second[CTRI_SECONDS];
static struct ctri_minute minute[CTRI_MINUTES];
static struct ctri_incident incident[CTRI_INCIDENTS];

/* --- what happens ------------------------------------------------------- */

/* The end of the time, when what was counted in it has come */
static void tick_after(u64 ms)
{
	notice();
	shim_awake += ms * NSEC_PER_MSEC;
	run();
}

/* Ticks that come a little late, as they do */
static void quiet(unsigned int seconds)
{
	while (seconds--)
		tick_after(1004);
}

/* by source, and by another number for where to */
static void saw(enum ctri_class class, unsigned int source, u32 n)
{
	seen[class][source][window_now() % WINDOWS] += n;
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
	saw(class, source, n);
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
		nets_listed = 1;
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
	kstat[0].insert_failed += 5;
	clashes_seen += 5;
	quiet(1);
	tap_ok(last()->k_drop == 0 && last()->k_insert_failed == 5,
	       "clashes are no drops");
	tap_ok(!armed[CTRI_W_FULL] && !armed[CTRI_W_FAILED],
	       "those that their own probe sees arm none");
	kstat[0].drop += 5;
	kstat[0].insert_failed += 8;
	kstat[0].chaintoolong += 3;
	clashes_seen += 5;
	quiet(1);
	tap_ok(!armed[CTRI_W_FULL] && armed[CTRI_W_FAILED],
	       "other failures arm the probe of all, and no other");
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
	nets_listed = 2;
	net[1].count = 20;
	quiet(1);
	tap_ok(last()->netns == 88 && last()->count == 20, "the fullest namespace");
	counts[1].n[CTRI_N_INSERT] += 9;
	mutex_lock(&ctri_nets_mutex);
	ctri_tick_last(&watched[1]);
	nets_listed = 1;
	mutex_unlock(&ctri_nets_mutex);
	quiet(1);
	tap_ok(last()->netns == 77 && last()->n[CTRI_N_INSERT] == 9,
	       "what one did in the second in which it went is not lost");
}

static void again(unsigned int ticks)
{
	while (ticks--) {
		counts[0].n[CTRI_N_INSERT]++;
		quiet(1);
	}
}

/* counters are added up where there is news, and once more */
static void news(void)
{
	unsigned int before;

	quiet(5);
	before = sums_read;
	quiet(20);
	tap_ok(sums_read == before, "nothing is added up where nothing happens");
	again(3);
	quiet(5);
	tap_ok(sums_read == before + 4, "in three seconds with news, and in the next");
	unnoticed = true;
	counts[0].n[CTRI_N_INSERT] += 7;
	net[0].count++;
	quiet(1);
	tap_ok(last()->n[CTRI_N_INSERT] == 7, "where the entries are others, as well");
	net[0].count = 800;
	quiet(1);
	before = sums_read;
	kstat[0].drop += 3;
	quiet(1);
	tap_ok(sums_read == before + 1 && last()->k_drop == 3 && last()->full,
	       "and always in a table that is nearly full: it refuses before all else");
}

static bool waits(bool rest)
{
	const struct delayed_work *d = shim_delayed[rest];

	return d && d->at;
}

static void rest(void)
{
	unsigned int nr;
	u64 missed;

	again(1);
	quiet(30);
	tap_ok(waits(false) && !waits(true), "30 seconds without news: a timer that wakes");
	quiet(3);
	tap_ok(!waits(false) && waits(true), "then one that doesn't");
	idle_cpu = true;
	missed = ctri_history_missed();
	nr = ctri_history_seconds(second);
	tick_after(100000);
	tap_ok(ctri_history_seconds(second) == nr, "an idle host sleeps on");
	counts[0].n[CTRI_N_INSERT] += 5;
	notice();
	run();
	tap_ok(last()->span == 100000 && !last()->n[CTRI_N_INSERT] &&
	       ctri_history_missed() == missed,
	       "the first news ends the row of it, in which nothing was missed");
	counts[0].n[CTRI_N_INSERT] += 6;
	quiet(1);
	tap_ok(last()->span == 1004 && last()->n[CTRI_N_INSERT] == 11,
	       "and the next second has what came");
	quiet(33);
	nr = ctri_history_seconds(second);
	tick_after(300);
	counts[0].n[CTRI_N_INVALID]++;
	notice();
	run();
	tap_ok(ctri_history_seconds(second) == nr && waits(false),
	       "news before it is due: the tick comes when it is");
	tick_after(704);
	tap_ok(last()->span == 1004 && last()->invalid == 1, "and has it");
}

/* --- incidents ---------------------------------------------------------- */

static void spells(void)
{
	unsigned int i;
	bool right = true;
	int changes;

	quiet(5);
	shim_woken = 0;
	changes = ctri_incident_changes();
	did(CTRI_C_REFUSED, 1, 3);
	quiet(1);
	i = incidents();
	tap_ok(shim_woken == 1 && ctri_incident_changes() != changes,
	       "who polls is woken as one begins");
	changes = ctri_incident_changes();
	tap_ok(i == 1 && !incident[0].over && incident[0].nr == 1,
	       "the first refusal begins an incident");
	tap_ok(incident[0].begin == ktime_get_boottime_ns() - 1004 * NSEC_PER_MSEC &&
	       incident[0].begin_wall == ktime_get_real_seconds() - 1,
	       "at the begin of its row, by both clocks");
	quiet(57);
	did(CTRI_C_EVICTED, 1, 2);
	quiet(1);
	shim_wall -= 3600;
	tap_ok(shim_woken == 1 && ctri_incident_changes() == changes, "not while it lasts");
	quiet(61);
	tap_ok(shim_woken == 2 && ctri_incident_changes() != changes, "and as it ends");
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
		saw(CTRI_C_PROGRAM, 7, 10);
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
	saw(CTRI_C_REFUSED_TO, 5, 40);
	saw(CTRI_C_EVICTED_TO, 6, 4);
	tick_after(1000);
	for (i = 0; i < 25; i++) {
		did(CTRI_C_REFUSED, 1, 40);
		saw(CTRI_C_REFUSED_TO, 5, 40);
		did(CTRI_C_INSERT, 1, 100);
		saw(CTRI_C_PROGRAM, 7, 3);
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
	tap_ok(share(CTRI_I_REFUSED_TO, 5)->count == 26 * 40 &&
	       share(CTRI_I_EVICTED_TO, 6)->count == 4, "and what they were for");
	tap_ok(share(CTRI_I_PROGRAM, 7)->count == 75, "during: which program");
}

/* an incident that begins in the middle of a window */
static void programs(void)
{
	while (shim_awake / NSEC_PER_SEC % CTRI_WINDOW != 3)
		quiet(1);
	saw(CTRI_C_PROGRAM, 7, 500);
	did(CTRI_C_REFUSED, 1, 1);
	quiet(1);
	saw(CTRI_C_PROGRAM, 7, 30);
	did(CTRI_C_REFUSED, 1, 1);
	quiet(12);
	incidents();
	tap_ok(share(CTRI_I_PROGRAM, 7)->count == 30,
	       "a program's entries before the begin are not those during it");
}

/* some events a second, and which census was kept then: its number, or -1 */
static int lossy(unsigned int seconds, u32 n)
{
	while (seconds--) {
		if (n)
			did(CTRI_C_REFUSED, 1, n);
		quiet(1);
	}
	incidents();
	return incident[0].worst.when ?
	       (int)incident[0].worst.stage[CTRI_STAGE_CLOSING] : -1;
}

static void worst(void)
{
	const struct ctri_worst *kept = &incident[0].worst;
	u64 begin;
	unsigned int i, kind;
	bool right = true;

	quiet(5);
	tap_ok(censuses == 0, "no census without an incident");
	tap_ok(lossy(1, 10) == 0 && kept->lost == 10, "the first second's census is kept");
	begin = ktime_get_boottime_ns();
	tap_ok(kept->when == begin, "with the moment when it was made");
	tap_ok(lossy(59, 1) == 0 && censuses == 1, "no second one within a minute");
	tap_ok(lossy(1, 1) == 1 && kept->lost == 60, "a minute that lost more is kept");
	tap_ok(lossy(30, 20) == 1 && lossy(30, 0) == 1 && lossy(1, 1) == 2 &&
	       kept->lost == 601, "a worse one likewise, also if it paused");
	tap_ok(lossy(240, 9) == 2 && censuses == 3,
	       "those that lost less are not, and need no census");
	no_census = true;
	lossy(60, 30);
	no_census = false;
	tap_ok(lossy(1, 1) == 2, "a census that there is no memory for is not kept");
	for (kind = 0; kind < CTRI_HEAVIES; kind++)
		for (i = 0; i < CTRI_INC_TOP; i++) {
			const struct ctri_holder *h = &kept->top[kind][i];

			right &= h->src.family == kind + 1 && h->src.addr[0] == i &&
				 h->inum == 77 && h->service == 500 + i &&
				 h->entries == 3000 - i &&
				 h->err == (i % 2 ? U32_MAX : i) &&
				 h->stage[CTRI_STAGE_SILENT_300] == 2;
		}
	tap_ok(right, "with the 16 that held most, of each kind");
	tap_ok(!kept->stage[CTRI_STAGE_ONCE], "and the stages of the fullest namespace alone");
	quiet(70);
	did(CTRI_C_REFUSED, 1, 1);
	quiet(1);
	incidents();
	tap_ok(incident[0].over && incident[0].worst.lost == 601 && !incident[1].over &&
	       incident[1].worst.lost == 1, "the next incident begins anew");
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
		wrap, clashes, leaving, news, rest, spells, who, programs, worst, many
	};
	unsigned int i;

	tap_begin(PLAN);
	for (i = 0; i < ARRAY_SIZE(play); i++)
		scene(play[i]);
	return tap_end(PLAN);
}
