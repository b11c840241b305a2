/* SPDX-License-Identifier: GPL-2.0 */
/* Types a finding's commands into the queue, and sees whether it predicted that. */
#ifndef CONNTRIAGE_SITUATIONS_REPLAY_H
#define CONNTRIAGE_SITUATIONS_REPLAY_H

#include "judge/finding.h"
#include "tests/situations/queue.h"

struct replayed {
	double entries, refused;	/* then; refused: packets a second */
	double later;			/* entries when all has settled, as it would seem */
	bool full_again;		/* packets are refused by then */
	bool kept;			/* within a quarter of the prediction */
	bool kept_later;		/* the same of what it goes on to, or stays at */
};

/**
 * replay() - what happens after the commands of "now"
 * @q: the queue at the moment of the question; stays so
 * @which: of @found; what stands above it is typed, too
 *
 * Return: false where the finding predicts nothing.
 */
bool replay(struct replayed *r, const struct queue *q, const struct findings *found,
	    size_t which);

#endif
