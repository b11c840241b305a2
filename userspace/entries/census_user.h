/* SPDX-License-Identifier: GPL-2.0 */
/* What kmod/census_heavy.c takes from the kernel's headers and the module's, for the reader. */
#ifndef CONNTRIAGE_ENTRIES_CENSUS_USER_H
#define CONNTRIAGE_ENTRIES_CENSUS_USER_H

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <netinet/in.h>

#include "keys.h"
#include "shim_user.h"

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#endif

/* Of the kernel's struct, what is read there */
struct nf_conntrack_tuple {
	struct {
		union nf_inet_addr u3;
		struct {
			uint16_t all;	/* network order, as below */
		} u;
		uint16_t l3num;
	} src;
	struct {
		union nf_inet_addr u3;
		struct {
			uint16_t all;
		} u;
		uint8_t protonum;
	} dst;
};

/* As kmod/source.h has them */
struct ctri_masks {
	uint32_t ip;
	u64 ip6[2];
	unsigned int prefix4, prefix6;
};

extern struct ctri_masks ctri_source_masks, ctri_census_masks;

/** masks_begin() - fill them in; before any entry is counted */
void masks_begin(void);

static inline u32 ctri_ipv4_source(uint32_t addr)
{
	return addr & ctri_source_masks.ip;
}

static inline u64 ctri_service(const struct nf_conntrack_tuple *tuple)
{
	return (u64)tuple->dst.protonum << 16 | ntohs(tuple->dst.u.all);
}

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

/* A tally is of one namespace, which it numbers itself. */
static inline u32 ctri_net_inum(u32 id)
{
	return id;
}

static inline void get_random_bytes(void *to, size_t bytes)
{
	key_draw(to, bytes);
}

static inline void *kvmalloc_array(size_t nr, size_t bytes, int flags)
{
	(void)flags;
	return calloc(nr, bytes);
}

static inline void *kvcalloc(size_t nr, size_t bytes, int flags)
{
	return kvmalloc_array(nr, bytes, flags);
}

static inline void *kvzalloc(size_t bytes, int flags)
{
	return kvmalloc_array(1, bytes, flags);
}

#endif
