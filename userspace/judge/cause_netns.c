// SPDX-License-Identifier: GPL-2.0
/*
 * A namespace whose table is full of real work, while the maximum is out of
 * its reach: one value, written in the initial namespace, the limit of each
 * (facts 17).
 */
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/pressed.h"
#include "judge/tables.h"

void cause_netns(const struct view *v, struct findings *fs)
{
	size_t i;

	for (i = 0; i < v->nr_ns; i++) {
		const struct ns_view *n = &v->ns[i];
		struct raise r;
		struct finding *f;

		if (n->root != ROOT_BUSY || n->init)
			continue;
		r = raise_for(v, n);
		if (!r.enough)
			continue;
		f = story_begin(fs, CAUSE_NETNS, v, n);
		finding_sentence(f, "%s %s with real work, and it can't raise its maximum: "
				 "only the initial namespace can, for all at once%s.",
				 story_table(n), story_state(n), story_losers(n));
		tell_busy(v, n, f, &r);
	}
}
