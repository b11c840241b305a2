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

void cause_netns(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		struct raise r;
		struct finding *f;

		if (n->blame != BLAME_BUSY || n->init)
			continue;
		r = raise_possible(ts, n);
		if (!r.enough)
			continue;
		f = pressed_begin(fs, CAUSE_NETNS, ts, n);
		finding_sentence(f, "%s %s with real work, and it can't raise its maximum: "
				 "only the initial namespace can, for all at once%s.",
				 phrase_table(n), phrase_state(n), phrase_losers(n));
		raise_cure(ts, n, f, &r);
	}
}
