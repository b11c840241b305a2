// SPDX-License-Identifier: GPL-2.0
/*
 * A timeout of established TCP so short that it ends connections which are only
 * quiet: a cure that somebody took for a full table.
 */

#include "fix/fix.h"
#include "judge/actors.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/forgotten.h"
#include "judge/settings.h"
#include "judge/tables.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

/* Packets a second of connections whose entry is gone */
static double orphans(const struct netns_table *n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n->nr_actors; i++) {
		const struct actor *a = &n->actor[i];

		if (!actor_sends_invalid(a))
			sum += actor_rate(a, SRC_INVALID) *
			       (actor_part(a, SRC_INVALID, "inv_midstream") +
				actor_part(a, SRC_INVALID, "inv_rstfin"));
	}
	return sum;
}

static void judge_table(const struct tables *ts, const struct netns_table *n, int64_t now,
			struct findings *fs)
{
	double rate = orphans(n);
	struct finding *f = finding_add(fs, &cause_short, rate >= 1 ? SEV_WARNING : SEV_OK);
	struct fix x;

	f->certainty = rate >= 1 ? LIKELY : POSSIBLE;
	fact_set(&f->sentence, "A TCP connection that is quiet for {timeout} loses its entry "
		 "here: pools, chats and sessions that wait longer hang or are reset.",
		 seconds_of(now));
	if (rate >= 1)
		facts_add(&f->evidence, "{per_second} packets a second belong to connections that "
			  "have no entry any more [module: sources]", rate_of(rate));
	facts_add(&f->evidence, "nf_conntrack_tcp_timeout_established is {now} seconds, RFC 5382 "
		  "asks for {rfc5382}, the kernel's default is 432000 [kernel: sysctl]",
		  as_it_is(now), as_it_is(RFC5382_IDLE));
	facts_add(&f->against, "where all who pass send keepalives more often than that, nothing "
		  "is lost by it");
	cure_begin(&x, ts, n, f);
	fix_sysctl(&x, "tcp_timeout_established", RFC5382_IDLE);
	fix_end(&x);
	facts_add(&f->price, "Connections that died silently keep their entry for two hours: if "
		  "that fills the table, conntriage says whose they are.");
	fix_line(&x, &f->verify, "sysctl net.netfilter.nf_conntrack_tcp_timeout_established");
}

static void judge(const struct tables *ts, struct findings *fs)
{
	const struct ct_sysctl *c = find_sysctl(ts->s, "tcp_timeout_established");
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];

		/* what this host has forgotten says nothing of its timeouts */
		if (n->own && n->row && c && setting_too_short(c) &&
		    forgotten_rate(ts, n) <= 0)
			judge_table(ts, n, c->value, fs);
	}
}

const struct cause cause_short = {
	.name = "short",
	.title = "a timeout that ends connections which are only quiet",
	.text =
"nf_conntrack_tcp_timeout_established=300 is advice that goes round: it empties a\n"
"full table, and cuts every connection that is quiet for five minutes where it\n"
"passes NAT or a stateful firewall. Database pools, SSH sessions and push channels\n"
"are. TCP keepalives come every two hours by default, so RFC 5382 asks for 2 hours\n"
"4 minutes (7440 seconds).\n",
	.weight = 200,
	.judge = judge,
};
