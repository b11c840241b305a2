// SPDX-License-Identifier: GPL-2.0
/*
 * Insertions that clash: two packets of one flow at once (a resolver that asks
 * for A and AAAA from one socket), or two flows that NAT gives one port. The
 * later packet is dropped; people see DNS that takes five seconds.
 */
#include <string.h>

#include "fix/fix.h"
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
	if (!ts->s->mod.loaded) {
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
			lines_add(&f->culprit, "connections to %s%s: %s clashed since the "
				  "module was loaded [module: sources]", row->source,
				  strcmp(row->source, "udp/53") ? "" : " (DNS)",
				  num(clashed(row)));
		else
			lines_add(&f->victim, "%s: %s of its new connections [module: "
				  "sources]", row->source, num(clashed(row)));
	}
	return nr;
}

/* All or nothing: nft and the restores take their input as one change. */
static void random_nft(struct finding *f)
{
	lines_add(&f->fix_now, "nft -a list ruleset | awk '$1 == \"table\" { t = $2 \" \" $3 } "
		  "$1 == \"chain\" { c = $2 } /[ \\t](snat to|masquerade) / && "
		  "!/random|persistent/ { h = $NF; sub(/ # handle .*/, \"\"); print "
		  "\"replace rule\", t, c, \"handle\", h, $0, \"fully-random\" }' | nft -f -");
	lines_add(&f->fix_persist, "# the same where the rules come from:");
	lines_add(&f->fix_persist, "grep -rslE '(snat to|masquerade)' /etc/nftables.conf "
		  "/etc/nftables.d | xargs -r sed -i -E '/random|persistent/! "
		  "s/(snat to [^ ;}]+|masquerade)/\\1 fully-random/'");
}

static void random_iptables(struct finding *f, const char *flavour)
{
	static const char *const tool[] = { "iptables", "ip6tables" };
	int i;

	for (i = 0; i < 2; i++)
		lines_add(&f->fix_now, "%s-%s-save -t nat | sed -E '/-j (MASQUERADE|SNAT)/ "
			  "{ /random/! s/$/ --random-fully/ }' | %s-%s-restore", tool[i],
			  flavour, tool[i], flavour);
	fix_save_iptables(&f->fix_persist, flavour);
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
	finding_sentence(f, "%s new connections a second are lost to clashes: two packets "
			 "ask for the same entry at once, and the later one is dropped.",
			 per_second(c.rate));
	lines_add(&f->evidence, "%s insertions failed in %s%s%s%s [%s]", num(c.lost),
		  duration(c.seconds), ts->s->mod.loaded ? " (" : "",
		  ts->s->mod.loaded ? pct(c.lost, ts->spell.inserts) : "",
		  ts->s->mod.loaded ? " of all)" : "", ts->s->mod.loaded ?
		  "module: history" : "kernel: /proc/net/stat/nf_conntrack");
	lines_add(&f->evidence, "%s more clashes did no harm: the kernel joined the two "
		  "packets [kernel: clash_resolve]", num(c.resolved));
	name_clashed(ts, f, false);
	if (!name_clashed(ts, f, true) && udp)
		lines_add(&f->culprit, "probably UDP port %s%s: it holds most UDP entries "
			  "[module: census]", udp->name,
			  strcmp(udp->name, "53") ? "" : " (DNS)");
	lines_add(&f->fix_now, "# DNS: have the clients ask one after the other, in their "
		  "/etc/resolv.conf:");
	lines_add(&f->fix_now, "# options single-request-reopen");
	lines_add(&f->fix_now, "# NAT: let it choose ports at random, in every rule that "
		  "translates sources:");
	if (ts->s->rules.dialect == RULES_IPTABLES_LEGACY)
		random_iptables(f, "legacy");
	else if (ts->s->rules.dialect == RULES_IPTABLES_NFT)
		random_iptables(f, "nft");
	else
		random_nft(f);
	finding_price(f, "Random ports cost nothing but that a port no longer tells its "
		      "flow. A caching resolver on each host ends the DNS race for good.");
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
"This has nothing to do with a full table. Over-long chains count as\n"
"insert_failed as well: see \"buckets\".\n",
	.weight = 600,
	.judge = judge,
};
