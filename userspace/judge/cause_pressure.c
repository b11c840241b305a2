// SPDX-License-Identifier: GPL-2.0
/*
 * More connections than the table holds: floods by one source, by a handful and
 * by made-up ones, a source that opens and never closes, and a full table whose
 * contents can't be seen. Nothing here raises the maximum against a flood: that
 * only delays the next outage (docs/conntrack.md, "Maximum and buckets").
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/actors.h"
#include "judge/capacity.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/limit.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/raise.h"
#include "judge/settings.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

/*
 * Commands that show what the rules matched; iptables has to be told in which
 * chain.
 */
static void check_rules(const struct fix *x, struct finding *f, int family,
			const char *table, const char *chain)
{
	if (x->dialect == RULES_NFT)
		fix_line(x, &f->verify, "nft list table inet conntriage");
	else
		fix_line(x, &f->verify, "%s-%s -t %s -nvL %s", family == 6 ?
			 "ip6tables" : "iptables", x->dialect == RULES_IPTABLES_NFT ?
			 "nft" : "legacy", table, chain);
	fix_line(x, &f->verify, "sysctl net.netfilter.nf_conntrack_count");
	lines_add(&f->verify, "conntriage");
}

/* Only where the census has some: conntrack -D fails where it finds none. */
static void free_entries(struct fix *x, const struct netns_table *n)
{
	struct fix_source who;
	bool said = false;
	size_t i;

	for (i = 0; i < n->nr_culprits; i++) {
		const struct actor *a = &n->actor[i];

		if (!a->held || known(a->held->entries) <= 0 || a->local)
			continue;
		if (!said)
			lines_add(x->now, "# free the room that it takes at once:");
		said = true;
		who = cure_source(a);
		fix_delete_entries(x, &who);
	}
}

static void drop_culprits(const struct tables *ts, const struct netns_table *n,
			  struct finding *f)
{
	const char *proto = limit_proto(n);
	int64_t limit = limit_rate(ts, n, proto);
	struct fix_source *who = calloc(n->nr_culprits + 1, sizeof(*who));
	size_t i, local = 0;
	struct fix x;

	if (!who)
		no_memory();
	for (i = 0; i < n->nr_culprits; i++)
		who[i] = cure_source(&n->actor[i]);
	cure_begin(&x, ts, n, f);
	fix_drop_sources(&x, who, n->nr_culprits);
	for (i = 0; i < n->nr_culprits; i++) {
		local += who[i].local;
		if (who[i].local)
			fix_limit_local(&x, &who[i], limit, proto);
		else if (n->nr_culprits == 1)
			fix_instead_limit(&x, &who[i], limit);
	}
	free(who);
	free_entries(&x, n);
	if (local < n->nr_culprits)
		fix_limit_new(&x, limit, proto);
	fix_end(&x);
	if (local)
		check_rules(&x, f, n->actor[0].family, "mangle", "OUTPUT");
	else
		check_rules(&x, f, n->actor[0].family, "raw", "PREROUTING");
	if (local < n->nr_culprits)
		finding_price(f, "A dropped source gets nothing through here any more, "
			      "rightful traffic included.");
	if (local)
		finding_price(f, "The program on this host goes on trying: stop it.");
	if (local < n->nr_culprits)
		finding_price(f, "The limit counts a proxy or a NAT gateway as one source: "
			      "raise it for those.");
	finding_price(f, "A bigger table would only fill later and cost memory, so the "
		      "maximum stays as it is.");
}

static void flood(const struct tables *ts, const struct netns_table *n,
		  struct findings *fs)
{
	struct finding *f = pressed_begin(fs, &cause_pressure, ts, n);
	bool one = n->blame == BLAME_FLOOD;
	double sum = 0;
	size_t i;

