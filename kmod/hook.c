// SPDX-License-Identifier: GPL-2.0
/*
 * The hooks: packets that are INVALID and, where confirm.c has no better way,
 * those whose entry goes to confirmation.
 *
 * Of a packet of a known connection a hook reads one field and returns;
 * everything else is out of line. No hook changes a packet or its fate.
 */
#include <linux/netdevice.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>
#include "account.h"
#include "confirm.h"
#include "hook.h"
#include "invalid.h"
#include "netns.h"
#include "trace.h"

/* Softirq or task, under rcu_read_lock(). */
static noinline unsigned int
ctri_hook_invalid_slow(struct ctri_net *cn, struct sk_buff *skb,
		       const struct nf_hook_state *state)
{
	struct nf_conntrack_tuple tuple;
	enum ctri_invalid kind;

	/* a second time here: from a VRF, vrf_rcv_nfhook() */
	if (state->in && netif_is_l3_master(state->in))
		return NF_ACCEPT;
	if (!ctri_conntrack_on(state->net, state->pf, state->hook))
		return NF_ACCEPT;
	kind = ctri_classify(skb, state, &tuple);
	ctri_account_invalid(cn, kind, &tuple);
	trace_conntriage_invalid(cn->net->ns.inum, &tuple, CTRI_R_INVALID + kind);
	return NF_ACCEPT;
}

/*
 * Just before confirmation, at NF_IP_PRI_CONNTRACK_CONFIRM. A confirmed entry
 * means an established packet; no entry means INVALID or untracked.
 * nf_conntrack_in() has run, at NF_IP_PRI_CONNTRACK, so an unconfirmed entry is
 * this packet's own. That holds wherever the kernel sets IPS_CONFIRMED: before the
 * insertion (up to 6.15), or after it (6.16, and stable releases), when an entry
 * stands in the table without it for a moment. No lookup gives such a one to
 * another packet: nf_ct_key_equal() in nf_conntrack_core.c asks for the bit.
 */
static unsigned int ctri_hook_confirm(void *priv, struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (unlikely(ct && !nf_ct_is_confirmed(ct)))
		ctri_confirm(priv, skb, ct, ctinfo);
	return NF_ACCEPT;
}

/*
 * Just after conntrack. No entry and not IP_CT_UNTRACKED, both in one word, is
 * what "--ctstate INVALID" matches (net/netfilter/xt_conntrack.c).
 */
static unsigned int ctri_hook_invalid(void *priv, struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	if (likely(skb_get_nfct(skb)))
		return NF_ACCEPT;
	return ctri_hook_invalid_slow(priv, skb, state);
}

#define CTRI_HOOK(fn, proto, num, prio)		\
	{					\
		.hook		= fn,		\
		.pf		= proto,	\
		.hooknum	= num,		\
		.priority	= prio,		\
	}

/* Those that every namespace has come first. */
static const struct nf_hook_ops ctri_hook_ops[] = {
	CTRI_HOOK(ctri_hook_invalid, NFPROTO_IPV4, NF_INET_PRE_ROUTING,
		  NF_IP_PRI_CONNTRACK + 1),
	CTRI_HOOK(ctri_hook_invalid, NFPROTO_IPV4, NF_INET_LOCAL_OUT,
		  NF_IP_PRI_CONNTRACK + 1),
	CTRI_HOOK(ctri_hook_invalid, NFPROTO_IPV6, NF_INET_PRE_ROUTING,
		  NF_IP_PRI_CONNTRACK + 1),
	CTRI_HOOK(ctri_hook_invalid, NFPROTO_IPV6, NF_INET_LOCAL_OUT,
		  NF_IP_PRI_CONNTRACK + 1),
#define CTRI_NR_INVALID_HOOKS	4
	CTRI_HOOK(ctri_hook_confirm, NFPROTO_IPV4, NF_INET_LOCAL_IN,
		  NF_IP_PRI_CONNTRACK_CONFIRM - 1),
	CTRI_HOOK(ctri_hook_confirm, NFPROTO_IPV4, NF_INET_POST_ROUTING,
		  NF_IP_PRI_CONNTRACK_CONFIRM - 1),
	CTRI_HOOK(ctri_hook_confirm, NFPROTO_IPV6, NF_INET_LOCAL_IN,
		  NF_IP_PRI_CONNTRACK_CONFIRM - 1),
	CTRI_HOOK(ctri_hook_confirm, NFPROTO_IPV6, NF_INET_POST_ROUTING,
		  NF_IP_PRI_CONNTRACK_CONFIRM - 1),
};

static unsigned int ctri_hooks_nr(void)
{
	return ctri_confirm_needs_hooks() ? CTRI_NR_HOOKS : CTRI_NR_INVALID_HOOKS;
}

/**
 * ctri_hooks_register() - watch a namespace's packets
 * @cn: the namespace; complete, packets come at once
 *
 * Context: process.
 * Return: 0 or -errno with no hook left.
 */
int ctri_hooks_register(struct ctri_net *cn)
{
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(ctri_hook_ops) != CTRI_NR_HOOKS);
	memcpy(cn->ops, ctri_hook_ops, sizeof(cn->ops));
	for (i = 0; i < CTRI_NR_HOOKS; i++)
		cn->ops[i].priv = cn;
	return nf_register_net_hooks(cn->net, cn->ops, ctri_hooks_nr());
}

/**
 * ctri_hooks_unregister() - let go of a namespace's packets
 * @cn: the namespace; packets may be in the hooks for a grace period more
 *
 * Context: process.
 */
void ctri_hooks_unregister(struct ctri_net *cn)
{
	nf_unregister_net_hooks(cn->net, cn->ops, ctri_hooks_nr());
}
