// SPDX-License-Identifier: GPL-2.0
/*
 * Stages and states of an entry that was listed: by the rules that the module has for an
 * entry in memory (kmod/stage_rules.h, kmod/idle.c), so that both are judged alike.
 */
#include <netinet/in.h>	/* before those of the kernel, which give way to it */
#include <linux/netfilter/nf_conntrack_common.h>
#include <stdio.h>

#include "entries/life.h"
#include "entries/shim_user.h"
#include "lib/numbers.h"
#include "kmod/stage_rules.h"

enum { STATE_UNREPLIED, STATE_REPLIED, STATE_ASSURED };

static const char *const generic_states[] = { "UNREPLIED", "REPLIED", "ASSURED" };

static const char *const tcp_states[] = {
	"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT",
	"LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2",
};

static bool replied(const struct entry *e)
{
	return e->status & IPS_SEEN_REPLY;
}

enum stage entry_stage(const struct entry *e, int64_t silence)
{
	bool assured = e->status & IPS_ASSURED;
	u32 idle = silence < U32_MAX ? silence : U32_MAX;

	if (e->status & IPS_OFFLOAD)
		return STAGE_TALKING;
	switch (e->proto) {
	case IPPROTO_TCP:
		return (enum stage)ctri_stage_tcp(entry_state(e), replied(e), idle);
	case IPPROTO_SCTP:
		return (enum stage)ctri_stage_sctp(e->state, replied(e), assured, idle);
	default:
		return (enum stage)ctri_stage_other(replied(e), assured, idle);
	}
}

unsigned int entry_state(const struct entry *e)
{
	/* an offloaded one tells no state, and it was established */
	if (e->proto == IPPROTO_TCP && e->state == ANY)
		return replied(e) ? TCP_CONNTRACK_ESTABLISHED : TCP_CONNTRACK_NONE;
	if (e->proto == IPPROTO_TCP)
		return e->state & 15;
	if (e->status & IPS_ASSURED)
		return STATE_ASSURED;
	return replied(e) ? STATE_REPLIED : STATE_UNREPLIED;
}

const char *entry_state_name(int proto, unsigned int state)
{
	if (proto == IPPROTO_TCP)
		return state < ARRAY_SIZE(tcp_states) ? tcp_states[state] : "OTHER";
	return state < ARRAY_SIZE(generic_states) ? generic_states[state] : "OTHER";
}

void entry_proto_name(int proto, char *name, size_t size)
{
	static const struct {
		int proto;
		const char *name;
	} names[] = {
		{ IPPROTO_TCP, "tcp" }, { IPPROTO_UDP, "udp" }, { IPPROTO_ICMP, "icmp" },
		{ IPPROTO_ICMPV6, "icmpv6" }, { IPPROTO_SCTP, "sctp" }, { IPPROTO_GRE, "gre" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].proto == proto) {
			snprintf(name, size, "%s", names[i].name);
			return;
		}
	snprintf(name, size, "%d", proto);
}
