// SPDX-License-Identifier: GPL-2.0
/*
 * Connections that nobody answers or that are never completed, opened by a source,
 * a handful, or a network: a flood, or a scan where they go to many destinations.
 * Nothing here raises the maximum: that only delays the next outage
 * (docs/conntrack.md, "Maximum and buckets").
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/actors.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/guard.h"
#include "judge/limit.h"
#include "judge/occupancy.h"
#include "judge/phrases.h"
#include "judge/placed.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/verdict.h"
#include "judge/wait.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SETTLES		10	/* s: entries are deleted at once, the others go on */
#define LEAST		5	/* connections/s: nobody works with less */
#define BARREN		90	/* % of its own entries: who has more has no work here */

static bool is_over(const struct netns_table *n)
{
	return n->level == LEVEL_WAS;
}

/* Nothing of what it does here is answered: nothing is lost with it. */
static bool all_barren(const struct group *g)
{
	return share(group_barren(g), g->entries) >= BARREN;
}

/* Whom a rule meets; what it is answered stays. */
static void delete_members(const struct tables *ts, const struct netns_table *n, struct fix *x,
			   const struct part *p)
{
	struct fix_source who;
	bool said = false;
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		const struct group *g = p->member[i];

		who = cure_group(g);
		if (!g->own && !guard_source(ts, n, &who))
			continue;
		if (!said)
			fix_say(x, "free the room of what nobody answered %s:",
				  p->nr_members > 1 ? "them" : "it");
		said = true;
		fix_delete_barren(x, &who, g->life[LIFE_HALF_OPEN] > 0);
	}
}

/* A gateway, a proxy: only what it sends to where nobody answers is limited. */
static void limit_narrowly(const struct tables *ts, const struct netns_table *n, struct fix *x,
			   const struct part *p, int64_t limit, struct finding *f)
{
	struct fix_source who = cure_group(p->member[0]);
	bool cut = p->member[0]->own || guard_source(ts, n, &who);
	struct cure_target where;

	cure_target(&where, p->narrow);
	if (p->member[0]->own)
		fix_ask_program(x, &who);
	if (!cut) {
		fix_say(x, "is it only what nobody answers? then limit that alone, to %s:",
			  phrase_group(p->narrow));
		fix_limit_to(x, &who, &where.to, limit);
		return;
	}
	if (all_barren(p->member[0]))
		fix_say(x, "all that nobody answers it goes to %s: limit that alone",
			  phrase_group(p->narrow));
	else
		fix_say(x, "others behind %s are answered: limit what nobody answers, to %s:",
			  p->member[0]->row.name, phrase_group(p->narrow));
	fix_limit_to(x, &who, &where.to, limit);
	guard_say(ts, n, &who, true, f);
	fix_say(x, "and free the room of those that were never answered:");
	fix_delete_to(x, &who, &where.to);
}

static void drop_members(const struct tables *ts, const struct netns_table *n, struct fix *x,
			 const struct part *p, int64_t limit, const char *proto,
			 struct finding *f)
{
	struct fix_source who[PART_MEMBERS];
	size_t i, nr = 0, local = 0, drop = 0;

	for (i = 0; i < p->nr_members; i++) {
		who[nr] = cure_group(p->member[i]);
		if (who[nr].local) {
			local++;
			fix_limit_local(x, &who[nr], limit, proto);
		} else if (!guard_source(ts, n, &who[nr])) {
			fix_say(x, "no rule here cuts off %s: look there who sends it",
				  p->member[i]->row.name);
		} else if (all_barren(p->member[i])) {
			nr++;
			drop++;
		} else {
			fix_say(x, "%s is answered, too: a limit, no drop",
				  p->member[i]->row.name);
			fix_limit_to(x, &who[nr], &(struct fix_target) { "", "", "", 0 }, limit);
		}
	}
	fix_drop_sources(x, who, nr);
	for (i = 0; i < nr; i++)
		guard_say(ts, n, &who[i], true, f);
	if (drop == 1 && p->nr_members == 1 && !x->nr_placed)
		fix_instead_limit(x, limit);
	if (drop)
		facts_add(&f->price, "A dropped source gets nothing through here any more, "
			  "rightful traffic included.");
	if (local)
		facts_add(&f->price, "The program on this host goes on trying: stop it.");
}

/* A member that no rule may cut off: it is said, and the rest is a question. */
static bool is_guarded(const struct tables *ts, const struct netns_table *n,
		       const struct part *p, struct finding *f)
{
	bool guarded = false;
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		struct fix_source who = cure_group(p->member[i]);

		if (p->member[i]->own || guard_source(ts, n, &who))
			continue;
		guard_say(ts, n, &who, false, f);
		guarded = true;
	}
	return guarded;
}

