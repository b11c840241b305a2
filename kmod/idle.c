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
#include "idle.h"

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

/* Of enum tcp_bit_set, which nf_conntrack_proto_tcp.c keeps to itself */
enum { CTRI_TCP_FIN_SET = 2, CTRI_TCP_RST_SET = 4 };

/*
 * As nf_conntrack_tcp_packet() chose it at the last packet, whose traces are in
 * ct->proto.tcp: the state's timeout, or a shorter one. Read without ct->lock:
 * what a packet changes meanwhile makes the entry not silent anyway.
 */
static unsigned int ctri_tcp_timeout(const struct nf_conn *ct,
				     const unsigned int *timeouts,
				     unsigned long left)
{
	const struct nf_tcp_net *tn = nf_tcp_pernet(nf_ct_net(ct));
	const struct ip_ct_tcp *tcp = &ct->proto.tcp;
	u8 flags = READ_ONCE(tcp->seen[0].flags) | READ_ONCE(tcp->seen[1].flags);
	u8 last = READ_ONCE(tcp->last_index);
	u8 state = READ_ONCE(tcp->state);
	unsigned int t, unack = timeouts[TCP_CONNTRACK_UNACK];

	if (state >= TCP_CONNTRACK_MAX)
		return 0;
	t = timeouts[state];
	if (READ_ONCE(tcp->retrans) >= tn->tcp_max_retrans &&
	    t > timeouts[TCP_CONNTRACK_RETRANS]) {
		t = timeouts[TCP_CONNTRACK_RETRANS];
	} else if (last == CTRI_TCP_RST_SET &&
		   left <= timeouts[TCP_CONNTRACK_CLOSE]) {
		/*
		 * An RST that doesn't close, as its number isn't the one that is
		 * expected: CLOSE in 6.1.192, UNACK in 7.3 and by a backport in
		 * 6.12.118, so no version says which. Where both are possible,
		 * the shorter silence is taken.
		 */
		t = timeouts[TCP_CONNTRACK_CLOSE];
		if (state == TCP_CONNTRACK_ESTABLISHED && t > unack &&
		    left <= unack)
			t = unack;
	} else if (flags & IP_CT_TCP_FLAG_DATA_UNACKNOWLEDGED && t > unack) {
		t = unack;
	} else if (!READ_ONCE(tcp->last_win) &&
		   t > timeouts[TCP_CONNTRACK_RETRANS]) {
		/* also as long as there was no ACK */
		t = timeouts[TCP_CONNTRACK_RETRANS];
	} else if (state == TCP_CONNTRACK_ESTABLISHED && t > unack &&
		   left <= unack &&
		   (last == CTRI_TCP_FIN_SET || last == CTRI_TCP_RST_SET)) {
		/*
		 * nf_tcp_handle_invalid(): FIN or RST outside of the window,
		 * from both sides. Nothing says whether it was the second; the
		 * shorter silence is taken.
		 */
		t = unack;
	}

	/* picked up in the middle, and no packet since it was answered */
	if (state == TCP_CONNTRACK_ESTABLISHED && t > unack &&
	    !test_bit(IPS_ASSURED_BIT, &ct->status))
		t = unack;
	return t;
}

/*
 * nf_conntrack_udp_packet(): a stream's timeout holds from two seconds on after
 * the first packet. A last packet that the short timeout puts within these was
 * not the stream's yet, though some kernels call it ASSURED already.
 */
static unsigned int ctri_udp_timeout(const struct nf_conn *ct,
				     const unsigned int *timeouts,
				     unsigned long left)
{
	unsigned long stream = READ_ONCE(ct->proto.udp.stream_ts), last;
	unsigned int t = timeouts[UDP_CT_UNREPLIED];

	if (!test_bit(IPS_ASSURED_BIT, &ct->status))
		return t;
	last = jiffies - (t - left);
	if (left <= t && time_in_range(last, stream - 2 * HZ, stream))
		return t;
	return timeouts[UDP_CT_REPLIED];
}

/* In jiffies; 0: not known. */
static unsigned int ctri_timeout(const struct nf_conn *ct, unsigned long left)
{
	struct net *net = nf_ct_net(ct);
	const unsigned int *policy = nf_ct_timeout_lookup(ct);
	/* a packet of a connection that was answered before it sets this */
	bool assured = test_bit(IPS_ASSURED_BIT, &ct->status);

	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		return ctri_tcp_timeout(ct, policy ?: nf_tcp_pernet(net)->timeouts,
					left);
	case IPPROTO_UDP:
		return ctri_udp_timeout(ct, policy ?: nf_udp_pernet(net)->timeouts,
					left);
	case IPPROTO_UDPLITE:	/* without a stream_ts */
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
#ifdef CONFIG_NF_CT_PROTO_DCCP
	case IPPROTO_DCCP:
		return (policy ?: nf_dccp_pernet(net)->dccp_timeout)
			[min_t(unsigned int, ct->proto.dccp.state, CT_DCCP_MAX)];
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
 * @known: set to whether that can be told
 *
 * It can't be told of a flow that is offloaded, as conntrack doesn't see its
 * packets; of an entry whose timeout packets don't renew; and of one that has
 * more time left than the timeout in force gives: that was lowered since its
 * last packet, or somebody else set it, ctnetlink or a helper. These pass for
 * not silent at all. Where the timeout was raised since, the silence seems
 * longer than it is.
 *
 * Before confirmation ct->timeout is a length, and after it a time. Nobody comes
 * here with an unconfirmed entry, in whatever order a kernel inserts an entry and
 * sets IPS_CONFIRMED (the latter comes last from 6.16 on): both are done under the
 * bucket's lock, which the census holds, and early_drop_list() and gc_worker() in
 * nf_conntrack_core.c delete only what has the bit.
 *
 * Context: any.
 * Return: seconds; 0 where @known is false.
 */
u32 ctri_entry_idle(const struct nf_conn *ct, bool *known)
{
	unsigned long left = nf_ct_expires(ct);
	unsigned int timeout;

	*known = false;
	if (test_bit(IPS_OFFLOAD_BIT, &ct->status) ||
	    test_bit(IPS_FIXED_TIMEOUT_BIT, &ct->status))
		return 0;
	rcu_read_lock();	/* a timeout policy can be deleted */
	timeout = ctri_timeout(ct, left);
	rcu_read_unlock();
	/* a packet may have come since @left was read */
	if (timeout + HZ < left)
		return 0;
	*known = true;
	return timeout > left ? (timeout - left) / HZ : 0;
}
