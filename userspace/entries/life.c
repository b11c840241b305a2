// SPDX-License-Identifier: GPL-2.0
/*
 * Stages and states of an entry that was listed: the same that the module tells of an
 * entry in memory (kmod/stage.c, kmod/idle.c), so that both are judged alike.
 */
#include <netinet/in.h>	/* before those of the kernel, which give way to it */
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_sctp.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <stdio.h>

#include "entries/life.h"
#include "lib/numbers.h"

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

static enum stage unanswered(int64_t idle)
{
	return idle < 60 ? STAGE_UNANSWERED : STAGE_UNANSWERED_60;
}

static enum stage open_for(int64_t idle)
{
	if (idle < 60)
		return STAGE_TALKING;
	if (idle < 300)
		return STAGE_TALKING_60;
	if (idle < 1800)
		return STAGE_SILENT_300;
	if (idle < 7200)
		return STAGE_SILENT_1800;
	return idle < 86400 ? STAGE_SILENT_7200 : STAGE_SILENT_86400;
}

static enum stage closing(int64_t idle)
{
	return idle < 120 ? STAGE_CLOSING : STAGE_CLOSING_120;
}

static enum stage tcp_stage(const struct entry *e, int64_t idle)
{
	switch (e->state) {
	case TCP_CONNTRACK_NONE:
	case TCP_CONNTRACK_SYN_SENT:
		return unanswered(idle);
	case TCP_CONNTRACK_SYN_SENT2:
	case TCP_CONNTRACK_SYN_RECV:
		return STAGE_HALF_OPEN;
	case TCP_CONNTRACK_ESTABLISHED:
		return replied(e) ? open_for(idle) : STAGE_MIDSTREAM;
	case ANY:
		return replied(e) ? open_for(idle) : unanswered(idle);
	default:
		return closing(idle);
	}
}

static enum stage other_stage(const struct entry *e, int64_t idle)
{
	if (!replied(e))
		return unanswered(idle);
	if (e->status & IPS_ASSURED)
		return open_for(idle);
	return idle < 60 ? STAGE_ONCE : STAGE_ONCE_60;
}

static enum stage sctp_stage(const struct entry *e, int64_t idle)
{
	switch (e->state) {
	case SCTP_CONNTRACK_NONE:
	case SCTP_CONNTRACK_COOKIE_WAIT:
		return replied(e) ? STAGE_HALF_OPEN : unanswered(idle);
	case SCTP_CONNTRACK_COOKIE_ECHOED:
		return STAGE_HALF_OPEN;
	case SCTP_CONNTRACK_ESTABLISHED:
		return open_for(idle);
	case SCTP_CONNTRACK_CLOSED:
	case SCTP_CONNTRACK_SHUTDOWN_SENT:
	case SCTP_CONNTRACK_SHUTDOWN_RECD:
	case SCTP_CONNTRACK_SHUTDOWN_ACK_SENT:
		return closing(idle);
	default:
		return other_stage(e, idle);
	}
}

enum stage entry_stage(const struct entry *e, int64_t idle)
{
	if (e->status & IPS_OFFLOAD)
		return STAGE_TALKING;
	switch (e->proto) {
	case IPPROTO_TCP:
		return tcp_stage(e, idle);
	case IPPROTO_SCTP:
		return sctp_stage(e, idle);
	default:
		return other_stage(e, idle);
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
