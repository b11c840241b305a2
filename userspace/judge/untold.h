/* SPDX-License-Identifier: GPL-2.0 */
/* What an archive that others made doesn't tell. */
#ifndef CONNTRIAGE_JUDGE_UNTOLD_H
#define CONNTRIAGE_JUDGE_UNTOLD_H

#include <stdbool.h>

#include "snapshot.h"

/**
 * untold_fullness() - whether it lacks the number of entries or their maximum
 *
 * Then nothing is well, and nothing is sure.
 */
bool untold_fullness(const struct snapshot *s);

#endif
