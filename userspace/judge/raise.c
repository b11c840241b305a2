// SPDX-License-Identifier: GPL-2.0
/* A bigger table for real work: what is said of it, and what is typed. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/capacity.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/pressed.h"
#include "judge/raise.h"
#include "judge/tables.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"

#define SETTLES		60	/* s */

void raise_busiest(const struct tables *ts, const struct netns_table *n,
		   const struct part *p, struct finding *f)
{
	bool named = p && p->nr_members == 1;
	size_t i;

	if (named)
		pressed_members(ts, n, p, f);
	for (i = 0; i < n->nr_actors && i < 3; i++)
		if (n->actor[i].offered > 0 && !(named && part_has(p, &n->actor[i])))
			facts_add(party_actor(&f->culprit, ts, &n->actor[i]),
				  "{new_per_second} new connections a second ({share} of all)",
				  rate_of(n->actor[i].offered),
				  share_of(n->actor[i].offered, n->offered));
}

void raise_evidence(const struct tables *ts, const struct netns_table *n, struct finding *f,
		    int64_t max)
{
	bool measured = !strcmp(ts->entry_bytes_from, "measured");
	size_t pressed = capacity_pressed(ts, n), others = ts->nr_tables - 1 - pressed;
	char full[64] = "", idle[64] = "";

	if (pressed)
		snprintf(full, sizeof(full), " in each of %s pressed namespaces",
			 num(pressed + 1));
	if (others == 1)
		snprintf(idle, sizeof(idle), ", and what the other namespace holds now,");
	else if (others)
		snprintf(idle, sizeof(idle), ", and what %s other namespaces hold now,",
			 num(others));
	if (measured)
		facts_add(&f->evidence, "an entry takes {entry_bytes} bytes (measured) [module: "
			  "census]", as_it_is(lround(ts->entry_bytes)));
	else
		facts_add(&f->evidence, "an entry takes {entry_bytes} bytes ({}) [kernel: "
			  "slabinfo]", as_it_is(lround(ts->entry_bytes)),
			  text_of(ts->entry_bytes_from));
	facts_add(&f->evidence, "{max} entries{}{} take {takes}; {available} of {total} memory "
		  "are available [kernel: meminfo]", count_of(max), text_of(full), text_of(idle),
		  bytes_of(capacity_memory(ts, n, max)), bytes_of(known(ts->s->mem_available)),
		  bytes_of(known(ts->s->mem_total)));
}

void raise_room(const struct tables *ts, struct fix *x, struct finding *f, int64_t max)
{
	if (known(ts->s->buckets) < max) {
		fix_buckets(x, max, max);
		f->effect.buckets = max;
		facts_add(&f->price, "Building the new hash table stops the others for some "
			  "milliseconds.");
	}
	fix_max(x, max);
	f->effect.max = max;
}

void raise_cure(const struct tables *ts, const struct netns_table *n,
		const struct part *p, struct finding *f, const struct raise *r)
{
	struct fix x;

	pressed_evidence(ts, n, f);
	raise_evidence(ts, n, f, r->max);
	raise_busiest(ts, n, p, f);
	pressed_victims(ts, n, f);
	cure_begin(&x, ts, n, f);
	effect_begin(&f->effect, n, p->holds > 0 ? SETTLES : 0);
	facts_add(&f->price, "Up to {more} of memory more, taken only as entries are made. The "
		  "maximum holds for every namespace.",
		  bytes_of(capacity_memory(ts, n, r->max) - capacity_held(ts)));
	raise_room(ts, &x, f, r->max);
	fix_end(&x);
	lines_add(&f->verify, "sysctl net.netfilter.nf_conntrack_max");
	lines_add(&f->verify, "conntriage");
}
