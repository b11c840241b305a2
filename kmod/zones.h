/* SPDX-License-Identifier: GPL-2.0 */
/* The conntrack zones that a namespace's connections are in. */
#ifndef CONNTRIAGE_ZONES_H
#define CONNTRIAGE_ZONES_H

#include <linux/types.h>

struct ctri_net;
struct net;
struct nf_conntrack_tuple;

/* Where a tuple was found */
enum ctri_found {
	CTRI_FOUND_NOT,
	CTRI_FOUND,
	CTRI_FOUND_UNKNOWN,	/* in none of the zones that are known; there are more */
};

void ctri_zone_met(struct ctri_net *cn, u16 zone);
enum ctri_found ctri_zones_find(struct ctri_net *cn, u8 pf, unsigned int hooknum,
				const struct nf_conntrack_tuple *tuple);

#endif
