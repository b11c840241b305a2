/* SPDX-License-Identifier: GPL-2.0 */
/* Whom no advice may cut off: a list that several parts fill. */
#ifndef CONNTRIAGE_READ_GUARDED_H
#define CONNTRIAGE_READ_GUARDED_H

#include "snapshot.h"

/** guard_address() - add an address once; what isn't one, or is unset, is left out */
void guard_address(struct snapshot *s, enum guard_reason why, const char *address);

#endif
