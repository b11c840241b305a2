/* SPDX-License-Identifier: GPL-2.0 */
/* What makes a source: a namespace, and an address masked to a prefix. */
#ifndef CONNTRIAGE_SOURCE_H
#define CONNTRIAGE_SOURCE_H

#include <linux/netfilter.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "table.h"

extern __be32 ctri_mask4;

/* The IPv4 address that stands for the source, as it is in memory. */
static inline u32 ctri_ipv4_source(__be32 addr)
{
	return (__force u32)(addr & ctri_mask4);
}

/* What a service has for an address. */
static inline u64 ctri_service(const struct nf_conntrack_tuple *tuple)
{
	return (u64)tuple->dst.protonum << 16 | ntohs(tuple->dst.u.all);
}

void ctri_source_init(unsigned int prefix4, unsigned int prefix6);
unsigned int ctri_source_prefix(u8 family);
void ctri_source_address(struct ctri_source *src, u32 netns, u16 l3num,
			 const union nf_inet_addr *addr);
bool ctri_source_service(struct ctri_source *src, u32 netns,
			 const struct nf_conntrack_tuple *tuple);

#endif
