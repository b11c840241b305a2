// SPDX-License-Identifier: GPL-2.0
/* Real work, more than the table holds: nobody is to blame. */
#include "judge/actors.h"
#include "judge/capacity.h"
#include "judge/causes.h"
#include "judge/finding.h"
#include "judge/injected.h"
#include "judge/occupancy.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/raise.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "judge/writer.h"
#include "lib/numbers.h"

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_GROWTH);
		struct raise r;
		struct finding *f;

		if (!p)
			continue;
		/*
		 * Where memory is short or another namespace sets the maximum, the
		 * causes "memory" and "netns" speak; "writer" where a program lowered it.
		 */
		r = raise_possible(ts, n);
		if (!r.enough || !n->init || writer_took_room(ts, n))
			continue;
		f = pressed_begin(fs, &cause_growth, ts, n, p);
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, " with real work{}{}: {entries} entries, and the maximum "
			  "is {max}",
			  text_of(p->nr_members == 1 ? ", most of it by " : " of many sources"),
			  text_of(p->nr_members == 1 ? phrase_members(p) : ""),
			  count_of(n->occupancy->entries), count_of(n->max));
		phrase_end(&f->sentence, n);
		if (p->nr_members == 1)
			facts_add(&f->against, "{} is answered: a proxy, a gateway or a busy "
				  "host, not a flood", text_of(phrase_members(p)));
		if (injected_explain(ts, n, p->holds))
			facts_add(&f->evidence, "{injected} entries were put in by a program, as "
				  "conntrackd does with another host's connections: those pass "
				  "elsewhere, and are silent here [kernel: insert]",
				  count_of(injected_entries(ts, n)));
		raise_cure(ts, n, p, f, &r);
	}
}

const struct cause cause_growth = {
	.name = "growth",
	.title = "more real work than the table holds",
	.text =
"Connections that are answered and talk are what the table is for. If they are\n"
"more than it holds, it is too small, even where one address has 90 % of them: that\n"
"may be a proxy, a gateway, a monitoring host.\n"
"\n"
"The size follows from Little's law: entries are arrivals a second times the\n"
"seconds that they stay. What is offered counts, refused ones included, and a\n"
"third more for bursts. Where memory doesn't allow it, \"memory\" speaks.\n",
	.weight = 390,
	.judge = judge,
};
