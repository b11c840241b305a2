// SPDX-License-Identifier: GPL-2.0
/*
 * vmfault - misbehaves on load, so that selftest.sh can prove that the runner
 * notices.  Never to be installed.
 */
#include <linux/bug.h>
#include <linux/module.h>

static char *fault = "none";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "what to do on load: none, warn or oops");

static int __init vmfault_init(void)
{
	if (!strcmp(fault, "warn")) {
		WARN(1, "vmfault was asked for a warning\n");
	} else if (!strcmp(fault, "oops")) {
		/* in the first page, which is never mapped */
		WRITE_ONCE(*(volatile int *)16, 1);
	} else if (strcmp(fault, "none")) {
		pr_err("vmfault: fault=%s is not none, warn or oops\n", fault);
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
