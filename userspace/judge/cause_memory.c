// SPDX-License-Identifier: GPL-2.0
/*
 * Cause 5: the table and the machine. How far the maximum can be raised for
 * real work, when it can't, and a maximum that the machine doesn't hold.
 */
#include <string.h>

#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

/* A raise by less is not worth the risk of a change. */
#define WORTH	1.25

/* A maximum lives in every namespace that tracks (facts 17). */
static int64_t peak(const struct tables *ts, const struct netns_table *n)
{
	return ts->spell.peak > n->count ? ts->spell.peak : n->count;
}

struct raise raise_possible(const struct tables *ts, const struct netns_table *n)
{
	int64_t seen = peak(ts, n) > n->max ? peak(ts, n) : n->max;
	struct raise r;

	r.need = seen < INT64_MAX / 4 ? 2 * seen : seen;
	r.max = capacity_max(ts, r.need);
	r.enough = r.max != UNKNOWN && r.max >= WORTH * (double)n->max;
	return r;
}

static void busiest(const struct netns_table *n, struct finding *f)
{
	size_t i;

	for (i = 0; i < n->nr_actors && i < 3; i++)
		if (n->actor[i].offered > 0)
			lines_add(&f->culprit, "%s%s: %s new connections a second (%s of "
				  "all)", n->actor[i].source,
				  n->actor[i].local ? " (this host)" : "",
				  per_second(n->actor[i].offered),
				  pct(n->actor[i].offered, n->offered));
}

static void evidence_memory(const struct tables *ts, struct finding *f, int64_t max)
{
	bool measured = !strcmp(ts->entry_bytes_from, "measured");

	lines_add(&f->evidence, "an entry takes %.0f bytes (%s) [%s]", ts->entry_bytes,
		  ts->entry_bytes_from, measured ? "module: census" : "kernel: slabinfo");
	lines_add(&f->evidence, "%s entries%s%s%s take %s; %s of %s memory are available "
		  "[kernel: meminfo]", num(max), ts->nr_tables > 1 ? " in each of " : "",
		  ts->nr_tables > 1 ? num(ts->nr_tables) : "",
		  ts->nr_tables > 1 ? " namespaces" : "", bytes(capacity_memory(ts, max)),
		  bytes(known(ts->s->mem_available)), bytes(known(ts->s->mem_total)));
}

/**
 * raise_cure() - evidence and cure of a table that real work fills
 *
 * Buckets first, so that chains never get longer than they are.
 */
void raise_cure(const struct tables *ts, const struct netns_table *n,
	       struct finding *f, const struct raise *r)
{
	struct fix x;

	pressed_evidence(ts, n, f);
	evidence_memory(ts, f, r->max);
	busiest(n, f);
	pressed_victims(ts, n, f);
	fix_begin(&x, ts, n, f);
	if (known(ts->s->buckets) < r->max)
		fix_buckets(&x, r->max, r->max);
	fix_max(&x, r->max);
	fix_end(&x);
	finding_price(f, "Up to %s of memory more, taken only as entries are made. The "
		      "maximum holds for every namespace. Building the new hash table "
		      "stops the others for some milliseconds. If a program such as "
		      "kube-proxy sets the maximum, change it there: it would put its own "
		      "number back.", bytes(capacity_memory(ts, r->max) -
					    (double)ts->entries * ts->entry_bytes));
	lines_add(&f->verify, "sysctl net.netfilter.nf_conntrack_max "
		  "net.netfilter.nf_conntrack_count");
	lines_add(&f->verify, "conntriage");
}

/* Full of real work, and the machine has no room for a bigger table. */
static void no_room(const struct tables *ts, const struct netns_table *n,
		    struct findings *fs, const struct raise *r)
{
	struct finding *f = pressed_begin(fs, CAUSE_MEMORY, ts, n);
	struct fix x;

	if (r->max == UNKNOWN)
		finding_sentence(f, "%s %s with real work, and how much memory is left for "
				 "a bigger one isn't known%s.", phrase_table(n),
				 phrase_state(n), phrase_losers(n));
	else
		finding_sentence(f, "%s %s with real work, and this machine hasn't the "
				 "memory for a bigger one%s.", phrase_table(n),
				 phrase_state(n), phrase_losers(n));
	pressed_evidence(ts, n, f);
	evidence_memory(ts, f, r->need);
	busiest(n, f);
	pressed_victims(ts, n, f);
	fix_begin(&x, ts, n, f);
	lines_add(&f->fix_now, "# make entries go sooner: finished connections after 30 "
		  "seconds, silent ones after 2 hours");
	fix_lower(&x, "tcp_timeout_time_wait", 30);
	fix_lower(&x, "tcp_timeout_established", 7440);
	fix_end(&x);
	lines_add(&f->fix_persist, "# and add memory, or share the work with another host; "
		  "don't raise nf_conntrack_max here");
	finding_price(f, "A connection that is silent for longer than 2 hours 4 minutes "
		      "(RFC 5382) loses its entry: keepalives prevent that.");
	lines_add(&f->verify, "free -m");
	lines_add(&f->verify, "conntriage");
}

/* The maximum promises what the machine can't hold. */
bool capacity_exceeded(const struct tables *ts)
{
	const struct snapshot *s = ts->s;

	if (s->max == UNKNOWN || s->max <= 0 || s->mem_total == UNKNOWN ||
	    s->mem_total <= 0)
		return false;
	return share((double)s->max * ts->entry_bytes, s->mem_total) > TH(MEMORY_MAX) ||
	       share(capacity_memory(ts, s->max), s->mem_total) > 100;
}

static void too_big(const struct tables *ts, struct findings *fs)
{
	const struct snapshot *s = ts->s;
	int64_t fits;
	struct finding *f;
	struct fix x;

	if (!capacity_exceeded(ts))
		return;
	/* Half of what would be too much */
	fits = (double)s->mem_total * TH(MEMORY_MAX) / 100 / 2 / capacity_memory(ts, 1);
	fits = fits / 1000 * 1000;
	f = finding_add(fs, CAUSE_MEMORY, SEV_WARNING, WEIGHT_MEMORY);
	finding_sentence(f, "nf_conntrack_max is %s: a full table would take %s of this "
			 "machine's %s of memory.", num(s->max),
			 bytes(capacity_memory(ts, s->max)), bytes(s->mem_total));
	evidence_memory(ts, f, s->max);
	lines_add(&f->culprit, "nf_conntrack_max is %s, and the table has %s entries "
		  "[kernel: sysctl]", num(s->max), num(ts->entries));
	fix_begin(&x, ts, NULL, f);
	if (fits > ts->entries) {
		if (2 * (double)fits >= TH(CHAIN_MEAN) * known(s->buckets))
			fix_buckets(&x, fits, fits);
		fix_max(&x, fits);
	} else {
		lines_add(&f->fix_now, "# find out what fills the table first:");
		lines_add(&f->fix_now, "conntriage census");
	}
	fix_end(&x);
	finding_price(f, "A lower maximum refuses connections where the higher one would "
		      "have made the kernel kill processes.");
	lines_add(&f->verify, "sysctl net.netfilter.nf_conntrack_max");
}

void cause_memory(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		struct raise r;

		if (n->blame != BLAME_BUSY)
			continue;
		r = raise_possible(ts, n);
		if (!r.enough)
			no_room(ts, n, fs, &r);
	}
	too_big(ts, fs);
}
