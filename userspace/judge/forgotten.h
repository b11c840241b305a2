/* SPDX-License-Identifier: GPL-2.0 */
/* Packets of connections that this host has forgotten. */
#ifndef CONNTRIAGE_JUDGE_FORGOTTEN_H
#define CONNTRIAGE_JUDGE_FORGOTTEN_H

#include "judge/tables.h"

/**
 * forgotten_rate() - INVALID packets a second of connections that go on
 *
 * Return: 0 where tcp_loose is 1 or not known, or where they come from one side, as
 * made-up ones do.
 */
double forgotten_rate(const struct tables *ts, const struct netns_table *n);

#endif
