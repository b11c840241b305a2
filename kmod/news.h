/* SPDX-License-Identifier: GPL-2.0 */
/*
 * News: that something was counted in a namespace since the last tick. A tick
 * adds up the counters of those alone; and where there is no news at all, it lets
 * an idle host sleep.
 */
#ifndef CONNTRIAGE_NEWS_H
#define CONNTRIAGE_NEWS_H

#include <linux/compiler.h>
#include <linux/irq_work.h>
#include <linux/types.h>
#include "netns.h"

void ctri_news_init(void (*wake)(struct irq_work *work));
void ctri_news_flush(void);
bool ctri_news_mark(struct ctri_net *cn);
bool ctri_news_take(struct ctri_net *cn);
void ctri_news_forget(void);
bool ctri_news_came(void);

/**
 * ctri_news_noted() - has something been counted there since the last tick?
 * @cn: the namespace
 *
 * Context: any, under rcu_read_lock().
 * Return: true: it has, and more may be.
 */
static __always_inline bool ctri_news_noted(const struct ctri_net *cn)
{
	return READ_ONCE(cn->activity) == CTRI_NET_ACTIVE;
}

/**
 * ctri_news_note() - something is about to be counted in a namespace
 * @cn: the namespace
 *
 * One read of a line that nobody writes, but for the first event after a tick.
 *
 * Context: any, under rcu_read_lock().
 * Return: false if it isn't watched, or no more: then nothing may be counted.
 */
static __always_inline bool ctri_news_note(struct ctri_net *cn)
{
	return likely(ctri_news_noted(cn)) || ctri_news_mark(cn);
}

#endif
