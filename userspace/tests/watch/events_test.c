// SPDX-License-Identifier: GPL-2.0
/* What has begun or ended, of made-up looks one after another. TAP 13. */
#include <stdio.h>
#include <string.h>

#include "kmod/abi.h"
#include "lib/numbers.h"
#include "snapshot.h"
#include "watch/events.h"
#include "../selftests/lib/tap.h"

#define WALL	1790000000

static struct incident_row row[40];
static struct change got[EVENTS_MOST];
static char said[EVENTS_MOST * 16];

/* A host whose module has recorded @nr incidents; the last one goes on if @going */
static struct snapshot with_module(size_t nr, bool going, int64_t uptime)
{
	struct snapshot s = { 0 };
	size_t i;

	memset(row, 0, sizeof(row));
	for (i = 0; i < nr; i++)
		row[i] = (struct incident_row) {
			.nr = i + 1, .netns = 4026531840, .begin = WALL + 100 * i,
			.begin_ago = 90, .end = WALL + 100 * i + 30, .end_ago = 60,
			.refusals = 7, .k_drop = 9, .evictions = 5, .gc_evictions = 1,
		};
	if (going)
		row[nr - 1].end = row[nr - 1].end_ago = 0;
	s.mod = (struct module_status) { .loaded = true, .uptime = uptime };
	s.incident = row;
	s.nr_incidents = nr;
	return s;
}

static struct snapshot without(int64_t count, int64_t drop, int64_t early_drop)
{
	return (struct snapshot) {
		.count = count, .max = 1000, .own_netns = 4026531840,
		.stat = { .drop = drop, .early_drop = early_drop },
	};
}

/* Look: what comes of it, as "begun 1, ended 1" */
static void look(struct events *e, struct snapshot s, enum severity worst, int64_t now)
{
	size_t nr = events_compare(e, &s, worst, now, WALL + now, got), i, len = 0;

	*said = '\0';
	for (i = 0; i < nr; i++) {
		len += sprintf(said + len, "%s%s", i ? ", " : "", event_word[got[i].kind]);
		if (got[i].incident != UNKNOWN)
			len += sprintf(said + len, " %d", (int)got[i].incident);
	}
}

static void expect(const char *what, const char *name)
{
	if (!tap_ok(!strcmp(said, what), name))
		printf("# \"%s\", not \"%s\"\n", said, what);
}

static void told_by_the_module(void)
{
	struct events e = { 0 };

	look(&e, with_module(2, false, 500), SEV_OK, 0);
	expect("", "what had ended before is the past");
	look(&e, with_module(3, true, 510), SEV_OK, 10);
	expect("begun 3", "one begins");
	tap_ok(got[0].began == WALL + 200 && got[0].refused == 9 && got[0].evicted == 6 &&
	       got[0].netns == 4026531840, "with what its row has");
	look(&e, with_module(3, true, 520), SEV_CRITICAL, 20);
	expect("", "and goes on");
	look(&e, with_module(3, false, 580), SEV_CRITICAL, 80);
	expect("ended 3", "it ends, whatever a diagnosis says");
	tap_ok(got[0].seconds == 30, "after its time");
	look(&e, with_module(3, false, 590), SEV_OK, 90);
	expect("", "once");
	look(&e, with_module(5, true, 900), SEV_OK, 400);
	expect("begun 4, ended 4, begun 5", "one that was missed is told, too");
	look(&e, with_module(0, false, 10), SEV_OK, 410);
	expect("ended 5", "loaded anew, and quiet: it is over");
	look(&e, with_module(1, true, 20), SEV_OK, 420);
	expect("begun 1", "numbers begin anew");
	look(&e, with_module(1, true, 5), SEV_OK, 430);
	expect("", "loaded anew while it goes on: it is the same");
	look(&e, with_module(1, false, 90), SEV_OK, 500);
	expect("ended 1", "and ends once");
}

static void going_on_at_the_start(void)
{
	struct events e = { 0 };
	struct snapshot s = with_module(2, true, 500);

	look(&e, s, SEV_OK, 0);
	expect("begun 2", "one that goes on at the first look has begun");
	s = with_module(32, false, 600);
	look(&e, s, SEV_OK, 10);
	tap_ok(!strncmp(said, "ended 2, begun 3, ended 3", 25), "all that there is room for");
}

static void told_without_the_module(void)
{
	struct events e = { 0 };

	look(&e, without(900, 50, 70), SEV_OK, 0);
	expect("", "counters of before are the past");
	look(&e, without(100, 60, 70), SEV_OK, 5);
	expect("", "what the kernel drops where there is room is something else");
	look(&e, without(900, 60, 73), SEV_WARNING, 10);
	expect("begun", "an eviction begins one");
	tap_ok(got[0].evicted == 3 && got[0].refused == 0 && got[0].began == WALL + 10,
	       "with what was counted");
	look(&e, without(1000, 80, 73), SEV_WARNING, 40);
	look(&e, without(100, 80, 73), SEV_OK, 95);
	expect("", "it isn't over before it was quiet for a minute");
	look(&e, without(100, 80, 73), SEV_OK, 100);
	expect("ended", "and then it is");
	tap_ok(got[0].evicted == 3 && got[0].refused == 20 && got[0].seconds == 30,
	       "with all that was counted, until the last loss");
	look(&e, without(1000, 80, 73), SEV_CRITICAL, 200);
	expect("begun", "a diagnosis that is critical begins one");
	look(&e, without(1000, 80, 73), SEV_CRITICAL, 300);
	expect("", "and while it is, it goes on");
	look(&e, without(100, 80, 73), SEV_OK, 360);
	expect("ended", "60 s later it is over");
}

static void clashes(void)
{
	struct events e = { 0 };
	struct snapshot s = without(1000, 0, 0);

	look(&e, s, SEV_OK, 0);
	s.stat.drop = s.stat.insert_failed = 30;
	look(&e, s, SEV_OK, 5);
	expect("", "clashes, which the kernel counts as drops, are none");
	s.stat.drop = s.stat.insert_failed = 40;
	s.stat.chaintoolong = 10;
	look(&e, s, SEV_OK, 10);
	expect("begun", "chains that are too long are");
	s.stat.drop = UNKNOWN;
	look(&e, s, SEV_OK, 20);
	expect("", "a counter that isn't there tells nothing");
}

/* The module goes while an incident lasts, and one of the kernel's meets the module */
static void handed_over(void)
{
	struct events e = { 0 };

	look(&e, with_module(1, true, 500), SEV_OK, 0);
	look(&e, without(1000, 0, 0), SEV_OK, 100);
	expect("", "unloaded while it lasts: it goes on");
	look(&e, without(100, 0, 0), SEV_OK, 160);
	expect("ended 1", "and ends by what the kernel tells");
	look(&e, without(1000, 0, 0), SEV_CRITICAL, 170);
	look(&e, with_module(1, true, 3), SEV_OK, 180);
	expect("", "loaded while one lasts: it is that one");
	look(&e, with_module(1, false, 90), SEV_OK, 290);
	expect("ended 1", "which ends in the module");
}

int main(void)
{
	tap_begin(0);
	told_by_the_module();
	going_on_at_the_start();
	told_without_the_module();
	clashes();
	handed_over();
	return tap_end(0);
}
