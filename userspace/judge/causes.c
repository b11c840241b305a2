// SPDX-License-Identifier: GPL-2.0
/* The table of causes. */
#include <stddef.h>

#include "judge/causes.h"

#define CAUSE_ROW(name) &cause_##name,
const struct cause *const causes[] = { CAUSES(CAUSE_ROW) NULL };
