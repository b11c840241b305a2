// SPDX-License-Identifier: GPL-2.0
/*
 * ctfail - fails the Nth allocation that is made while another module is
 * loaded, or while a namespace is made by its part of it; or the Nth that the
 * other module itself asks for, whenever that is. For failures.sh and hotplug.sh;
 * never to be installed.
 *
 * Allocators are probed at their entry, and the one to fail returns NULL at
 * once. It needs no fault injection in the kernel, and reaches per-CPU memory,
 * which that doesn't. Calls are counted in one task only: from the call of the
 * target's init function until that has returned; for a namespace, between
 * pernet operations that stand before and after the target's.
 */
#include <linux/gfp.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <net/net_namespace.h>
#include "compat.h"	/* build-for lays both side by side */

static char *target = "conntriage";
module_param(target, charp, 0444);
MODULE_PARM_DESC(target, "whose allocations");

static unsigned int load_nth;
module_param(load_nth, uint, 0644);
MODULE_PARM_DESC(load_nth, "which one of a load fails, from 1; 0: none is counted");

static unsigned int netns_nth;
module_param(netns_nth, uint, 0644);
MODULE_PARM_DESC(netns_nth, "which one for a namespace fails; 0: none is counted");

static unsigned int own_nth;
module_param(own_nth, uint, 0644);
MODULE_PARM_DESC(own_nth, "which one of the target's own fails, counting down; 0: none");

static unsigned int counted;
module_param(counted, uint, 0444);
MODULE_PARM_DESC(counted, "allocations of the last load, or for the last namespace");

static char victim[KSYM_NAME_LEN];
module_param_string(victim, victim, sizeof(victim), 0444);
MODULE_PARM_DESC(victim, "the allocator that failed; empty: none did");

/* The task whose calls are counted; it alone touches what follows. */
static struct task_struct *armed;
static unsigned int nth;

static void ctfail_arm(unsigned int which)
{
	if (!which)
		return;
	counted = 0;
	victim[0] = 0;
	nth = which;
	WRITE_ONCE(armed, current);
}

static void ctfail_disarm(void)
{
	if (READ_ONCE(armed) == current)
		WRITE_ONCE(armed, NULL);
}

/* What runs in the place of an allocator that is to fail. */
static noinline notrace void *ctfail_null(void)
{
	return NULL;
}

/* An allocator, and which of its arguments are the flags; -1: it has none */
struct ctfail_allocator {
	const char *name;
	int flags;
	struct kprobe kp;
};

static struct module *watched;

/*
 * Who called the function at whose entry this is. The return address is on top of
 * the stack on x86, elsewhere in a register, which is saved on no stack yet.
 */
static unsigned long ctfail_caller(const struct pt_regs *regs)
{
#if defined(CONFIG_X86)
	return *(unsigned long *)kernel_stack_pointer((void *)regs);
#elif defined(CONFIG_ARM64)
	return procedure_link_pointer(regs);
#elif defined(CONFIG_PPC)
	return regs->link;
#elif defined(CONFIG_S390)
	return regs->gprs[14];
#elif defined(CONFIG_RISCV)
	return regs->ra;
#else
#error "where is the return address at a function's entry?"
#endif
}

/* Does the target call? */
static bool ctfail_is_own(const struct pt_regs *regs)
{
	struct module *mod = READ_ONCE(watched);

	return mod && in_task() && within_module(ctfail_caller(regs), mod);
}

static int ctfail_fail(const struct ctfail_allocator *a, struct pt_regs *regs)
{
	strscpy(victim, a->name, sizeof(victim));
	instruction_pointer_set(regs, (unsigned long)ctfail_null);
	return 1;
}

static int ctfail_on_alloc(struct kprobe *p, struct pt_regs *regs)
{
	struct ctfail_allocator *a = container_of(p, struct ctfail_allocator, kp);

	if (READ_ONCE(own_nth) && ctfail_is_own(regs) && !--own_nth)
		return ctfail_fail(a, regs);
	if (READ_ONCE(armed) != current || !in_task())
		return 0;
	if (a->flags >= 0 &&
	    ctri_argument(regs, a->flags) & __GFP_NOFAIL)
		return 0;
	if (++counted != nth)
		return 0;
	return ctfail_fail(a, regs);
}

/*
 * Does nothing, but a kprobe without a post handler may not change where the
 * probed function goes on (arm_kprobe_ftrace(), kernel/kprobes.c).
 */
static void ctfail_after_alloc(struct kprobe *p, struct pt_regs *regs,
			       unsigned long flags)
{
}

