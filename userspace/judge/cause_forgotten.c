// SPDX-License-Identifier: GPL-2.0
/*
 * Connections that this host has forgotten (a restart, a flush, a failover) and
 * that go on, while tcp_loose=0 forbids to pick them up again.
 */
#include "fix/fix.h"
#include "judge/actors.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/forgotten.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "snapshot.h"

static void judge_table(const struct tables *ts, const struct netns_table *n,
			const struct part *p, double rate, struct findings *fs)
{
	const char *dropped = ts->s->rules.invalid_drop;
	struct finding *f = p ? pressed_begin(fs, &cause_forgotten, ts, n, p) :
				finding_add(fs, &cause_forgotten, dropped[0] ? SEV_CRITICAL : SEV_WARNING);
	struct fix x;
	size_t i;

	f->certainty = LIKELY;
	fact_set(&f->sentence, "{packets_per_second} packets a second belong to TCP connections "
		 "that this host has forgotten{}{}, and tcp_loose=0 keeps it from picking them up "
		 "again.", rate_of(rate), text_of(n->label[0] ? " in " : ""), text_of(n->label));
	facts_add(&f->evidence, "both ends send such packets, as connections do that go on; "
		  "made-up ones come from one side [module: sources]");
	facts_add(&f->evidence, "nf_conntrack_tcp_loose is 0 [kernel: sysctl]");
	if (dropped[0])
		facts_add(&f->evidence, "{} drops INVALID packets: these connections hang [rules]",
			  text_of(dropped));
	facts_add(&f->evidence, "a restart, a flushed table or a failover makes a host forget; "
		  "the module was loaded {since_load} ago, the host booted {since_boot} ago "
		  "[module: status, kernel]", seconds_of(known(ts->s->mod.uptime)),
		  seconds_of(known(ts->s->boot_age)));
	facts_add(&f->against, "a flood of made-up packets with both addresses in it would look "
		  "the same");
	for (i = 0; i < n->nr_actors && f->victim.nr < 5; i++)
		if (actor_rate(&n->actor[i], SRC_INVALID) >= 1)
			facts_add(party_actor(&f->victim, ts, &n->actor[i]),
				  "{packets_per_second} packets a second that {}",
				  rate_of(actor_rate(&n->actor[i], SRC_INVALID)),
				  text_of(dropped[0] ? "don't get through" : "aren't translated "
					  "(NAT), nor met by rules for \"established\""));
	cure_begin(&x, ts, n, f);
	step_say(&f->fix, STEP_NOW, "pick them up for some minutes; then set it back:");
	fix_sysctl_now(&x, "tcp_loose", 1);
	fix_instead(&x, "sysctl -w net.netfilter.nf_conntrack_tcp_loose=0");
	fix_end(&x);
	step_say(&f->fix, STEP_FOR_GOOD, "where failovers are meant to be unnoticed: conntrackd keeps the "
		  "tables of both hosts alike");
	facts_add(&f->price, "While it is 1, a packet from the middle of nowhere gets an entry: "
		  "SYNPROXY needs 0, and a flood of such packets fills the table.");
	lines_add(&f->verify, "conntriage sources");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_FORGOTTEN);
		double rate = forgotten_rate(ts, n);

		if (p || rate > 0)
			judge_table(ts, n, p, rate, fs);
	}
}

const struct cause cause_forgotten = {
	.name = "forgotten",
	.title = "connections that this host has forgotten",
	.text =
"With tcp_loose=0 a TCP connection has to begin here: packets from its middle are\n"
"INVALID. After a restart of conntrack, a flushed table, or a failover to a host\n"
"that never saw them, all connections there are look like that, from both ends. They\n"
"aren't made up, and nobody attacks: they hang until they time out.\n"
"\n"
"tcp_loose=1 for a few minutes lets this host pick them up.\n",
	.weight = 510,
	.judge = judge,
};
