// SPDX-License-Identifier: GPL-2.0
/* What the judgement tells the cure: a place, and sources. */
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/actors.h"
#include "judge/cure.h"
#include "judge/finding.h"
#include "judge/tables.h"
#include "lib/lines.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

static struct fix_place place_of(const struct tables *ts, const struct netns_table *n)
{
	return (struct fix_place) {
		.netns = n ? n->netns : UNKNOWN,
		.name = n ? n->name : "",
		.here = !n || n->own,
		.outside = tables_outside(ts),
	};
}

void cure_begin(struct fix *x, const struct tables *ts,
		const struct netns_table *n, struct finding *f)
{
	struct fix_place where = place_of(ts, n);

	fix_begin(x, ts->s, &where, &f->fix_now, &f->fix_persist);
}

void cure_predict(const struct tables *ts, struct finding *f, struct prediction p)
{
	struct fix_place where = place_of(ts, f->effect.n);
	struct lines aside = { 0 };
	struct fix x;

	f->prediction = p;
	/* the cure has given the namespace its name already */
	fix_begin(&x, ts->s, &where, &aside, &aside);
	fix_line(&x, &f->verify, "sysctl -n net.netfilter.nf_conntrack_count   # about %s, "
		 "from %s on", num(p.entries), duration(p.within));
	lines_free(&aside);
}

bool cure_translated(const struct tables *ts, const struct netns_table *n)
{
	return n->own && (ts->s->rules.nr_source_nat || ts->s->rules.has_dnat);
}

/* What the census calls a pair, a destination or a service has passed text_pair(). */
void cure_target(struct cure_target *t, const struct group *g)
{
	const char *name = g->row.name, *port = strrchr(name, ':');
	size_t len = port ? (size_t)(port - name) : 0;

	*t = (struct cure_target) { .to = { .proto = g->row.proto } };
	switch (g->kind) {
	case GROUP_PAIR:
		if (*name == '[' && len > 2)
			snprintf(t->address, sizeof(t->address), "%.*s", (int)len - 2, name + 1);
		else
			snprintf(t->address, sizeof(t->address), "%.*s", (int)len, name);
		snprintf(t->port, sizeof(t->port), "%s", port ? port + 1 : "");
		break;
	case GROUP_SERVICE:
		snprintf(t->port, sizeof(t->port), "%s", name);
		break;
	default:
		snprintf(t->address, sizeof(t->address), "%s", name);
		t->to.proto = "";
	}
	t->to.address = t->address;
	t->to.port = t->port;
	t->to.family = !*t->address ? 0 : strchr(t->address, ':') ? 6 : 4;
}

struct fix_source cure_group(const struct group *g)
{
	if (g->actor)
		return cure_source(g->actor);
	return (struct fix_source) {
		.source = g->row.name,
		.family = strchr(g->row.name, ':') ? 6 : 4,
		.proto = "",
		.local = g->own,
	};
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
