// SPDX-License-Identifier: GPL-2.0
/*
 * Much of a table waits for answers that don't come, and nobody is to blame: too many
 * sources for a list and no one place that they go to, or one that looks after others.
 * No rule meets these alone, but all of them wait for a timeout.
 */
#include <math.h>
#include <stdio.h>

#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/occupancy.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/unheard.h"
#include "judge/verdict.h"
#include "judge/wait.h"
#include "lib/lines.h"
#include "lib/numbers.h"

#define HALF		50	/* % */

/* Entries: those of the members, or all that nobody else explains */
static double waits(const struct part *p)
{
	return p->nr_members ? p->frees : p->holds;
}

static void sentence(const struct netns_table *n, const struct part *p, struct finding *f)
{
	const struct group *g = unheard_most(n->occupancy, GROUP_SOURCE);
	char whose[256] = "and no source or destination stands out";

	if (p->nr_members)
		snprintf(whose, sizeof(whose), p->member[0]->row.dests == UNKNOWN ?
			 "of %s, which others do answer" :
			 "of %s, which asks the same ones again and again", phrase_members(p));
	else if (g && share(group_barren(g), waits(p)) >= HALF)
		snprintf(whose, sizeof(whose), "most of them of %s, which others do answer",
			 phrase_who(g));
	phrase_table_is(&f->sentence, n);
	fact_more(&f->sentence, ": {waiting} of its {entries} entries wait for answers that don't "
		  "come, {}", count_of(waits(p)), count_of(n->occupancy->entries), text_of(whose));
	phrase_end(&f->sentence, n);
}

static void evidence(const struct netns_table *n, const struct part *p, struct finding *f)
{
	static const enum group_kind kinds[] = { GROUP_PAIR, GROUP_SERVICE, GROUP_DEST };
	const struct group *g = unheard_most(n->occupancy, GROUP_SOURCE);
	size_t i;

	for (i = 0; i < p->nr_members && p->member[i]->row.dests != UNKNOWN; i++)
		facts_add(&f->evidence, "{unanswered} entries of {} for about {destinations} "
			  "destinations, {new_per_second} new ones a second: as seldom as "
			  "monitoring asks each [module: census, sources]",
			  count_of(group_barren(p->member[i])), text_of(phrase_who(p->member[i])),
			  count_of(known(p->member[i]->row.dests)),
			  rate_of(group_offered(p->member[i])));
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct group *to = unheard_most(n->occupancy, kinds[i]);

		if (!to || share(group_barren(to), waits(p)) < HALF)
			continue;
		facts_add(&f->evidence, "{share} of them go to {}, where {} answered [module: "
			  "census]", share_of(fmin(group_barren(to), waits(p)), waits(p)),
			  text_of(phrase_who(to)),
			  text_of(unheard_mute(to) ? "nobody is" : "others are"));
		break;
	}
	if (g && !p->nr_members && share(group_barren(g), waits(p)) < HALF)
		facts_add(&f->evidence, "the heaviest single source, {}, has only {share} of them "
			  "[module: census]", text_of(g->row.name),
			  share_of(group_barren(g), waits(p)));
	if (p->nr_members)
		facts_add(&f->against, "a scan that begins anew looks like monitoring; ask whose "
			  "it is");
	else
		facts_add(&f->against, "many clients of a way or a service that fails look like "
			  "many who attack; a packet capture at one of the destinations decides");
}

static void cure(const struct tables *ts, const struct netns_table *n, const struct part *p,
		 struct finding *f)
{
	bool own = false;
	struct fix x;
	size_t i;

	effect_begin(&f->effect, n, 0);
	cure_begin(&x, ts, n, f);
	f->effect.within = wait_less(ts, n, wait_in_vain, &x, f);
	for (i = 0; i < p->nr_members; i++)
		own |= p->member[i]->own;
	step_say(&f->fix, STEP_NOW, "who asks, and whom?");
	if (own)
		fix_look(&x, "ss -tunp state syn-sent");
	fix_look(&x, "conntriage census");
	step_say(&f->fix, STEP_FOR_GOOD, "find out why they aren't answered: a timeout only makes room");
	fix_end(&x);
	lines_add(&f->verify, "conntriage");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_UNANSWERED);
		struct finding *f;

		if (!p)
			continue;
		f = pressed_begin(fs, &cause_unanswered, ts, n, p);
		sentence(n, p, f);
		pressed_evidence(ts, n, f);
		evidence(n, p, f);
		pressed_members(ts, n, p, f);
		pressed_programs(ts, n, p, f);
		pressed_victims(ts, n, f);
		if (n->level == LEVEL_WAS)
			step_say(&f->fix, STEP_NOW, "it is over; if it comes back, ask conntriage then");
		else
			cure(ts, n, p, f);
	}
}

const struct cause cause_unanswered = {
	.name = "unanswered",
	.title = "many that wait for answers, and nobody stands out",
	.text =
"Most entries wait for an answer that doesn't come, but neither a source nor a\n"
"network nor a destination has enough of them to be named: a worm on twenty hosts,\n"
"a mail server with thousands of dead mail exchangers, one uplink of two that is\n"
"down, clients that look for devices in a network that isn't there. Or it is one\n"
"that looks after many, which are down: it asks the same ones again.\n"
"\n"
"No rule meets only these. What they have in common is the timeout that they wait\n"
"for: 120 seconds for a SYN, 30 for UDP, though real clients get their answer within\n"
"five or have given up. A shorter one makes room until the reason is found.\n",
	.weight = 380,
	.judge = judge,
};
