// SPDX-License-Identifier: GPL-2.0
/*
 * The expectation table is full: the kernel's other table, of connections that
 * helpers (FTP, SIP, ...) wait for. It has a limit of its own, and says "expectation
 * table full" (docs/beside-conntrack.md, "Expectations").
 */
#include <string.h>

#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/logged.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define NAMED		3	/* helpers */
#define BIGGER		4	/* times as many expectations as now */
#define COUNTERS	(1LL << 32)	/* the kernel's are 32 bits, and wrap */

/*
 * The kernel's expect_count: it rises and falls with these two counters
 * (nf_ct_expect_insert() and nf_ct_unlink_expect_report()), which no row shows.
 */
static int64_t expected_now(const struct snapshot *s)
{
	int64_t sum = 0, left;
	size_t i;

	if (s->stat.expect_create != UNKNOWN && s->stat.expect_delete != UNKNOWN) {
		left = (s->stat.expect_create - s->stat.expect_delete) & (COUNTERS - 1);
		return left < COUNTERS / 2 ? left : UNKNOWN;
	}
	for (i = 0; i < s->nr_helpers; i++)
		sum = plus(sum, s->helper[i].expectations);
	return s->nr_helpers ? sum : UNKNOWN;
}

static void add_evidence(const struct tables *ts, struct finding *f, int64_t count,
			 int64_t max)
{
	const struct snapshot *s = ts->s;
	size_t i;

	if (count != UNKNOWN)
		facts_add(&f->evidence, "{expectations} of {max} expectations in use ({share}) "
			  "[kernel: /proc/net/stat/nf_conntrack, nf_conntrack_expect_max]",
			  count_of(count), count_of(max), share_of(count, max));
	if (s->stat.expect_new != UNKNOWN && s->stat.expect_create > 0)
		facts_add(&f->evidence, "of {expected} connections that were expected since "
			  "the boot, {came} came [kernel: expect_create, expect_new]",
			  count_of(s->stat.expect_create), count_of(s->stat.expect_new));
	if (s->max > 0 && s->count != UNKNOWN)
		facts_add(&f->evidence, "the connection table is another one: {entries} of {max} "
			  "entries in use [kernel: sysctl]", count_of(s->count), count_of(s->max));
	for (i = 0; i < s->nr_helpers && i < NAMED; i++)
		facts_add(&party_add(&f->culprit, PARTY_HELPER, s->helper[i].name)->facts,
			  "{expectations} of them [kernel: /proc/net/nf_conntrack_expect]",
			  count_of(s->helper[i].expectations));
}

static void say_state(struct finding *f, bool tight, bool full, const struct log_spell *logged)
{
	if (tight)
		fact_set(&f->sentence, "The expectation table is {}: packets that announce a "
			 "connection to a helper (FTP, SIP, ...) are dropped{}.",
			 text_of(full ? "full" : "nearly full"),
			 text_of(full ? "" : " when it is full"));
	else
		fact_set(&f->sentence, "The expectation table was full {ended} ago: packets that "
			 "announced a connection to a helper (FTP, SIP, ...) were dropped.",
			 seconds_of(logged->last_ago));
}

/* The kernel's log tells of fullness that comes and goes; what is old is over. */
static void judge(const struct tables *ts, struct findings *fs)
{
	const struct ct_sysctl *c = find_sysctl(ts->s, "expect_max");
	const struct log_spell *logged = logged_expect(ts->s);
	int64_t count = expected_now(ts->s);
	struct finding *f;
	struct fix x;
	bool tight, full;

	if (!c || c->value <= 0 || c->value > INT32_MAX)
		return;
	tight = count != UNKNOWN && share(count, c->value) >= TH(TIGHT);
	full = tight && (count >= c->value || logged_within(logged, TH(RECENT)));
	if (!tight && !logged_within(logged, TH(SPELL)))
		return;
	f = finding_add(fs, &cause_expect, full ? SEV_CRITICAL : SEV_WARNING);
	f->certainty = SURE;
	say_state(f, tight, full, logged);
	if (logged)
		logged_fact(logged, "such packets were dropped", "expectation table full",
			    &f->evidence);
	add_evidence(ts, f, count, c->value);
	if (!tight)
		facts_add(&f->against, "the kernel's log doesn't say whose expectation table it was: "
			  "each namespace has one");
	if (!ts->s->nr_helpers)
		facts_add(&f->against, "which helper it is can't be seen: see conntrack -L expect");
	cure_begin(&x, ts, NULL, f);
	fix_expect_max(&x, BIGGER * (full && count > c->value ? count : c->value));
	fix_end(&x);
	facts_add(&f->price, "Some hundred bytes for each expectation. The maximum holds for "
		  "every namespace. Their hash table stays as big as it is (nf_conntrack's "
		  "parameter expect_hashsize, at loading). nf_conntrack_max has nothing to do "
		  "with it. A helper that nobody needs is better taken out of the rules.");
	lines_add(&f->verify, "wc -l < /proc/net/nf_conntrack_expect");
	lines_add(&f->verify, "dmesg | grep -c 'expectation table full'");
}

const struct cause cause_expect = {
	.name = "expect",
	.title = "the other table: connections that helpers wait for",
	.text =
"A helper (FTP, SIP, TFTP, PPTP, ...) reads in one connection that another will\n"
"come, and notes that in a table of its own, the expectations. Its limit is\n"
"nf_conntrack_expect_max, not nf_conntrack_max; by default four for every 256\n"
"buckets of the connection table, 1,024 with 65,536. When it is full the kernel\n"
"says \"expectation table full\" and the helper drops the packet that announced the\n"
"connection: transfers and calls don't begin, while everything else works.\n"
"\n"
"Like nf_conntrack_max it can be written in the initial namespace only. Expectations\n"
"are short-lived: that the table was full a moment ago may be in the kernel's log\n"
"alone.\n",
	.weight = 650,
	.judge = judge,
};
