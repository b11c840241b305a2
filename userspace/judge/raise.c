// SPDX-License-Identifier: GPL-2.0
/* A bigger table for real work: what is said of it, and what is typed. */
#include <string.h>

#include "fix/fix.h"
#include "judge/capacity.h"
#include "judge/cure.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/pressed.h"
#include "judge/raise.h"
#include "judge/tables.h"
#include "judge/writer.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"

#define SETTLES		60	/* s */

void raise_busiest(const struct netns_table *n, struct finding *f)
{
	size_t i;

	for (i = 0; i < n->nr_actors && i < 3; i++)
		if (n->actor[i].offered > 0)
			lines_add(&f->culprit, "%s%s: %s new connections a second (%s of "
				  "all)", n->actor[i].source,
				  n->actor[i].local ? " (this host)" : "",
				  per_second(n->actor[i].offered),
				  pct(n->actor[i].offered, n->offered));
}

void raise_evidence(const struct tables *ts, struct finding *f, int64_t max)
{
	bool measured = !strcmp(ts->entry_bytes_from, "measured");

	lines_add(&f->evidence, "an entry takes %.0f bytes (%s) [%s]", ts->entry_bytes,
		  ts->entry_bytes_from, measured ? "module: census" : "kernel: slabinfo");
	lines_add(&f->evidence, "%s entries%s%s%s take %s; %s of %s memory are available "
		  "[kernel: meminfo]", num(max), ts->nr_tables > 1 ? " in each of " : "",
		  ts->nr_tables > 1 ? num(ts->nr_tables) : "",
		  ts->nr_tables > 1 ? " namespaces" : "", bytes(capacity_memory(ts, max)),
		  bytes(known(ts->s->mem_available)), bytes(known(ts->s->mem_total)));
}

void raise_cure(const struct tables *ts, const struct netns_table *n,
		const struct part *p, struct finding *f, const struct raise *r)
{
	struct writer by = writer_of(ts->s, "max");
	struct fix x;

	pressed_evidence(ts, n, f);
	raise_evidence(ts, f, r->max);
	raise_busiest(n, f);
	pressed_victims(ts, n, f);
	cure_begin(&x, ts, n, f);
	effect_begin(&f->effect, n, p->holds > 0 ? SETTLES : 0);
	f->effect.max = r->max;
	if (known(ts->s->buckets) < r->max) {
		fix_buckets(&x, r->max, r->max);
		f->effect.buckets = r->max;
	}
	if (by.w) {
		fix_max_now(&x, r->max);
		writer_change(x.persist, &by, r->max);
	} else {
		fix_max(&x, r->max);
	}
	fix_end(&x);
	finding_price(f, "Up to %s of memory more, taken only as entries are made. The "
		      "maximum holds for every namespace. Building the new hash table "
		      "stops the others for some milliseconds.",
		      bytes(capacity_memory(ts, r->max) - (double)ts->entries * ts->entry_bytes));
	lines_add(&f->verify, "sysctl net.netfilter.nf_conntrack_max");
	lines_add(&f->verify, "conntriage");
}
