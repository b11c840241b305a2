// SPDX-License-Identifier: GPL-2.0
/*
 * Which calls of early_drop() are under way, and whose: from its entry to its
 * return. Return addresses on the stack don't tell, as whoever traces returns
 * (kretprobes, function_graph, BPF trampolines) puts others in their place.
 *
 * Whose is a matter of the context, which is a task, or a softirq that interrupts
 * it. early_drop() doesn't call itself, so each context is in one call at most. A
 * softirq stays on its CPU and has a place there. A task that sends a packet
 * can be preempted inside and continue on another CPU, so tasks have their places
 * in a hash table of cache lines; two of them write to the same line only if
 * their hashes agree. On PREEMPT_RT softirqs are run by tasks, and a task that
 * runs some is another context than the same task before and after.
 *
 * All functions are called with preemption off, from probes' handlers. Only a
 * context itself asks for its own place, so nothing needs to be ordered.
 */
#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include "probe_inside.h"

#define CTRI_INSIDE_BITS	7	/* lines of the table */

struct ctri_inside_line {
	struct ctri_inside call[SMP_CACHE_BYTES / sizeof(struct ctri_inside)];
} ____cacheline_aligned;

static struct ctri_inside_line ctri_inside_tasks[1 << CTRI_INSIDE_BITS];
static DEFINE_PER_CPU(struct ctri_inside, ctri_inside_softirq);	/* owner CPU */

static bool ctri_inside_by_cpu(void)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) && in_serving_softirq();
}

/* Never 0; a task's address is even. */
static unsigned long ctri_inside_owner(void)
{
	return (unsigned long)current | (in_serving_softirq() ? 1 : 0);
}

static struct ctri_inside_line *ctri_inside_line(unsigned long owner)
{
	return &ctri_inside_tasks[hash_long(owner, CTRI_INSIDE_BITS)];
}

/**
 * ctri_inside_enter() - this context enters early_drop()
 *
 * Context: any, preemption off.
 * Return: its place, to be given back by ctri_inside_leave(); NULL: too many
 *	tasks are inside whose hashes agree.
 */
struct ctri_inside *ctri_inside_enter(void)
{
	unsigned long owner = ctri_inside_owner();
	struct ctri_inside_line *line;
	struct ctri_inside *in;
	unsigned int i;

	if (ctri_inside_by_cpu()) {
		in = this_cpu_ptr(&ctri_inside_softirq);
		in->owner = owner;
		in->victims = 0;
		return in;
	}
	line = ctri_inside_line(owner);
	for (i = 0; i < ARRAY_SIZE(line->call); i++) {
		in = &line->call[i];
		if (!READ_ONCE(in->owner) && !cmpxchg(&in->owner, 0, owner)) {
			in->victims = 0;
			return in;
		}
	}
	return NULL;
}

/**
 * ctri_inside_leave() - this context has left early_drop()
 * @in: of ctri_inside_enter()
 *
 * Context: any, preemption off.
 */
void ctri_inside_leave(struct ctri_inside *in)
{
	/* the next owner's first write of @victims comes after this one's last */
	smp_store_release(&in->owner, 0);
}

/**
 * ctri_inside_here() - the call of early_drop() that this context is in
 *
 * Context: any, preemption off.
 * Return: NULL if it is in none.
 */
struct ctri_inside *ctri_inside_here(void)
{
	unsigned long owner = ctri_inside_owner();
	struct ctri_inside_line *line;
	struct ctri_inside *in;
	unsigned int i;

	if (ctri_inside_by_cpu()) {
		in = this_cpu_ptr(&ctri_inside_softirq);
		return in->owner ? in : NULL;
	}
	line = ctri_inside_line(owner);
	for (i = 0; i < ARRAY_SIZE(line->call); i++)
		if (READ_ONCE(line->call[i].owner) == owner)
			return &line->call[i];
	return NULL;
}
