// SPDX-License-Identifier: GPL-2.0
/*
 * Rules in nft, iptables-nft and iptables-legacy.
 *
 * Conntrack runs at priority -200. "raw" is -300: a packet dropped there costs
 * no entry. "mangle" is -150: conntrack has judged the packet, but an entry
 * enters the table only at confirmation, so a packet dropped there leaves
 * nothing behind either.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "judge/actors.h"
#include "judge/tables.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define SYN	"tcp flags & (fin|syn|rst|ack) == syn"

enum chain { PRE, OUT, NEW, NEW_OUT, INPUT, FORWARD, CHAINS };

static const struct {
	const char *name, *hook, *priority;	/* nft */
	const char *table, *chain;		/* iptables */
} chains[CHAINS] = {
	[PRE] = { "pre", "prerouting", "raw", "raw", "PREROUTING" },
	[OUT] = { "out", "output", "raw", "raw", "OUTPUT" },
	[NEW] = { "new", "prerouting", "mangle", "mangle", "PREROUTING" },
	[NEW_OUT] = { "new_out", "output", "mangle", "mangle", "OUTPUT" },
	/* Before the host's own rules, which may drop what is INVALID */
	[INPUT] = { "to_host", "input", "filter - 5", "filter", "INPUT" },
	[FORWARD] = { "through", "forward", "filter - 5", "filter", "FORWARD" },
};

