// SPDX-License-Identifier: GPL-2.0
/*
 * Types a finding's commands into the queue, those of the findings above it first,
 * plays it on for the time that the finding names, and compares.
 */
#include <math.h>
#include <string.h>

#include "lib/numbers.h"
#include "tests/situations/meets.h"
#include "tests/situations/replay.h"
#include "tests/situations/typed.h"

#define QUARTER		0.25
#define LONGEST		3600	/* s */
#define WATCHED		30	/* s behind that, for what is refused */
#define AT_LAST		600	/* s */
#define CYCLE		60	/* s behind that: the worker comes once in it */

struct stand_in {
	struct situation s;	/* whose settings the commands change */
	struct queue q;
	/* What commands have met of each flow's sources so far: others come behind */
	double turned[MOST_FLOWS], deleted[MOST_FLOWS];
};

/*
 * What is left of a flow, of what earlier commands have left: those that select
 * sources select different ones.
 */
static double left_of(double *met_before, const struct command *c, double met)
{
	double before = 1 - *met_before, after;

	if (!c->nr_sources)
		return 1 - met;
	*met_before = fmin(*met_before + met, 1);
	after = 1 - *met_before;
	return before > 1e-9 ? after / before : 0;
}

static bool unanswered(const struct flow *f)
{
	return f->script == NEVER_ANSWERED || f->script == PICKED_UP ||
	       f->script == NEVER_COMPLETED || f->script == NO_ENTRY;
}

static void turn_away(struct stand_in *on, const struct command *c)
{
	int i;

	for (i = 0; i < on->s.nr_flows; i++) {
		const struct flow *f = &on->s.flow[i];
		double met = command_meets(c, f);

		/* SYNPROXY and the like let real clients in. */
		if (c->verb == UNTRACKS && c->proto && !strcmp(c->proto, "tcp") &&
		    !c->nr_sources && !c->nr_dests && !unanswered(f))
			continue;
		if (c->verb == UNTRACKS && c->from_port && !c->port)
			continue;	/* the answers' direction of the same flow */
		if (c->verb == DROPS_FLAGS && f->invalid[1] <= 0)
			continue;
		on->q.flow[i].keep *= left_of(&on->turned[i], c, met);
	}
}

static void limit(struct stand_in *on, const struct command *c)
{
	double weight[MOST_NAMED], left, met;
	uint32_t k;
	int i;

	for (i = 0; i < on->s.nr_flows; i++) {
		const struct flow *f = &on->s.flow[i];

		met = command_meets(c, f);
		if (met <= 0)
			continue;
		if (c->nr_sources) {
			on->q.flow[i].most = f->rate * (1 - met) + fmin(c->rate, f->rate * met);
			continue;
		}
		/* So many of each source, whoever it is */
		if (f->who->size != NAMED)
			continue;
		crowd_weights(f->who, weight);
		for (left = 0, k = 0; k < f->who->nr; k++)
			left += fmin(f->rate * weight[k], c->rate);
		on->q.flow[i].keep *= f->rate > 0 ? left / f->rate : 1;
	}
}

static void scale_cohorts(struct queue *q, struct cohorts *c, double by)
{
	int k;

	c->sum *= by;
	for (k = 0; k < c->timeout; k++)
		q->store[c->at + k] *= by;
}

/* Those that are chosen by what is left of their timeout */
static void scale_by_left(struct queue *q, struct cohorts *c, const struct command *by, double left)
{
	int age;

	for (age = 0; age < c->timeout; age++) {
		int at = (q->clock - 1 - age) % c->timeout;
		double *slot = &q->store[c->at + (at < 0 ? at + c->timeout : at)];

		if (c->timeout - age <= by->above || c->timeout - age >= by->below)
			continue;
		c->sum -= *slot * (1 - left);
		*slot *= left;
	}
}

/* The silent ones came evenly. */
static double silent_left(const struct flow *f, const struct host *h, const struct command *by,
			  double left)
{
	double since = fmax(h->setting[ESTABLISHED_S] - by->below, 0);

	if (!by->silent)
		return left;
	return 1 - (1 - left) * fmax(1 - since / f->stock_age, 0);
}

static bool state_is(const struct command *c, const char *state)
{
	return !c->state || !strcmp(c->state, state);
}

