// SPDX-License-Identifier: GPL-2.0
/*
 * At which stage of its life an entry is: whether it is in use, was answered,
 * has got through its handshake, still talks, or is on its way out.
 */
#include <linux/bitops.h>
#include <linux/in.h>
#include <linux/netfilter/nf_conntrack_sctp.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <net/netfilter/nf_conntrack.h>
#include "stage.h"

#define CTRI_STAGE_WORD(name, word)	word,
static const char *const ctri_stage_names[CTRI_NR_STAGES] = { CTRI_STAGES(CTRI_STAGE_WORD) };

/**
 * ctri_stage_name() - as the ABI has it
 * @stage: which
 *
 * Context: any.
 * Return: its name.
 */
const char *ctri_stage_name(enum ctri_stage stage)
{
	return ctri_stage_names[stage];
}

static bool ctri_entry_replied(const struct nf_conn *ct)
{
	return test_bit(IPS_SEEN_REPLY_BIT, &ct->status);
}

static enum ctri_stage ctri_stage_unanswered(u32 idle)
{
	return idle < 60 ? CTRI_STAGE_UNANSWERED : CTRI_STAGE_UNANSWERED_60;
}

static enum ctri_stage ctri_stage_open(u32 idle)
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

static enum ctri_stage ctri_stage_closing(u32 idle)
{
	return idle < 120 ? CTRI_STAGE_CLOSING : CTRI_STAGE_CLOSING_120;
}

static enum ctri_stage ctri_stage_tcp(const struct nf_conn *ct, u32 idle)
{
	switch (READ_ONCE(ct->proto.tcp.state)) {
	case TCP_CONNTRACK_NONE:
	case TCP_CONNTRACK_SYN_SENT:
		return ctri_stage_unanswered(idle);
	case TCP_CONNTRACK_SYN_SENT2:
	case TCP_CONNTRACK_SYN_RECV:
		return CTRI_STAGE_HALF_OPEN;
	case TCP_CONNTRACK_ESTABLISHED:
		return likely(ctri_entry_replied(ct)) ? ctri_stage_open(idle) :
							CTRI_STAGE_MIDSTREAM;
	default:
		return ctri_stage_closing(idle);
	}
}

/* All that knows no end: UDP, ICMP and others. */
static enum ctri_stage ctri_stage_other(const struct nf_conn *ct, u32 idle)
{
	if (!ctri_entry_replied(ct))
		return ctri_stage_unanswered(idle);
	if (test_bit(IPS_ASSURED_BIT, &ct->status))
		return ctri_stage_open(idle);
	return idle < 60 ? CTRI_STAGE_ONCE : CTRI_STAGE_ONCE_60;
}

#ifdef CONFIG_NF_CT_PROTO_SCTP
/* nf_conntrack_proto_sctp.c: an INIT_ACK leaves COOKIE_WAIT as it is. */
static enum ctri_stage ctri_stage_sctp(const struct nf_conn *ct, u32 idle)
{
	switch (READ_ONCE(ct->proto.sctp.state)) {
	case SCTP_CONNTRACK_NONE:
	case SCTP_CONNTRACK_COOKIE_WAIT:
		return ctri_entry_replied(ct) ? CTRI_STAGE_HALF_OPEN :
						ctri_stage_unanswered(idle);
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
		return ctri_stage_other(ct, idle);
	}
}
#endif

/**
 * ctri_entry_stage() - at which stage of its life an entry is
 * @ct: a confirmed entry that can't go away
 * @idle: its silence in seconds, ctri_entry_idle()
 *
 * What a packet changes meanwhile may make it one stage or the other; it takes
 * no lock.
 *
 * Context: any.
 * Return: the stage.
 */
enum ctri_stage ctri_entry_stage(const struct nf_conn *ct, u32 idle)
{
	if (nf_ct_is_expired(ct))
		return CTRI_STAGE_EXPIRED;
	if (test_bit(IPS_OFFLOAD_BIT, &ct->status))
		return CTRI_STAGE_TALKING;
	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		return ctri_stage_tcp(ct, idle);
#ifdef CONFIG_NF_CT_PROTO_SCTP
	case IPPROTO_SCTP:
		return ctri_stage_sctp(ct, idle);
#endif
	default:
		return ctri_stage_other(ct, idle);
	}
}
