/* SPDX-License-Identifier: GPL-2.0 */
/* How large a table would have to be for the work that is offered to it. */
#ifndef CONNTRIAGE_JUDGE_NEED_H
#define CONNTRIAGE_JUDGE_NEED_H

#include "judge/tables.h"
#include "judge/verdict.h"

/** need_of_work() - entries that all but the useless ones of @v would take, none refused */
double need_of_work(const struct tables *ts, const struct netns_table *n,
		    const struct verdict *v);

#endif
