// SPDX-License-Identifier: GPL-2.0
/*
 * Whether a diagnosis accuses, or would hurt, those who are honest: in a culprit's
 * place of a finding that accuses, or in a command that drops, limits, rejects or
 * deletes. To be named as busy is no accusation.
 */
#include <stdio.h>
#include <string.h>

#include "judge/causes.h"
#include "tests/situations/accuse.h"
#include "tests/situations/meets.h"
#include "tests/situations/told.h"
#include "tests/situations/typed.h"

/* Of these the ones that stand under "who" are to blame. */
static bool accuses(const struct finding *f)
{
	static const char *const accusing[] = { "flood", "scan", "spoofed", "leak" };
	size_t i;

	for (i = 0; i < sizeof(accusing) / sizeof(accusing[0]); i++)
		if (!strcmp(f->cause->name, accusing[i]))
			return true;
	return false;
}

static const struct crowd *honest_culprit(const struct situation *s, const struct finding *f,
					  const char **name)
{
	const struct crowd *c;
	bool whole;
	size_t i;

	for (i = 0; i < f->culprit.nr && accuses(f); i++) {
		*name = f->culprit.party[i].name;
		if (!*name)
			continue;
		c = crowd_named(s, *name, &whole);
		if (c && c->role == HONEST)
			return c;
	}
	return NULL;
}

static bool harmful(const struct command *c)
{
	return c->verb == DROPS || c->verb == LIMITS || c->verb == REJECTS || c->verb == DELETES;
}

/* Only what nobody answered, or what has been silent for long, is met. */
static bool narrow(const struct command *c)
{
	return c->verb == DELETES && (c->unreplied || c->silent ||
				      (c->state && !strncmp(c->state, "SYN", 3)));
}

static bool asymmetric(enum ingredient_kind kind)
{
	return kind == ONE_WAY_OUT || kind == ONE_WAY_BACK;
}

/* Answered, or it would be if the host saw both ways */
static bool works(const struct situation *s, const struct flow *f)
{
	return f->who->role == HONEST &&
	       (f->script == TALKS || f->script == ASKED_ONCE ||
		asymmetric(s->ingredient[f->ingredient].kind));
}

static const struct crowd *hurt(const struct situation *s, const struct command *c)
{
	const struct crowd *who;
	bool whole;
	int i;

	/* Where one direction passes elsewhere, all packets look INVALID. */
	for (i = 0; i < s->nr_flows; i++) {
		enum ingredient_kind kind = s->ingredient[s->flow[i].ingredient].kind;

		if ((c->verb == DROPS_INVALID && (asymmetric(kind) || kind == FORGOTTEN)) ||
		    (c->verb == DROPS_UNROUTABLE && asymmetric(kind)))
			return s->flow[i].who;
	}
	if (!harmful(c) || narrow(c) || (!c->nr_sources && !c->nr_dests && !c->port))
		return NULL;
	for (i = 0; i < c->nr_sources; i++) {
		who = crowd_named(s, c->source[i], &whole);
		if (who && (who->role == HONEST || who->role == GONE))
			return who;
		if (who && who->role == MIXED && c->verb == DROPS && !c->nr_dests && !c->port)
			return who;
	}
	/* By destination or port alone: whose answered traffic is met? */
	for (i = 0; i < s->nr_flows && !c->nr_sources; i++) {
		const struct flow *f = &s->flow[i];

		/* Questions that are answered don't miss their entries. */
		if (c->verb == DELETES && f->script == ASKED_ONCE)
			continue;
		if (works(s, f) && command_meets(c, f) > 0)
			return f->whom;
	}
	return NULL;
}

/* Whom a command hurts, and which */
struct harm {
	const struct situation *s;
	const struct crowd *who;
	char line[200];
};

static bool see_harm(const struct command *c, const char *line, void *data)
{
	struct harm *h = data;

	h->who = hurt(h->s, c);
	if (h->who)
		snprintf(h->line, sizeof(h->line), "%.160s", line);
	return h->who;
}

bool accused(const struct situation *s, const struct findings *found, char *why, size_t size)
{
	struct harm h = { .s = s };
	const char *name = NULL;
	size_t i;

	for (i = 0; i < found->nr; i++) {
		const struct finding *f = &found->finding[i];

		if (honest_culprit(s, f, &name)) {
			snprintf(why, size, "%s accuses %.60s", f->cause->name, name);
			return true;
		}
		if (typed_each(&f->fix, STEP_NOW, see_harm, &h) ||
		    typed_each(&f->fix, STEP_FOR_GOOD, see_harm, &h)) {
			snprintf(why, size, "%s hurts: %s", f->cause->name, h.line);
			return true;
		}
	}
	return false;
}

/* New connections a second of the busiest honest source */
static double busiest(const struct situation *s, const char *proto)
{
	double most = 0, weight[MOST_NAMED], rate;
	int i, k;

	for (k = 0; k < s->nr_crowds; k++) {
		const struct crowd *c = &s->crowd[k];

		if (c->role != HONEST || c->size != NAMED)
			continue;
		crowd_weights(c, weight);
		for (rate = 0, i = 0; i < s->nr_flows; i++)
			if (s->flow[i].who == c && s->flow[i].script != NEVER_ANSWERED &&
			    (!proto || !strcmp(proto, proto_name(s->flow[i].service[0].proto))))
				rate += s->flow[i].rate * weight[0];
		if (rate > most)
			most = rate;
	}
	return most;
}

/* A limit for everybody that an honest source is above */
static bool see_limit(const struct command *c, const char *line, void *data)
{
	struct harm *h = data;

	if (c->verb != LIMITS || c->nr_sources || c->nr_dests || c->rate >= busiest(h->s, c->proto))
		return false;
	snprintf(h->line, sizeof(h->line), "%.0f a second, an honest one has %.0f: %.100s", c->rate,
		 busiest(h->s, c->proto), line);
	return true;
}

bool limited(const struct situation *s, const struct findings *found, char *why, size_t size)
{
	struct harm h = { .s = s };
	size_t i;

	for (i = 0; i < found->nr; i++) {
		const struct finding *f = &found->finding[i];

		if (typed_each(&f->fix, STEP_NOW, see_limit, &h) ||
		    typed_each(&f->fix, STEP_FOR_GOOD, see_limit, &h)) {
			snprintf(why, size, "%s limits all to %s", f->cause->name, h.line);
			return true;
		}
	}
	return false;
}
