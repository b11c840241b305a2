/* SPDX-License-Identifier: GPL-2.0 */
/* How many new connections a second a source may open. */
#ifndef CONNTRIAGE_JUDGE_LIMIT_H
#define CONNTRIAGE_JUDGE_LIMIT_H

#include <stdint.h>

#include "judge/tables.h"
#include "judge/verdict.h"

/* The protocol that the culprits' connections are of, or "": several. */
const char *limit_proto(const struct part *p);

/** limit_stay() - how long an entry of a protocol stays that nobody answers, s */
int64_t limit_stay(const struct tables *ts, const struct netns_table *n,
		   const char *proto);

/**
 * limit_rate() - new connections a second for one source
 * @proto: that the limit is for alone, or "": all of them
 *
 * Four times what the busiest of the others opens, but not more than a quarter
 * of what the least of the accused does; and entries are rate times timeout, so
 * that all accused together keep to half of the table. The others always get what
 * they need, and a half more.
 *
 * Return: 0 where no such number tells the accused from the others.
 */
int64_t limit_rate(const struct tables *ts, const struct netns_table *n,
		   const struct part *p, const char *proto);

#endif
