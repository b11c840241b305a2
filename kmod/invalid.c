// SPDX-License-Identifier: GPL-2.0
/*
 * Why a packet is INVALID. Conntrack doesn't say, so this checks what
 * nf_conntrack_in() checked, in its order: header and checksum, TCP flags, then
 * whether the connection is known. It checked as it was told: checksums of received
 * packets alone, and those only with nf_conntrack_checksum on. What costs more than
 * reading a header is done for a bounded number of packets a second; the others
 * count as unsampled.
 */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/percpu.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include "clock.h"
#include "invalid.h"
#include "netns.h"
#include "zones.h"

#define CTRI_SAMPLES	1024	/* packets a second and CPU that are looked into */

/* Owner CPU. A task and a softirq can race: a sample more or less, no harm. */
struct ctri_budget {
	u32 second;
	u32 used;
};

static DEFINE_PER_CPU(struct ctri_budget, ctri_budget);

static bool ctri_budget_take(void)
{
	struct ctri_budget *b = raw_cpu_ptr(&ctri_budget);
	u32 now = ctri_now();

	if (b->second != now) {
		b->second = now;
		b->used = 0;
	}
	if (b->used >= CTRI_SAMPLES)
		return false;
	b->used++;
	return true;
}

/* tcp_error() and its likes: of what this host sends, no checksum is looked at. */
static bool ctri_checksum_matters(const struct sk_buff *skb,
				  const struct nf_hook_state *state)
{
	return state->hook == NF_INET_PRE_ROUTING &&
	       READ_ONCE(state->net->ct.sysctl_checksum) &&
	       skb->ip_summed != CHECKSUM_UNNECESSARY &&
	       skb->ip_summed != CHECKSUM_PARTIAL;
}

/* Recomputed without the side effects that nf_checksum() has on the packet. */
static bool ctri_checksum_wrong(const struct sk_buff *skb,
				const struct nf_hook_state *state,
				unsigned int dataoff,
				const struct nf_conntrack_tuple *t)
{
	unsigned int len = skb->len - dataoff;
	__wsum sum;

	if (!ctri_checksum_matters(skb, state))
		return false;
	sum = skb_checksum(skb, dataoff, len, 0);
	if (t->src.l3num == NFPROTO_IPV6) {
		const struct ipv6hdr *ip6 = ipv6_hdr(skb);

		return csum_ipv6_magic(&ip6->saddr, &ip6->daddr, len,
				       t->dst.protonum, sum);
	}
	if (t->dst.protonum == IPPROTO_ICMP)
		return csum_fold(sum);
	return csum_tcpudp_magic(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, len,
				 t->dst.protonum, sum);
}

/* The combinations that tcp_valid_flags[] of nf_conntrack_proto_tcp.c accepts. */
static bool ctri_tcp_flags_valid(const struct tcphdr *th)
{
	if (th->syn)
		return !th->fin && !th->rst && !(th->ack && th->urg);
	if (th->rst)
		return !th->fin && !th->urg;
	return th->ack;
}

static enum ctri_invalid ctri_classify_tcp(const struct sk_buff *skb,
					   const struct nf_hook_state *state,
					   unsigned int dataoff,
					   const struct nf_conntrack_tuple *tuple)
{
	enum ctri_found found;
	const struct tcphdr *th;
	struct tcphdr buf;

	th = skb_header_pointer(skb, dataoff, sizeof(buf), &buf);
	if (!th || th->doff * 4 < sizeof(*th) || skb->len < dataoff + th->doff * 4)
		return CTRI_INV_MALFORMED;
	if (!ctri_budget_take())
		return CTRI_INV_UNSAMPLED;
	if (ctri_checksum_wrong(skb, state, dataoff, tuple))
		return CTRI_INV_MALFORMED;
	if (!ctri_tcp_flags_valid(th))
		return CTRI_INV_FLAGS;
	found = ctri_zones_find(ctri_net_rcu(state->net), state->pf, state->hook, tuple);
	if (found == CTRI_FOUND)
		return CTRI_INV_WINDOW;
	if (found == CTRI_FOUND_UNKNOWN)
		return CTRI_INV_UNSAMPLED;
	if (th->syn)
		return th->ack ? CTRI_INV_SYNACK : CTRI_INV_OTHER;
	return th->rst || th->fin ? CTRI_INV_RSTFIN : CTRI_INV_MIDSTREAM;
}

