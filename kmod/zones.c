// SPDX-License-Identifier: GPL-2.0
/*
 * The conntrack zones that a namespace's connections are in.
 *
 * A packet's zone is in a template that a rule before conntrack hangs on it, and
 * nf_conntrack_in() takes that off again before it says INVALID. The hash of a
 * connection has the zone in it. So to find the connection of such a packet, the
 * zones are tried that are in use: each that a new connection, or an entry of the
 * census, was found in is noted, up to CTRI_ZONES of a namespace.
 */
#include <linux/atomic.h>
#include <linux/netfilter_ipv4.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "netns.h"
#include "zones.h"

/**
 * ctri_zone_met() - a connection is in this zone
 * @cn: its namespace
 * @zone: not 0
 *
 * The list only grows, and what is full is read first, so however many zones there
 * are, its memory is written CTRI_ZONES + 1 times.
 *
 * Context: any; several CPUs at once.
 */
void ctri_zone_met(struct ctri_net *cn, u16 zone)
{
	unsigned int i;

	if (READ_ONCE(cn->more_zones))
		return;
	for (i = 0; i < CTRI_ZONES; i++) {
		u32 met = READ_ONCE(cn->zones[i]);

		if (!met)
			met = cmpxchg(&cn->zones[i], 0, zone) ?: zone;
		if (met == zone)
			return;
	}
	WRITE_ONCE(cn->more_zones, true);
}

static bool ctri_zone_has(struct net *net, u16 id, const struct nf_conntrack_tuple *tuple)
{
	struct nf_conntrack_zone zone;
	struct nf_conntrack_tuple_hash *h;

	nf_ct_zone_init(&zone, id, NF_CT_DEFAULT_ZONE_DIR, 0);
	h = nf_conntrack_find_get(net, &zone, tuple);
	if (!h)
		return false;
	nf_ct_put(nf_ct_tuplehash_to_ctrack(h));
	return true;
}

/*
 * Can a packet come to conntrack with a zone? Only if something runs before it there
 * that isn't nf_defrag_ipv4 or nf_defrag_ipv6, which have no private data: a rule
 * that sets one. Under rcu_read_lock().
 */
static bool ctri_zone_settable(const struct net *net, u8 pf, unsigned int hooknum)
{
	const struct nf_hook_entries *e = ctri_net_hooks(net, pf, hooknum);
	struct nf_hook_ops **ops;
	unsigned int i;

	if (!e)
		return false;
	ops = nf_hook_entries_get_hook_ops(e);
	for (i = 0; i < e->num_hook_entries; i++) {
		if (ops[i]->priority >= NF_IP_PRI_CONNTRACK)
			return false;
		/* a removed one has INT_MIN */
		if (ops[i]->priority != INT_MIN &&
		    (ops[i]->priv || ops[i]->priority != NF_IP_PRI_CONNTRACK_DEFRAG))
			return true;
	}
	return false;
}

/**
 * ctri_zones_find() - is the connection of a packet known, in its zone?
 * @cn: the packet's namespace
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @hooknum: NF_INET_PRE_ROUTING or NF_INET_LOCAL_OUT
 * @tuple: the packet's
 *
 * One that no rule can have given a zone is of the default one alone.
 *
 * Context: softirq or task, under rcu_read_lock(). Up to CTRI_ZONES + 1 lookups.
 * Return: whether it is.
 */
enum ctri_found ctri_zones_find(struct ctri_net *cn, u8 pf, unsigned int hooknum,
				const struct nf_conntrack_tuple *tuple)
{
	unsigned int i;
	u32 zone;

	if (ctri_zone_has(cn->net, NF_CT_DEFAULT_ZONE_ID, tuple))
		return CTRI_FOUND;
	if (!ctri_zone_settable(cn->net, pf, hooknum))
		return CTRI_FOUND_NOT;
	for (i = 0; i < CTRI_ZONES; i++) {
		zone = READ_ONCE(cn->zones[i]);
		if (!zone)
			return CTRI_FOUND_NOT;
		if (ctri_zone_has(cn->net, zone, tuple))
			return CTRI_FOUND;
	}
	return READ_ONCE(cn->more_zones) ? CTRI_FOUND_UNKNOWN : CTRI_FOUND_NOT;
}
