// SPDX-License-Identifier: GPL-2.0
/*
 * Questions and answers of one service, DNS above all, whose entries nobody needs
 * after the answer, and which take the room of others.
 */
#include <string.h>

#include "fix/fix.h"
#include "judge/capacity.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/occupancy.h"
#include "judge/phrases.h"
#include "judge/placed.h"
#include "judge/pressed.h"
#include "judge/raise.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/verdict.h"
#include "judge/wait.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SETTLES		10	/* s: entries are deleted at once */

static const char *dns(const struct group *g)
{
	return !strcmp(g->row.name, "53") ? " (DNS)" : "";
}

/* Where rules may need them they leave sooner, and there is more room. */
static void shorten(const struct tables *ts, const struct netns_table *n, struct finding *f)
{
	struct raise r = raise_possible(ts, n);
	struct fix x;

	effect_begin(&f->effect, n, SETTLES);
	cure_begin(&x, ts, n, f);
	step_say(&f->fix, STEP_NOW, "%s", cure_needs_entries(ts, n));
	f->effect.within += wait_less(ts, n, wait_answered_udp, &x, f);
	if (r.enough && n->init) {
		step_say(&f->fix, STEP_NOW, "and room, for as long as they come at this rate:");
		raise_room(ts, &x, f, r.max);
	}
	fix_end(&x);
	lines_add(&f->verify, "conntriage census");
}

/* Whether none of it stands already */
static bool untrack(const struct tables *ts, const struct netns_table *n,
		    const struct group *g, struct finding *f)
{
	char options[96];
	struct fix x;

	cure_begin(&x, ts, n, f);
	fix_notrack_udp(&x, &(struct fix_target) { "", "udp", g->row.name, 0 });
	step_say(&f->fix, STEP_NOW, "the entries that there are would wait out their timeout:");
	snprintf(options, sizeof(options), "-p udp --dport %s", g->row.name);
	fix_delete_kind(&x, options);
	fix_keep_rules(&x);
	fix_end(&x);
	placed_say(n, &x, NULL, f);
	facts_add(&f->price, "Untracked packets can't be translated (NAT), and rules for "
		  "\"established\" or \"related\" don't match them: undo it before such rules are "
		  "added.");
	effect_begin(&f->effect, n, SETTLES);
	effect_turn_away(&f->effect, g, EFFECT_ALL, EFFECT_NONE);
	effect_delete(&f->effect, g, EFFECT_ALL);
	lines_add(&f->verify, "conntriage census");
	return !x.nr_placed;
}

static void judge_pressed(const struct tables *ts, const struct netns_table *n,
			  const struct part *p, struct findings *fs)
{
	const struct group *g = p->member[0];
	struct finding *f = pressed_begin(fs, &cause_chatter, ts, n, p);

	phrase_table_is(&f->sentence, n);
	fact_more(&f->sentence, ", and {share} of its entries are answered questions to {}{}, "
		  "which works without", share_of(g->life[LIFE_ONCE], n->occupancy->entries),
		  text_of(phrase_who(g)), text_of(dns(g)));
	phrase_end(&f->sentence, n);
	pressed_evidence(ts, n, f);
	pressed_members(ts, n, p, f);
	pressed_victims(ts, n, f);
	if (n->level == LEVEL_WAS)
		step_say(&f->fix, STEP_NOW, "it is over; if it comes back, ask conntriage then");
	else if (cure_needs_entries(ts, n))
		shorten(ts, n, f);
	else if (untrack(ts, n, g, f) && n->own && ts->s->rules.has_notrack)
		facts_add(&f->evidence, "there is a notrack rule already, but not for these "
			  "packets [rules]");
}

/* Room is left yet: a note. */
static void judge_calm(const struct tables *ts, const struct netns_table *n,
		       struct findings *fs)
{
	const struct occupancy *o = n->occupancy;
	const struct group *g = NULL;
	struct finding *f;
	size_t i;

	for (i = 0; i < o->nr[GROUP_SERVICE]; i++)
		if (!strcmp(o->group[GROUP_SERVICE][i].row.proto, "udp") &&
		    (!g || group_once(&o->group[GROUP_SERVICE][i]) > group_once(g)))
			g = &o->group[GROUP_SERVICE][i];
	if (!g || share(group_once(g), n->max) < TH(UNTRACK_USAGE) / 2)
		return;
	f = finding_add(fs, &cause_chatter, SEV_OK);
	fact_set(&f->sentence, "{} is {share} full, and {share_2} of its entries are for {}{}, "
		 "which works without.", text_of(phrase_table(n)), share_of(n->count, n->max),
		 share_of(g->entries, n->count), text_of(phrase_who(g)), text_of(dns(g)));
	if (cure_needs_entries(ts, n))
		shorten(ts, n, f);
	else
		untrack(ts, n, g, f);
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_CHATTER);

		if (p)
			judge_pressed(ts, n, p, fs);
		else if (n->level == LEVEL_CALM && occupancy_known(n->occupancy) &&
			 share(n->count, n->max) >= TH(UNTRACK_USAGE))
			judge_calm(ts, n, fs);
	}
}

const struct cause cause_chatter = {
	.name = "chatter",
	.title = "questions and answers that are better left untracked",
	.text =
"A question and an answer over UDP leave an entry for 30 seconds that nobody\n"
"needs any more; a DNS server makes thousands of them a second. If the service\n"
"needs no NAT, its packets can pass without conntrack (notrack in raw), as long\n"
"as the rules accept them in both directions by port: \"established\" doesn't\n"
"match them any more. Who asks most is no flood: it is answered.\n",
	.weight = 300,
	.judge = judge,
};