/* What a narrow rule meets is work of nobody: it may have no more than half of the table. */
static int64_t least(const struct tables *ts, const struct netns_table *n, const struct part *p,
		     const char *proto)
{
	double fits = (double)n->max / 2 / limit_stay(ts, n, proto) / p->nr_members;

	return p->narrow ? (int64_t)fmin(fmax(fits, 1), LEAST) : LEAST;
}

/* Whom a narrow rule limits keeps what is answered there, and a half more. */
static int64_t spares(const struct tables *ts, const struct netns_table *n,
		      const struct part *p, int64_t limit)
{
	double needs = 1.5 * p->arrivals * share(group_fruitful(p->narrow), p->narrow->entries) / 100;

	if (guard_group(ts, n, p->member[0]) || needs < limit)
		return limit;
	return (int64_t)needs + 1;
}

static void take_effect(const struct tables *ts, const struct netns_table *n,
			struct effect *e, const struct part *p, const struct group *g,
			int64_t limit)
{
	if (p->narrow) {
		effect_turn_away(e, p->narrow, EFFECT_BARREN, limit);
		effect_delete(e, p->narrow, EFFECT_BARREN);
	} else if (!g->own && !guard_group(ts, n, g)) {
		return;		/* no rule meets it */
	} else {
		effect_turn_away(e, g, EFFECT_ALL, g->own || !all_barren(g) ? limit : EFFECT_NONE);
		effect_delete(e, g, EFFECT_BARREN);
	}
}

/* No rule tells what it sends in vain from its work: who behind it sends that? */
static void cure_mixed(const struct tables *ts, const struct netns_table *n,
		       const struct part *p, struct finding *f)
{
	struct fix_source who;
	struct fix x;
	size_t i;

	effect_begin(&f->effect, n, 0);
	cure_begin(&x, ts, n, f);
	step_say(&f->fix, STEP_NOW, "a rule here would meet its work as well: %s sends what nobody "
		  "answers?", p->member[0]->own ? "which program" : "who behind it");
	for (i = 0; i < p->nr_members; i++) {
		who = cure_group(p->member[i]);
		if (who.local)
			fix_look(&x, "ss -tunp src %s", who.source);
		else
			fix_look(&x, "conntrack -L -s %s 2>/dev/null | grep UNREPLIED | "
				 "head -n 20", who.source);
	}
	f->effect.within = wait_less(ts, n, wait_in_vain, &x, f);
	fix_end(&x);
	lines_add(&f->verify, "conntriage");
}

static void cure(const struct tables *ts, const struct netns_table *n, const struct part *p,
		 struct finding *f)
{
	const char *proto = limit_proto(p);
	int64_t forever = limit_rate(ts, n, p, proto);
	int64_t limit = forever && !p->narrow ? forever : least(ts, n, p, proto);
	bool guarded = is_guarded(ts, n, p, f), holds;
	struct fix x;
	size_t i;

	effect_begin(&f->effect, n, SETTLES);
	cure_begin(&x, ts, n, f);
	if (p->narrow) {
		limit = spares(ts, n, p, limit);
		limit_narrowly(ts, n, &x, p, limit, f);
	} else {
		drop_members(ts, n, &x, p, limit, proto, f);
		delete_members(ts, n, &x, p);
	}
	for (i = 0; i < p->nr_members; i++)
		take_effect(ts, n, &f->effect, p, p->member[i], limit);
	/* a limit for everybody would be one for whom it must spare, too */
	if (guarded || (p->narrow && !all_barren(p->member[0])))
		forever = 0;
	if (forever && (!p->member[0]->own || p->nr_members > 1))
		fix_limit_new(&x, forever, proto);
	fix_end(&x);
	holds = placed_say(n, &x, p, f);
	if (!x.rules && !x.nr_placed) {
		lines_add(&f->verify, "conntriage sources");
		return;
	}
	/* a namespace's rules go with it, and none is printed there */
	if (forever && n->own)
		facts_add(&f->price, "The limit counts a proxy or a NAT gateway as one source: "
			  "raise it for those. It knows 65,536 at a time: made-up ones would fill "
			  "that, and it limits no others then.");
	facts_add(&f->price, "A bigger table would only fill later and cost memory, so the "
		  "maximum stays as it is.");
	if (!holds)
		f->effect.within = 0;
	pressed_rules(&x, f, p->member[0]->own ? "mangle" : "raw",
		      p->member[0]->own ? "OUTPUT" : "PREROUTING");
}

