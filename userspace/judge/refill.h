/* SPDX-License-Identifier: GPL-2.0 */
/* What a table holds some time after the commands of a finding were typed. */
#ifndef CONNTRIAGE_JUDGE_REFILL_H
#define CONNTRIAGE_JUDGE_REFILL_H

#include "judge/finding.h"
#include "judge/tables.h"

/**
 * refill_predict() - what each finding's commands will do, after those above it
 * @fs: in the order in which they are shown and typed; each that has an ->effect with a
 *	time gets its ->prediction, and a command that shows whether it is kept
 */
void refill_predict(const struct tables *ts, struct findings *fs);

#endif
