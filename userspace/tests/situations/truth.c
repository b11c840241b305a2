// SPDX-License-Identifier: GPL-2.0
/*
 * What is right to say of a situation.
 *
 * Each cause has what its lever would free: entries of no use to anybody. Where these
 * are most of the table, the cause that has most of them is to be told first, or one
 * that has about as many. Where they are few, the table is full of work, and the work
 * that has most entries is it. In between either will do, as each lever would help.
 */
#include <math.h>
#include <netinet/in.h>
#include <string.h>

#include "judge/causes.h"
#include "tests/situations/truth.h"

#define ALIKE		1.5	/* levers that free about as much */
#define MOSTLY		0.5	/* of the table: useless entries are what fills it */
#define HARDLY		0.15	/* of the table: they are not */
#define PRESENT		0.03	/* of the table: worth a word */
#define BIT(cause)	(1u << (cause))

const char *const right_cause_names[CAUSE_KINDS] = {
	[C_CLEAR] = "clear", [C_FLOOD] = "flood", [C_SCAN] = "scan", [C_SPOOFED] = "spoofed",
	[C_DEAD] = "dead", [C_ONEWAY] = "oneway", [C_FORGOTTEN] = "forgotten",
	[C_INVALID] = "invalid", [C_LEAK] = "leak", [C_UNANSWERED] = "unanswered", [C_TIMEOUT] = "timeout",
	[C_EXPIRED] = "expired", [C_CHATTER] = "chatter", [C_CHURN] = "churn",
	[C_GROWTH] = "growth", [C_OTHER] = "other",
};

static const enum right_cause harm_of[INGREDIENT_KINDS] = {
	[FLOOD_ONE] = C_FLOOD, [FLOOD_FEW] = C_FLOOD, [FLOOD_PREFIX] = C_FLOOD,
	[HALF_OPEN] = C_FLOOD, [SCAN] = C_SCAN, [SPOOFED] = C_SPOOFED,
	[DEAD_SERVICE] = C_DEAD, [ONE_WAY_OUT] = C_ONEWAY, [ONE_WAY_BACK] = C_ONEWAY,
	[FORGOTTEN] = C_FORGOTTEN, [INVALID_FLOOD] = C_INVALID, [LEAK] = C_LEAK,
	[DEAD_PEERS] = C_TIMEOUT, [IN_VAIN] = C_UNANSWERED, [MONITORING] = C_UNANSWERED,
};

static double stages(const int64_t *stage, enum stage from, enum stage to)
{
	double sum = 0;
	int i;

	for (i = from; i <= (int)to; i++)
		sum += stage[i];
	return sum;
}

/* What waits longer than the kernel's defaults would let it, of those who work */
static double overdue(const struct queue *q, enum right_cause work)
{
	double sum = 0;
	int i, k;

	for (i = 0; i < q->s->nr_flows; i++) {
		const struct flow *f = &q->s->flow[i];
		const struct flow_state *state = &q->flow[i];

		for (k = 0; k < 2; k++) {
			if (f->script == TALKS && work == C_CHURN && f->close > f->close_usual)
				sum += state->close[k].sum * q->alive_closing *
				       (1 - f->close_usual / f->close);
			if (f->script == ASKED_ONCE && work == C_CHATTER && f->wait > f->wait_usual)
				sum += state->wait[k].sum * q->alive_evictable *
				       (1 - f->wait_usual / f->wait);
		}
	}
	return sum;
}

static void weigh(struct truth *t, const struct queue *q, const struct view *v)
{
	double late_once = overdue(q, C_CHATTER), late_closing = overdue(q, C_CHURN);
	const int64_t *all = v->all.stage;
	int i;

	for (i = 0; i < q->s->nr_ingredients; i++) {
		enum right_cause cause = harm_of[q->s->ingredient[i].kind];

		if (cause == C_LEAK || cause == C_TIMEOUT)
			t->frees[cause] += stages(v->stage[i], STAGE_SILENT_300,
						  STAGE_SILENT_86400);
		else if (cause)
			t->frees[cause] += stages(v->stage[i], STAGE_UNANSWERED, STAGE_HALF_OPEN);
	}
	t->frees[C_TIMEOUT] += late_once + late_closing;
	t->frees[C_EXPIRED] = all[STAGE_EXPIRED];
	t->frees[C_CHATTER] = fmax(stages(all, STAGE_ONCE, STAGE_ONCE_60) - late_once, 0);
	t->frees[C_CHURN] = fmax(stages(all, STAGE_CLOSING, STAGE_CLOSING_120) - late_closing, 0);
	t->frees[C_GROWTH] = stages(all, STAGE_TALKING, STAGE_TALKING_60);
}

