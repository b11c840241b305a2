// SPDX-License-Identifier: GPL-2.0
/*
 * Live entries that the garbage collector kills: after a refusal it clears
 * every table over 95 % of the maximum, and counts nothing (facts 15). Where
 * a table is pressed still, its own story tells that.
 */
#include "causes.h"
#include "story.h"

void cause_uncounted(const struct view *v, struct findings *fs)
{
	struct finding *f;
	size_t i;

	if (!v->spell.gc_evictions)
		return;
	for (i = 0; i < v->nr_ns; i++)
		if (v->ns[i].level >= LEVEL_EVICTING || v->ns[i].level == LEVEL_WAS)
			return;
	f = finding_add(fs, CAUSE_UNCOUNTED, SEV_WARNING, WEIGHT_UNCOUNTED);
	finding_sentence(f, "In the last %s the kernel killed %s live connections to make "
			 "room, and none of its own counters shows it.",
			 duration(v->spell.seconds), num(v->spell.gc_evictions));
	lines_add(&f->evidence, "%s killed by the garbage collector, against %s that "
		  "early_drop counted [module: history]", num(v->spell.gc_evictions),
		  num(v->spell.evictions));
	lines_add(&f->evidence, "at its fullest the table held %s entries [module: history]",
		  num(v->spell.peak));
	for (i = 0; i < v->nr_ns; i++) {
		const struct ns_view *n = &v->ns[i];

		if (known(n->row->gc_evictions))
			story_victims(v, n, f);
	}
	lines_add(&f->fix_now, "# who filled the table at that time?");
	lines_add(&f->fix_now, "conntriage sources");
	lines_add(&f->verify, "conntriage history");
}
