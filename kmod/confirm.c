// SPDX-License-Identifier: GPL-2.0
/*
 * Entries that go to confirmation. Where ftrace callbacks get the function's
 * arguments, they are seen at the entry of __nf_conntrack_confirm(), which is
 * called for new connections alone: established packets pay nothing. Elsewhere
 * a hook just before it sees them, which costs every packet (31 instructions on
 * 6.1).
 *
 * Both see an entry that is still unconfirmed: an attempt, which can fail.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cgroup.h>
#include <linux/jump_label.h>
#include <linux/skbuff.h>
#include <net/inet_sock.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "abi.h"
#include "account.h"
#include "compat.h"
#include "confirm.h"
#include "netns.h"
#include "pulse.h"
#include "zones.h"

/*
 * The packet is of a socket of this host. The socket belongs to the cgroup that
 * its program was in when it made it.
 */
static noinline void ctri_confirm_local(struct ctri_net *cn, struct sock *sk,
					const struct nf_conntrack_tuple *tuple)
{
#ifdef CONFIG_SOCK_CGROUP_DATA
	struct cgroup *cgroup;

	/* neither those that wait for a handshake's end nor TIME_WAIT's have one */
	sk = sk_to_full_sk(sk);
	cgroup = sk && sk_fullsock(sk) ? sock_cgroup_ptr(&sk->sk_cgrp_data) : NULL;
	if (cgroup) {
		ctri_account_insert_local(cn, tuple, cgroup_id(cgroup));
		return;
	}
#endif
	ctri_account_insert(cn, tuple);
}

static __always_inline void ctri_confirm_count(struct ctri_net *cn,
					       const struct sk_buff *skb,
					       const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *tuple =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;

	if (unlikely(skb->sk && !skb->skb_iif))
		ctri_confirm_local(cn, skb->sk, tuple);
	else
		ctri_account_insert(cn, tuple);
}

/* Called by a jump, so that others need not save what they hold. */
static noinline void ctri_confirm_zoned(struct ctri_net *cn, const struct sk_buff *skb,
					const struct nf_conn *ct)
{
	ctri_zone_met(cn, nf_ct_zone(ct)->id);
	ctri_confirm_count(cn, skb, ct);
}

/* ctri_confirm(), without a call */
static __always_inline void ctri_confirm_seen(struct ctri_net *cn,
					      const struct sk_buff *skb,
					      const struct nf_conn *ct,
					      enum ip_conntrack_info ctinfo)
{
	if (CTINFO2DIR(ctinfo) != IP_CT_DIR_ORIGINAL)
		return;
	if (unlikely(nf_ct_zone(ct)->id))
		ctri_confirm_zoned(cn, skb, ct);
	else
		ctri_confirm_count(cn, skb, ct);
}

/**
 * ctri_confirm() - an entry goes to confirmation
 * @cn: its namespace
 * @skb: the packet; not changed
 * @ct: the entry, unconfirmed
 * @ctinfo: of its packet
 *
 * A packet in the reply direction is a REJECT's or the like, for an entry that
 * its own first packet will confirm. Templates are confirmed from birth.
 *
 * A packet that came in has an interface that it came by, whether it is for
 * this host or not: a socket that it has nevertheless is a receiver's (early
 * demux, TPROXY), or its sender's in another namespace.
 *
 * Context: softirq or task, under rcu_read_lock().
 */
void ctri_confirm(struct ctri_net *cn, const struct sk_buff *skb,
		  const struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	ctri_confirm_seen(cn, skb, ct, ctinfo);
}

#ifdef CTRI_FTRACE_ARGS

/* Set at load, before any namespace is watched. */
static bool ctri_confirm_attached;
/* On when every namespace is watched. */
static DEFINE_STATIC_KEY_FALSE(ctri_confirm_started);

static void notrace ctri_confirm_called(unsigned long ip, unsigned long parent_ip,
					struct ftrace_ops *ops,
					struct ftrace_regs *fregs)
{
	const struct sk_buff *skb = (void *)ctri_ftrace_arg0(fregs);
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	struct ctri_net *cn;	/* dying ones as well: account.c lets go of them */

	if (!static_branch_likely(&ctri_confirm_started))
		return;
	cn = ctri_net_rcu(nf_ct_net(ct));
	ctri_confirm_seen(cn, skb, ct, ctinfo);
}

/*
 * Nothing that the callback calls leads to __nf_conntrack_confirm(), so it needs
 * no protection against recursion. It isn't permanent (FTRACE_OPS_FL_PERMANENT),
 * which would take kernel.ftrace_enabled=0 away from root: pulse.c tells when
 * ftrace is off.
 */
static struct ftrace_ops ctri_confirm_ops = {
	.func	= ctri_confirm_called,
};

static int ctri_confirm_trace(void)
{
	struct ctri_pulse pulse;
	int err;

	ctri_pulse_feel(&pulse);
	if (strcmp(pulse.ftrace, CTRI_ON))
		return -EBUSY;	/* switched off: hooks see them all the same */
	err = ftrace_set_filter_ip(&ctri_confirm_ops,
				   (unsigned long)__nf_conntrack_confirm, 0, 0);
	if (err)
		return err;
	err = register_ftrace_function(&ctri_confirm_ops);
	if (err)
		ftrace_free_filter(&ctri_confirm_ops);
	return err;
}

/**
 * ctri_confirm_init() - find out how; hooks are registered by that
 *
 * Context: process, after ctri_pulse_init(), before any namespace is watched.
 */
void ctri_confirm_init(void)
{
	int err = ctri_confirm_trace();

	ctri_confirm_attached = !err;
	if (err)
		pr_info("no ftrace at __nf_conntrack_confirm (%d), watching by hooks\n",
			err);
}

/**
 * ctri_confirm_start() - every namespace is watched now
 *
 * Context: process.
 */
void ctri_confirm_start(void)
{
	static_branch_enable(&ctri_confirm_started);
}

/**
 * ctri_confirm_exit() - let go; the callback doesn't run any more on return
 *
 * Context: process.
 */
void ctri_confirm_exit(void)
{
	if (!ctri_confirm_attached)
		return;
	unregister_ftrace_function(&ctri_confirm_ops);
	ftrace_free_filter(&ctri_confirm_ops);
}

/**
 * ctri_confirm_needs_hooks() - is there no better way than hooks?
 *
 * Context: process.
 * Return: true if confirmation is watched by hooks.
 */
bool ctri_confirm_needs_hooks(void)
{
	return !ctri_confirm_attached;
}

#else

void ctri_confirm_init(void)
{
}

void ctri_confirm_start(void)
{
}

void ctri_confirm_exit(void)
{
}

bool ctri_confirm_needs_hooks(void)
{
	return true;
}

#endif