/* All names that the allocators have in kernels 5.10 to 7 */
static struct ctfail_allocator ctfail_allocators[] = {
	{ "__kmalloc", 1 },
	{ "__kmalloc_noprof", 1 },
	{ "__kmalloc_node", 1 },
	{ "__kmalloc_node_noprof", 2 },
	{ "__kmalloc_cache_noprof", 1 },
	{ "__kmalloc_cache_node_noprof", 1 },
	{ "__kmalloc_track_caller", 1 },
	{ "__kmalloc_node_track_caller", 1 },
	{ "__kmalloc_node_track_caller_noprof", 2 },
	{ "kmalloc_trace", 1 },
	{ "kmalloc_node_trace", 1 },
	{ "kmem_cache_alloc_trace", 1 },
	{ "kmem_cache_alloc_node_trace", 1 },
	{ "kmem_cache_alloc", 1 },
	{ "kmem_cache_alloc_noprof", 1 },
	{ "kmem_cache_alloc_lru", 2 },
	{ "kmem_cache_alloc_lru_noprof", 2 },
	{ "kmem_cache_alloc_node", 1 },
	{ "kmem_cache_alloc_node_noprof", 1 },
	{ "kvmalloc_node", 1 },
	{ "__kvmalloc_node_noprof", 2 },
	{ "vzalloc", -1 },
	{ "vzalloc_noprof", -1 },
	{ "vzalloc_node", -1 },
	{ "vzalloc_node_noprof", -1 },
	{ "__alloc_percpu", -1 },
	{ "__alloc_percpu_gfp", -1 },
	{ "pcpu_alloc_noprof", -1 },
};

static unsigned int ctfail_attached;
module_param_named(attached, ctfail_attached, uint, 0444);
MODULE_PARM_DESC(attached, "allocators that can be failed");

static void ctfail_detach(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ctfail_allocators); i++)
		if (ctfail_allocators[i].kp.pre_handler)
			unregister_kprobe(&ctfail_allocators[i].kp);
}

static void ctfail_attach(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ctfail_allocators); i++) {
		struct kprobe *kp = &ctfail_allocators[i].kp;

		kp->symbol_name = ctfail_allocators[i].name;
		kp->pre_handler = ctfail_on_alloc;
		kp->post_handler = ctfail_after_alloc;
		if (register_kprobe(kp))
			kp->pre_handler = NULL;	/* not in this kernel */
		else
			ctfail_attached++;
	}
}

static struct module *loading;

/* The target's init function is about to be called. */
static int ctfail_on_initcall(struct kprobe *p, struct pt_regs *regs)
{
	struct module *mod = READ_ONCE(loading);

	if (mod && (void *)ctri_argument(regs, 0) == mod->init)
		ctfail_arm(load_nth);
	return 0;
}

static struct kprobe ctfail_kp_initcall = {
	.symbol_name	= "do_one_initcall",
	.pre_handler	= ctfail_on_initcall,
};

static int __net_init ctfail_before(struct net *net)
{
	ctfail_arm(netns_nth);
	return 0;
}

static int __net_init ctfail_after(struct net *net)
{
	ctfail_disarm();
	return 0;
}

/* After a failure in between, in the same task; of a namespace, in another. */
static void __net_exit ctfail_undo(struct net *net)
{
	ctfail_disarm();
}

static struct pernet_operations ctfail_before_ops = {
	.init	= ctfail_before,
	.exit	= ctfail_undo,
};

static struct pernet_operations ctfail_after_ops = {
	.init	= ctfail_after,
};

static bool ctfail_after_there;

/* In the task that loads or unloads. */
static int ctfail_notify(struct notifier_block *nb, unsigned long state,
			 void *data)
{
	struct module *mod = data;

	if (strcmp(mod->name, target))
		return NOTIFY_DONE;
	switch (state) {
	case MODULE_STATE_COMING:
		WRITE_ONCE(loading, mod);
		break;
	case MODULE_STATE_LIVE:
		ctfail_disarm();
		WRITE_ONCE(loading, NULL);
		WRITE_ONCE(watched, mod);
		ctfail_after_there = !register_pernet_subsys(&ctfail_after_ops);
		break;
	case MODULE_STATE_GOING:
		ctfail_disarm();
		WRITE_ONCE(loading, NULL);
		WRITE_ONCE(watched, NULL);
		if (ctfail_after_there)
			unregister_pernet_subsys(&ctfail_after_ops);
		ctfail_after_there = false;
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block ctfail_nb = {
	.notifier_call	= ctfail_notify,
};

static int __init ctfail_init(void)
{
	int err;

	err = register_pernet_subsys(&ctfail_before_ops);
	if (err)
		return err;
	err = register_kprobe(&ctfail_kp_initcall);
	if (err)
		goto err_pernet;
	err = register_module_notifier(&ctfail_nb);
	if (err)
		goto err_initcall;
	ctfail_attach();
	return 0;

err_initcall:
	unregister_kprobe(&ctfail_kp_initcall);
err_pernet:
	unregister_pernet_subsys(&ctfail_before_ops);
	return err;
}

static void __exit ctfail_exit(void)
{
	ctfail_detach();
	unregister_module_notifier(&ctfail_nb);
	unregister_kprobe(&ctfail_kp_initcall);
	unregister_pernet_subsys(&ctfail_before_ops);
}

module_init(ctfail_init);
module_exit(ctfail_exit);
MODULE_DESCRIPTION("fails allocations of another module, for its tests");
MODULE_LICENSE("GPL");
