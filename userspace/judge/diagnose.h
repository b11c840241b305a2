/* SPDX-License-Identifier: GPL-2.0 */
/* From a snapshot to findings. */
#ifndef CONNTRIAGE_JUDGE_DIAGNOSE_H
#define CONNTRIAGE_JUDGE_DIAGNOSE_H

#include "judge/finding.h"
#include "snapshot.h"

/**
 * diagnose() - judge a snapshot; reads nothing else and changes nothing
 * @s: what is known of the host
 * @out: filled; free with findings_free()
 */
void diagnose(const struct snapshot *s, struct findings *out);

#endif
