/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a table holds some time after a lever was pulled: the entries that stay, and
 * those who were kept out and now get in. A queue by stages, each with its own time
 * in the table (Little 1961).
 */
#ifndef CONNTRIAGE_JUDGE_REFILL_H
#define CONNTRIAGE_JUDGE_REFILL_H

#include <stdint.h>

#include "judge/finding.h"
#include "judge/tables.h"
#include "judge/verdict.h"

/** refill_need() - entries that all but the useless ones of @v would take, none refused */
double refill_need(const struct tables *ts, const struct netns_table *n,
		   const struct verdict *v);

/**
 * verdict_after() - what the table holds when a part's lever was pulled, and those
 *	of the parts before it
 * @more: entries that the lever leaves or lets in, such as a limit's rate times
 *	the time in the table
 * @within: s until then
 * @max: the maximum then
 */
struct prediction verdict_after(const struct tables *ts, const struct netns_table *n,
				const struct part *p, double more, int64_t within,
				int64_t max);

#endif
