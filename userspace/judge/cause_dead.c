// SPDX-License-Identifier: GPL-2.0
/*
 * A service that answers nobody: its clients come back and wait, each time with a
 * new entry. They are victims, not culprits.
 */
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
#include "judge/wait.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SETTLES		10	/* s: entries are deleted at once */

static bool is_udp(const struct group *g)
{
	return !strcmp(g->row.proto, "udp");
}

/*
 * UDP to one that never answers may be meant so (syslog, statsd), and what isn't
 * tracked isn't translated: that its entries leave sooner harms neither.
 */
static bool only_wait(const struct tables *ts, const struct netns_table *n,
		      const struct group *g)
{
	return is_udp(g) && (cure_needs_entries(ts, n) || wait_fits(n, wait_in_vain_udp));
}

/* What is done about one of them, until it answers; false: nothing may be */
static bool cure_one(const struct tables *ts, const struct netns_table *n,
		     const struct part *p, const struct group *g, struct fix *x,
		     struct finding *f)
{
	const char *guard = NULL;
	struct cure_target where;

	cure_target(&where, g);
	if (!g->own)
		guard = guard_named(ts, where.address);
	if (guard) {
		step_say(&f->fix, STEP_NOW, "%s %s: no rule here cuts it off", where.address, guard);
		return false;
	}
	if (is_udp(g)) {
		step_say(&f->fix, STEP_NOW, "until it answers, its packets need no entries:");
		fix_notrack_udp(x, &where.to);
		facts_add(&f->price, "Rules for established or related don't match untracked "
			  "packets.");
	} else {
		step_say(&f->fix, STEP_NOW, "until it answers, tell its clients so: they stop "
			  "waiting, and no entry is made:");
		fix_reject(x, &where.to, pressed_by_host(n, p));
		facts_add(&f->price, "As long as the rule stands, nobody reaches it, even when it "
			  "is up again: undo it then.");
	}
	step_say(&f->fix, STEP_NOW, "free the room of those that wait:");
	fix_delete_to(x, NULL, &where.to);
	effect_turn_away(&f->effect, g, EFFECT_BARREN, EFFECT_NONE);
	effect_delete(&f->effect, g, EFFECT_BARREN);
	return true;
}

static void cure(const struct tables *ts, const struct netns_table *n, const struct part *p,
		 struct finding *f)
{
	bool cured = false, waits = false;
	struct cure_target where;
	int64_t within;
	struct fix x;
	size_t i;

	cure_begin(&x, ts, n, f);
	effect_begin(&f->effect, n, SETTLES);
	step_say(&f->fix, STEP_NOW, "%s up, and does its answer come back this way?",
		  p->nr_members > 1 ? "are they" : "is it");
	for (i = 0; i < p->nr_members; i++) {
		cure_target(&where, p->member[i]);
		fix_look(&x, "ip route get %s", where.address);
	}
	for (i = 0; i < p->nr_members; i++)
		if (only_wait(ts, n, p->member[i]))
			waits = true;
		else
			cured |= cure_one(ts, n, p, p->member[i], &x, f);
	within = waits ? wait_less(ts, n, wait_in_vain_udp, &x, f) : 0;
	f->effect.within = within || cured ? f->effect.within + within : 0;
	fix_end(&x);
	placed_say(n, &x, NULL, f);
	step_say(&f->fix, STEP_FOR_GOOD, "mend the service, or take it out of what its clients are told "
		  "(DNS, load balancer)");
	if (!cured) {
		lines_add(&f->verify, "conntriage");
	} else if (is_udp(p->member[0])) {
		pressed_rules(&x, f, "raw", "PREROUTING");
	} else {
		pressed_rules(&x, f, "filter", "FORWARD");
	}
}

static void sentence(const struct netns_table *n, const struct part *p, struct finding *f)
{
	const struct group *g = p->member[0];
	const char *own = g->own ? " (this host)" : "";

	if (p->nr_members > 1) {
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, ": {} and {others} other{} answer nobody, and {frees} of "
			  "the {entries} entries wait for them", text_of(phrase_who(g)),
			  count_of(p->nr_members - 1), text_of(p->nr_members > 2 ? "s" : ""),
			  count_of(p->frees), count_of(n->occupancy->entries));
		phrase_end(&f->sentence, n);
		return;
	}
	phrase_table_is(&f->sentence, n);
	fact_more(&f->sentence, ": {}{} answers nobody, and {frees} of the {entries} entries wait "
		  "for it", text_of(phrase_who(g)), text_of(own), count_of(p->frees),
		  count_of(n->occupancy->entries));
	if (known(g->row.sources) > 1)
		fact_more(&f->sentence, " from about {clients} clients", count_of(g->row.sources));
	phrase_end(&f->sentence, n);
}

/* What was never answered there, of all that they have */
static void evidence(const struct part *p, struct finding *f)
{
	double barren = 0, entries = 0;
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		barren += group_barren(p->member[i]);
		entries += p->member[i]->entries;
	}
	facts_add(&f->evidence, "{share} of the entries there were never answered, and hardly one "
		  "was [module: census]", share_of(barren, entries));
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_DEAD);
		struct finding *f;

		if (!p)
			continue;
		f = pressed_begin(fs, &cause_dead, ts, n, p);
		sentence(n, p, f);
		pressed_evidence(ts, n, f);
		evidence(p, f);
		facts_add(&f->against, "if its answers take another way, it is up, and the path "
			  "is the cause (\"conntriage explain oneway\"); a packet capture at the "
			  "server decides");
		pressed_members(ts, n, p, f);
		pressed_programs(ts, n, p, f);
		pressed_victims(ts, n, f);
		if (n->level == LEVEL_WAS)
			step_say(&f->fix, STEP_NOW, "it is over; if it comes back, ask conntriage then");
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
"so that clients stop waiting. UDP may be meant to go unanswered (syslog, statsd):\n"
"there entries wait for less long, and nothing is rejected.\n",
	.weight = 400,
	.judge = judge,
};
