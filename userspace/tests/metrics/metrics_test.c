// SPDX-License-Identifier: GPL-2.0
/*
 * Series of made-up snapshots: names that mean harm, names that two have, too many
 * namespaces, and when a table is said to be full. TAP 13.
 *
 *	metrics_test			the tests
 *	metrics_test hostile DIALECT	series of hostile names, for a real parser: run
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "metrics/label.h"
#include "metrics/metrics.h"
#include "metrics/spaces.h"
#include "metrics/until.h"
#include "snapshot.h"
#include "../selftests/lib/tap.h"

#define OWN	4026531840
#define ROWS	600
#define MAX	100000

static struct history_row second[ROWS];
static struct minute_row minute[1440];

static char *series_of(const struct snapshot *s, const struct findings *f,
		     const struct metrics_request *ask)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out || metrics_write(s, f, ask, out) || fclose(out))
		no_memory();
	return text;
}

static void has(const char *text, const char *line, const char *name)
{
	if (!tap_ok(strstr(text, line), name))
		printf("# no line %s", line);
}

static void clean_is(const char *value, const char *want, const char *name)
{
	char *clean = label_clean(value);

	if (!tap_ok(!strcmp(clean, want), name))
		printf("# it is \"%s\"\n", clean);
	free(clean);
}

static void test_labels(void)
{
	clean_is("plain", "plain", "plain text stays");
	clean_is("Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x9a\x80",
		 "Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x9a\x80",
		 "UTF-8 of two, three and four bytes stays");
	clean_is("a\xff" "b", "a\xef\xbf\xbd" "b", "a byte that is no UTF-8");
	clean_is("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd", "a slash in two bytes");
	clean_is("\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd", "a character that is cut off");
	clean_is("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "a surrogate");
	clean_is("\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
		 "beyond the last character");
	clean_is("\xf5\x80\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
		 "a first byte that no character has");
	clean_is("a\033[2J\r\177", "a\xef\xbf\xbd[2J\xef\xbf\xbd\xef\xbf\xbd",
		 "control characters");
	clean_is("\xc2\x9b" "1m", "\xef\xbf\xbd\xef\xbf\xbd" "1m", "one of the upper ones");
	clean_is("two\nlines", "two\nlines", "a newline stays, to be escaped");
}

static void label_is(const struct snapshot *s, int64_t netns, const char *want, const char *name)
{
	char label[SPACE_WORD];

	space_label(s, netns, label);
	if (!tap_ok(!strcmp(label, want), name))
		printf("# it is %s\n", label);
}

static void test_names(void)
{
	struct netns_name names[] = {
		{ 1001, "red", "" }, { 1002, "red", "" }, { 1003, "host", "" },
		{ 1004, "other", "" }, { 1005, "1006", "" }, { 1007, "a:1008", "" },
		{ 1009, "blue", "" }, { 1010, "new\nline", "" },
	};
	struct snapshot s = {
		.own_netns = OWN, .netns_name = names, .nr_netns_names = ARRAY_SIZE(names),
	};

	label_is(&s, OWN, "host", "the own namespace");
	label_is(&s, 1009, "blue", "one with a name");
	label_is(&s, 1006, "1006", "one without");
	label_is(&s, 1001, "red:1001", "one of two of a name");
	label_is(&s, 1002, "red:1002", "the other one");
	label_is(&s, 1003, "host:1003", "one that is called as the own one");
	label_is(&s, 1004, "other:1004", "one that is called as the rest");
	label_is(&s, 1005, "1006:1005", "one that is called as the inode of another");
	label_is(&s, 1007, "a:1008:1007", "one that is called as a name with its inode");
	label_is(&s, 1010, "1010", "one whose name is more than a name");
	label_is(&s, 0, "gone", "one that is gone");
}

/* All numbers of a snapshot that nobody has told */
static struct snapshot nothing(void)
{
	struct snapshot s = { .own_netns = OWN };
	int64_t *number = (int64_t *)&s.stat;
	size_t i;

	for (i = 0; i < sizeof(s.stat) / sizeof(*number); i++)
		number[i] = UNKNOWN;
	s.count = s.max = s.buckets = UNKNOWN;
	s.mod.uptime = s.mod.memory = s.mod.unwatched = s.mod.cpus_without = UNKNOWN;
	s.mod.lost_probe = s.mod.lost_cause = s.mod.lost_netns = s.mod.lost_sample = UNKNOWN;
	s.mod.lost_ticks = s.mod.lost_blind = s.mod.lost_victim = s.mod.lost_table = UNKNOWN;
	return s;
}