static void delete(struct stand_in *on, const struct command *c)
{
	int i, k;

	for (i = 0; i < on->s.nr_flows; i++) {
		const struct flow *f = &on->s.flow[i];
		struct flow_state *state = &on->q.flow[i];
		double left = left_of(&on->deleted[i], c, command_meets(c, f));
		bool answered = f->script != NEVER_ANSWERED && f->script != PICKED_UP;

		/* Whoever walks the table reaps. */
		state->expired = 0;
		if (c->unreplied && answered)
			continue;
		for (k = 0; k < 2; k++) {
			if (c->silent && state_is(c, flow_state_name(f)))
				scale_by_left(&on->q, &state->wait[k], c, left);
			if (c->silent)
				continue;
			if (state_is(c, flow_state_name(f)))
				scale_cohorts(&on->q, &state->wait[k], left);
			if (state_is(c, close_states[f->close_state]))
				scale_cohorts(&on->q, &state->close[k], left);
		}
		if (!state_is(c, "ESTABLISHED"))
			continue;
		state->silent *= silent_left(f, &on->s.host, c, left);
		if (!c->silent)
			state->talking *= left;
	}
}

static void set_timeout(struct stand_in *on, enum setting setting, int value)
{
	int i;

	if (value < 1 || value > LONGEST)
		return;
	for (i = 0; i < on->s.nr_flows; i++) {
		const struct flow *f = &on->s.flow[i];

		if (f->script == TALKS && f->close && flow_setting(f, true) == setting)
			queue_relax(&on->q, i, true, value);
		else if (f->script != TALKS && f->script != FALLS_SILENT &&
			 f->script != NO_ENTRY && flow_setting(f, false) == setting)
			queue_relax(&on->q, i, false, value);
	}
}

static void set(struct stand_in *on, const struct command *c)
{
	int i;

	if (!strncmp(c->setting, "max=", 4))
		on->q.max = c->value;
	if (!strncmp(c->setting, "buckets=", 8))
		on->s.host.buckets = c->value;
	for (i = 0; i < SETTINGS; i++) {
		size_t len = strlen(setting_names[i].name);

		if (!strncmp(c->setting, setting_names[i].name, len) && c->setting[len] == '=')
			set_timeout(on, i, c->value);
	}
	if (!strncmp(c->setting, "tcp_loose=0", 11))
		for (i = 0; i < on->s.nr_flows; i++)
			if (on->s.flow[i].script == PICKED_UP)
				on->q.flow[i].keep = 0;
}

static void type(struct stand_in *on, const struct command *c)
{
	int i;

	switch (c->verb) {
	case DROPS:
	case REJECTS:
	case UNTRACKS:
	case DROPS_FLAGS:
		turn_away(on, c);
		return;
	case LIMITS:
		limit(on, c);
		return;
	case DELETES:
		delete(on, c);
		return;
	case SETS:
		set(on, c);
		return;
	case REAPS:
		for (i = 0; i < on->s.nr_flows; i++)
			on->q.flow[i].expired = 0;
		return;
	default:
		return;
	}
}

static bool type_it(const struct command *c, const char *line, void *data)
{
	(void)line;
	type(data, c);
	return false;
}

static bool near(double predicted, double real, double slack)
{
	return fabs(predicted - real) <= QUARTER * predicted + slack;
}

bool replay(struct replayed *r, const struct queue *q, const struct findings *found,
	    size_t which)
{
	const struct finding *f = &found->finding[which];
	static struct stand_in on;
	const struct prediction *p = &f->prediction;
	double asked = 0, again = 0;
	int64_t second, last, within = p->within;
	size_t k;

	memset(r, 0, sizeof(*r));
	if (p->entries == UNKNOWN)
		return false;
	memset(&on, 0, sizeof(on));
	on.s = *q->s;
	queue_copy(&on.q, q);
	on.q.s = &on.s;
	for (k = 0; k <= which; k++)
		typed_each(&found->finding[k].fix, STEP_NOW, type_it, &on);
	within = within < 1 ? 1 : within > LONGEST ? LONGEST : within;
	last = within > AT_LAST ? within : AT_LAST;
	for (second = 0; second < last + CYCLE; second++) {
		queue_second(&on.q);
		if (second == within - 1)
			r->entries = queue_count(&on.q);
		if (second >= last)
			r->later += queue_count(&on.q) / CYCLE;
		if (second >= within && second < last)
			again += on.q.now.refusals;
		if (second < within || second >= within + WATCHED)
			continue;
		r->refused += on.q.now.refusals / WATCHED;
		asked += (on.q.now.inserts + on.q.now.refusals) / WATCHED;
	}
	queue_free(&on.q);
	/* What comes and goes within a few seconds is no matter of the prediction. */
	r->kept = near(p->entries, r->entries, 20 + 0.01 * q->s->host.max) &&
		  (isnan(p->refused) ||
		   near(p->refused, r->refused, 1 + 0.02 * asked));
	r->full_again = again > 0;
	r->kept_later = near((double)(p->later_within ? p->later : p->entries), r->later,
			     20 + 0.02 * q->s->host.max) &&
			(p->full_again == r->full_again || p->refused != 0);
	return true;
}
