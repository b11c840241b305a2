/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which stage a protocol's state and an entry's silence, in seconds, come to. The
 * module asks of an entry in memory, the reader (userspace/entries/life.c) of one
 * that was listed: inline, as the first does for each refused packet.
 */
#ifndef CONNTRIAGE_STAGE_RULES_H
#define CONNTRIAGE_STAGE_RULES_H

#include <linux/netfilter/nf_conntrack_sctp.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include "stage.h"

static inline enum ctri_stage ctri_stage_unanswered(u32 idle)
{
	return idle < 60 ? CTRI_STAGE_UNANSWERED : CTRI_STAGE_UNANSWERED_60;
}

static inline enum ctri_stage ctri_stage_open(u32 idle)
{
	if (likely(idle < 60))
		return CTRI_STAGE_TALKING;
	if (idle < 300)
		return CTRI_STAGE_TALKING_60;
	if (idle < 1800)
		return CTRI_STAGE_SILENT_300;
	if (idle < 7200)
		return CTRI_STAGE_SILENT_1800;
	return idle < 86400 ? CTRI_STAGE_SILENT_7200 : CTRI_STAGE_SILENT_86400;
}

static inline enum ctri_stage ctri_stage_closing(u32 idle)
{
	return idle < 120 ? CTRI_STAGE_CLOSING : CTRI_STAGE_CLOSING_120;
}

static inline enum ctri_stage ctri_stage_tcp(unsigned int state, bool replied, u32 idle)
{
	switch (state) {
	case TCP_CONNTRACK_NONE:
	case TCP_CONNTRACK_SYN_SENT:
		return ctri_stage_unanswered(idle);
	case TCP_CONNTRACK_SYN_SENT2:
	case TCP_CONNTRACK_SYN_RECV:
		return CTRI_STAGE_HALF_OPEN;
	case TCP_CONNTRACK_ESTABLISHED:
		return likely(replied) ? ctri_stage_open(idle) : CTRI_STAGE_MIDSTREAM;
	default:
		/* Unanswered, it was picked up: what began with a SYN would have been killed. */
		return likely(replied) ? ctri_stage_closing(idle) : CTRI_STAGE_MIDSTREAM;
	}
}

/* All that knows no end: UDP, ICMP and others. */
static inline enum ctri_stage ctri_stage_other(bool replied, bool assured, u32 idle)
{
	if (!replied)
		return ctri_stage_unanswered(idle);
	if (assured)
		return ctri_stage_open(idle);
	return idle < 60 ? CTRI_STAGE_ONCE : CTRI_STAGE_ONCE_60;
}

/* nf_conntrack_proto_sctp.c: an INIT_ACK leaves COOKIE_WAIT as it is. */
static inline enum ctri_stage ctri_stage_sctp(unsigned int state, bool replied, bool assured,
					      u32 idle)
{
	switch (state) {
	case SCTP_CONNTRACK_NONE:
	case SCTP_CONNTRACK_COOKIE_WAIT:
		return replied ? CTRI_STAGE_HALF_OPEN : ctri_stage_unanswered(idle);
	case SCTP_CONNTRACK_COOKIE_ECHOED:
		return CTRI_STAGE_HALF_OPEN;
	case SCTP_CONNTRACK_ESTABLISHED:
		return ctri_stage_open(idle);
	case SCTP_CONNTRACK_CLOSED:
	case SCTP_CONNTRACK_SHUTDOWN_SENT:
	case SCTP_CONNTRACK_SHUTDOWN_RECD:
	case SCTP_CONNTRACK_SHUTDOWN_ACK_SENT:
		return ctri_stage_closing(idle);
	default:	/* heartbeats of a path that it doesn't use yet */
		return ctri_stage_other(replied, assured, idle);
	}
}

#endif
