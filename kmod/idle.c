// SPDX-License-Identifier: GPL-2.0
/*
 * How long an entry has been silent, and in which state it is. Conntrack
 * stores when an entry expires, and every packet sets that anew; so silence is
 * the timeout in force minus what is left of it.
 */
#include <linux/kernel.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_l4proto.h>
#include <net/netfilter/nf_conntrack_timeout.h>
#include "census.h"

enum { CTRI_STATE_UNREPLIED, CTRI_STATE_REPLIED, CTRI_STATE_ASSURED };

static const char *const ctri_generic_states[] = {
	"UNREPLIED", "REPLIED", "ASSURED",
};

static const char *const ctri_tcp_states[] = {
	"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT",
	"LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2",
};

/**
 * ctri_state_name() - for people
 * @l4proto: IPPROTO_*
 * @state: of ctri_entry_state()
 *
 * Context: any.
 * Return: a word; "OTHER" for a state that is not known.
 */
const char *ctri_state_name(u8 l4proto, u8 state)
{
	if (l4proto == IPPROTO_TCP)
		return state < ARRAY_SIZE(ctri_tcp_states) ?
		       ctri_tcp_states[state] : "OTHER";
	return state < ARRAY_SIZE(ctri_generic_states) ?
	       ctri_generic_states[state] : "OTHER";
}

/**
 * ctri_entry_state() - TCP's state, or how far any other protocol got
 * @ct: an entry that can't go away
 *
 * Context: any.
 * Return: TCP_CONNTRACK_* or CTRI_STATE_*.
 */
u8 ctri_entry_state(const struct nf_conn *ct)
{
	if (nf_ct_protonum(ct) == IPPROTO_TCP)
		return READ_ONCE(ct->proto.tcp.state);
	if (test_bit(IPS_ASSURED_BIT, &ct->status))
		return CTRI_STATE_ASSURED;
	return test_bit(IPS_SEEN_REPLY_BIT, &ct->status) ?
	       CTRI_STATE_REPLIED : CTRI_STATE_UNREPLIED;
}

/*
 * nf_conntrack_tcp_packet(): the state's timeout, or a shorter one while data
 * is retransmitted or not acknowledged, or for a connection picked up in the
 * middle that got no answer.
 */
static unsigned int ctri_tcp_timeout(const struct nf_conn *ct,
				     const unsigned int *timeouts)
{
	const struct nf_tcp_net *tn = nf_tcp_pernet(nf_ct_net(ct));
	const struct ip_ct_tcp *tcp = &ct->proto.tcp;
	u8 state = READ_ONCE(tcp->state);
	unsigned int t;

	if (state >= TCP_CONNTRACK_MAX)
		return 0;
	t = timeouts[state];
	if (tcp->retrans >= tn->tcp_max_retrans)
		return min(t, timeouts[TCP_CONNTRACK_RETRANS]);
	if ((tcp->seen[0].flags | tcp->seen[1].flags) &
	    IP_CT_TCP_FLAG_DATA_UNACKNOWLEDGED)
		return min(t, timeouts[TCP_CONNTRACK_UNACK]);
	if (state == TCP_CONNTRACK_ESTABLISHED &&
	    !test_bit(IPS_SEEN_REPLY_BIT, &ct->status))
		return min(t, timeouts[TCP_CONNTRACK_UNACK]);
	return t;
}

/* In jiffies; 0: not known. */
static unsigned int ctri_timeout(const struct nf_conn *ct)
{
	struct net *net = nf_ct_net(ct);
	const unsigned int *policy = nf_ct_timeout_lookup(ct);
	bool assured = test_bit(IPS_ASSURED_BIT, &ct->status);

	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		return ctri_tcp_timeout(ct, policy ?: nf_tcp_pernet(net)->timeouts);
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		/* an assured one has outlived its first two seconds */
		return (policy ?: nf_udp_pernet(net)->timeouts)
			[assured ? UDP_CT_REPLIED : UDP_CT_UNREPLIED];
	case IPPROTO_ICMP:
		return policy ? *policy : nf_icmp_pernet(net)->timeout;
#if IS_ENABLED(CONFIG_IPV6)
	case IPPROTO_ICMPV6:
		return policy ? *policy : nf_icmpv6_pernet(net)->timeout;
#endif
#ifdef CONFIG_NF_CT_PROTO_SCTP
	case IPPROTO_SCTP:
		return (policy ?: nf_sctp_pernet(net)->timeouts)
			[min_t(unsigned int, ct->proto.sctp.state,
			       SCTP_CONNTRACK_MAX - 1)];
#endif
#ifdef CONFIG_NF_CT_PROTO_GRE
	case IPPROTO_GRE:
		return assured ? ct->proto.gre.stream_timeout :
				 ct->proto.gre.timeout;
#endif
	default:
		return policy ? *policy : nf_generic_pernet(net)->timeout;
	}
}

/**
 * ctri_entry_idle() - how long an entry has been silent
 * @ct: an entry that can't go away
 *
 * A flow that is offloaded passes packets that conntrack doesn't see; it is
 * never idle. A timeout that was lowered since the last packet makes the
 * silence seem shorter than it was.
 *
 * Context: any, under rcu_read_lock() or with BH off.
 * Return: seconds.
 */
u32 ctri_entry_idle(const struct nf_conn *ct)
{
	unsigned long left = nf_ct_expires(ct);
	unsigned int timeout;

	if (test_bit(IPS_OFFLOAD_BIT, &ct->status))
		return 0;
	timeout = ctri_timeout(ct);
	return timeout > left ? (timeout - left) / HZ : 0;
}