	for (i = 0; i < n->nr_culprits; i++)
		sum += n->actor[i].offered;
	if (one)
		finding_sentence(f, "%s %s: %s%s%s alone %s %s new connections a second "
				 "(%s of all)%s.", phrase_table(n), phrase_state(n),
				 n->actor[0].local ? "this host itself (" : "",
				 n->actor[0].source, n->actor[0].local ? ")" : "",
				 n->level == LEVEL_WAS ? "opened" : "opens",
				 per_second(sum), pct(sum, n->offered), phrase_losers(n));
	else
		finding_sentence(f, "%s %s: %s sources together %s %s new connections a "
				 "second (%s of all), %s%s.", phrase_table(n),
				 phrase_state(n), num(n->nr_culprits),
				 n->level == LEVEL_WAS ? "opened" : "open",
				 per_second(sum), pct(sum, n->offered),
				 phrase_names(n->actor, n->nr_culprits), phrase_losers(n));
	pressed_evidence(ts, n, f);
	pressed_culprits(n, f);
	pressed_victims(ts, n, f);
	drop_culprits(ts, n, f);
}

/* The kind of flood: what most of the unanswered entries are. */
enum spoof { SPOOF_SYN, SPOOF_ACK, SPOOF_UDP, SPOOF_OTHER };

static int64_t unreplied(const struct tables *ts, const struct netns_table *n,
			 const char *proto, const char *state)
{
	const struct census_row *row = tables_state(ts, n->netns, proto, state);

	return row ? known(row->unreplied) : 0;
}

static enum spoof kind_of(const struct tables *ts, const struct netns_table *n)
{
	int64_t syn = plus(unreplied(ts, n, "tcp", "SYN_SENT"),
			   unreplied(ts, n, "tcp", "SYN_RECV"));
	int64_t ack = unreplied(ts, n, "tcp", "ESTABLISHED");
	int64_t udp = unreplied(ts, n, "udp", "UNREPLIED");
	const struct census_row *row;
	int64_t answered = 0;

	/* Where a server answers the SYNs, entries wait for the last ACK. */
	row = tables_state(ts, n->netns, "tcp", "SYN_RECV");
	if (row)
		answered = known(row->entries);
	syn = plus(syn, answered);
	if (!syn && !ack && !udp)
		return n->nr_actors && !strcmp(actor_proto(&n->actor[0], SRC_INSERT),
					       "udp") ? SPOOF_UDP : SPOOF_OTHER;
	if (syn >= ack && syn >= udp)
		return SPOOF_SYN;
	return ack >= udp ? SPOOF_ACK : SPOOF_UDP;
}

/*
 * A flood that looks like real connections until somebody answers: entries are
 * rate times timeout, so a short timeout keeps half of the table free. Real
 * clients get their answer within five seconds, or have given up.
 */
static void wait_less(struct fix *x, const struct netns_table *n,
		      struct finding *f, const char *key)
{
	double fits = (double)n->max / 2 / n->offered;
	int64_t timeout = fits < 5 ? 5 : fits;

	if (timeout >= setting_default(key))
		return;
	lines_add(x->now, "# wait for answers as long as the table has room for:");
	fix_sysctl_now(x, key, timeout);
	finding_price(f, "Who needs more than %s to answer is cut off while the timeout "
		      "is so short.", duration(timeout));
}

/* The attacked port, if most entries go there; digits only, for commands. */
static const char *attacked(const struct tables *ts, const struct netns_table *n,
			    const char *proto)
{
	const struct census_row *row = tables_heaviest(ts, CENSUS_SERVICE, n->netns);

	while (row && strcmp(row->proto, proto))
		row = tables_next(ts, row);
	if (!row || share(row->entries, n->count) < TH(FLOOD_SHARE) ||
	    !row->name[0] || strspn(row->name, "0123456789") != strlen(row->name))
		return NULL;
	return row->name;
}

static void cure_spoofed(const struct tables *ts, const struct netns_table *n,
			 struct finding *f)
{
	enum spoof kind = kind_of(ts, n);
	const char *port = kind == SPOOF_SYN ? attacked(ts, n, "tcp") :
			   kind == SPOOF_UDP ? attacked(ts, n, "udp") : NULL;
	char options[48];
	struct fix x;

