// SPDX-License-Identifier: GPL-2.0
/* Rules that drop packets, or keep them from being tracked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "lib/numbers.h"

/*
 * The sources of a family, but for this host's own: "10.0.0.1", "{ 10.0.0.1,
 * 10.0.0.2 }" for nft, "10.0.0.1,10.0.0.2" for iptables.
 */
static size_t join(char *to, size_t size, const struct fix *x,
		   const struct fix_source *a, size_t nr, int family)
{
	const char *comma = rule_is_nft(x) ? ", " : ",";
	size_t i, used = 0, found = 0;

	for (i = 0; i < nr; i++)
		found += a[i].family == family && !a[i].local;
	if (!found)
		return 0;
	to[0] = '\0';
	if (found > 1 && rule_is_nft(x))
		used += snprintf(to, size, "{ ");
	for (i = 0, found = 0; i < nr; i++) {
		if (a[i].family != family || a[i].local || used + 72 > size)
			continue;
		used += snprintf(to + used, size - used, "%s%s",
				 found++ ? comma : "", a[i].source);
	}
	if (found > 1 && rule_is_nft(x))
		snprintf(to + used, size - used, " }");
	return found;
}

/*
 * All but ICMPv6: without neighbour discovery a prefix that is attached here
 * would be cut off from the link, not only from forwarding.
 */
static void drop_text(const struct fix *x, const struct fix_source *a, size_t nr, int family,
		      bool echo, char *text, size_t size)
{
	char who[1024], spared[EXCEPT_SIZE];

	text[0] = '\0';
	if (!join(who, sizeof(who), x, a, nr, family))
		return;
	rule_except(x, a, nr, family, spared);
	if (rule_is_nft(x))
		snprintf(text, size, "%s saddr %s%s%s counter drop",
			 family == 6 ? "ip6" : "ip", who, spared,
			 family == 4 ? "" : echo ? " icmpv6 type echo-request" :
			 " meta l4proto != ipv6-icmp");
	else
		snprintf(text, size, "-s %s%s%s -j DROP", who, spared,
			 family == 4 ? "" : echo ?
			 " -p ipv6-icmp --icmpv6-type echo-request" :
			 " ! -p ipv6-icmp");
}

/* Those that are dropped already, by a rule for several maybe, are left out. */
static void drop_family(struct fix *x, enum rule_chain c, const struct fix_source *a,
			size_t nr, int family)
{
	struct fix_source *left = calloc(nr + 1, sizeof(*left));
	bool echo = family == 6 && !strcmp(a->proto, "icmp");
	char text[2200];
	size_t i, more = 0;

	for (i = 0; left && i < nr; i++) {
		drop_text(x, &a[i], 1, family, echo, text, sizeof(text));
		if (*text && !rule_stands(x, STEP_NOW, family, c, text))
			left[more++] = a[i];
	}
	if (more) {
		drop_text(x, left, more, family, echo, text, sizeof(text));
		rule_about(x, STEP_NOW, left->source);
		rule_either(x, family, c, text, text);
	}
	free(left);
}

/*
 * In the reader's own namespace a local address is known to be one. In another,
 * a container's for instance, the address may be that container's own: what it
 * sends itself goes through OUTPUT.
 */
void fix_drop_sources(struct fix *x, const struct fix_source *a, size_t nr)
{
	drop_family(x, CHAIN_PRE, a, nr, 4);
	drop_family(x, CHAIN_PRE, a, nr, 6);
	if (x->here)
		return;
	drop_family(x, CHAIN_OUT, a, nr, 4);
	drop_family(x, CHAIN_OUT, a, nr, 6);
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

	fix_say(x, "TCP flags that no connection has, before conntrack allocates:");
	rule_about(x, STEP_NOW, "flags");
	if (rule_is_nft(x)) {
		rule_nft(x, STEP_NOW, CHAIN_PRE,
			 "tcp flags & (fin|syn|rst|ack|urg) != { syn, syn|urg, syn|ack, rst, "
			 "rst|ack, fin|ack, fin|ack|urg, ack, ack|urg } counter drop");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(text, sizeof(text), "-p tcp --tcp-flags %s -j DROP", bad[i]);
		rule_either(x, 0, CHAIN_PRE, NULL, text);
	}
}

void fix_drop_invalid(struct fix *x)
{
	fix_say(x, "keep INVALID packets from the hosts behind (conntrack has judged them):");
	rule_about(x, STEP_NOW, "state");
	rule_either(x, 0, CHAIN_NEW, "ct state invalid counter drop",
		    "-m conntrack --ctstate INVALID -j DROP");
}

void fix_drop_unroutable(struct fix *x)
{
	fix_say(x, "sources that can't come from where they come from:");
	rule_about(x, STEP_NOW, "route");
	rule_either(x, 0, CHAIN_PRE, "fib saddr . iif oif missing counter drop",
		    "-m rpfilter --invert -j DROP");
}

void fix_synproxy(struct fix *x, const char *port)
{
	static const enum rule_chain chains[] = { CHAIN_INPUT, CHAIN_FORWARD };
	char nft[192], ipt[192];
	int i;

	fix_say(x, "answer SYNs to port %s here; only clients that are real get an entry:", port);
	rule_about(x, STEP_NOW, port);
	fix_sysctl(x, "tcp_loose", 0);
	snprintf(nft, sizeof(nft), "tcp dport %s " NFT_SYN " notrack", port);
	snprintf(ipt, sizeof(ipt), "-p tcp --dport %s --syn -j CT --notrack", port);
	rule_either(x, 0, CHAIN_PRE, nft, ipt);
	/* Sent in the name of a server behind, without a request that came by */
	snprintf(nft, sizeof(nft), "fib saddr type != local tcp sport %s "
		 "tcp flags & (fin|syn|rst|ack) == (syn|ack) notrack", port);
	snprintf(ipt, sizeof(ipt), "-p tcp --sport %s --tcp-flags FIN,SYN,RST,ACK "
		 "SYN,ACK -m addrtype ! --src-type LOCAL -j CT --notrack", port);
	rule_either(x, 0, CHAIN_OUT, nft, ipt);
	snprintf(nft, sizeof(nft), "tcp dport %s ct state invalid,untracked synproxy "
		 "mss 1460 wscale 7 timestamp sack-perm", port);
	snprintf(ipt, sizeof(ipt), "-p tcp --dport %s -m conntrack --ctstate "
		 "INVALID,UNTRACKED -j SYNPROXY --sack-perm --timestamp --wscale 7 "
		 "--mss 1460", port);
	for (i = 0; i < 2; i++)
		rule_either(x, 0, chains[i], nft, ipt);
}