/* The heaviest of some causes, and those that are about as heavy */
static unsigned int heaviest(const struct truth *t, enum right_cause from, enum right_cause to,
			     enum right_cause *chief)
{
	unsigned int set = 0;
	int i;

	*chief = from;
	for (i = from; i <= (int)to; i++)
		if (t->frees[i] > t->frees[*chief])
			*chief = i;
	for (i = from; i <= (int)to; i++)
		if (t->frees[i] > 0 && t->frees[i] >= t->frees[*chief] / ALIKE)
			set |= BIT(i);
	return set;
}

static bool has(const struct situation *s, enum ingredient_kind kind)
{
	int i;

	for (i = 0; i < s->nr_ingredients; i++)
		if (s->ingredient[i].kind == kind)
			return true;
	return false;
}

struct losses {
	double all, refused, peak;	/* within the history */
	double lately, high;		/* within its last minute: lost, entries at most */
	double invalid, new;		/* packets that ask for an entry */
};

static void look_back(struct losses *l, const struct queue *q)
{
	int i, from = q->s->host.uptime < RECORDED ? RECORDED - q->s->host.uptime : 0;

	memset(l, 0, sizeof(*l));
	for (i = from; i < RECORDED; i++) {
		const struct second *h = &q->history[i];

		l->refused += h->refusals;
		l->all += h->refusals + h->evictions + h->gc_evictions;
		l->peak = fmax(l->peak, h->count);
		l->invalid += h->invalid;
		l->new += h->inserts + h->refusals;
		if (i < RECORDED - 60)
			continue;
		l->lately += h->refusals + h->evictions + h->gc_evictions;
		l->high = fmax(l->high, h->count);
	}
}

/* Entries that the work alone would hold, with the kernel's timeouts and room for all */
static double work_offered(const struct situation *s)
{
	double sum = 0;
	int i;

	for (i = 0; i < s->nr_flows; i++) {
		const struct flow *f = &s->flow[i];

		if (f->script == TALKS)
			sum += f->rate * (f->life + fmin(f->close, f->close_usual));
		else if (f->script == ASKED_ONCE)
			sum += f->rate * fmin(f->wait, f->wait_usual);
	}
	return sum;
}

/* What fills the table; of a table that isn't full, what would */
static void decide_fill(struct truth *t, const struct situation *s, double entries)
{
	enum right_cause harm, work;
	unsigned int harms = heaviest(t, C_FLOOD, C_EXPIRED, &harm);
	unsigned int works = heaviest(t, C_CHATTER, C_GROWTH, &work);
	double useless = 0;
	int i;

	for (i = C_FLOOD; i <= C_EXPIRED; i++)
		useless += t->frees[i];
	/* Sources that are blocked in one go may be called either. */
	if (harms & (BIT(C_FLOOD) | BIT(C_SCAN)))
		for (i = C_FLOOD; i <= C_SCAN; i++)
			harms |= t->frees[i] >= PRESENT * entries ? BIT(i) : 0;
	if (useless >= HARDLY * entries)
		t->first |= harms;
	/* Where work alone is too much for the table, there is no way round that. */
	if (useless < MOSTLY * entries || work_offered(s) > s->host.max)
		t->first |= works;
	t->chief = useless >= (HARDLY + MOSTLY) / 2 * entries ? harm : work;
}

/*
 * Whoever floods a service that answers nobody else looks like its clients, as long as
 * there are many of them; to reject that port hurts nobody.
 */
static bool like_dead(const struct situation *s, const struct flow *f)
{
	int i;

	if (s->ingredient[f->ingredient].kind != FLOOD_PREFIX || f->script != NEVER_ANSWERED)
		return false;
	for (i = 0; i < s->nr_flows; i++)
		if (s->flow[i].whom == f->whom && s->flow[i].script == TALKS &&
		    (s->flow[i].service[0].port == f->service[0].port ||
		     s->flow[i].service[1].port == f->service[0].port))
			return false;
	return true;
}

static void decide_also(struct truth *t, const struct situation *s, double entries)
{
	int i;

	t->also |= BIT(C_OTHER);
	for (i = C_FLOOD; i < C_OTHER; i++)
		if (t->frees[i] >= PRESENT * entries)
			t->also |= BIT(i);
	/* INVALID packets are there, whatever they are a sign of. */
	if (has(s, INVALID_FLOOD) || has(s, ONE_WAY_OUT) || has(s, ONE_WAY_BACK) ||
	    has(s, FORGOTTEN))
		t->also |= BIT(C_INVALID);
	for (i = 0; i < SETTINGS; i++)
		if (s->host.setting[i] > setting_names[i].usual)
			t->also |= BIT(C_TIMEOUT);
}

