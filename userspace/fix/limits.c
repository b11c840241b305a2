// SPDX-License-Identifier: GPL-2.0
/* Rules that limit how much a source opens or holds. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "fix/steps.h"
#include "lib/numbers.h"

/* A browser, for instance, opens many at once and then rests. */
static int64_t burst(int64_t rate)
{
	return rate < 50 ? 100 : 2 * rate;
}

void fix_instead_limit(struct fix *x, int64_t rate)
{
	if (rule_is_nft(x))
		fix_say(x, "or leave it %" PRId64 " packets a second: write \"limit rate over %" PRId64
			"/second counter drop\" for \"counter drop\"", rate, rate);
	else
		fix_say(x, "or leave it %" PRId64 " packets a second: put \"-m hashlimit "
			"--hashlimit-name conntriage --hashlimit-above %" PRId64
			"/second\" before -j", rate, rate);
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
	fix_say(x, "%s is this host: which program is it?", a->source);
	fix_look(x, "ss -tunp src %s", a->source);
}

/*
 * Limits of iptables that share a name share a table of the kernel's, with the rate of
 * the first: the name says whom it is about, and how many.
 */
static void hashlimit(const char *target, int64_t rate, int64_t most, char *text, size_t size)
{
	char name[64], *c;

	snprintf(name, sizeof(name), "ct-%.48s-%" PRId64, target, rate);
	for (c = name; *c; c++)
		if (*c == '/')
			*c = '_';
	snprintf(text, size, "-m hashlimit --hashlimit-above %" PRId64 "/second "
		 "--hashlimit-burst %" PRId64 " --hashlimit-name %s -j DROP", rate, most, name);
}

static void nft_limit(int64_t rate, int64_t most, char *text, size_t size)
{
	snprintf(text, size, "limit rate over %" PRId64 "/second burst %" PRId64
		 " packets counter drop", rate, most);
}

void fix_limit_local(struct fix *x, const struct fix_source *a, int64_t rate,
		     const char *proto)
{
	char text[400], limit[200];

	fix_ask_program(x, a);
	fix_say(x, "at most %" PRId64 " new connections a second of it:", rate);
	rule_about(x, STEP_NOW, a->source);
	if (rule_is_nft(x)) {
		nft_limit(rate, burst(rate), limit, sizeof(limit));
		snprintf(text, sizeof(text), "%s saddr %s %s %s", a->family == 6 ? "ip6" : "ip",
			 a->source, beginning(x, a->family, proto), limit);
	} else {
		hashlimit(a->source, rate, burst(rate), limit, sizeof(limit));
		snprintf(text, sizeof(text), "-s %s %s %s", a->source,
			 beginning(x, a->family, proto), limit);
	}
	rule_either(x, a->family, CHAIN_NEW_OUT, text, text);
}

void fix_limit_to(struct fix *x, const struct fix_source *a, const struct fix_target *to,
		  int64_t rate)
{
	char where[160], spared[EXCEPT_SIZE], limit[200], text[1600];
	enum rule_chain c = a->local ? CHAIN_OUT : CHAIN_PRE;
	bool tcp = !strcmp(to->proto, "tcp");

	rule_to(x, to, where, sizeof(where));
	rule_except(x, a, 1, a->family, spared);
	rule_about(x, STEP_NOW, a->source);
	if (rule_is_nft(x)) {
		nft_limit(rate, 2 * rate, limit, sizeof(limit));
		snprintf(text, sizeof(text), "%s saddr %s%s%s%s%s %s", a->family == 6 ? "ip6" : "ip",
			 a->source, spared, *where ? " " : "", where, tcp ? " " NFT_SYN : "",
			 limit);
	} else {
		hashlimit(a->source, rate, 2 * rate, limit, sizeof(limit));
		snprintf(text, sizeof(text), "-s %s%s%s%s%s %s", a->source, spared,
			 *where ? " " : "", where, tcp ? " --syn" : "", limit);
	}
	rule_either(x, a->family, c, text, text);
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
			 "--hashlimit-name ct-new%d-%" PRId64 " -j DROP",
			 beginning(x, family, proto), rate, burst(rate), six ?
			 "--hashlimit-srcmask 64 " : "", family, rate);
}

void fix_limit_new(struct fix *x, int64_t rate, const char *proto)
{
	static const char *const words[][2] = {
		{ "tcp", "TCP " }, { "udp", "UDP " }, { "icmp", "ICMP " },
	};
	const char *what = "";
	enum rules_dialect own = x->dialect;
	char text[320];
	size_t i;
	int family;

	/* A file of our own stands beside the rules of any tool, where nft can load it. */
	if (tool_there(x->s, TOOL_NFT))
		x->dialect = RULES_NFT;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(proto, words[i][0]))
			what = words[i][1];
	step_say(x->steps, STEP_FOR_GOOD, "no source may open more than %" PRId64
		 " %sconnections a second:", rate, what);
	rule_about(x, STEP_FOR_GOOD, *proto ? proto : "all");
	for (family = 4; family <= 6; family += 2) {
		limit_text(x, family, rate, proto, text, sizeof(text));
		if (rule_is_nft(x))
			rule_nft(x, STEP_FOR_GOOD, CHAIN_NEW, text);
		else
			rule_ipt(x, STEP_FOR_GOOD, family, CHAIN_NEW, text);
	}
	if (rule_is_nft(x))
		rule_sets(x);
	x->dialect = own;
}