/* "add" changes nothing where it stands already; once a list is enough. */
static void once(const struct fix *x, struct lines *l, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void once(const struct fix *x, struct lines *l, const char *fmt, ...)
{
	struct lines one = { 0 };
	va_list ap;

	va_start(ap, fmt);
	fix_vline(x, &one, fmt, ap);
	va_end(ap);
	if (!lines_has(l, one.line[0]))
		lines_add(l, "%s", one.line[0]);
	lines_free(&one);
}

static void nft_chain(struct fix *x, struct lines *l, enum chain c)
{
	once(x, l, "nft add table inet conntriage");
	once(x, l, "nft add chain inet conntriage %s '{ type filter hook %s priority %s; }'",
	     chains[c].name, chains[c].hook, chains[c].priority);
	x->rules = true;
}

/* @expr may hold characters that mean something to a shell, but no quote. */
static void nft(struct fix *x, struct lines *l, enum chain c, const char *expr)
{
	const char *quote = strpbrk(expr, "&|!{}();*<>") ? "'" : "";

	nft_chain(x, l, c);
	fix_line(x, l, "nft add rule inet conntriage %s %s%s%s", chains[c].name,
		 quote, expr, quote);
}

/* One rule for the tool of @family; how to undo what is done now is kept. */
static void ipt(struct fix *x, struct lines *l, int family, enum chain c,
		const char *spec)
{
	bool legacy = x->dialect == RULES_IPTABLES_LEGACY;
	char tool[64];

	/* Legacy alone has a lock that somebody else may hold. */
	snprintf(tool, sizeof(tool), "%s-%s -t %s", family == 6 ? "ip6tables" :
		 "iptables", legacy ? "legacy -w" : "nft", chains[c].table);
	fix_line(x, l, "%s -I %s %s", tool, chains[c].chain, spec);
	if (l == &x->f->fix_now)
		fix_line(x, &x->undo, "%s -D %s %s", tool, chains[c].chain, spec);
	x->rules = true;
}

/* The same rule for both families. */
static void ipt_both(struct fix *x, struct lines *l, enum chain c,
		     const char *spec)
{
	ipt(x, l, 4, c, spec);
	ipt(x, l, 6, c, spec);
}

static bool is_nft(const struct fix *x)
{
	return x->dialect == RULES_NFT;
}

/* "10.0.0.1", or "{ 10.0.0.1, 10.0.0.2 }" for nft, or "10.0.0.1,10.0.0.2". */
static size_t join(char *to, size_t size, const struct fix *x,
		   const struct actor *a, size_t nr, int family)
{
	const char *comma = is_nft(x) ? ", " : ",";
	size_t i, used = 0, found = 0;

	for (i = 0; i < nr; i++)
		found += a[i].family == family && !a[i].local;
	if (!found)
		return 0;
	to[0] = '\0';
	if (found > 1 && is_nft(x))
		used += snprintf(to, size, "{ ");
	for (i = 0, found = 0; i < nr; i++) {
		if (a[i].family != family || a[i].local || used + 72 > size)
			continue;
		used += snprintf(to + used, size - used, "%s%s",
				 found++ ? comma : "", a[i].source);
	}
	if (found > 1 && is_nft(x))
		snprintf(to + used, size - used, " }");
	return found;
}

/*
 * Without neighbour discovery a prefix that is attached here would be cut off
 * from the link, not only from forwarding.
 */
static void drop_family(struct fix *x, enum chain c, const struct actor *a,
			size_t nr, int family)
{
	bool echo = family == 6 && !strcmp(actor_proto(a, SRC_INSERT), "icmp");
	char who[1024], text[1200];

	if (!join(who, sizeof(who), x, a, nr, family))
		return;
	if (is_nft(x)) {
		snprintf(text, sizeof(text), "%s saddr %s%s counter drop",
			 family == 6 ? "ip6" : "ip", who,
			 family == 4 ? "" : echo ? " icmpv6 type echo-request" :
			 " meta l4proto != ipv6-icmp");
		nft(x, &x->f->fix_now, c, text);
	} else {
		snprintf(text, sizeof(text), "-s %s%s -j DROP", who,
			 family == 4 ? "" : echo ?
			 " -p ipv6-icmp --icmpv6-type echo-request" :
			 " ! -p ipv6-icmp");
		ipt(x, &x->f->fix_now, family, c, text);
	}
}

/*
 * Here an own address is treated as such; in another namespace, a container's
 * for instance, the address may well be its own.
 */
void fix_drop_sources(struct fix *x, const struct actor *a, size_t nr)
{
	drop_family(x, PRE, a, nr, 4);
	drop_family(x, PRE, a, nr, 6);
	if (x->here)
		return;
	drop_family(x, OUT, a, nr, 4);
	drop_family(x, OUT, a, nr, 6);
}

/* How packets that may open a connection of @a's kind look before conntrack. */
static const char *opening(const struct fix *x, const struct actor *a)
{
	const char *proto = actor_proto(a, SRC_INSERT);
	bool six = a->family == 6;

	if (!strcmp(proto, "tcp"))
		return is_nft(x) ? " " SYN : " -p tcp --syn";
	if (!strcmp(proto, "udp"))
		return is_nft(x) ? " meta l4proto udp" : " -p udp";
	if (!strcmp(proto, "icmp") && is_nft(x))
		return six ? " icmpv6 type echo-request" : " meta l4proto icmp";
	if (!strcmp(proto, "icmp"))
		return six ? " -p ipv6-icmp --icmpv6-type echo-request" : " -p icmp";
	return "";
}

/* What opens many at once and then rests, a browser for instance, may. */
static int64_t burst(int64_t rate)
{
	return rate < 50 ? 100 : 2 * rate;
}

static void limit_one(struct fix *x, struct lines *l, const struct actor *a,
		      int64_t rate)
{
	char text[320];

	if (is_nft(x)) {
		snprintf(text, sizeof(text), "%s saddr %s%s limit rate over %" PRId64
			 "/second burst %" PRId64 " packets counter drop",
			 a->family == 6 ? "ip6" : "ip", a->source, opening(x, a),
			 rate, burst(rate));
		nft(x, l, PRE, text);
		return;
	}
	snprintf(text, sizeof(text), "-s %s%s -m hashlimit --hashlimit-above %" PRId64
		 "/second --hashlimit-burst %" PRId64
		 " --hashlimit-name ct_%s -j DROP", a->source, opening(x, a),
		 rate, burst(rate), chains[PRE].name);
	ipt(x, l, a->family, PRE, text);
}

void fix_instead_limit(struct fix *x, const struct actor *a, int64_t rate)
{
	struct fix aside = *x;
	struct lines l = { 0 };

	/* The last line is the rule itself; what it needs stands there already. */
	limit_one(&aside, &l, a, rate);
	lines_add(&x->f->fix_now, "# or leave it %" PRId64
		  " packets a second instead of none:", rate);
	lines_add(&x->f->fix_now, "# %s", l.line[l.nr - 1]);
	lines_free(&l);
}

/* How a connection that only begins is told, and of which protocol. */
static const char *beginning(const struct fix *x, int family, const char *proto)
{
	static char text[128];

	if (!strcmp(proto, "icmp") && family == 6)
		proto = "ipv6-icmp";
	/*
	 * "new" is every packet until an answer comes, of a one-way flow all of
	 * them: only those whose entry isn't confirmed open a connection.
	 */
	if (is_nft(x))
		snprintf(text, sizeof(text), "%s%s%sct state new ct status and "
			 "confirmed == 0", *proto ? "meta l4proto " : "", proto,
			 *proto ? " " : "");
	else
		snprintf(text, sizeof(text), "%s%s%s-m conntrack --ctstate NEW ! "
			 "--ctstatus CONFIRMED", *proto ? "-p " : "", proto,
			 *proto ? " " : "");
	return text;
}

void fix_limit_local(struct fix *x, const struct actor *a, int64_t rate,
		     const char *proto)
{
	struct lines *l = &x->f->fix_now;
	char text[320];

	lines_add(l, "# %s is this host: which program is it?", a->source);
	fix_line(x, l, "ss -tunp src %s", a->source);
	lines_add(l, "# at most %" PRId64 " new connections a second of it:", rate);
	if (is_nft(x)) {
		snprintf(text, sizeof(text), "%s saddr %s %s limit rate over %" PRId64
			 "/second burst %" PRId64 " packets counter drop",
			 a->family == 6 ? "ip6" : "ip", a->source,
			 beginning(x, a->family, proto), rate, burst(rate));
		nft(x, l, NEW_OUT, text);
		return;
	}
	snprintf(text, sizeof(text), "-s %s %s -m hashlimit --hashlimit-above %" PRId64
		 "/second --hashlimit-burst %" PRId64 " --hashlimit-name ct_%s -j DROP",
		 a->source, beginning(x, a->family, proto), rate, burst(rate),
		 chains[NEW_OUT].name);
	ipt(x, l, a->family, NEW_OUT, text);
}

static void limit_family(struct fix *x, struct lines *l, int family, int64_t rate,
			 const char *proto)
{
	bool six = family == 6;
	char text[320];

	if (is_nft(x))
		snprintf(text, sizeof(text), "%s update @new%d { %s limit rate over %"
			 PRId64 "/second burst %" PRId64 " packets } counter drop",
			 beginning(x, family, proto), family, six ?
			 "ip6 saddr and ffff:ffff:ffff:ffff::" : "ip saddr",
			 rate, burst(rate));
	else
		snprintf(text, sizeof(text), "%s -m hashlimit --hashlimit-above %" PRId64
			 "/second --hashlimit-burst %" PRId64 " --hashlimit-mode srcip %s"
			 "--hashlimit-name ct_new -j DROP",
			 beginning(x, family, proto), rate, burst(rate), six ?
			 "--hashlimit-srcmask 64 " : "");
	if (is_nft(x))
		nft(x, l, NEW, text);
	else
		ipt(x, l, family, NEW, text);
}

void fix_limit_new(struct fix *x, int64_t rate, const char *proto)
{
	static const char set[] =
		"nft add set inet conntriage new%d '{ type ipv%d_addr; size 65536; "
		"flags dynamic,timeout; timeout 1m; }'";
	static const char *const words[][2] = {
		{ "tcp", "TCP " }, { "udp", "UDP " }, { "icmp", "ICMP " },
	};
	struct lines *l = &x->f->fix_persist;
	const char *what = "";
	size_t i;

	for (i = 0; i < NR(words); i++)
		if (!strcmp(proto, words[i][0]))
			what = words[i][1];
	lines_add(l, "# no source may open more than %" PRId64
		  " %sconnections a second:", rate, what);
	if (is_nft(x)) {
		nft_chain(x, l, NEW);
		fix_line(x, l, set, 4, 4);
		fix_line(x, l, set, 6, 6);
	}
	limit_family(x, l, 4, rate, proto);
	limit_family(x, l, 6, rate, proto);
}

void fix_limit_held(struct fix *x, const struct actor *a, int64_t most)
{
	enum chain c = a->local ? NEW_OUT : NEW;
	bool six = a->family == 6;
	char text[256];

	if (is_nft(x)) {
		snprintf(text, sizeof(text), "%s saddr %s ct state new ct count over %"
			 PRId64 " counter drop", six ? "ip6" : "ip", a->source, most);
		nft(x, &x->f->fix_now, c, text);
		return;
	}
	snprintf(text, sizeof(text), "-s %s -m conntrack --ctstate NEW -m connlimit "
		 "--connlimit-above %" PRId64 " --connlimit-mask 0 -j DROP",
		 a->source, most);
	ipt(x, &x->f->fix_now, a->family, c, text);
}

/* What tcp_valid_flags[] in nf_conntrack_proto_tcp.c doesn't hold. */
void fix_drop_bad_flags(struct fix *x)
{
	static const char *const bad[] = {
		"FIN,SYN FIN,SYN", "SYN,RST SYN,RST", "FIN,RST FIN,RST",
		"FIN,ACK FIN", "FIN,SYN,RST,ACK NONE",
	};
	char text[80];
	size_t i;

	lines_add(&x->f->fix_now,
		  "# TCP flags that no connection has, before conntrack allocates:");
	if (is_nft(x)) {
		nft(x, &x->f->fix_now, PRE,
		    "tcp flags & (fin|syn|rst|ack|urg) != { syn, syn|urg, syn|ack, rst, "
		    "rst|ack, fin|ack, fin|ack|urg, ack, ack|urg } counter drop");
		return;
	}
	for (i = 0; i < NR(bad); i++) {
		snprintf(text, sizeof(text), "-p tcp --tcp-flags %s -j DROP", bad[i]);
		ipt_both(x, &x->f->fix_now, PRE, text);
	}
}

void fix_drop_invalid(struct fix *x)
{
	lines_add(&x->f->fix_now,
		  "# keep INVALID packets from the hosts behind (conntrack has judged them):");
	if (is_nft(x))
		nft(x, &x->f->fix_now, NEW, "ct state invalid counter drop");
	else
		ipt_both(x, &x->f->fix_now, NEW,
			 "-m conntrack --ctstate INVALID -j DROP");
}

void fix_drop_unroutable(struct fix *x)
{
	lines_add(&x->f->fix_now,
		  "# sources that can't come from where they come from:");
	if (is_nft(x))
		nft(x, &x->f->fix_now, PRE,
		    "fib saddr . iif oif missing counter drop");
	else
		ipt_both(x, &x->f->fix_now, PRE, "-m rpfilter --invert -j DROP");
}

void fix_notrack_udp(struct fix *x, const char *port)
{
	static const enum chain both[] = { PRE, OUT };
	static const char *const end[] = { "dport", "sport" };
	char text[96];
	int i, j;

	for (i = 0; i < 2; i++)
		for (j = 0; j < 2; j++) {
			if (is_nft(x)) {
				snprintf(text, sizeof(text), "udp %s %s notrack",
					 end[j], port);
				nft(x, &x->f->fix_now, both[i], text);
			} else {
				snprintf(text, sizeof(text),
					 "-p udp --%s %s -j CT --notrack",
					 end[j], port);
				ipt_both(x, &x->f->fix_now, both[i], text);
			}
		}
}

void fix_synproxy(struct fix *x, const char *port)
{
	static const enum chain both[] = { INPUT, FORWARD };
	struct lines *l = &x->f->fix_now;
	char text[192];
	int i;

	lines_add(l, "# answer SYNs to port %s here; only clients that are real get an entry:",
		  port);
	fix_sysctl(x, "tcp_loose", 0);
	if (is_nft(x))
		snprintf(text, sizeof(text), "tcp dport %s " SYN " notrack", port);
	else
		snprintf(text, sizeof(text), "-p tcp --dport %s --syn -j CT --notrack",
			 port);
	if (is_nft(x))
		nft(x, l, PRE, text);
	else
		ipt_both(x, l, PRE, text);
	/* Sent in the name of a server behind, without a request that came by */
	if (is_nft(x))
		snprintf(text, sizeof(text), "fib saddr type != local tcp sport %s "
			 "tcp flags & (fin|syn|rst|ack) == (syn|ack) notrack", port);
	else
		snprintf(text, sizeof(text), "-p tcp --sport %s --tcp-flags "
			 "FIN,SYN,RST,ACK SYN,ACK -m addrtype ! --src-type LOCAL "
			 "-j CT --notrack", port);
	if (is_nft(x))
		nft(x, l, OUT, text);
	else
		ipt_both(x, l, OUT, text);
	for (i = 0; i < 2; i++) {
		if (is_nft(x)) {
			snprintf(text, sizeof(text), "tcp dport %s ct state invalid,untracked "
				 "synproxy mss 1460 wscale 7 timestamp sack-perm", port);
			nft(x, l, both[i], text);
			continue;
		}
		snprintf(text, sizeof(text), "-p tcp --dport %s -m conntrack --ctstate "
			 "INVALID,UNTRACKED -j SYNPROXY --sack-perm --timestamp "
			 "--wscale 7 --mss 1460", port);
		ipt_both(x, l, both[i], text);
	}
}

static const char *prefix_mask(int family, unsigned long bits)
{
	static char text[INET6_ADDRSTRLEN];
	unsigned char mask[16] = { 0 };
	unsigned long i;

	for (i = 0; i < bits && i < 128; i++)
		mask[i / 8] |= 0x80 >> i % 8;
	inet_ntop(family == 6 ? AF_INET6 : AF_INET, mask, text, sizeof(text));
	return text;
}

/* conntrack(8) takes a prefix as address and mask. */
void fix_delete_entries(struct fix *x, const struct actor *a)
{
	char address[64], *slash;

	snprintf(address, sizeof(address), "%s", a->source);
	slash = strchr(address, '/');
	if (!slash) {
		fix_line(x, &x->f->fix_now, "conntrack -D -s %s >/dev/null", address);
		return;
	}
	*slash = '\0';
	fix_line(x, &x->f->fix_now, "conntrack -D -s %s --mask-src %s >/dev/null", address,
		 prefix_mask(a->family, strtoul(slash + 1, NULL, 10)));
}

/*
 * conntrack(8) gives up at the first entry that has gone since it read the
 * table, and in a flood there always is one.
 */
void fix_delete_kind(struct fix *x, const char *options)
{
	lines_add(&x->f->fix_now, "for i in 1 2 3 4 5 6 7 8 9; do %sconntrack -D %s "
		  ">/dev/null 2>&1 && break; done", x->enter, options);
}

static void save_nft(struct lines *l)
{
	lines_add(l, "mkdir -p /etc/nftables.d");
	lines_add(l, "nft -s list table inet conntriage > /etc/nftables.d/conntriage.nft");
	lines_add(l, "grep -qs nftables.d/conntriage /etc/nftables.conf || "
		  "echo 'include \"/etc/nftables.d/conntriage.nft\"' >> /etc/nftables.conf");
	lines_add(l, "# nftables.service loads it at boot: systemctl enable nftables");
}

void fix_save_iptables(struct lines *l, const char *flavour)
{
	lines_add(l, "mkdir -p /etc/iptables");
	lines_add(l, "iptables-%s-save > /etc/iptables/rules.v4", flavour);
	lines_add(l, "ip6tables-%s-save > /etc/iptables/rules.v6", flavour);
}

static void save_iptables(const struct fix *x, struct lines *l)
{
	fix_save_iptables(l, x->dialect == RULES_IPTABLES_NFT ? "nft" : "legacy");
	lines_add(l, "# netfilter-persistent loads them at boot: apt-get install iptables-persistent");
}

/* Few rules are undone one by one; many would hide everything else. */
static void undo(const struct fix *x)
{
	struct lines *now = &x->f->fix_now;
	size_t i;

	if (is_nft(x) && x->rules)
		lines_add(now, "# to undo: %snft delete table inet conntriage", x->enter);
	if (x->undo.nr > 4)
		lines_add(now, "# to undo: the same iptables commands with -D in place of -I");
	for (i = 0; i < x->undo.nr && x->undo.nr <= 4; i++)
		lines_add(now, "# to undo: %s", x->undo.line[i]);
	if (x->unnamed)
		lines_add(now, "# to undo: rm /run/netns/ct%" PRId64, x->unnamed);
}

void fix_end(struct fix *x)
{
	struct lines *good = &x->f->fix_persist;

	undo(x);
	if (x->rules && (!x->here || fix_outside(x->ts))) {
		lines_add(good, "# a namespace's rules go with it: put them where it is made");
	} else if (x->rules) {
		lines_add(good, "# save the rules; leave out what is only for now:");
		if (is_nft(x))
			save_nft(good);
		else
			save_iptables(x, good);
	}
	lines_free(&x->undo);
}
