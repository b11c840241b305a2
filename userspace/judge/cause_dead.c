// SPDX-License-Identifier: GPL-2.0
/*
 * A service that answers nobody: its clients come back and wait, each time with a
 * new entry. They are victims, not culprits.
 */
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/guard.h"
#include "judge/occupancy.h"
#include "judge/phrases.h"
#include "judge/placed.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

#define SETTLES		10	/* s: entries are deleted at once */

static void cure(const struct tables *ts, const struct netns_table *n, const struct part *p,
		 struct finding *f)
{
	const char *guard = NULL;
	struct cure_target where;
	bool udp;
	struct fix x;

	cure_target(&where, p->member[0]);
	udp = !strcmp(where.to.proto, "udp");
	cure_begin(&x, ts, n, f);
	lines_add(&f->fix_now, "# is it up, and does its answer come back this way?");
	fix_line(&x, &f->fix_now, "ip route get %s", where.address);
	if (!p->member[0]->own)
		guard = guard_named(ts, where.address);
	if (guard) {
		lines_add(&f->fix_now, "# %s %s: no rule here cuts it off", where.address, guard);
	} else if (udp) {
		lines_add(&f->fix_now, "# until it answers, its packets need no entries:");
		fix_notrack_udp(&x, where.port);
		finding_price(f, "Untracked packets can't be translated (NAT), and rules for "
			      "established or related don't match them.");
	} else {
		lines_add(&f->fix_now, "# until it answers, tell its clients so: they stop "
			  "waiting, and no entry is made:");
		fix_reject(&x, &where.to, pressed_by_host(n, p));
		finding_price(f, "As long as the rule stands, nobody reaches it, even when it "
			      "is up again: undo it then.");
	}
	if (!guard) {
		lines_add(&f->fix_now, "# free the room of those that wait:");
		fix_delete_to(&x, NULL, &where.to);
	}
	fix_end(&x);
	placed_say(n, &x, NULL, f);
	lines_add(&f->fix_persist, "# mend the service, or take it out of what its clients are told "
		  "(DNS, load balancer)");
	if (guard) {
		lines_add(&f->verify, "conntriage");
		return;
	}
	effect_begin(&f->effect, n, SETTLES);
	effect_turn_away(&f->effect, p->member[0], EFFECT_BARREN, EFFECT_NONE);
	effect_delete(&f->effect, p->member[0], EFFECT_BARREN);
	if (udp)
		pressed_rules(&x, f, "raw", "PREROUTING");
	else
		pressed_rules(&x, f, "filter", "FORWARD");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_DEAD);
		const struct group *g;
		struct finding *f;
		char from[64] = "";

		if (!p)
			continue;
		g = p->member[0];
		if (known(g->row.sources) > 1)
			snprintf(from, sizeof(from), " from about %s clients", num(g->row.sources));
		f = pressed_begin(fs, &cause_dead, ts, n, p);
		finding_sentence(f, "%s %s: %s%s answers nobody, and %s of the %s entries wait for "
				 "it%s%s.", phrase_table(n), phrase_state(n), phrase_group(g),
				 g->own ? " (this host)" : "", num(p->frees),
				 num(n->occupancy->entries), from, phrase_losers(n));
		pressed_evidence(ts, n, f);
		lines_add(&f->evidence, "%s of the entries there were never answered, and hardly one "
			  "was [module: census]", pct(group_barren(g), g->entries));
		lines_add(&f->against, "if its answers take another way, it is up, and the path is "
			  "the cause (\"conntriage explain oneway\"); a packet capture at the "
			  "server decides");
		pressed_members(n, p, f);
		pressed_programs(ts, n, p, f);
		pressed_victims(ts, n, f);
		if (n->level == LEVEL_WAS)
			lines_add(&f->fix_now, "# it is over; if it comes back, ask conntriage then");
		else
			cure(ts, n, p, f);
	}
}

const struct cause cause_dead = {
	.name = "dead",
	.title = "a service that answers nobody",
	.text =
"Clients that ask a service which is down, or which a rule drops, wait for their\n"
"timeout and ask again, each time with a new entry: the table fills with what\n"
"looks like an attack. It isn't one: the same clients come back, all of them to one\n"
"destination and port, and nobody is answered there.\n"
"\n"
"SYNPROXY would make it worse, as it answers in the service's name; dropping\n"
"clients punishes those who suffer. Mend the service, or reject what goes there,\n"
"so that clients stop waiting.\n",
	.weight = 400,
	.judge = judge,
};
