// SPDX-License-Identifier: GPL-2.0
/*
 * NAT has no port left for connections to one destination: the kernel tries so many,
 * then leaves the packet a tuple that another connection has, and the insertion fails
 * (docs/beside-conntrack.md, "NAT and ports").
 */
#include "fix/fix.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/ports.h"
#include "judge/settings.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

#define SHORT_TIME_WAIT	30	/* s; the peer keeps its own for 60 or more */

static int64_t closing(const struct census_row *row)
{
	return row->has_stages ? plus(row->stage[STAGE_CLOSING], row->stage[STAGE_CLOSING_120]) :
				 0;
}

static bool is_nft(const struct snapshot *s)
{
	return s->rules.dialect == RULES_NFT;
}

/* What the rule would have to say: of addresses and ports that only the host's own people know */
static void wider_rule(const struct snapshot *s, const struct ports *p, struct steps *st,
		       enum step_when when)
{
	bool narrow = p->rule->port_min != UNKNOWN &&
		      (p->rule->port_min > PORTS_MIN || p->rule->port_max < PORTS_MAX);

	if (narrow)
		step_say(st, when, "all ports, in the rule in %s: %s%d-%d", p->rule->place,
			  !is_nft(s) ? "--to-ports " : p->rule->to[0] ? "snat to ADDRESS:" :
			  "masquerade to :", PORTS_MIN, PORTS_MAX);
	step_say(st, when, "more addresses, in the rule in %s: %s", p->rule->place,
		  is_nft(s) ? "snat to FIRST-LAST" : "-j SNAT --to-source FIRST-LAST");
	step_say(st, when, "(each address of this host's has %s ports of its own for each destination)",
		  num(PORTS_MAX - PORTS_MIN + 1));
}

static void add_evidence(const struct tables *ts, struct finding *f, const struct ports *p)
{
	const struct source_nat *rule = p->rule;

	facts_add(&f->evidence, "{entries} entries to {}:{} ({}); the rule in {} has ports for "
		  "{room} [module: census; nft]", count_of(p->pair->entries), text_of(p->address),
		  text_of(p->port), text_of(p->pair->proto), text_of(rule->place),
		  count_of(p->room));
	if (closing(p->pair))
		facts_add(&f->evidence, "{share} of them are closing [module: census]",
			  share_of(closing(p->pair), p->pair->entries));
	if (p->failed > 0)
		facts_add(&f->evidence, "{per_second} insertions fail a second, and not by long "
			  "chains [module: history, netns]", rate_of(p->failed));
	if (ts->s->stat.found > 0)
		facts_add(&f->evidence, "{found} times since the boot a port that NAT wanted was "
			  "taken [kernel: found]", count_of(ts->s->stat.found));
	if (p->pair->sources == 1)
		facts_add(party_nobody(&f->culprit), "one source has all connections to "
			  "{address}:{port} [module: census]", text_of(p->address),
			  text_of(p->port));
	else if (p->pair->sources > 0)
		facts_add(party_nobody(&f->culprit), "about {sources} sources have connections to "
			  "{address}:{port} [module: census]", count_of(p->pair->sources),
			  text_of(p->address), text_of(p->port));
	if (ts->s->rules.nr_source_nat > 1)
		facts_add(&f->against, "{rules} rules translate sources; another one may "
			  "be meant", count_of(ts->s->rules.nr_source_nat));
	if (ts->s->rules.has_dnat)
		facts_add(&f->against, "rules translate destinations, too: behind {}:{} there may "
			  "be several, with ports for each", text_of(p->address), text_of(p->port));
}

/*
 * Shorter, by Little's law: as many entries close a second as before, and each stays
 * for a part of the time. Those that are there have their time already.
 */
static void end_sooner(const struct tables *ts, const struct netns_table *n,
		       const struct ports *p, struct fix *x, struct finding *f)
{
	int64_t time_wait = setting_now(ts, n, "tcp_timeout_time_wait");
	int64_t gone = closing(p->pair);
	char options[160];

	fix_lower(x, "tcp_timeout_time_wait", SHORT_TIME_WAIT);
	snprintf(options, sizeof(options), "-p %s -d %s --dport %s --state TIME_WAIT", p->pair->proto, p->address, p->port);
	fix_delete_kind(x, options);
	effect_begin(&f->effect, n, 0);
	if (time_wait > SHORT_TIME_WAIT && n->count != UNKNOWN)
		cure_predict(ts, f, (struct prediction) {
			.entries = n->count - gone + gone / time_wait * SHORT_TIME_WAIT,
			.within = 2 * SHORT_TIME_WAIT,
		});
}

static void judge_netns(const struct tables *ts, const struct netns_table *n,
			struct findings *fs)
{
	struct ports p = ports_used_up(ts, n);
	bool losing, ended;
	struct finding *f;
	struct fix x;

	if (!p.pair)
		return;
	losing = p.failed >= TH(CLASH_RATE);
	ended = share(closing(p.pair), p.pair->entries) >= 50;
	f = finding_add(fs, &cause_natports, losing ? SEV_CRITICAL : SEV_WARNING);
	f->certainty = ts->s->rules.has_dnat || !losing ? POSSIBLE : LIKELY;
	fact_set(&f->sentence, "NAT has {} for connections to {}:{}: {entries} of {room} are "
		 "taken{}.", text_of(losing ? "no port left" : "hardly a port left"),
		 text_of(p.address), text_of(p.port), count_of(p.pair->entries), count_of(p.room),
		 text_of(losing ? ", and new ones are dropped" : ""));
	add_evidence(ts, f, &p);
	cure_begin(&x, ts, n, f);
	if (ended)
		end_sooner(ts, n, &p, &x, f);
	wider_rule(ts->s, &p, &f->fix, ended ? STEP_FOR_GOOD : STEP_NOW);
	fix_end(&x);
	if (ended)
		facts_add(&f->price, "A port that is used again soon may meet the other side's "
			  "TIME_WAIT.");
	facts_add(&f->price, "Ports chosen at random (fully-random) or a bigger table change "
		  "nothing: there are no more ports.");
	lines_add(&f->verify, "conntrack -S | grep -o 'insert_failed=[0-9]*'");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++)
		judge_netns(ts, &ts->netns[i], fs);
}

const struct cause cause_natports = {
	.name = "natports",
	.title = "no port left for NAT",
	.text =
"NAT that translates sources gives each connection a port that no other one to\n"
"the same destination and service has, or answers couldn't be told apart. One\n"
"address has 64,512 of them, from 1024 to 65535, for each destination; fewer\n"
"where the rule names a range. When they are taken the kernel tries some at\n"
"random, gives up, and the packet is dropped when it leaves: insert_failed rises,\n"
"without \"table full\" and without chaintoolong, and it is only that destination\n"
"that can't be reached.\n"
"\n"
"It takes many connections to one place: a proxy, a database, a load balancer\n"
"behind one address. More addresses, a wider range, or entries that end sooner\n"
"help. Sixty thousand connections to many destinations are no trouble.\n",
	.weight = 640,
	.judge = judge,
};