static void sentence(const struct netns_table *n, const struct part *p, struct finding *f)
{
	const char *what = p->life == LIFE_HALF_OPEN ? "begins and never completes" :
			   "opens and nobody answers";
	bool many = p->nr_members > 1;
	const struct group *g = p->member[0];

	if (p->life == LIFE_HALF_OPEN && many)
		what = "begin and never complete";
	else if (many)
		what = "open and nobody answers";
	if (p->kind == PART_SCAN) {
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, ": {}{} {} about {asked} destinations and ports that "
			  "don't answer, which takes {share} of the table",
			  text_of(g->own && !many ? "this host itself, " : ""),
			  text_of(phrase_members(p)),
			  text_of(is_over(n) ? "asked" : many ? "ask" : "asks"),
			  count_of(known(g->row.dests) > known(g->row.ports) ? g->row.dests :
				   g->row.ports),
			  share_of(p->frees, n->occupancy->entries));
	} else {
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, ": {}{} alone {} {frees} of its {entries} entries, "
			  "connections that {} {}",
			  text_of(g->own && !many ? "this host itself, " : ""),
			  text_of(phrase_members(p)),
			  text_of(is_over(n) ? "had" : many ? "have" : "has"), count_of(p->frees),
			  count_of(n->occupancy->entries), text_of(many ? "they" : "it"),
			  text_of(what));
	}
	if (p->arrivals >= 1)
		fact_more(&f->sentence, ", {}{new_per_second} new ones a second",
			  text_of(g->kind == GROUP_PREFIX && n->openers_cut ? "at least " : ""),
			  rate_of(p->arrivals));
	phrase_end(&f->sentence, n);
}

static void against(const struct part *p, struct finding *f)
{
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		const struct group *g = p->member[i];
		double work = group_fruitful(g);

		if (share(work, g->entries) >= 1)
			facts_add(&f->against, "{share} of {}'s entries were answered: is it a "
				  "proxy or a gateway? [module: census]",
				  share_of(work, g->entries), text_of(g->row.name));
	}
	if (p->narrow && !strcmp(p->narrow->row.proto, "udp") && all_barren(p->member[0]))
		facts_add(&f->against, "a program that reports to a collector (syslog, statsd) is "
			  "never answered either: if it is one, let it keep one socket open");
	if (p->member[0]->kind == GROUP_PREFIX)
		facts_add(&f->against, "whoever else lives in that network is met as well");
}

static void flood(const struct tables *ts, struct findings *fs, enum part_kind kind,
		  const struct cause *cause)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, kind);
		struct finding *f;

		if (!p)
			continue;
		f = pressed_begin(fs, cause, ts, n, p);
		sentence(n, p, f);
		pressed_evidence(ts, n, f);
		against(p, f);
		pressed_members(ts, n, p, f);
		pressed_programs(ts, n, p, f);
		pressed_victims(ts, n, f);
		if (is_over(n))
			step_say(&f->fix, STEP_NOW, "it is over; if it comes back, ask conntriage then");
		else if (p->mixed)
			cure_mixed(ts, n, p, f);
		else
			cure(ts, n, p, f);
	}
}

static void judge_flood(const struct tables *ts, struct findings *fs)
{
	flood(ts, fs, PART_FLOOD, &cause_flood);
}

static void judge_scan(const struct tables *ts, struct findings *fs)
{
	flood(ts, fs, PART_SCAN, &cause_scan);
}

const struct cause cause_flood = {
	.name = "flood",
	.title = "connections that nobody answers, of a few",
	.text =
"A source, a handful or a network opens connections that nobody answers, or that\n"
"it never completes. Each takes an entry until the timeout of its state is over\n"
"(syn_sent 120 seconds, syn_recv 60, udp 30), whatever the size of the table, so\n"
"a bigger one only fills later.\n"
"\n"
"Only what is unanswered is counted against a source. A proxy or a gateway with\n"
"90 % of all connections is no flood where they are answered; where it has both,\n"
"the rule meets only the destination that doesn't answer. Where all of it goes to\n"
"one service that answers nobody, that service is the cause: see \"dead\".\n"
"\n"
"The drop stands before conntrack sees the packet. The limit for good is what\n"
"keeps half of the table free: half of the maximum, divided by the seconds that an\n"
"unanswered entry stays.\n",
	.weight = 400,
	.judge = judge_flood,
};

const struct cause cause_scan = {
	.name = "scan",
	.title = "one that asks many whether they are there",
	.text =
"A scan is a flood of entries with hardly two of the same destination and port:\n"
"hundreds of addresses, or of ports of one, that mostly don't answer. It fills a\n"
"table as a flood does, and is met in the same way, at its source. A monitoring\n"
"host asks many as well; it is answered, and so not named here.\n",
	.weight = 400,
	.judge = judge_scan,
};
