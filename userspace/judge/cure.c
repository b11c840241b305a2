// SPDX-License-Identifier: GPL-2.0
/* What the judgement tells the cure: a place, and sources. */
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/actors.h"
#include "judge/causes.h"
#include "judge/cure.h"
#include "lib/address.h"
#include "judge/finding.h"
#include "judge/tables.h"
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

	fix_begin(x, ts->s, &where, &f->fix, f->cause->name);
}

void cure_predict(const struct tables *ts, struct finding *f, struct prediction p)
{
	struct fix x;

	f->prediction = p;
	cure_begin(&x, ts, f->effect.n, f);
	if (p.later_within)
		lines_add(&f->verify, "# about %s after %s, %s %s %s%s:", num(p.entries),
			  duration(p.within), num(p.later), p.settles ? "from" : "after",
			  duration(p.later_within), p.settles ? " on" : "");
	else
		lines_add(&f->verify, "# about %s, from %s on:", num(p.entries),
			  duration(p.within));
	fix_line(&x, &f->verify, "sysctl -n net.netfilter.nf_conntrack_count");
}

const char *cure_needs_entries(const struct tables *ts, const struct netns_table *n)
{
	const struct rules *r = &ts->s->rules;
	static char text[192];

	if (!n->own)
		return "the rules of that namespace aren't known, and may need the entries";
	if (!r->known || !r->contents_known)
		return "the rules here couldn't be read, and may need the entries";
	if (r->nr_source_nat || r->has_dnat)
		return "rules translate addresses here (NAT), which needs the entries";
	if (!r->stateful_input && !r->stateful_forward && !r->stateful_output)
		return NULL;
	snprintf(text, sizeof(text), "rules here let in only what conntrack knows (%s), which needs the "
		 "entries", r->stateful);
	return text;
}

void cure_unread(const struct tables *ts, struct finding *f)
{
	const struct rules *r = &ts->s->rules;
	size_t i;

	if (r->known && r->contents_known)
		return;
	for (i = 0; i < f->fix.nr && f->fix.step[i].kind != STEP_RULES; i++)
		;
	if (i == f->fix.nr)
		return;
	facts_add(&f->against, "this host's own rules couldn't be read ({}): whether one of them "
		  "needs what the commands drop isn't known", text_of(r->why_not));
}

/* What the census calls a pair, a destination or a service has passed text_pair(). */
void cure_target(struct cure_target *t, const struct group *g)
{
	const char *name = g->row.name;

	*t = (struct cure_target) { .to = { .proto = g->row.proto } };
	switch (g->kind) {
	case GROUP_PAIR:
		snprintf(t->port, sizeof(t->port), "%s",
			 address_of_pair(name, t->address, sizeof(t->address)));
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
