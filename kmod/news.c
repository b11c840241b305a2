// SPDX-License-Identifier: GPL-2.0
/*
 * Who counts marks the namespace, which is a read where it is marked already. The
 * tick takes the mark away again. The first mark of all after ctri_news_forget()
 * wakes the tick, which is above this file (tick.c) and hands in its work instead
 * of being called; from any context that a probe may run in, hence irq_work.
 *
 * An event that read the mark just before the tick took it away may be counted
 * just after the tick has added up: so a tick adds up as well what it took the
 * mark of the time before. Until then, preemption off as it is, that event is
 * counted.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/irq_work.h>
#include "news.h"

static struct irq_work ctri_news_work;
static unsigned long ctri_news_any;	/* bit 0: the tick need not be woken */

/**
 * ctri_news_init() - say what is to be done at the first news
 * @wake: runs in hard interrupts, on PREEMPT_RT in a task of its own
 *
 * Context: process, before any packet is seen.
 */
void ctri_news_init(void (*wake)(struct irq_work *work))
{
	init_irq_work(&ctri_news_work, wake);
}

/**
 * ctri_news_flush() - wait for the last wake
 *
 * Context: process.
 */
void ctri_news_flush(void)
{
	irq_work_sync(&ctri_news_work);
}

/**
 * ctri_news_mark() - the slow part of ctri_news_note()
 * @cn: the namespace
 *
 * Context: any, under rcu_read_lock().
 * Return: false if it isn't watched, or no more.
 */
bool ctri_news_mark(struct ctri_net *cn)
{
	int was = cmpxchg(&cn->activity, CTRI_NET_QUIET, CTRI_NET_ACTIVE);

	if (was == CTRI_NET_UNWATCHED)
		return false;
	if (!test_bit(0, &ctri_news_any) && !test_and_set_bit(0, &ctri_news_any))
		irq_work_queue(&ctri_news_work);
	return true;
}

/**
 * ctri_news_take() - take a namespace's mark away
 * @cn: the namespace; its counters are added up after this
 *
 * Context: process, under ctri_nets_mutex.
 * Return: true if something may have been counted since the last time.
 */
bool ctri_news_take(struct ctri_net *cn)
{
	bool active = READ_ONCE(cn->activity) == CTRI_NET_ACTIVE &&
		      cmpxchg(&cn->activity, CTRI_NET_ACTIVE,
			      CTRI_NET_QUIET) == CTRI_NET_ACTIVE;
	bool before = cn->active;

	cn->active = active;
	return active || before;
}

/**
 * ctri_news_forget() - the next news is the first, and wakes the tick
 *
 * Context: process, the tick alone, before it takes any mark away.
 */
void ctri_news_forget(void)
{
	clear_bit(0, &ctri_news_any);
	/* with the cmpxchg() of ctri_news_mark(): who marks again sees it clear */
	smp_mb__after_atomic();
}

/**
 * ctri_news_came() - has the tick been woken?
 *
 * Context: any.
 * Return: true if there was news since ctri_news_forget().
 */
bool ctri_news_came(void)
{
	return test_bit(0, &ctri_news_any);
}
