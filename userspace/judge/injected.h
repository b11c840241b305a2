/* SPDX-License-Identifier: GPL-2.0 */
/* Entries that a program put into a table, which no packet of this host began */
#ifndef CONNTRIAGE_JUDGE_INJECTED_H
#define CONNTRIAGE_JUDGE_INJECTED_H

#include <stdbool.h>

struct tables;
struct netns_table;

/**
 * injected_explain() - are entries silent because they are another's?
 * @silent: entries, those that say nothing
 *
 * conntrackd puts the active firewall's connections into a standby's table, a switch's
 * daemon those that its hardware carries. They pass elsewhere, so their silence here says
 * nothing of them; deleted, they are cut when this host takes over.
 *
 * Return: whether most of so many may be such ones.
 */
bool injected_explain(const struct tables *ts, const struct netns_table *n, double silent);

/** injected_entries() - how many were put in since boot, or since the module was loaded */
double injected_entries(const struct tables *ts, const struct netns_table *n);

#endif
