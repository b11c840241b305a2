// SPDX-License-Identifier: GPL-2.0
/* What an archive that others made doesn't tell. */
#include "judge/untold.h"
#include "lib/numbers.h"
#include "snapshot.h"

bool untold_fullness(const struct snapshot *s)
{
	return *s->captured.source && !s->mod.loaded &&
	       (s->count == UNKNOWN || s->max == UNKNOWN);
}