static void test_kernel(void)
{
	struct metrics_request ask = { .read_at = UNKNOWN, .census_at = UNKNOWN };
	struct snapshot s = nothing();
	char *text;

	s.count = 12;
	s.max = 0;
	s.stat.drop = 3;
	s.stat.invalid = 4;
	text = series_of(&s, NULL, &ask);
	has(text, "\nconntriage_module_up 0\n", "without the module: up is 0");
	has(text, "\nconntriage_entries{netns=\"host\"} 12\n", "entries by the kernel");
	has(text, "\nconntriage_entries_limit{netns=\"host\"} +Inf\n", "no limit is +Inf");
	has(text, "\nconntriage_refused_total{netns=\"host\"} 3\n", "drops by the kernel");
	has(text, "\nconntriage_invalid_total{netns=\"host\",reason=\"unknown\"} 4\n",
	    "INVALID, too");
	tap_ok(!strstr(text, "inserted") && !strstr(text, "until_full") &&
	       !strstr(text, "timestamp") && !strstr(text, "incident"),
	       "what isn't known isn't there");
	free(text);
}

/* Rows of a listed table count from its first list; a series is a counter since boot. */
static void test_listed(void)
{
	struct metrics_request ask = { .read_at = UNKNOWN, .census_at = UNKNOWN };
	struct netns_row row[] = {
		{ .netns = OWN, .id = 1, .conntrack = 1, .count = 5, .max = 10, .k_drop = 7 },
		{ .netns = 1007, .id = 2, .conntrack = 1, .count = 6, .max = 10, .k_drop = 8 },
	};
	struct snapshot s = nothing();
	char *text;

	s.count = 12;
	s.max = 10;
	s.stat.drop = 3000;
	s.origin = ORIGIN_CTNETLINK;
	s.netns = row;
	s.nr_netns = 2;
	text = series_of(&s, NULL, &ask);
	has(text, "conntriage_refused_total{netns=\"host\"} 3000\n", "a list: drops since boot");
	has(text, "conntriage_entries{netns=\"1007\"} 6\n", "another namespace's entries");
	tap_ok(!strstr(text, "_total{netns=\"1007\"") && !strstr(text, "inserted"),
	       "what came between two lists is no counter");
	free(text);
}

static void test_unseen(void)
{
	struct metrics_request ask = { .read_at = 1000, .census_at = UNKNOWN };
	struct netns_row row = { .netns = OWN, .id = 1, .conntrack = 1, .count = 5, .max = 10,
				 .refusals = 0, .k_drop = 7, .k_early_drop = 9, .evictions = 2 };
	struct snapshot s = nothing();
	char *text;

	s.mod.loaded = true;
	s.mod.uptime = 900;
	s.netns = &row;
	s.nr_netns = 1;
	text = series_of(&s, NULL, &ask);
	has(text, "conntriage_refused_total{netns=\"host\"} 0\n", "refused: what the probes saw");
	has(text, "{netns=\"host\",by=\"early_drop\"} 9\n", "evicted: what the kernel counts");
	has(text, "conntriage_module_start_timestamp_seconds 100\n", "when the module was loaded");
	free(text);
	snprintf(s.mod.probe_drop, sizeof(s.mod.probe_drop), CTRI_PROBE_ABSENT);
	text = series_of(&s, NULL, &ask);
	has(text, "conntriage_refused_total{netns=\"host\"} 7\n",
	    "without probes: the kernel's drops");
	free(text);
}

static void test_twice(void)
{
	struct metrics_request ask = { .read_at = UNKNOWN, .census_at = UNKNOWN };
	struct netns_row row[2] = {
		{ .netns = 7, .id = 2, .conntrack = 1, .count = 5, .inserts = 1, .max = 10 },
		{ .netns = 7, .id = 3, .conntrack = 1, .count = 6, .inserts = 2, .max = 10 },
	};
	struct snapshot s = nothing();
	char *text;

	s.mod.loaded = true;
	s.netns = row;
	s.nr_netns = 2;
	text = series_of(&s, NULL, &ask);
	has(text, "conntriage_entries{netns=\"7\"} 11\n",
	    "a namespace that has two rows has one series");
	free(text);
}

/* So many seconds of a table, the newest last */
static struct snapshot recorded(struct netns_row *row, double (*count)(double t))
{
	struct snapshot s = nothing();
	size_t i;

	memset(second, 0, sizeof(second));
	memset(minute, 0, sizeof(minute));
	for (i = 0; i < ROWS; i++)
		second[i] = (struct history_row) {
			.ago = ROWS - 1 - i, .span = 1000, .max = MAX, .netns = OWN,
			.count = lround(count(i)),
		};
	for (i = 0; i < ARRAY_SIZE(minute); i++)
		minute[i] = (struct minute_row) {
			.ago = 60 * (ARRAY_SIZE(minute) - 1 - i), .span = 60000, .max = MAX,
		};
	*row = (struct netns_row) { .netns = OWN, .id = 1, .conntrack = 1, .max = MAX,
				    .count = second[ROWS - 1].count };
	s.mod.loaded = true;
	s.buckets = MAX;
	s.netns = row;
	s.nr_netns = 1;
	s.history = second;
	s.nr_history = ROWS;
	s.minute = minute;
	s.nr_minutes = ARRAY_SIZE(minute);
	return s;
}

