// SPDX-License-Identifier: GPL-2.0
/*
 * Entries that go into the table without a packet, and so without confirmation:
 * ctnetlink's ("conntrack -I", conntrackd) and those of BPF programs
 * (bpf_ct_insert_entry()). All of them pass nf_conntrack_hash_check_insert(), whose
 * entry is watched here, by ftrace where its callbacks get the function's
 * arguments, else by a kprobe. Nobody else calls it, so others pay nothing.
 *
 * As at confirmation, an attempt is seen, which a clash or a long chain can still
 * refuse. Of those that succeeded the kernel keeps a count, ip_conntrack_stat.insert.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <net/netfilter/nf_conntrack.h>
#include "abi.h"
#include "account.h"
#include "compat.h"
#include "direct.h"
#include "netns.h"

/* CTRI_BY_*; set at load */
static const char *ctri_direct_how = CTRI_BY_NONE;

/* Task or softirq, also in a kprobe's handler. */
static void notrace ctri_direct_called(const struct nf_conn *ct)
{
	preempt_disable_notrace();
	rcu_read_lock();
	ctri_account_insert_direct(ctri_net_rcu(nf_ct_net(ct)),
				   &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple);
	rcu_read_unlock();
	preempt_enable_notrace();
}

NOKPROBE_SYMBOL(ctri_direct_called);

#ifdef CTRI_FTRACE_ARGS

static void notrace ctri_direct_traced(unsigned long ip, unsigned long parent_ip,
				       struct ftrace_ops *ops,
				       struct ftrace_regs *fregs)
{
	ctri_direct_called((void *)ctri_ftrace_arg0(fregs));
}

static struct ftrace_ops ctri_direct_ops = {
	.func	= ctri_direct_traced,
};

static int ctri_direct_trace(void)
{
	int err;

	err = ftrace_set_filter_ip(&ctri_direct_ops,
				   (unsigned long)nf_conntrack_hash_check_insert,
				   0, 0);
	if (err)
		return err;
	err = register_ftrace_function(&ctri_direct_ops);
	if (err)
		ftrace_free_filter(&ctri_direct_ops);
	return err;
}

static void ctri_direct_untrace(void)
{
	unregister_ftrace_function(&ctri_direct_ops);
	ftrace_free_filter(&ctri_direct_ops);
}

#else

static int ctri_direct_trace(void)
{
	return -EOPNOTSUPP;
}

static void ctri_direct_untrace(void)
{
}

#endif

static int ctri_direct_probed(struct kprobe *p, struct pt_regs *regs)
{
	ctri_direct_called((void *)ctri_argument(regs, 0));
	return 0;
}

NOKPROBE_SYMBOL(ctri_direct_probed);

static struct kprobe ctri_kp_direct = {
	.addr		= (kprobe_opcode_t *)nf_conntrack_hash_check_insert,
	.pre_handler	= ctri_direct_probed,
};

/**
 * ctri_direct_init() - watch from here on
 *
 * Context: process; every namespace is watched.
 */
void ctri_direct_init(void)
{
	int err;

	if (!ctri_direct_trace()) {
		ctri_direct_how = CTRI_BY_FTRACE;
		return;
	}
	err = register_kprobe(&ctri_kp_direct);
	if (!err)
		ctri_direct_how = CTRI_BY_KPROBE;
	else
		pr_notice("cannot attach to nf_conntrack_hash_check_insert (%d): entries that ctnetlink or BPF insert stay unseen on this kernel\n",
			  err);
}

/**
 * ctri_direct_exit() - let go; nothing is called any more on return
 *
 * Context: process.
 */
void ctri_direct_exit(void)
{
	if (!strcmp(ctri_direct_how, CTRI_BY_FTRACE))
		ctri_direct_untrace();
	else if (!strcmp(ctri_direct_how, CTRI_BY_KPROBE))
		unregister_kprobe(&ctri_kp_direct);
}

/**
 * ctri_direct_by() - for "status"
 *
 * Context: any.
 * Return: a CTRI_BY_* word of the ABI.
 */
const char *ctri_direct_by(void)
{
	return ctri_direct_how;
}
