// SPDX-License-Identifier: GPL-2.0
/*
 * Insertions that clash: two packets of one flow at once (a resolver that asks
 * for A and AAAA from one socket), or two flows that NAT gives one port. The
 * later packet is dropped; people see DNS that takes five seconds.
 */
#include <inttypes.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/ports.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

#define NAMED	3	/* services, and sources */

struct clashes {
	double rate;		/* lost insertions a second */
	double share;		/* of new connections, % */
	int64_t lost, resolved, seconds;
};

/* Over-long chains fail insertions too: cause_buckets.c speaks of those. */
static void measure(const struct tables *ts, struct clashes *c)
{
	int64_t failed = 0, chains = 0;
	size_t i;

	memset(c, 0, sizeof(*c));
	if (!ts->s->mod.loaded && !ts->s->nr_history) {
		c->lost = minus(ts->s->stat.insert_failed, ts->s->stat.chaintoolong);
		c->resolved = known(ts->s->stat.clash_resolve);
		c->seconds = known(ts->s->boot_age);
		c->share = 100;
	} else {
		for (i = 0; i < ts->nr_netns; i++) {
			const struct netns_row *r = ts->netns[i].row;

			failed = plus(failed, r->k_insert_failed);
			chains = plus(chains, r->k_chaintoolong);
			c->resolved = plus(c->resolved, r->k_clash);
		}
		c->lost = ts->spell.insert_failed;
		c->seconds = ts->spell.seconds;
		c->share = share(c->lost, ts->spell.inserts);
		if (2 * (double)chains > failed)
			c->lost = 0;
	}
	c->rate = c->seconds > 0 ? (double)c->lost / c->seconds : 0;
}

/* A UDP service that most of a table is for, or NULL. */
static const struct census_row *service(const struct tables *ts)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct census_row *row =
			tables_heaviest(ts, CENSUS_SERVICE, ts->netns[i].netns);

		while (row && strcmp(row->proto, "udp"))
			row = tables_next(ts, row);
		if (row)
			return row;
	}
	return NULL;
}

static int64_t clashed(const struct source_row *row)
{
	return row_kind(row, "clash");
}

/*
 * Whose connections clashed: services or sources as the module lists them, the
 * heaviest first. Returns how many were named.
 */
static size_t name_clashed(const struct tables *ts, struct finding *f, bool services)
{
	size_t i, nr = 0;

	for (i = 0; i < ts->s->nr_source && nr < NAMED; i++) {
		const struct source_row *row = &ts->s->source[i];

		if (row->class != SRC_INSERT_FAILED || !row->family != services ||
		    !clashed(row))
			continue;
		nr++;
		if (services)
			facts_add(party_service(&f->culprit, row->source, NULL), "{clashed} "
				  "connections to it clashed since the module was loaded "
				  "[module: sources]", count_of(clashed(row)));
		else
			facts_add(party_row(&f->victim, ts, row), "{clashed} of its new "
				  "connections [module: sources]", count_of(clashed(row)));
	}
	return nr;
}

/* Whose chains and tables are called so, and what he does about it */
static const struct {
	const char *mark, *whose;
} makers[] = {
	{ " KUBE-", "kube-proxy's: from 1.16 on it adds that itself" },
	{ " FLANNEL-", "flannel's: from 0.11 on it adds that itself" },
	{ " NETAVARK", "podman's, without a setting for it" },
	{ " CNI-", "a CNI plugin's, without a setting for it" },
	{ " LIBVIRT_", "libvirt's, without a setting for it" },
	{ " firewalld ", "firewalld's, without a setting for it" },
};

static const char *whose(const struct source_nat *rule)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(makers); i++)
		if (strstr(rule->place, makers[i].mark))
			return makers[i].whose;
	return NULL;
}

static bool of_iptables(const struct snapshot *s, const struct source_nat *rule)
{
	return s->rules.iptables_nft && (!strncmp(rule->place, "ip nat ", 7) ||
					 !strncmp(rule->place, "ip6 nat ", 8));
}

/* A rule that keeps ports, and whether its chain has one before it. */
static const struct source_nat *keeper(const struct snapshot *s, size_t nr, bool *first)
{
	const struct source_nat *rule = &s->rules.source_nat[nr];
	size_t i;

	if (rule->random)
		return NULL;
	*first = true;
	for (i = 0; i < nr; i++)
		if (!s->rules.source_nat[i].random &&
		    !strcmp(s->rules.source_nat[i].place, rule->place))
			*first = false;
	return rule;
}

/* How the rules of nft's that translate sources come to choose at random */
static void name_rules(const struct snapshot *s, struct finding *f)
{
	static const char *const files[] = {
		"grep -rE 'masquerade|snat to' /etc/nft* | grep -v random",
		"grep -rE 'MASQUERADE|SNAT' /etc/iptables /etc/ufw | grep -v random",
	};
	size_t i, nr = s->rules.nr_source_nat;
	bool yours[2] = { false, false }, first;

	for (i = 0; i < nr && i < NAMED_SOURCE_NATS; i++) {
		const struct source_nat *rule = keeper(s, i, &first);
		bool iptables;

		if (!rule || whose(rule))
			continue;
		iptables = of_iptables(s, rule);
		if (!yours[0] && !yours[1])
			step_say(&f->fix, STEP_NOW, "NAT: rules that keep a client's port, which two "
				  "may have:");
		/* "?" stands for what no shell should see */
		if (first && !strchr(rule->place, '?'))
			step_look(&f->fix, STEP_NOW, "nft -a list chain %s", rule->place);
		step_say(&f->fix, STEP_FOR_GOOD, "%s, handle %" PRId64 ": add %s, if you made it",
			  rule->place, rule->handle, iptables ? "--random-fully" : "fully-random");
		yours[iptables] = true;
	}
	if (nr > NAMED_SOURCE_NATS)
		step_say(&f->fix, STEP_FOR_GOOD, "%s more rules translate sources: likewise",
			  num(nr - NAMED_SOURCE_NATS));
	for (i = 0; i < 2; i++)
		if (yours[i])
			step_look(&f->fix, STEP_FOR_GOOD, "%s", files[i]);
	for (i = 0; i < nr && i < NAMED_SOURCE_NATS; i++) {
		const struct source_nat *rule = keeper(s, i, &first);

		if (rule && first && whose(rule))
			step_say(&f->fix, STEP_FOR_GOOD, "leave %s: %s", rule->place,
				  whose(rule));
	}
}

