// SPDX-License-Identifier: GPL-2.0
/* What the judgement tells the cure: a place, and sources. */
#include "fix/fix.h"
#include "judge/actors.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/tables.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

void cure_begin(struct fix *x, const struct tables *ts,
		const struct netns_table *n, struct finding *f)
{
	struct fix_place where = {
		.netns = n ? n->netns : UNKNOWN,
		.name = n ? n->name : "",
		.here = !n || n->own,
		.outside = tables_outside(ts),
	};

	fix_begin(x, ts->s, &where, &f->fix_now, &f->fix_persist);
}

void cure_predict(const struct fix *x, struct finding *f, struct prediction p)
{
	f->prediction = p;
	fix_line(x, &f->verify, "sysctl -n net.netfilter.nf_conntrack_count   # about %s, "
		 "from %s on", num(p.entries), duration(p.within));
}

struct fix_source cure_source(const struct actor *a)
{
	return (struct fix_source) {
		.source = a->source,
		.family = a->family,
		.proto = actor_proto(a, SRC_INSERT),
		.local = a->local,
	};
}