	cure_begin(&x, ts, n, f);
	switch (kind) {
	case SPOOF_ACK:
		lines_add(&f->fix_now, "# packets from the middle of unknown connections "
			  "get no entry any more:");
		fix_sysctl(&x, "tcp_loose", 0);
		lines_add(&f->fix_now, "# free the room that those take which got one "
			  "and never an answer:");
		fix_delete_kind(&x, "-p tcp --state ESTABLISHED -u '!SEEN_REPLY'");
		finding_price(f, "With tcp_loose=0 connections that this host forgot (a "
			      "restart, a flushed table, a change of route) are cut.");
		break;
	case SPOOF_SYN:
		if (!port) {
			wait_less(&x, n, f, "tcp_timeout_syn_sent");
			break;
		}
		fix_synproxy(&x, port);
		finding_price(f, "SYNPROXY answers in place of the server: it costs CPU "
			      "time, and with tcp_loose=0 connections that this host forgot "
			      "are cut.");
		break;
	case SPOOF_UDP:
		if (!port) {
			wait_less(&x, n, f, "udp_timeout");
			break;
		}
		lines_add(&f->fix_now, "# UDP port %s gets no entries any more:", port);
		fix_notrack_udp(&x, port);
		finding_price(f, "Untracked packets can't be translated (NAT), and rules for "
			      "established or related don't match them: accept the port in "
			      "both directions.");
		break;
	case SPOOF_OTHER:
		break;
	}
	fix_drop_unroutable(&x);
	if (kind == SPOOF_SYN || (port && kind == SPOOF_UDP))
		lines_add(&f->fix_now, "# free the room that they take at once:");
	if (kind == SPOOF_SYN) {
		fix_delete_kind(&x, "-p tcp --state SYN_SENT");
		fix_delete_kind(&x, "-p tcp --state SYN_RECV");
	} else if (port && kind == SPOOF_UDP) {
		snprintf(options, sizeof(options), "-p udp --dport %s", port);
		fix_delete_kind(&x, options);
	}
	finding_price(f, "Dropping sources by route breaks asymmetric routing, and "
		      "stops only those that the routes show to be false. Blocking single "
		      "addresses is useless here: there are too many. A bigger table would "
		      "only fill later.");
	lines_add(&f->fix_now, "# and ask the network before this host to filter it at the "
		  "source (BCP 38)");
	fix_end(&x);
	check_rules(&x, f, 4, "raw", "PREROUTING");
}

static void spoofed(const struct tables *ts, const struct netns_table *n,
		    struct findings *fs)
{
	static const char *const what[] = {
		[SPOOF_SYN] = "TCP connection attempts (SYN)",
		[SPOOF_ACK] = "TCP packets from the middle of connections (ACK)",
		[SPOOF_UDP] = "UDP packets",
		[SPOOF_OTHER] = "packets",
	};
	struct finding *f = pressed_begin(fs, &cause_pressure, ts, n);
	const struct spell *sp = &ts->recent;
	const struct census_row *half;

	finding_sentence(f, "%s %s: a flood of %s from %s addresses %s %s new connections "
			 "a second%s.", phrase_table(n), phrase_state(n),
			 what[n->level == LEVEL_WAS ? SPOOF_OTHER : kind_of(ts, n)],
			 n->fresh >= TH(SPOOF_NEW) ? "made-up" : "very many", n->level == LEVEL_WAS ? "opened" : "opens",
			 per_second(n->offered), phrase_losers(n));
	pressed_evidence(ts, n, f);
	if (sp->seconds && n->level != LEVEL_WAS && n->fresh >= TH(SPOOF_NEW))
		lines_add(&f->evidence, "in the last %s %s of %s new connections came from "
			  "addresses never seen before (about 2 %% off): real clients come "
			  "back [module: history]", duration(sp->seconds),
			  pct(n->fresh, 100), num(sp->inserts));
	half = tables_state(ts, n->netns, "tcp", "SYN_RECV");
	if (half && n->level != LEVEL_WAS && share(half->entries, n->count) >= 5)
		lines_add(&f->evidence, "%s of the entries are TCP connections that the "
			  "server answered and the client never confirmed (SYN_RECV): "
			  "made-up clients can't [module: census]",
			  pct(half->entries, n->count));
	if (n->nr_actors && n->level != LEVEL_WAS)
		lines_add(&f->evidence, "the heaviest single source, %s, has only %s of "
			  "them; they are spread as widely as over at least %s "
			  "sources with equal shares (entropy %.1f bits) "
			  "[module: sources]", n->actor[0].source,
			  pct(n->actor[0].offered, n->offered), num(n->spread),
			  log2(n->spread));
	if (n->fresh >= TH(SPOOF_NEW))
		lines_add(&f->culprit, "whoever sends them: the addresses say nothing about "
			  "that");
	else
		lines_add(&f->culprit, "too many addresses to block; they may be made up");
	pressed_victims(ts, n, f);
	/* What is in the table now doesn't tell the kind of a flood that is over. */
	if (n->level == LEVEL_WAS)
		lines_add(&f->fix_now, "# it is over; if it comes back, ask conntriage then");
	else
		cure_spoofed(ts, n, f);
}

