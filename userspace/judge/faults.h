/* SPDX-License-Identifier: GPL-2.0 */
/* What damaged files take from a diagnosis. */
#ifndef CONNTRIAGE_JUDGE_FAULTS_H
#define CONNTRIAGE_JUDGE_FAULTS_H

#include "judge/finding.h"
#include "snapshot.h"

/**
 * faults_weigh() - list the damaged files, and take certainty from all findings
 * @fs: all findings there are
 *
 * Any file may hold what would change a finding: its table, its rules, the setting
 * that it would cure. So none is sure without all of them, and nothing is well.
 */
void faults_weigh(const struct snapshot *s, struct findings *fs);

#endif
