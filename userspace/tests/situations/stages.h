/* SPDX-License-Identifier: GPL-2.0 */
/* From the ages of a flow's entries to stages, states and silence. */
#ifndef CONNTRIAGE_SITUATIONS_STAGES_H
#define CONNTRIAGE_SITUATIONS_STAGES_H

#include "tests/situations/members.h"

/**
 * stages_of_flow() - the entries of a flow by stage; adds them to the view's states
 * @stage: STAGES numbers, set
 * @unreplied, @assured: how many of them are that; set
 */
void stages_of_flow(struct view *v, const struct queue *q, int flow, struct chance *c,
		    int64_t *stage, int64_t *unreplied, int64_t *assured);

#endif