/*
 * A rule may be its owner's, who writes it again: what to add is told, and where, and
 * nothing is changed.
 */
static void choose_at_random(const struct snapshot *s, struct finding *f)
{
	bool legacy = s->rules.iptables_legacy;

	name_rules(s, f);
	if (s->rules.contents_known)
		return;
	step_say(&f->fix, STEP_NOW, "NAT: rules that keep a client's port, which two may have:");
	step_look(&f->fix, STEP_NOW, legacy ? "iptables-legacy -t nat -S | grep -v random" :
		  "nft list ruleset | grep -iE 'masquerade|snat' | grep -v random");
	step_say(&f->fix, STEP_FOR_GOOD, "where you made them, add %s", legacy ?
		  "--random-fully" : "fully-random (iptables: --random-fully)");
}

/* Without a free port NAT's packets clash as well: cause_natports.c speaks of it. */
static bool no_ports(const struct tables *ts)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++)
		if (ports_used_up(ts, &ts->netns[i]).pair)
			return true;
	return false;
}

/*
 * A full table kills entries before they are confirmed as well, and costs so much more
 * that clashes are no news.
 */
static bool beside_pressure(const struct tables *ts, const struct clashes *c)
{
	double cost = 0;
	size_t i;

	for (i = 0; i < ts->nr_netns; i++)
		cost += (double)ts->netns[i].refused + (double)ts->netns[i].evicted;
	return cost > 0 && share(c->lost, cost) < TH(PART);
}

static void judge(const struct tables *ts, struct findings *fs)
{
	const struct census_row *udp = service(ts);
	struct clashes c;
	struct finding *f;

	measure(ts, &c);
	if (c.rate < TH(CLASH_RATE) || c.share < TH(CLASH_SHARE) || no_ports(ts) ||
	    beside_pressure(ts, &c))
		return;
	f = finding_add(fs, &cause_clash, SEV_WARNING);
	fact_set(&f->sentence, "{lost_per_second} new connections a second are lost to clashes: "
		 "two packets ask for the same entry at once, and the later one is dropped.",
		 rate_of(c.rate));
	if (ts->s->mod.loaded || ts->s->nr_history)
		facts_add(&f->evidence, "{lost} insertions failed in {seconds} ({share} of all) "
			  "[module: history]", count_of(c.lost), seconds_of(c.seconds),
			  share_of(c.lost, ts->spell.inserts));
	else
		facts_add(&f->evidence, "{lost} insertions failed in {seconds} [kernel: "
			  "/proc/net/stat/nf_conntrack]", count_of(c.lost), seconds_of(c.seconds));
	if (c.resolved > 0)
		facts_add(&f->evidence, "{resolved} more clashes did no harm: the kernel joined "
			  "the two packets [kernel: clash_resolve]", count_of(c.resolved));
	name_clashed(ts, f, false);
	if (!name_clashed(ts, f, true) && udp)
		facts_add(party_service(&f->culprit, udp->name, "udp"),
			  "probably, as it holds most UDP entries [module: census]");
	step_say(&f->fix, STEP_NOW, "DNS: one question after the other, in the clients' "
		  "/etc/resolv.conf:");
	step_say(&f->fix, STEP_NOW, "options single-request-reopen");
	choose_at_random(ts->s, f);
	facts_add(&f->price, "Random ports cost nothing but that a port no longer tells its flow. "
		  "A caching resolver on each host ends the DNS race for good.");
	lines_add(&f->verify, "conntrack -S | grep -o 'insert_failed=[0-9]*'");
}

const struct cause cause_clash = {
	.name = "clash",
	.title = "two packets that ask for the same entry",
	.text =
"A packet's entry enters the table only after the packet has passed all rules.\n"
"If a second packet of the same flow does so at the same time, or NAT gives two\n"
"flows the same port, one of them comes too late. For UDP the kernel can often\n"
"join them (clash_resolve); where it can't, the packet is dropped\n"
"(insert_failed). The classic victim is DNS: a resolver asks for A and AAAA from\n"
"one socket, one question is lost, and the lookup takes five seconds.\n"
"\n"
"NAT keeps a client's port as long as it is free, so that two clients may get\n"
"the same one at the same moment; chosen at random (fully-random, --random-fully)\n"
"they hardly ever do. That is for whoever makes the rule to say: Docker, podman,\n"
"libvirt and firewalld have no setting for it, and would write the rule again.\n"
"\n"
"This has nothing to do with a full table. Over-long chains count as\n"
"insert_failed as well: see \"buckets\".\n",
	.weight = 600,
	.judge = judge,
};
