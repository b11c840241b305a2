// SPDX-License-Identifier: GPL-2.0
/* Entries whose timeout is over, and which the kernel has not reaped yet. */
#include "fix/fix.h"
#include "judge/capacity.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/occupancy.h"
#include "judge/phrases.h"
#include "judge/pressed.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "lib/numbers.h"

#define SETTLES		10	/* s: a dump reaps what it passes */

static void judge(const struct tables *ts, struct findings *fs)
{
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];
		const struct part *p = verdict_part(n, PART_EXPIRED);
		struct finding *f;
		struct raise r;
		struct fix x;

		if (!p)
			continue;
		f = pressed_begin(fs, &cause_expired, ts, n, p);
		phrase_table_is(&f->sentence, n);
		fact_more(&f->sentence, ", but {holds} of its entries are over already: the "
			  "kernel hasn't come by to reap them, and only {entries} are in use",
			  count_of(p->holds), count_of(n->occupancy->entries));
		phrase_end(&f->sentence, n);
		pressed_evidence(ts, n, f);
		pressed_victims(ts, n, f);
		effect_begin(&f->effect, n, SETTLES);
		f->effect.reaps = true;
		cure_begin(&x, ts, n, f);
		step_say(&f->fix, STEP_NOW, "a dump by netlink reaps the expired entries that it passes:");
		fix_look(&x, "conntrack -L >/dev/null 2>&1");
		r = raise_possible(ts, n);
		if (r.enough && n->init) {
			step_say(&f->fix, STEP_NOW, "room for what waits to be reaped, so that it doesn't "
				  "come back:");
			fix_max(&x, r.max);
			f->effect.max = r.max;
		}
		fix_end(&x);
		facts_add(&f->price, "None: nobody uses an expired entry. The kernel's worker "
			  "passes at least once a minute (every two on 5.10).");
	}
}

const struct cause cause_expired = {
	.name = "expired",
	.title = "a table full of entries that are over",
	.text =
"An entry whose timeout is over stays in the table, and counts against the maximum,\n"
"until somebody comes by: a packet that looks into its bucket, the garbage\n"
"collector's worker (once a minute, at least), or a dump. A full table looks into 8\n"
"buckets only, so it refuses packets while most of its entries are over.\n"
"\n"
"They are nobody's: there is no source to block. A dump reaps them at once.\n",
	.weight = 390,
	.judge = judge,
};
