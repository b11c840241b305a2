// SPDX-License-Identifier: GPL-2.0
/* Rules about a destination: what goes there is refused, or not tracked. */
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "fix/steps.h"
#include "lib/numbers.h"

void rule_to(const struct fix *x, const struct fix_target *to, char *text, size_t size)
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

/* As a part of a name: "10.0.0.1-443" */
static void about(struct fix *x, const struct fix_target *to)
{
	char text[160];

	snprintf(text, sizeof(text), "%s%s%s", to->address, *to->address && *to->port ? "-" : "",
		 to->port);
	rule_about(x, STEP_NOW, text);
}

/*
 * REJECT of iptables stands where DNAT has been: there conntrack knows where the packet
 * was sent to. nft rejects before it, as the kernel does since 5.9.
 */
static void reject_ipt(struct fix *x, const struct fix_target *to, bool local)
{
	static const enum rule_chain chains[] = { CHAIN_INPUT, CHAIN_FORWARD, CHAIN_OUTPUT };
	bool tcp = !strcmp(to->proto, "tcp");
	char text[256];
	size_t i, used = 0;

	if (*to->port)
		used += snprintf(text, sizeof(text), "-p %s ", to->proto);
	used += snprintf(text + used, sizeof(text) - used, "-m conntrack --ctstate NEW");
	if (*to->address)
		used += snprintf(text + used, sizeof(text) - used, " --ctorigdst %s", to->address);
	if (*to->port)
		used += snprintf(text + used, sizeof(text) - used, " --ctorigdstport %s",
				 to->port);
	snprintf(text + used, sizeof(text) - used, " -j REJECT%s",
		 tcp ? " --reject-with tcp-reset" : "");
	for (i = 0; i < (local ? 3 : 2); i++)
		rule_either(x, to->family, chains[i], NULL, text);
}

void fix_reject(struct fix *x, const struct fix_target *to, bool local)
{
	bool tcp = !strcmp(to->proto, "tcp");
	char where[160], text[256];

	about(x, to);
	if (!rule_is_nft(x)) {
		reject_ipt(x, to, local);
		return;
	}
	rule_to(x, to, where, sizeof(where));
	snprintf(text, sizeof(text), "%s ct state new counter reject%s", where,
		 tcp ? " with tcp reset" : "");
	rule_nft(x, STEP_NOW, CHAIN_NEW, text);
	if (local)
		rule_nft(x, STEP_NOW, CHAIN_NEW_OUT, text);
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
	size_t i;
	int answers;

	about(x, to);
	for (i = 0; i < ARRAY_SIZE(chains); i++)
		for (answers = 0; answers < 2; answers++) {
			udp_packets(x, to, answers, text, sizeof(text));
			rule_either(x, to->family, chains[i], text, text);
		}
}

void fix_notrack_path(struct fix *x, const struct fix_source *a)
{
	static const enum rule_chain chains[] = { CHAIN_PRE, CHAIN_OUT };
	static const char *const nft_end[] = { "saddr", "daddr" }, *const ipt_end[] = { "-s", "-d" };
	char text[160];
	size_t i, j;

	rule_about(x, STEP_NOW, a->source);
	for (i = 0; i < ARRAY_SIZE(chains); i++)
		for (j = 0; j < 2; j++) {
			if (rule_is_nft(x))
				snprintf(text, sizeof(text), "%s %s %s notrack",
					 a->family == 6 ? "ip6" : "ip", nft_end[j], a->source);
			else
				snprintf(text, sizeof(text), "%s %s -j CT --notrack", ipt_end[j],
					 a->source);
			rule_either(x, a->family, chains[i], text, text);
		}
}
