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
#include "judge/forecast.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/raise.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "judge/thresholds.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SOON	3600	/* s: who is told can still do something about it */

/* Full of real work, and the machine has no room for a bigger table. */
static void no_room(const struct tables *ts, const struct netns_table *n,
		    const struct part *p, struct findings *fs, const struct raise *r)
{
	struct finding *f = pressed_begin(fs, &cause_memory, ts, n, p);
	struct fix x;

	if (r->max == UNKNOWN) {
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, " with real work, and how much memory is left for a "
			  "bigger one isn't known");
		phrase_end(&f->sentence, n);
	} else {
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, " with real work, and this machine hasn't the memory for "
			  "a bigger one");
		phrase_end(&f->sentence, n);
	}
	pressed_evidence(ts, n, f);
	raise_evidence(ts, n, f, r->need);
	raise_busiest(ts, n, p, f);
	pressed_victims(ts, n, f);
	cure_begin(&x, ts, n, f);
	step_say(&f->fix, STEP_NOW, "make entries go sooner: finished connections after 30 "
		  "seconds, silent ones after 2 hours");
	fix_lower(&x, "tcp_timeout_time_wait", 30);
	fix_lower(&x, "tcp_timeout_established", 7440);
	fix_end(&x);
	step_say(&f->fix, STEP_FOR_GOOD, "and add memory, or share the work with another host; "
		  "don't raise nf_conntrack_max here");
	facts_add(&f->price, "A connection that is silent for longer than 2 hours 4 minutes (RFC "
		  "5382) loses its entry: keepalives prevent that.");
	lines_add(&f->verify, "free -m");
	lines_add(&f->verify, "conntriage");
}

/*
 * The maximum that the machine holds: half of what would be too much, and no more of what
 * is available than a raise may take.
 */
static int64_t holds(const struct tables *ts, const struct netns_table *n)
{
	const struct snapshot *s = ts->s;
	int64_t all = capacity_fits(ts, n, s->mem_total * TH(MEMORY_MAX) / 100 / 2), left;

	if (s->mem_available == UNKNOWN)
		return all;
	left = capacity_fits(ts, n, s->mem_available * TH(MEMORY_SHARE) / 100 +
			     capacity_held(ts));
	return left < all ? left : all;
}

static void lower(const struct tables *ts, const struct netns_table *n, struct finding *f)
{
	int64_t fits = holds(ts, n);
	struct fix x;

	raise_evidence(ts, n, f, n->max);
	facts_add(party_setting(&f->culprit, "max"),
		  "is {max}, and {} has {entries} entries [kernel: sysctl]", count_of(n->max),
		  text_of(ts->nr_tables > 1 ? "the fullest table" : "the table"),
		  count_of(n->count));
	cure_begin(&x, ts, NULL, f);
	if (fits > n->count) {
		if (2 * (double)fits >= TH(CHAIN_MEAN) * known(ts->s->buckets))
			fix_buckets(&x, fits, fits);
		fix_max(&x, fits);
	} else {
		step_say(&f->fix, STEP_NOW, "find out what fills the table first:");
		step_look(&f->fix, STEP_NOW, "conntriage census");
	}
	fix_end(&x);
	facts_add(&f->price, "A lower maximum refuses connections where the higher one would have "
		  "made the kernel kill processes.");
	lines_add(&f->verify, "sysctl net.netfilter.nf_conntrack_max");
}

/*
 * The table that takes the last of the available memory, before it gets to its maximum
 * and soon, if it goes on growing; or NULL.
 */
static const struct netns_table *ends_soon(const struct tables *ts, struct forecast *grows,
					   int64_t *seconds)
{
	double room = ts->s->mem_available / ts->entry_bytes;

	if (ts->s->mem_available == UNKNOWN || !forecast(ts->s, grows) ||
	    grows->max - grows->count <= room)
		return NULL;
	*seconds = room / grows->growth;
	return *seconds <= SOON ? tables_netns(ts, grows->netns) : NULL;
}

/* What could be is a warning; what is about to be is more than that. */
static void too_big(const struct tables *ts, struct findings *fs)
{
	const struct netns_table *n;
	struct forecast grows;
	int64_t seconds;
	struct finding *f;

	n = ends_soon(ts, &grows, &seconds);
	if (n) {
		f = finding_add(fs, &cause_memory, SEV_CRITICAL);
		fact_set(&f->sentence, "{} grows by {per_second} entries a second, and takes all "
			 "memory that is available in about {seconds}, long before its "
			 "maximum.", text_of(phrase_table(n)), rate_of(grows.growth),
			 seconds_of(seconds));
		raise_busiest(ts, n, NULL, f);
		lower(ts, n, f);
		return;
	}
	n = capacity_exceeded(ts);
	if (!n)
		return;
	f = finding_add(fs, &cause_memory, SEV_WARNING);
	fact_set(&f->sentence, "nf_conntrack_max is {max}: a full table would take {takes} of "
		 "this machine's {total} of memory.", count_of(n->max),
		 bytes_of(capacity_memory(ts, n, n->max)), bytes_of(ts->s->mem_total));
	lower(ts, n, f);
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
"itself, but a hundred of them don't fill up at once: what counts is what all\n"
"hold now, and the growth of those that are full. A maximum that no memory\n"
"could hold for a single table is a warning; a table that grows and will have\n"
"taken all memory within an hour is more than that.\n"
"\n"
"conntriage never advises a maximum that would take more than half of what is\n"
"available. Where the work is real and there is no more memory, shorter\n"
"timeouts, fewer tracked services or a second host are what is left.\n",
	.weight = 450,
	.judge = judge,
};