/* What was there, and has ended */
static unsigned int ended(const struct situation *s)
{
	unsigned int set = 0;
	int i;

	for (i = 0; i < s->nr_flows; i++)
		if (s->flow[i].over > 0)
			set |= BIT(harm_of[s->ingredient[s->flow[i].ingredient].kind]);
	return set;
}

/* Who asks the same ones again is no scan: as long as two questions to each are left. */
void truth_blurs(struct situation *s, const struct view *v)
{
	int i;

	for (i = 0; i < s->nr_flows; i++) {
		const struct flow *f = &s->flow[i];
		double left = stages(v->stage[f->ingredient], STAGE_UNANSWERED, STAGE_HALF_OPEN);

		if (s->ingredient[f->ingredient].kind == MONITORING &&
		    f->script == NEVER_ANSWERED && left < 2.0 * f->whom->nr * f->who->nr)
			f->who->role = CULPRIT;
	}
}

static bool is_blurred(const struct situation *s)
{
	int i;

	for (i = 0; i < s->nr_flows; i++)
		if (s->ingredient[s->flow[i].ingredient].kind == MONITORING &&
		    s->flow[i].who->role == CULPRIT)
			return true;
	return false;
}

void truth_of(struct truth *t, const struct queue *q, const struct view *v)
{
	const struct situation *s = q->s;
	double entries = v->count, harm = 0;
	struct losses l;
	int i;

	memset(t, 0, sizeof(*t));
	weigh(t, q, v);
	look_back(&l, q);
	t->lossy = l.all >= 1;
	decide_also(t, s, entries);
	for (i = C_FLOOD; i <= C_TIMEOUT; i++)
		harm += t->frees[i];
	t->also |= ended(s);
	/* What is over may be told of, or not. */
	if (ended(s) && l.lately < 1 && l.high < 0.7 * s->host.max && !has(s, FORGOTTEN)) {
		t->first = BIT(C_CLEAR) | ended(s) | (has(s, INVALID_FLOOD) ? BIT(C_INVALID) : 0);
		t->chief = C_CLEAR;
		return;
	}
	if (has(s, FORGOTTEN)) {	/* these are lost, whether there is room or not */
		t->first |= BIT(C_FORGOTTEN);
		t->chief = C_FORGOTTEN;
		if (!t->lossy)
			return;
	} else if (!t->lossy && l.peak < 0.7 * s->host.max) {
		t->first |= BIT(C_CLEAR);
		t->chief = C_CLEAR;
		/* Room enough, but hardly anybody works: a word on it is no mistake. */
		if (harm < 0.1 * entries && !has(s, INVALID_FLOOD) && !has(s, ONE_WAY_OUT) &&
		    !has(s, ONE_WAY_BACK))
			return;
	}
	/* The connections of such a path suffer, whether there is room or not. */
	if (!t->lossy && (has(s, ONE_WAY_OUT) || has(s, ONE_WAY_BACK)))
		t->first |= BIT(C_ONEWAY);
	decide_fill(t, s, entries);
	/* A table that isn't full yet may be warned of. */
	if (!t->lossy)
		t->first |= BIT(C_CLEAR);
	/* Answered questions that give way to new ones are no loss. */
	if (l.refused < 1 && t->chief == C_CHATTER)
		t->first |= BIT(C_CLEAR);
	for (i = 0; i < s->nr_flows; i++)
		if (like_dead(s, &s->flow[i])) {
			t->also |= BIT(C_DEAD);
			t->first |= t->first & BIT(C_FLOOD) ? BIT(C_DEAD) : 0;
		}
	if (is_blurred(s)) {
		t->also |= BIT(C_SCAN);
		t->first |= t->first & BIT(C_UNANSWERED) ? BIT(C_SCAN) : 0;
	}
	if (has(s, INVALID_FLOOD) && l.invalid > 0.3 * l.new)
		t->first |= BIT(C_INVALID);
	if (has(s, FORGOTTEN))
		t->chief = C_FORGOTTEN;
}

enum right_cause cause_told(const struct finding *f)
{
	int i;

	for (i = C_FLOOD; i < C_OTHER; i++)
		if (!strcmp(f->cause->name, right_cause_names[i]))
			return i;
	return C_OTHER;
}

enum right_cause truth_first(const struct findings *found)
{
	if (!found->nr || found->worst == SEV_OK)
		return C_CLEAR;
	return cause_told(&found->finding[0]);
}

enum right_cause truth_stray(const struct truth *t, const struct findings *found)
{
	enum right_cause told;
	size_t i;

	for (i = 0; i < found->nr; i++) {
		if (found->finding[i].severity == SEV_OK)
			continue;
		told = cause_told(&found->finding[i]);
		if (!(BIT(told) & (t->first | t->also)))
			return told;
	}
	return C_CLEAR;
}
