// SPDX-License-Identifier: GPL-2.0
/*
 * A namespace whose table is full of real work while the maximum is out of its
 * reach: nf_conntrack_max is one value for all, which only the initial
 * namespace may write, and the limit of each (docs/conntrack.md, "Maximum and
 * buckets").
 */
#include "judge/capacity.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/raise.h"
#include "judge/tables.h"
#include "judge/verdict.h"

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_GROWTH);
		struct raise r;
		struct finding *f;

		if (!p || n->init)
			continue;
		r = raise_possible(ts, n);
		if (!r.enough)
			continue;
		f = pressed_begin(fs, &cause_netns, ts, n, p);
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, " with real work, and it can't raise its maximum: only "
			  "the initial namespace can, for all at once");
		phrase_end(&f->sentence, n);
		raise_cure(ts, n, p, f, &r);
	}
}

const struct cause cause_netns = {
	.name = "netns",
	.title = "one namespace and the others",
	.text =
"nf_conntrack_max is one number that each network namespace has for itself. A\n"
"container's table can be full while the host's is empty; the container can\n"
"neither see that of the host nor raise the number: only the initial namespace\n"
"can, for all at once. Rules against a source belong into the namespace whose\n"
"table it fills.\n"
"\n"
"Shared are the memory and the hash buckets: see \"memory\" and \"buckets\".\n",
	.weight = 700,
	.judge = judge,
};