/* As udp_error() of nf_conntrack_proto_udp.c has it, whatever the checksum is. */
static bool ctri_udp_cut_off(const struct sk_buff *skb, unsigned int dataoff)
{
	const struct udphdr *uh;
	struct udphdr buf;

	uh = skb_header_pointer(skb, dataoff, sizeof(buf), &buf);
	return !uh || ntohs(uh->len) > skb->len - dataoff || ntohs(uh->len) < sizeof(*uh);
}

/* Returns the offset of layer 4, or 0 for none. */
static unsigned int ctri_l4_offset(const struct sk_buff *skb, u16 l3num, u8 *l4proto)
{
	int off = skb_network_offset(skb);
	__be16 frag;

	if (l3num == NFPROTO_IPV6) {
		*l4proto = ipv6_hdr(skb)->nexthdr;
		off = ipv6_skip_exthdr(skb, off + sizeof(struct ipv6hdr),
				       l4proto, &frag);
		return off < 0 || (frag & htons(~0x7)) ? 0 : off;
	}
	*l4proto = ip_hdr(skb)->protocol;
	if (ip_hdr(skb)->frag_off & htons(IP_OFFSET))
		return 0;
	return off + ip_hdrlen(skb);
}

/**
 * ctri_classify() - why conntrack took a packet for INVALID
 * @skb: the packet; not changed
 * @state: of the hook it is in
 * @tuple: filled: whose packet it is, as far as it can be told
 *
 * Context: softirq or task, under rcu_read_lock().
 * Return: the class.
 */
enum ctri_invalid ctri_classify(struct sk_buff *skb,
				const struct nf_hook_state *state,
				struct nf_conntrack_tuple *tuple)
{
	unsigned int dataoff, nhoff = skb_network_offset(skb);
	u8 l4proto;

	dataoff = ctri_l4_offset(skb, state->pf, &l4proto);
	if (!dataoff ||
	    !nf_ct_get_tuplepr(skb, nhoff, state->pf, state->net, tuple)) {
		/* all that can be said of it: the addresses */
		memset(tuple, 0, sizeof(*tuple));
		tuple->src.l3num = state->pf;
		tuple->dst.protonum = l4proto;
		if (state->pf == NFPROTO_IPV6) {
			tuple->src.u3.in6 = ipv6_hdr(skb)->saddr;
			tuple->dst.u3.in6 = ipv6_hdr(skb)->daddr;
		} else {
			tuple->src.u3.ip = ip_hdr(skb)->saddr;
			tuple->dst.u3.ip = ip_hdr(skb)->daddr;
		}
	}
	if (!dataoff)
		return CTRI_INV_MALFORMED;
	switch (l4proto) {
	case IPPROTO_TCP:
		return ctri_classify_tcp(skb, state, dataoff, tuple);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
	case IPPROTO_UDP:
		break;
	default:
		return CTRI_INV_OTHER;
	}
	/* a UDP header is as long as one of ICMP */
	if (skb->len < dataoff + sizeof(struct icmphdr))
		return CTRI_INV_MALFORMED;
	if (l4proto == IPPROTO_UDP && ctri_udp_cut_off(skb, dataoff))
		return CTRI_INV_MALFORMED;
	if (!ctri_budget_take())
		return CTRI_INV_UNSAMPLED;
	if (ctri_checksum_wrong(skb, state, dataoff, tuple))
		return CTRI_INV_MALFORMED;
	return l4proto == IPPROTO_UDP ? CTRI_INV_OTHER : CTRI_INV_ICMP;
}
