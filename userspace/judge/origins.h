/* SPDX-License-Identifier: GPL-2.0 */
/* Where the numbers of a finding are from, if not from the module. */
#ifndef CONNTRIAGE_JUDGE_ORIGINS_H
#define CONNTRIAGE_JUDGE_ORIGINS_H

#include "judge/finding.h"
#include "snapshot.h"

/**
 * origins_name() - name who told what the table holds
 *
 * Causes write "[module: census]", as it is mostly so; the rest of them doesn't know the
 * difference.
 */
void origins_name(const struct snapshot *s, struct findings *fs);

#endif
