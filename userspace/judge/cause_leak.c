// SPDX-License-Identifier: GPL-2.0
/* Connections that were established and are held, silent, by one or a few. */
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/capacity.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/guard.h"
#include "judge/life.h"
#include "judge/occupancy.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/settings.h"
#include "judge/silent.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SETTLES		30	/* s: some are many */

/* conntriage-delete(8)'s options, and those of conntrack -L, for a member */
static void whose(const struct group *g, char *text, size_t size)
{
	struct cure_target where;

	if (g->kind == GROUP_SOURCE) {
		snprintf(text, size, "-s %s", g->row.name);
		return;
	}
	cure_target(&where, g);
	snprintf(text, size, "-d %s%s%s", where.address, *where.port ? " --dport " : "",
		 where.port);
}

/* A gateway, a resolver, the session: not who is a server, whose clients leak */
static bool guarded(const struct tables *ts, const struct netns_table *n,
		    const struct group *g)
{
	struct fix_source who = cure_group(g);
	struct cure_target to;

	if (g->kind == GROUP_SOURCE)
		return !guard_source(ts, n, &who) || who.nr_except;
	cure_target(&to, g);
	return guard_named(ts, to.address);
}

static void cure(const struct tables *ts, const struct netns_table *n, const struct part *p,
		 struct finding *f)
{
	char where[160];
	bool deletes = false, spares = false;
	struct fix x;
	size_t i;

	effect_begin(&f->effect, n, 0);
	cure_begin(&x, ts, n, f);
	step_say(&f->fix, STEP_NOW, "which program opens connections, and neither uses nor closes them?");
	for (i = 0; i < p->nr_members && i < 3; i++) {
		const struct group *g = p->member[i];

		whose(g, where, sizeof(where));
		if (g->own && g->kind == GROUP_SOURCE)
			fix_look(&x, "ss -tnpo src %s", g->row.name);
		else
			fix_look(&x, "conntrack -L -p tcp --state ESTABLISHED %s "
				 "2>/dev/null | head", where);
	}
	for (i = 0; i < p->nr_members; i++) {
		double old = life_silent(p->member[i]->row.stage, STAGE_SILENT_7200);

		if (2 * old < group_silent(p->member[i]))
			continue;
		whose(p->member[i], where, sizeof(where));
		if (!p->member[i]->own && guarded(ts, n, p->member[i])) {
			step_say(&f->fix, STEP_NOW, "those of %s stay: this host needs it",
				  p->member[i]->row.name);
			spares = true;
			continue;
		}
		if (!deletes && setting_now(ts, n, "tcp_timeout_established") > RFC5382_IDLE)
			step_say(&f->fix, STEP_NOW, "free the room of those that have been silent for two hours:");
		deletes |= silent_tcp(ts, n, &x, where, old, &f->effect);
	}
	fix_end(&x);
	f->effect.within = deletes || f->effect.max ? SETTLES : 0;
	step_say(&f->fix, STEP_FOR_GOOD, "mend the program: a limit of its pool, an idle timeout, TCP "
		  "keepalive (SO_KEEPALIVE)");
	if (deletes) {
		facts_add(&f->price, "A connection that is silent for over two hours and still "
			  "wanted is cut where it passes NAT or a stateful firewall.");
	} else if (spares) {
		facts_add(&f->price, "Nothing is deleted here: this host would lose connections "
			  "that it needs.");
	} else {
		facts_add(&f->price, "Nothing is deleted here: they have been silent for less "
			  "than two hours, as connections that somebody waits on are.");
	}
	lines_add(&f->verify, "conntriage census");
}

static void sentence(const struct netns_table *n, const struct part *p, struct finding *f)
{
	const struct group *g = p->member[0];
	bool to = g->kind != GROUP_SOURCE;
	int64_t old = life_silent(n->occupancy->stage, STAGE_SILENT_7200);

	phrase_table_is(&f->sentence, n);
	fact_more(&f->sentence, ": {frees} of its {entries} entries are connections {} {}{} that "
		  "have said nothing for {}", count_of(p->frees), count_of(n->occupancy->entries),
		  text_of(to ? "to" : "of"), text_of(phrase_members(p)),
		  text_of(g->own ? " (this host)" : ""),
		  text_of(2 * (double)old >= p->holds ? "over two hours" : "minutes or more"));
	phrase_end(&f->sentence, n);
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_LEAK);
		struct finding *f;

		if (!p)
			continue;
		f = pressed_begin(fs, &cause_leak, ts, n, p);
		sentence(n, p, f);
		pressed_evidence(ts, n, f);
		if (p->certainty == POSSIBLE)
			facts_add(&f->against, "a proxy that waits for its clients (chat, "
				  "websockets, databases' pools) looks the same; how long they "
				  "are silent in an hour decides");
		pressed_members(ts, n, p, f);
		pressed_programs(ts, n, p, f);
		pressed_victims(ts, n, f);
		if (n->level == LEVEL_WAS)
			step_say(&f->fix, STEP_NOW, "it is over; if it comes back, ask conntriage then");
		else
			cure(ts, n, p, f);
	}
}

const struct cause cause_leak = {
	.name = "leak",
	.title = "connections that somebody holds and doesn't use",
	.text =
"An established TCP connection keeps its entry for five days, whether it talks or\n"
"not. A program that opens connections and forgets them, or a server that never\n"
"closes what its clients left, fills the table in days. It is told by this: most\n"
"of the silent entries have one source, or one destination, in common.\n"
"\n"
"Mend the program, or give it TCP keepalive. What is silent for longer than two\n"
"hours can be deleted: keepalives come every two hours by default. Shortening\n"
"everybody's timeout below 2 hours 4 minutes (RFC 5382) hurts the others.\n"
"\n"
"On a standby firewall another host's connections are silent that its conntrackd\n"
"has put into the table: where as many were put in (the kernel's counter insert),\n"
"silence is no leak, and nothing is deleted.\n",
	.weight = 395,
	.judge = judge,
};
