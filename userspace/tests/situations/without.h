/* SPDX-License-Identifier: GPL-2.0 */
/* A situation as a reader sees it that has no module to ask. */
#ifndef CONNTRIAGE_SITUATIONS_WITHOUT_H
#define CONNTRIAGE_SITUATIONS_WITHOUT_H

#include "snapshot.h"
#include "tests/situations/told.h"

/**
 * without_module() - leave in a snapshot what two lists by ctnetlink would have told
 * @s: of shown_snapshot(), of the same situation
 */
void without_module(const struct told *t, struct snapshot *s);

/** without_can_tell() - whether it is anything that is there now: what is over isn't */
bool without_can_tell(const struct told *t);

#endif
