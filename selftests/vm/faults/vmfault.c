// SPDX-License-Identifier: GPL-2.0
/*
 * vmfault - misbehaves on load, so that selftest.sh can prove that the runner
 * notices.  Never to be installed.
 */
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/processor.h>
#include <linux/slab.h>

static char *fault = "none";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "what to do on load: none, warn, oops, uaf, leak, deadlock, race or cfi");

static DEFINE_MUTEX(vmfault_a);		/* guards nothing */
static DEFINE_MUTEX(vmfault_b);
static unsigned int vmfault_shared;	/* no lock guards it: that is the fault */

/* Memory that is given back and read, which KASAN reports */
static void __init vmfault_uaf(void)
{
	char *p = kzalloc(64, GFP_KERNEL);

	kfree(p);
	OPTIMIZER_HIDE_VAR(p);
	if (p && READ_ONCE(p[8]))
		pr_info("vmfault: it was something else already\n");
}

/* Memory that nothing points to, which a scan of kmemleak reports */
static void __init vmfault_leak(void)
{
	char *p = kzalloc(64, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
}

/* Two orders of two locks, which lockdep reports */
static void __init vmfault_deadlock(void)
{
	mutex_lock(&vmfault_a);
	mutex_lock(&vmfault_b);
	mutex_unlock(&vmfault_b);
	mutex_unlock(&vmfault_a);
	mutex_lock(&vmfault_b);
	mutex_lock(&vmfault_a);
	mutex_unlock(&vmfault_a);
	mutex_unlock(&vmfault_b);
}

static void vmfault_count(void)
{
	vmfault_shared++;
	cpu_relax();
}

static int vmfault_racer(void *unused)
{
	while (!kthread_should_stop())
		vmfault_count();
	return 0;
}

/* Two CPUs that write to the same memory, which KCSAN reports */
static int __init vmfault_race(void)
{
	struct task_struct *racer = kthread_create(vmfault_racer, NULL, "vmfault");
	unsigned long end = jiffies + 5 * HZ;

	if (IS_ERR(racer))
		return PTR_ERR(racer);
	kthread_bind(racer, cpumask_any_but(cpu_online_mask, raw_smp_processor_id()));
	wake_up_process(racer);
	while (time_before(jiffies, end))
		vmfault_count();
	return kthread_stop(racer);
}

#if IS_ENABLED(CONFIG_CFI_CLANG) || IS_ENABLED(CONFIG_CFI)	/* 6.18 renamed it */

static noinline int vmfault_called(int value)
{
	pr_info("vmfault: called by a pointer of another prototype\n");
	return value;
}

/* A pointer whose prototype isn't the function's, which CFI reports at the call */
static int __init vmfault_cfi(void)
{
	long (*call)(void *where) = (void *)vmfault_called;

	OPTIMIZER_HIDE_VAR(call);
	return call(NULL) ? -EINVAL : 0;
}

#else

static int __init vmfault_cfi(void)
{
	pr_err("vmfault: fault=cfi: this kernel checks no calls (no CONFIG_CFI_CLANG); take one that does\n");
	return -EOPNOTSUPP;
}

#endif

static int __init vmfault_init(void)
{
	if (!strcmp(fault, "warn")) {
		WARN(1, "vmfault was asked for a warning\n");
	} else if (!strcmp(fault, "oops")) {
		/* in the first page, which is never mapped */
		WRITE_ONCE(*(volatile int *)16, 1);
	} else if (!strcmp(fault, "uaf")) {
		vmfault_uaf();
	} else if (!strcmp(fault, "leak")) {
		vmfault_leak();
	} else if (!strcmp(fault, "deadlock")) {
		vmfault_deadlock();
	} else if (!strcmp(fault, "race")) {
		return vmfault_race();
	} else if (!strcmp(fault, "cfi")) {
		return vmfault_cfi();
	} else if (strcmp(fault, "none")) {
		pr_err("vmfault: fault=%s is none of those that it knows\n", fault);
		return -EINVAL;
	}
	return 0;
}

static void __exit vmfault_exit(void)
{
}

module_init(vmfault_init);
module_exit(vmfault_exit);
MODULE_DESCRIPTION("faults on purpose, for the tests of the test guest");
MODULE_LICENSE("GPL");
