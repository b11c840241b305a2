// SPDX-License-Identifier: GPL-2.0
/* Rules about a destination: what goes there is refused, limited or not tracked. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "lib/lines.h"

/* "ip daddr 10.0.0.1 tcp dport 443", or as iptables has it */
static void to_target(const struct fix *x, const struct fix_target *to, char *text,
		      size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	if (rule_is_nft(x)) {
		if (*to->address)
			used += snprintf(text + used, size - used, "%s daddr %s%s",
					 to->family == 6 ? "ip6" : "ip", to->address,
					 *to->port ? " " : "");
		if (*to->port)
			snprintf(text + used, size - used, "%s dport %s", to->proto, to->port);
		return;
	}
	if (*to->address)
		used += snprintf(text + used, size - used, "-d %s%s", to->address,
				 *to->port ? " " : "");
	if (*to->port)
		snprintf(text + used, size - used, "-p %s --dport %s", to->proto, to->port);
}

static void one_rule(struct fix *x, const struct fix_target *to, enum rule_chain c,
		     const char *nft, const char *ipt)
{
	if (rule_is_nft(x))
		rule_nft(x, x->now, c, nft);
	else if (to->family)
		rule_ipt(x, x->now, to->family, c, ipt);
	else
		rule_ipt_both(x, x->now, c, ipt);
}

void fix_reject(struct fix *x, const struct fix_target *to, bool local)
{
	static const enum rule_chain chains[] = { CHAIN_INPUT, CHAIN_FORWARD, CHAIN_OUTPUT };
	bool tcp = !strcmp(to->proto, "tcp");
	char where[160], nft[256], ipt[256];
	size_t i;

	to_target(x, to, where, sizeof(where));
	snprintf(nft, sizeof(nft), "%s ct state new counter reject%s", where,
		 tcp ? " with tcp reset" : "");
	snprintf(ipt, sizeof(ipt), "%s -m conntrack --ctstate NEW -j REJECT%s", where,
		 tcp ? " --reject-with tcp-reset" : "");
	for (i = 0; i < (local ? 3 : 2); i++)
		one_rule(x, to, chains[i], nft, ipt);
}

void fix_limit_to(struct fix *x, const struct fix_source *a, const struct fix_target *to,
		  int64_t rate)
{
	char where[160], spared[EXCEPT_SIZE], nft[1500], ipt[1500];
	bool tcp = !strcmp(to->proto, "tcp");

	to_target(x, to, where, sizeof(where));
	rule_except(x, a, 1, a->family, spared);
	snprintf(nft, sizeof(nft), "%s saddr %s%s %s%s limit rate over %" PRId64
		 "/second burst %" PRId64 " packets counter drop", a->family == 6 ? "ip6" : "ip",
		 a->source, spared, where, tcp ? " " NFT_SYN : "", rate, 2 * rate);
	snprintf(ipt, sizeof(ipt), "-s %s%s %s%s -m hashlimit --hashlimit-above %" PRId64
		 "/second --hashlimit-burst %" PRId64 " --hashlimit-name ct_to -j DROP",
		 a->source, spared, where, tcp ? " --syn" : "", rate, 2 * rate);
	if (rule_is_nft(x))
		rule_nft(x, x->now, a->local ? CHAIN_OUT : CHAIN_PRE, nft);
	else
		rule_ipt(x, x->now, a->family, a->local ? CHAIN_OUT : CHAIN_PRE, ipt);
}

/* Its questions, and its answers */
static void udp_packets(const struct fix *x, const struct fix_target *to, bool answers,
			char *text, size_t size)
{
	const char *nft_end = answers ? "saddr" : "daddr", *ipt_end = answers ? "-s" : "-d";
	const char *port = answers ? "sport" : "dport";
	char address[80] = "";

	if (rule_is_nft(x)) {
		if (*to->address)
			snprintf(address, sizeof(address), "%s %s %s ",
				 to->family == 6 ? "ip6" : "ip", nft_end, to->address);
		snprintf(text, size, "%sudp %s %s notrack", address, port, to->port);
		return;
	}
	if (*to->address)
		snprintf(address, sizeof(address), "%s %s ", ipt_end, to->address);
	snprintf(text, size, "%s-p udp --%s %s -j CT --notrack", address, port, to->port);
}

void fix_notrack_udp(struct fix *x, const struct fix_target *to)
{
	static const enum rule_chain chains[] = { CHAIN_PRE, CHAIN_OUT };
	char text[160];
	int i, j;

	for (i = 0; i < 2; i++)
		for (j = 0; j < 2; j++) {
			udp_packets(x, to, j, text, sizeof(text));
			one_rule(x, to, chains[i], text, text);
		}
}

void fix_notrack_path(struct fix *x, const struct fix_source *a)
{
	static const enum rule_chain chains[] = { CHAIN_PRE, CHAIN_OUT };
	static const char *const nft_end[] = { "saddr", "daddr" }, *const ipt_end[] = { "-s", "-d" };
	char text[160];
	int i, j;

	for (i = 0; i < 2; i++)
		for (j = 0; j < 2; j++) {
			if (rule_is_nft(x)) {
				snprintf(text, sizeof(text), "%s %s %s notrack",
					 a->family == 6 ? "ip6" : "ip", nft_end[j], a->source);
				rule_nft(x, x->now, chains[i], text);
			} else {
				snprintf(text, sizeof(text), "%s %s -j CT --notrack", ipt_end[j],
					 a->source);
				rule_ipt(x, x->now, a->family, chains[i], text);
			}
		}
}

void fix_delete_to(struct fix *x, const struct fix_source *a, const struct fix_target *to)
{
	char where[320] = "";
	size_t used = 0;

	if (*to->proto)
		used += snprintf(where + used, sizeof(where) - used, "-p %s ", to->proto);
	if (a)
		used += snprintf(where + used, sizeof(where) - used, "-s %s ", a->source);
	if (*to->address)
		used += snprintf(where + used, sizeof(where) - used, "-d %s ", to->address);
	if (*to->port)
		used += snprintf(where + used, sizeof(where) - used, "--dport %s ", to->port);
	snprintf(where + used, sizeof(where) - used, "--unanswered");
	fix_delete_kind(x, where);
}