static double idle(double t)
{
	return 50 + (int)t % 3;
}

static double busy(double t)
{
	return 60000 + 8000 * sin(t / 40) + (int)(7919 * t) % 600;
}

/* 90,000 entries at the end, 25 a second more */
static double grows(double t)
{
	return t < 300 ? 82500 : 82500 + 25 * (t - 300) + (int)(7919 * t) % 20;
}

static double full(double t)
{
	return MAX - (int)t % 2;
}

static void until_is(const struct snapshot *s, double least, double most, const char *name)
{
	double until = until_full(s);

	if (!tap_ok(until >= least && until <= most, name))
		printf("# it is %g\n", until);
}

static void test_until(void)
{
	struct census_row census = { .record = CENSUS_NETNS, .netns = OWN };
	struct netns_row row;
	struct snapshot s = nothing();
	size_t i;

	tap_ok(isnan(until_full(&s)), "until full: unknown where nothing is recorded");
	s = recorded(&row, idle);
	until_is(&s, INFINITY, INFINITY, "until full: never, idle");
	s = recorded(&row, busy);
	until_is(&s, INFINITY, INFINITY, "until full: never, busy and healthy");

	s = recorded(&row, full);
	for (i = 0; i < ROWS; i++)
		second[i].evictions = 30;
	row.evictions = 30 * ROWS;
	until_is(&s, INFINITY, INFINITY, "until full: never, full of what is evicted");
	second[ROWS - 25].refusals = 1;
	until_is(&s, 0, 0, "until full: now, while it refuses");
	second[ROWS - 25].refusals = 0;
	second[ROWS - 40].refusals = 1;
	until_is(&s, INFINITY, INFINITY, "until full: not by what it refused a minute ago");

	s = recorded(&row, grows);
	until_is(&s, 380, 420, "until full: 400 s, at 25 a second");
	row.evictions = minute[1400].evictions.max = 40;
	until_is(&s, INFINITY, INFINITY,
		 "until full: never, as it was full within 2 h and refused nothing");
	minute[1410].refusals.max = 1;
	until_is(&s, 380, 420, "until full: 400 s, as it refused then");
	minute[1410].refusals.max = minute[1400].evictions.max = 0;
	minute[100].evictions.max = 40;
	until_is(&s, 380, 420, "until full: what was yesterday proves nothing");
	row.evictions = 0;
	minute[1400].evictions.max = 40;
	until_is(&s, 380, 420, "until full: evictions of another table prove nothing");
	minute[1400].evictions.max = 0;

	s.census = &census;
	s.nr_census = 1;
	census.entries = 90000;
	census.assured = 88000;
	until_is(&s, 380, 420, "until full, census: hardly any may be evicted");
	census.assured = 54000;
	until_is(&s, 2900, 3200, "until full, census: of assured entries, 15 a second");
	census.assured = 100;
	until_is(&s, INFINITY, INFINITY, "until full, census: never, of what may be evicted");
	s.buckets = 100 * MAX;
	until_is(&s, 380, 420, "until full, census: not found in so many buckets");
}

static void hostile(const char *dialect)
{
	struct metrics_request ask = {
		.openmetrics = !strcmp(dialect, "openmetrics"), .top = 5,
		.read_at = UNKNOWN, .census_at = UNKNOWN,
	};
	struct tenant tenant = { .netns = 7, .pid = 1, .command = "x",
				 .unit = "a\"b\\c\nd\xff" "e\\n{},= \xc3\xa9" };
	struct owned_address owned = { "10.0.0.1", 7, 0 };
	struct source_row source = { .class = SRC_INSERT, .netns = 7, .family = 4,
				     .source = "10.0.0.1", .rate = 1.5 };
	struct snapshot s = nothing();
	char *text;

	s.mod.loaded = true;
	snprintf(s.mod.version, sizeof(s.mod.version), "0\"\\\n\xfe");
	s.tenant = &tenant;
	s.owned = &owned;
	s.source = &source;
	s.nr_tenants = s.nr_owned = s.nr_source = 1;
	text = series_of(&s, NULL, &ask);
	fputs(text, stdout);
	free(text);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "hostile")) {
		hostile(argv[2]);
		return 0;
	}
	tap_begin(0);
	test_labels();
	test_names();
	test_kernel();
	test_listed();
	test_unseen();
	test_twice();
	test_until();
	return tap_end(0);
}