static void hold(const struct tables *ts, const struct netns_table *n,
		 struct findings *fs)
{
	struct finding *f = pressed_begin(fs, &cause_pressure, ts, n);
	const struct actor *a = &n->actor[0];
	struct fix_source who = cure_source(a);
	struct fix x;

	finding_sentence(f, "%s %s: %s alone holds %s of the %s entries (%s), and opens "
			 "only %s new ones a second%s.", phrase_table(n), phrase_state(n),
			 a->source, num(a->held->entries), num(n->count),
			 pct(a->held->entries, n->count), per_second(a->offered),
			 phrase_losers(n));
	pressed_evidence(ts, n, f);
	pressed_culprits(n, f);
	pressed_victims(ts, n, f);
	cure_begin(&x, ts, n, f);
	lines_add(&f->fix_now, "# which program opens connections and doesn't close them?");
	if (a->local)
		fix_line(&x, &f->fix_now, "ss -tunp src %s", a->source);
	else
		fix_line(&x, &f->fix_now, "conntrack -L -s %.*s 2>/dev/null | head",
			 (int)strcspn(a->source, "/"), a->source);
	lines_add(&f->fix_now, "# it may open no more than a quarter of the table from now on:");
	fix_limit_held(&x, &who, n->max / 4);
	lines_add(&f->fix_now, "# this ends its connections, at once:");
	fix_delete_entries(&x, &who);
	fix_end(&x);
	check_rules(&x, f, a->family, "mangle", a->local ? "OUTPUT" : "PREROUTING");
	finding_price(f, "Deleting its entries cuts its connections that pass NAT or a "
		      "firewall here. If so many are its rightful work, raise the maximum "
		      "instead, as far as memory goes.");
}

/* Without the module, or its census: full, but of what? */
static void unknown(const struct tables *ts, const struct netns_table *n,
		    struct findings *fs)
{
	struct finding *f = pressed_begin(fs, &cause_pressure, ts, n);
	const struct ct_stat *st = &ts->s->stat;
	const struct ct_sysctl *t = find_sysctl(ts->s, "tcp_timeout_established");

