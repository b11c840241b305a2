// SPDX-License-Identifier: GPL-2.0
/* Cures that are in place already: what they met, and whether they work. */
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/actors.h"
#include "judge/finding.h"
#include "judge/occupancy.h"
#include "judge/placed.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

#define QUIET	3	/* s without a new connection: it used to open many a second */

const char *placed_met(int64_t packets)
{
	char *text = word_buffer();

	if (packets == UNKNOWN)
		snprintf(text, WORD_SIZE, "counts nothing");
	else if (!packets)
		snprintf(text, WORD_SIZE, "met nothing yet");
	else
		snprintf(text, WORD_SIZE, "met %s packet%s", num(packets), packets == 1 ? "" : "s");
	return text;
}

/* Nothing new of any member gets in. Whose connections aren't known is no proof. */
static bool is_quiet(const struct part *p)
{
	size_t i;

	for (i = 0; i < p->nr_members; i++) {
		const struct actor *a = p->member[i]->actor;
		const struct source_row *in = a ? a->row[SRC_INSERT] : NULL;

		if (!in || known(in->last_ago) < QUIET)
			return false;
	}
	return p->nr_members > 0;
}

static double rate_in(const struct part *p)
{
	double rate = 0;
	size_t i;

	for (i = 0; i < p->nr_members; i++)
		if (p->member[i]->actor)
			rate += actor_rate(p->member[i]->actor, SRC_INSERT);
	return rate;
}

static const char *met_by(const struct fix *x)
{
	return placed_met(!x->nr_placed || (x->uncounted && !x->met) ? UNKNOWN : x->met);
}

/* Whether it holds, as far as that is known */
static bool say_effect(const struct part *p, struct finding *f)
{
	if (p && is_quiet(p)) {
		facts_add(&f->evidence, "it works: nothing new gets past it; what was let in "
			  "before waits for its timeout, and then for the kernel's worker, up to "
			  "a minute [module: sources]");
	} else if (p && rate_in(p) >= 1) {
		facts_add(&f->against, "{new_per_second} new connections a second still get past "
			  "it: was it typed just now? Else they come another way (an address, a "
			  "namespace, a bridge), or its limit is too high", rate_of(rate_in(p)));
		return false;
	}
	return true;
}

bool placed_say(const struct netns_table *n, const struct fix *x, const struct part *p,
		struct finding *f)
{
	double over = n->occupancy ? n->occupancy->life[LIFE_EXPIRED] : 0;

	if (!x->nr_placed && !x->nr_set)
		return true;
	if (share(over, n->count) >= 5)
		facts_add(&f->evidence, "{expired} entries are over already, and wait for the "
			  "kernel's worker, up to a minute [module: census]", count_of(over));
	if (x->rules_now) {
		facts_add(&f->evidence, "a part of the cure is in place already, and {}; the rest "
			  "is below [rules]", text_of(met_by(x)));
		return true;
	}
	facts_add(&f->evidence, "the cure is in place already, and {} [rules]", text_of(met_by(x)));
	return say_effect(p, f);
}

bool placed_in_need(const struct placed_rule *r)
{
	return !r->family && !r->keep;
}

const struct placed_rule *placed_next(const struct snapshot *s, const struct placed_rule *after)
{
	size_t i = after ? after - s->placed + 1 : 0;

	for (; i < s->nr_placed; i++)
		if (placed_in_need(&s->placed[i]) &&
		    !(after && s->placed[i].rule == after->rule))
			return &s->placed[i];
	return NULL;
}

void placed_tell(struct facts *l, const struct placed_rule *r)
{
	facts_add(l, "a rule in place, chain {chain}, {}: \"{rule}\" [rules]", text_of(r->chain),
		  text_of(placed_met(r->packets)), text_of(r->text));
}

void placed_list(const struct snapshot *s, struct facts *l)
{
	const struct placed_rule *r = NULL;
	int left = PLACED_TOLD;

	while (left-- && (r = placed_next(s, r)))
		placed_tell(l, r);
}
