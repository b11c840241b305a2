/* SPDX-License-Identifier: GPL-2.0 */
/* What makes a source: a namespace, and an address masked to a prefix. */
#ifndef CONNTRIAGE_SOURCE_H
#define CONNTRIAGE_SOURCE_H

#include <linux/in.h>
#include <linux/netfilter.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "table.h"

/**
 * struct ctri_masks - which bits of an address count
 * @ip: of an IPv4 address
 * @ip6: of an IPv6 address, two words as they are in memory
 * @prefix4: how many these are
 * @prefix6: and these
 */
struct ctri_masks {
	__be32 ip;
	u64 ip6[2];
	unsigned int prefix4, prefix6;
};

extern struct ctri_masks ctri_source_masks;	/* of sources */
extern struct ctri_masks ctri_census_masks;	/* of the census' prefixes */

/* The IPv4 address that stands for the source, as it is in memory. */
static inline u32 ctri_ipv4_source(__be32 addr)
{
	return (__force u32)(addr & ctri_source_masks.ip);
}

/* What a service has for an address. */
static inline u64 ctri_service(const struct nf_conntrack_tuple *tuple)
{
	return (u64)tuple->dst.protonum << 16 | ntohs(tuple->dst.u.all);
}

/* Has the protocol ports? */
static inline bool ctri_has_ports(u8 l4proto)
{
	switch (l4proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		return true;
	default:
		return false;
	}
}

void ctri_masks_init(struct ctri_masks *masks, unsigned int prefix4,
		     unsigned int prefix6);
unsigned int ctri_source_prefix(u8 family);
void ctri_source_whole(struct ctri_source *src, u32 netns, u16 l3num,
		       const union nf_inet_addr *addr);
void ctri_source_address(struct ctri_source *src, u32 netns, u16 l3num,
			 const union nf_inet_addr *addr);
bool ctri_source_service(struct ctri_source *src, u32 netns,
			 const struct nf_conntrack_tuple *tuple);

#endif
