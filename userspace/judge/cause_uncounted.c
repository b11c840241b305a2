// SPDX-License-Identifier: GPL-2.0
/*
 * Live entries that the garbage collector kills: after a refusal, in whatever
 * namespace, gc_worker() in nf_conntrack_core.c clears every table over 95 % of
 * the maximum, and counts nothing (docs/conntrack.md, "Garbage collection").
 * Where that table is pressed itself, another cause speaks of it.
 */
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/phrases.h"
#include "judge/tables.h"
#include "lib/lines.h"
#include "lib/numbers.h"

static bool lost_in(const struct netns_table *n)
{
	return n->row && known(n->row->gc_evictions) &&
	       n->level < LEVEL_EVICTING && n->level != LEVEL_WAS;
}

static const struct netns_table *refuses(const struct tables *ts)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++)
		if (ts->netns[i].was_refused)
			return &ts->netns[i];
	return NULL;
}

static void judge(const struct tables *ts, struct findings *fs)
{
	const struct netns_table *first = NULL, *other = refuses(ts);
	int64_t killed = 0, spell = ts->spell.gc_evictions;
	struct finding *f;
	size_t i, nr = 0;

	for (i = 0; i < ts->nr_netns; i++) {
		if (!lost_in(&ts->netns[i]))
			continue;
		killed = plus(killed, ts->netns[i].row->gc_evictions);
		first = &ts->netns[i];
		nr++;
	}
	/*
	 * History has the time but no namespaces, the rows of the namespaces
	 * have no time: the smaller sum is certain.
	 */
	if (killed > spell)
		killed = spell;
	if (!killed)
		return;
	f = finding_add(fs, &cause_uncounted, SEV_WARNING);
	fact_set(&f->sentence, "In the last {seconds} the kernel killed {killed} live "
		 "connections of {} to make room, and none of its own counters shows it.",
		 seconds_of(ts->spell.seconds), count_of(killed),
		 text_of(nr == 1 ? phrase_netns(first) : "several namespaces"));
	facts_add(&f->evidence, "at most {killed} killed by the garbage collector, of "
		  "{killed_everywhere} in all namespaces; early_drop, the kernel's counter, has "
		  "none of them [module: netns, history]", count_of(killed), count_of(spell));
	if (other)
		facts_add(party_netns(&f->culprit, other), "it refused {refused} packets, and "
			  "then the kernel clears every table that is over 95 % of the maximum "
			  "[module: history]", count_of(other->was_refused));
	for (i = 0; i < ts->nr_netns; i++)
		if (lost_in(&ts->netns[i]))
			facts_add(party_netns(&f->victim, &ts->netns[i]),
				  "{killed} entries killed since the module was loaded [module: "
				  "netns]", count_of(ts->netns[i].row->gc_evictions));
	step_say(&f->fix, STEP_NOW, "who filled the table at that time?");
	step_look(&f->fix, STEP_NOW, "conntriage sources");
	lines_add(&f->verify, "conntriage history");
}

const struct cause cause_uncounted = {
	.name = "uncounted",
	.title = "evictions that the kernel doesn't count",
	.text =
"After a packet was refused, the garbage collector goes through the tables that\n"
"are over 95 % of the maximum and kills what isn't ASSURED, and TCP connections\n"
"that are closing. It does so in every network namespace, so a container whose\n"
"table is nearly full pays for a flood elsewhere. No counter of the kernel has\n"
"these: early_drop in conntrack -S is less than what was lost. The module sees\n"
"them by a probe. Where the table is pressed itself, \"pressure\" tells it.\n",
	.weight = 400,
	.judge = judge,
};
