// SPDX-License-Identifier: GPL-2.0
/* What makes a source: a namespace, and an address masked to a prefix. */
#include <linux/string.h>
#include "source.h"

struct ctri_masks ctri_source_masks __read_mostly;
struct ctri_masks ctri_census_masks __read_mostly;

/**
 * ctri_masks_init() - set which bits of an address count
 * @masks: filled
 * @prefix4: of an IPv4 address, 1 to 32
 * @prefix6: of an IPv6 address, 1 to 128
 *
 * Context: process, before anybody reads them.
 */
void ctri_masks_init(struct ctri_masks *masks, unsigned int prefix4,
		     unsigned int prefix6)
{
	unsigned int shift = 128 - prefix6;

	masks->prefix4 = prefix4;
	masks->prefix6 = prefix6;
	masks->ip = htonl(~0U << (32 - prefix4));
	masks->ip6[0] = (__force u64)cpu_to_be64(shift > 64 ?
						 ~0ULL << (shift - 64) : ~0ULL);
	masks->ip6[1] = (__force u64)cpu_to_be64(shift < 64 ? ~0ULL << shift : 0);
}

/**
 * ctri_source_prefix() - the bits of an address that make a source
 * @family: CTRI_FAMILY_IPV4 or CTRI_FAMILY_IPV6
 *
 * Context: any.
 * Return: the length of the prefix.
 */
unsigned int ctri_source_prefix(u8 family)
{
	return family == CTRI_FAMILY_IPV4 ? ctri_source_masks.prefix4 :
					    ctri_source_masks.prefix6;
}

/**
 * ctri_source_whole() - one address, not masked
 * @src: filled
 * @netns: ctri_net.id
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: the address
 *
 * Context: any.
 */
void ctri_source_whole(struct ctri_source *src, u32 netns, u16 l3num,
		       const union nf_inet_addr *addr)
{
	memset(src, 0, sizeof(*src));
	src->netns = netns;
	if (likely(l3num == NFPROTO_IPV4)) {
		src->family = CTRI_FAMILY_IPV4;
		src->addr[0] = ctri_addr4((__force u32)addr->ip);
	} else {
		src->family = CTRI_FAMILY_IPV6;
		memcpy(src->addr, &addr->in6, sizeof(src->addr));
	}
}

/**
 * ctri_source_address() - the source that an address belongs to
 * @src: filled
 * @netns: ctri_net.id
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: the address as seen
 *
 * Context: any.
 */
void ctri_source_address(struct ctri_source *src, u32 netns, u16 l3num,
			 const union nf_inet_addr *addr)
{
	ctri_source_whole(src, netns, l3num, addr);
	if (likely(l3num == NFPROTO_IPV4)) {
		src->addr[0] = ctri_addr4(ctri_ipv4_source(addr->ip));
	} else {
		src->addr[0] &= ctri_source_masks.ip6[0];
		src->addr[1] &= ctri_source_masks.ip6[1];
	}
}

/**
 * ctri_source_service() - the original destination's protocol and port
 * @src: filled; its family is CTRI_FAMILY_SERVICE
 * @netns: ctri_net.id
 * @tuple: of the original direction
 *
 * Context: any.
 * Return: false where the protocol has no ports.
 */
bool ctri_source_service(struct ctri_source *src, u32 netns,
			 const struct nf_conntrack_tuple *tuple)
{
	if (!ctri_has_ports(tuple->dst.protonum))
		return false;
	memset(src, 0, sizeof(*src));
	src->netns = netns;
	src->family = CTRI_FAMILY_SERVICE;
	src->addr[0] = ctri_service(tuple);
	return true;
}
