// SPDX-License-Identifier: GPL-2.0
/* Rules that limit how much a source opens or holds. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "lib/lines.h"
#include "lib/numbers.h"

/* How packets that may open a connection of @a's kind look before conntrack. */
static const char *opening(const struct fix *x, const struct fix_source *a)
{
	const char *proto = a->proto;
	bool six = a->family == 6;

	if (!strcmp(proto, "tcp"))
		return rule_is_nft(x) ? " " NFT_SYN : " -p tcp --syn";
	if (!strcmp(proto, "udp"))
		return rule_is_nft(x) ? " meta l4proto udp" : " -p udp";
	if (!strcmp(proto, "icmp") && rule_is_nft(x))
		return six ? " icmpv6 type echo-request" : " meta l4proto icmp";
	if (!strcmp(proto, "icmp"))
		return six ? " -p ipv6-icmp --icmpv6-type echo-request" : " -p icmp";
	return "";
}

/* A browser, for instance, opens many at once and then rests. */
static int64_t burst(int64_t rate)
{
	return rate < 50 ? 100 : 2 * rate;
}

static void limit_one(struct fix *x, struct lines *l, const struct fix_source *a,
		      int64_t rate)
{
	char spared[EXCEPT_SIZE], text[1400];

	rule_except(x, a, 1, a->family, spared);
	if (rule_is_nft(x)) {
		snprintf(text, sizeof(text), "%s saddr %s%s%s limit rate over %" PRId64
			 "/second burst %" PRId64 " packets counter drop",
			 a->family == 6 ? "ip6" : "ip", a->source, spared, opening(x, a),
			 rate, burst(rate));
		rule_nft(x, l, CHAIN_PRE, text);
		return;
	}
	snprintf(text, sizeof(text), "-s %s%s%s -m hashlimit --hashlimit-above %" PRId64
		 "/second --hashlimit-burst %" PRId64
		 " --hashlimit-name ct_%s -j DROP", a->source, spared, opening(x, a),
		 rate, burst(rate), rule_chain_name(CHAIN_PRE));
	rule_ipt(x, l, a->family, CHAIN_PRE, text);
}

void fix_instead_limit(struct fix *x, const struct fix_source *a, int64_t rate)
{
	struct fix aside = *x;
	struct lines l = { 0 };

	/* The last line is the rule itself; what it needs stands there already. */
	limit_one(&aside, &l, a, rate);
	if (!l.nr)
		return;
	lines_add(x->now, "# or leave it %" PRId64
		  " packets a second instead of none:", rate);
	lines_add(x->now, "# %s", l.line[l.nr - 1]);
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
	if (rule_is_nft(x))
		snprintf(text, sizeof(text), "%s%s%sct state new ct status and "
			 "confirmed == 0", *proto ? "meta l4proto " : "", proto,
			 *proto ? " " : "");
	else
		snprintf(text, sizeof(text), "%s%s%s-m conntrack --ctstate NEW ! "
			 "--ctstatus CONFIRMED", *proto ? "-p " : "", proto,
			 *proto ? " " : "");
	return text;
}

void fix_ask_program(struct fix *x, const struct fix_source *a)
{
	lines_add(x->now, "# %s is this host: which program is it?", a->source);
	fix_line(x, x->now, "ss -tunp src %s", a->source);
}

void fix_limit_local(struct fix *x, const struct fix_source *a, int64_t rate,
		     const char *proto)
{
	struct lines *l = x->now;
	char text[320];

	fix_ask_program(x, a);
	lines_add(l, "# at most %" PRId64 " new connections a second of it:", rate);
	if (rule_is_nft(x)) {
		snprintf(text, sizeof(text), "%s saddr %s %s limit rate over %" PRId64
			 "/second burst %" PRId64 " packets counter drop",
			 a->family == 6 ? "ip6" : "ip", a->source,
			 beginning(x, a->family, proto), rate, burst(rate));
		rule_nft(x, l, CHAIN_NEW_OUT, text);
		return;
	}
	snprintf(text, sizeof(text), "-s %s %s -m hashlimit --hashlimit-above %" PRId64
		 "/second --hashlimit-burst %" PRId64 " --hashlimit-name ct_%s -j DROP",
		 a->source, beginning(x, a->family, proto), rate, burst(rate),
		 rule_chain_name(CHAIN_NEW_OUT));
	rule_ipt(x, l, a->family, CHAIN_NEW_OUT, text);
}

static void limit_text(const struct fix *x, int family, int64_t rate, const char *proto,
		       char *text, size_t size)
{
	bool six = family == 6;

	if (rule_is_nft(x))
		snprintf(text, size, "%s update @new%d { %s limit rate over %"
			 PRId64 "/second burst %" PRId64 " packets } counter drop",
			 beginning(x, family, proto), family, six ?
			 "ip6 saddr and ffff:ffff:ffff:ffff::" : "ip saddr",
			 rate, burst(rate));
	else
		snprintf(text, size, "%s -m hashlimit --hashlimit-above %" PRId64
			 "/second --hashlimit-burst %" PRId64 " --hashlimit-mode srcip %s"
			 "--hashlimit-name ct_new -j DROP",
			 beginning(x, family, proto), rate, burst(rate), six ?
			 "--hashlimit-srcmask 64 " : "");
}

static void limit_families(struct fix *x, struct lines *l, int64_t rate, const char *proto)
{
	static const char set[] =
		"nft add set inet conntriage new%d '{ type ipv%d_addr; size 65536; "
		"flags dynamic,timeout; timeout 1m; }'";
	static const int family[] = { 4, 6 };
	char text[2][320];
	bool stands[2];
	int i;

	for (i = 0; i < 2; i++) {
		limit_text(x, family[i], rate, proto, text[i], sizeof(text[i]));
		stands[i] = rule_stands(x, family[i], CHAIN_NEW, text[i]);
	}
	if (rule_is_nft(x) && !(stands[0] && stands[1])) {
		rule_nft_chain(x, l, CHAIN_NEW);
		fix_line(x, l, set, 4, 4);
		fix_line(x, l, set, 6, 6);
	}
	for (i = 0; i < 2; i++) {
		if (stands[i])
			continue;
		if (rule_is_nft(x))
			rule_nft(x, l, CHAIN_NEW, text[i]);
		else
			rule_ipt(x, l, family[i], CHAIN_NEW, text[i]);
	}
}

void fix_limit_new(struct fix *x, int64_t rate, const char *proto)
{
	static const char *const words[][2] = {
		{ "tcp", "TCP " }, { "udp", "UDP " }, { "icmp", "ICMP " },
	};
	struct lines *l = x->persist;
	const char *what = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(proto, words[i][0]))
			what = words[i][1];
	lines_add(l, "# no source may open more than %" PRId64
		  " %sconnections a second:", rate, what);
	limit_families(x, l, rate, proto);
}

void fix_limit_held(struct fix *x, const struct fix_source *a, int64_t most)
{
	enum rule_chain c = a->local ? CHAIN_NEW_OUT : CHAIN_NEW;
	bool six = a->family == 6;
	char text[256];

	if (rule_is_nft(x)) {
		snprintf(text, sizeof(text), "%s saddr %s ct state new ct count over %"
			 PRId64 " counter drop", six ? "ip6" : "ip", a->source, most);
		rule_nft(x, x->now, c, text);
		return;
	}
	snprintf(text, sizeof(text), "-s %s -m conntrack --ctstate NEW -m connlimit "
		 "--connlimit-above %" PRId64 " --connlimit-mask 0 -j DROP",
		 a->source, most);
	rule_ipt(x, x->now, a->family, c, text);
}
