/* SPDX-License-Identifier: GPL-2.0 */
/* How much of a flow a command meets. */
#ifndef CONNTRIAGE_SITUATIONS_MEETS_H
#define CONNTRIAGE_SITUATIONS_MEETS_H

#include "tests/situations/command.h"
#include "tests/situations/crowd.h"

/** command_meets() - the share of a flow's packets, by sources, destinations and ports */
double command_meets(const struct command *c, const struct flow *f);

#endif
