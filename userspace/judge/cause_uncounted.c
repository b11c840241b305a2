// SPDX-License-Identifier: GPL-2.0
/*
 * Live entries that the garbage collector kills: after a refusal, wherever it
 * was, it clears every table over 95 % of the maximum, and counts nothing
 * (facts 15). Where that table is pressed itself, its own story tells it.
 */
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"

static bool lost_in(const struct ns_view *n)
{
	return n->row && known(n->row->gc_evictions) &&
	       n->level < LEVEL_EVICTING && n->level != LEVEL_WAS;
}

static const struct ns_view *refuses(const struct view *v)
{
	size_t i;

	for (i = 0; i < v->nr_ns; i++)
		if (v->ns[i].was_refused)
			return &v->ns[i];
	return NULL;
}

void cause_uncounted(const struct view *v, struct findings *fs)
{
	const struct ns_view *first = NULL, *other = refuses(v);
	int64_t killed = 0, spell = v->spell.gc_evictions;
	struct finding *f;
	size_t i, nr = 0;

	for (i = 0; i < v->nr_ns; i++) {
		if (!lost_in(&v->ns[i]))
			continue;
		killed = plus(killed, v->ns[i].row->gc_evictions);
		first = &v->ns[i];
		nr++;
	}
	/* History doesn't tell namespaces apart, these sums not when it was. */
	if (killed > spell)
		killed = spell;
	if (!killed)
		return;
	f = finding_add(fs, CAUSE_UNCOUNTED, SEV_WARNING, WEIGHT_UNCOUNTED);
	finding_sentence(f, "In the last %s the kernel killed %s live connections of %s to "
			 "make room, and none of its own counters shows it.",
			 duration(v->spell.seconds), num(killed), nr == 1 ? ns_words(first) :
			 "several namespaces");
	lines_add(&f->evidence, "at most %s killed by the garbage collector, of %s in all "
		  "namespaces; early_drop, the kernel's counter, has none of them [module: "
		  "netns, history]", num(killed), num(spell));
	if (other)
		lines_add(&f->culprit, "%s: it refused %s packets, and then the kernel clears "
			  "every table that is over 95 %% of the maximum [module: history]",
			  ns_words(other), num(other->was_refused));
	for (i = 0; i < v->nr_ns; i++)
		if (lost_in(&v->ns[i]))
			lines_add(&f->victim, "%s: %s entries killed since the module was "
				  "loaded [module: netns]", ns_words(&v->ns[i]),
				  num(v->ns[i].row->gc_evictions));
	lines_add(&f->fix_now, "# who filled the table at that time?");
	lines_add(&f->fix_now, "conntriage sources");
	lines_add(&f->verify, "conntriage history");
}