	if (n->level == LEVEL_WAS)
		finding_sentence(f, "%s %s%s; no source stands out of those that filled it.",
				 phrase_table(n), phrase_state(n), phrase_losers(n));
	else
		finding_sentence(f, "%s %s (%s of %s entries); %s.", phrase_table(n),
				 n->level == LEVEL_TIGHT ? "is nearly full" : "is full",
				 num(n->count), num(n->max), n->row ? "who fills it isn't "
				 "known: there is no census of it" : "who fills it can't be "
				 "seen without the conntriage module");
	pressed_evidence(ts, n, f);
	if (n->row) {
		pressed_victims(ts, n, f);
		lines_add(&f->fix_now, "conntriage sources");
		return;
	}
	if (known(st->drop) || known(st->early_drop))
		lines_add(&f->evidence, "since boot (%s ago): %s packets dropped, by a full "
			  "table or for other reasons, and %s entries evicted; there may be "
			  "more that no counter shows [kernel: /proc/net/stat/nf_conntrack]",
			  duration(known(ts->s->boot_age)), num(known(st->drop)),
			  num(known(st->early_drop)));
	if (t && t->value >= 86400)
		lines_add(&f->evidence, "the entry of a TCP connection that died silently "
			  "stays for %s [kernel: nf_conntrack_tcp_timeout_established]",
			  duration(t->value));
	lines_add(&f->fix_now, "# see who it is, before you change anything:");
	lines_add(&f->fix_now, "modprobe conntriage && sleep 20 && conntriage");
	lines_add(&f->fix_now, "# or by hand, entries by source (slow with a full table):");
	lines_add(&f->fix_now, "conntrack -L 2>/dev/null | awk '{ for (i = 4; i < 7; i++) "
		  "if ($i ~ /^src=/) { n[$i]++; break } } END { for (s in n) print n[s], s }' "
		  "| sort -rn | head");
	finding_price(f, "Raising the maximum before that would feed a flood, if it is "
		      "one.");
	lines_add(&f->verify, "sysctl net.netfilter.nf_conntrack_count "
		  "net.netfilter.nf_conntrack_max");
}

static void busy(const struct tables *ts, const struct netns_table *n,
		 struct findings *fs)
{
	bool most = n->nr_actors &&
		    share(n->actor[0].offered, n->offered) >= TH(FLOOD_SHARE);
	struct raise r = raise_possible(ts, n);
	struct finding *f;

	/*
	 * Where memory is short or another namespace sets the maximum, the
	 * causes "memory" and "netns" speak.
	 */
	if (!r.enough || !n->init)
		return;
	f = pressed_begin(fs, &cause_pressure, ts, n);
	finding_sentence(f, "%s %s with real work%s%s: %s entries, and the maximum is "
			 "%s%s.", phrase_table(n), phrase_state(n),
			 most ? ", most of it by " : " of many sources",
			 most ? n->actor[0].source : "", num(n->count), num(n->max),
			 phrase_losers(n));
	raise_cure(ts, n, f, &r);
}

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];

		switch (n->blame) {
		case BLAME_FLOOD:
		case BLAME_FEW:
			flood(ts, n, fs);
			break;
		case BLAME_SPOOFED:
			spoofed(ts, n, fs);
			break;
		case BLAME_HOLD:
			hold(ts, n, fs);
			break;
		case BLAME_BUSY:
			busy(ts, n, fs);
			break;
		case BLAME_UNKNOWN:
			unknown(ts, n, fs);
			break;
		default:
			break;
		}
	}
}

const struct cause cause_pressure = {
	.name = "pressure",
	.title = "more connections than the table holds",
	.text =
"Every connection that passes this host takes an entry in the connection table\n"
"until it ends or falls silent. When the table has as many entries as\n"
"nf_conntrack_max allows, a new connection makes the kernel look into 8 hash\n"
"buckets for an entry that it may kill (one that isn't ASSURED: it has not\n"
"carried traffic both ways for long enough). If there is none, the packet is\n"
"dropped: \"nf_conntrack: table full, dropping packet\".\n"
"\n"
"Who does it decides what to do:\n"
"  one source, or a handful   drop it before conntrack sees it, limit the rest\n"
"  made-up addresses          SYNPROXY, tcp_loose=0 or no tracking, by the kind\n"
"                             of packet; blocking addresses is useless\n"
"  one that never closes      limit how many it may hold; mend the program\n"
"  everybody, with real work  a bigger table, if memory allows\n"
"\n"
"Made-up addresses are told by this: most new connections come from addresses\n"
"never seen before, none and no few of them stand out (the entropy of their\n"
"shares is that of many equal ones), and the entries get no answer, or (SYN_RECV)\n"
"the server's answer is never confirmed. Whoever opens most is not to blame where\n"
"somebody else holds the table.\n"
"\n"
"The limit for good is what keeps half of the table free: half of the maximum,\n"
"divided by the seconds that an unanswered entry stays.\n"
"\n"
"A flood needs no bigger table: it fills any.\n",
	.judge = judge,
};
