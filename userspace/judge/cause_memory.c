// SPDX-License-Identifier: GPL-2.0
/*
 * The table and the memory of the machine: real work without room for a bigger
 * table, and a maximum that the machine doesn't hold.
 */
#include <string.h>

#include "fix/fix.h"
#include "judge/capacity.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/raise.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "judge/thresholds.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

/* Full of real work, and the machine has no room for a bigger table. */
static void no_room(const struct tables *ts, const struct netns_table *n,
		    const struct part *p, struct findings *fs, const struct raise *r)
{
	struct finding *f = pressed_begin(fs, &cause_memory, ts, n, p);
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
	raise_evidence(ts, f, r->need);
	raise_busiest(n, f);
	pressed_victims(ts, n, f);
	cure_begin(&x, ts, n, f);
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
	f = finding_add(fs, &cause_memory, SEV_WARNING);
	finding_sentence(f, "nf_conntrack_max is %s: a full table would take %s of this "
			 "machine's %s of memory.", num(s->max),
			 bytes(capacity_memory(ts, s->max)), bytes(s->mem_total));
	raise_evidence(ts, f, s->max);
	lines_add(&f->culprit, "nf_conntrack_max is %s, and the table has %s entries "
		  "[kernel: sysctl]", num(s->max), num(ts->entries));
	cure_begin(&x, ts, NULL, f);
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

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_GROWTH);
		struct raise r;

		if (!p)
			continue;
		r = raise_possible(ts, n);
		if (!r.enough)
			no_room(ts, n, p, fs, &r);
	}
	too_big(ts, fs);
}

const struct cause cause_memory = {
	.name = "memory",
	.title = "the table and the memory of the machine",
	.text =
"An entry takes a slab object (256 bytes on most kernels) and its extensions\n"
"(128 bytes at least, if there are any: events, accounting, NAT, helpers), and\n"
"its bucket 8 bytes. The maximum is the limit of every network namespace for\n"
"itself, so memory has to hold as many tables as there are namespaces that\n"
"track connections.\n"
"\n"
"conntriage never advises a maximum that would take more than half of what is\n"
"available. Where the work is real and there is no more memory, shorter\n"
"timeouts, fewer tracked services or a second host are what is left.\n",
	.weight = 450,
	.judge = judge,
};
