// SPDX-License-Identifier: GPL-2.0
/*
 * At which stage of its life an entry is: whether it is in use, was answered,
 * has got through its handshake, still talks, or is on its way out.
 */
#include <linux/bitops.h>
#include <linux/in.h>
#include <net/netfilter/nf_conntrack.h>
#include "stage.h"
#include "stage_rules.h"

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
	bool replied = test_bit(IPS_SEEN_REPLY_BIT, &ct->status);
	bool assured = test_bit(IPS_ASSURED_BIT, &ct->status);

	if (nf_ct_is_expired(ct))
		return CTRI_STAGE_EXPIRED;
	if (test_bit(IPS_OFFLOAD_BIT, &ct->status))
		return CTRI_STAGE_TALKING;
	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		return ctri_stage_tcp(READ_ONCE(ct->proto.tcp.state), replied, idle);
#ifdef CONFIG_NF_CT_PROTO_SCTP
	case IPPROTO_SCTP:
		return ctri_stage_sctp(READ_ONCE(ct->proto.sctp.state), replied, assured, idle);
#endif
	default:
		return ctri_stage_other(replied, assured, idle);
	}
}
