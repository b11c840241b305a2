// SPDX-License-Identifier: GPL-2.0
/*
 * Whether the kernel calls back. Root can switch ftrace off for the whole host
 * (sysctl kernel.ftrace_enabled=0), and kprobes (/sys/kernel/debug/kprobes/enabled).
 * Both keep what is registered and just don't call it any more, kprobes at a
 * function's entry with either switch, and neither switch is exported. So this file
 * has a function that does nothing, watches it in both ways, and calls it: if a
 * callback doesn't come, then none comes to the others either.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include "abi.h"
#include "compat.h"
#include "pulse.h"

/* Callbacks that came; they may come on many CPUs at once. */
static atomic_t ctri_pulse_traced = ATOMIC_INIT(0);
static atomic_t ctri_pulse_probed = ATOMIC_INIT(0);
/* Set at load. */
static bool ctri_pulse_has_ftrace, ctri_pulse_has_kprobe;

static u64 ctri_pulse_when;	/* ns of CLOCK_BOOTTIME at the last look, the tick's own */
static u64 ctri_pulse_ns;	/* ns without callbacks; written by the tick alone */

/* What is watched. */
static noinline void ctri_pulse_beat(void)
{
	barrier();	/* or the compiler sees that it can do without the call */
}

#ifdef CONFIG_DYNAMIC_FTRACE

static void notrace ctri_pulse_trace(unsigned long ip, unsigned long parent_ip,
				     struct ftrace_ops *ops,
				     struct ctri_ftrace_regs *fregs)
{
	atomic_inc(&ctri_pulse_traced);
}

static struct ftrace_ops ctri_pulse_ops = {
	.func	= ctri_pulse_trace,
};

static int ctri_pulse_attach(void)
{
	int err;

	err = ftrace_set_filter_ip(&ctri_pulse_ops, (unsigned long)ctri_pulse_beat,
				   0, 0);
	if (err)
		return err;
	err = register_ftrace_function(&ctri_pulse_ops);
	if (err)
		ctri_ftrace_forget(&ctri_pulse_ops);
	return err;
}

static void ctri_pulse_detach(void)
{
	unregister_ftrace_function(&ctri_pulse_ops);
	ctri_ftrace_forget(&ctri_pulse_ops);
}

#else

static int ctri_pulse_attach(void)
{
	return -EOPNOTSUPP;
}

static void ctri_pulse_detach(void)
{
}

#endif

static int ctri_pulse_probe(struct kprobe *p, struct pt_regs *regs)
{
	atomic_inc(&ctri_pulse_probed);
	return 0;
}

NOKPROBE_SYMBOL(ctri_pulse_probe);

static struct kprobe ctri_kp_pulse = {
	.addr		= (kprobe_opcode_t *)ctri_pulse_beat,
	.pre_handler	= ctri_pulse_probe,
};

/**
 * ctri_pulse_init() - watch the function
 *
 * Context: process, first of all that attaches somewhere.
 */
void ctri_pulse_init(void)
{
	ctri_pulse_has_ftrace = !ctri_pulse_attach();
	ctri_pulse_has_kprobe = !register_kprobe(&ctri_kp_pulse);
	ctri_pulse_when = ktime_get_boottime_ns();
}

/**
 * ctri_pulse_exit() - let go; nothing is called any more on return
 *
 * Context: process.
 */
void ctri_pulse_exit(void)
{
	if (ctri_pulse_has_kprobe)
		unregister_kprobe(&ctri_kp_pulse);
	if (ctri_pulse_has_ftrace)
		ctri_pulse_detach();
}

static const char *ctri_pulse_word(bool attached, bool came)
{
	if (!attached)
		return CTRI_BY_NONE;
	return came ? CTRI_ON : CTRI_OFF;
}

/**
 * ctri_pulse_feel() - do callbacks come, now?
 * @p: filled
 *
 * Somebody else's call at the same time may be taken for this one's: it tells
 * the same.
 *
 * Context: process.
 */
void ctri_pulse_feel(struct ctri_pulse *p)
{
	int traced = atomic_read(&ctri_pulse_traced);
	int probed = atomic_read(&ctri_pulse_probed);

	ctri_pulse_beat();
	p->ftrace = ctri_pulse_word(ctri_pulse_has_ftrace,
				    atomic_read(&ctri_pulse_traced) != traced);
	p->kprobes = ctri_pulse_word(ctri_pulse_has_kprobe,
				     atomic_read(&ctri_pulse_probed) != probed);
}

/**
 * ctri_pulse_second() - if no callbacks come, count the time since the last look
 *
 * Context: process, the tick.
 */
void ctri_pulse_second(void)
{
	u64 now = ktime_get_boottime_ns();
	struct ctri_pulse p;

	ctri_pulse_feel(&p);
	if (!strcmp(p.ftrace, CTRI_OFF) || !strcmp(p.kprobes, CTRI_OFF))
		WRITE_ONCE(ctri_pulse_ns, ctri_pulse_ns + now - ctri_pulse_when);
	ctri_pulse_when = now;
}

/**
 * ctri_pulse_blind() - how long callbacks did not come, since load
 *
 * Context: any.
 * Return: seconds.
 */
u64 ctri_pulse_blind(void)
{
	return div_u64(READ_ONCE(ctri_pulse_ns) + NSEC_PER_SEC - 1, NSEC_PER_SEC);
}
