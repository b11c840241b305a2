// SPDX-License-Identifier: GPL-2.0
/* From the ages of a flow's entries to stages, states and silence. */
#include <math.h>
#include <netinet/in.h>
#include <string.h>

#include "tests/situations/stages.h"

static const int idle_step[IDLE_STEPS] = { 60, 120, 300, 600, 1800, 3600, 7200, 86400 };

/* Entries by stage and silence, before they are made whole numbers */
struct ages {
	const struct flow *flow;
	bool closing;
	double stage[STAGES], hist[IDLE_OCTAVES], idle[IDLE_STEPS];
	int longest;
};

static int octave(int age)
{
	return age < 1 ? 0 : 32 - __builtin_clz(age);
}

static enum stage stage_of(const struct ages *a, int age)
{
	if (a->closing)
		return age >= 120 ? STAGE_CLOSING_120 : STAGE_CLOSING;
	switch (a->flow->script) {
	case NEVER_COMPLETED:
		return STAGE_HALF_OPEN;
	case PICKED_UP:
		return STAGE_MIDSTREAM;
	case ASKED_ONCE:
		return age >= 60 ? STAGE_ONCE_60 : STAGE_ONCE;
	case NEVER_ANSWERED:
		return age >= 60 ? STAGE_UNANSWERED_60 : STAGE_UNANSWERED;
	default:
		return age >= 86400 ? STAGE_SILENT_86400 : age >= 7200 ? STAGE_SILENT_7200 :
		       age >= 1800 ? STAGE_SILENT_1800 : age >= 300 ? STAGE_SILENT_300 :
		       age >= 60 ? STAGE_TALKING_60 : STAGE_TALKING;
	}
}

static void silent_for(struct ages *a, int age, double n)
{
	int i;

	a->hist[octave(age)] += n;
	for (i = 0; i < IDLE_STEPS && age >= idle_step[i]; i++)
		a->idle[i] += n;
	if (age > a->longest && n > 0.5)
		a->longest = age;
}

static void add_age(void *to, int age, double n)
{
	struct ages *a = to;

	a->stage[stage_of(a, age)] += n;
	silent_for(a, age, n);
}

/* Silences of those that talk are exponential, of those that leak all alike. */
static void add_spread(struct ages *a, double n, double low_bound, double high, bool even,
		       double mean)
{
	double from = low_bound, to;

	while (from < high) {
		double share;

		to = from < 1 ? 1 : from * 1.25;
		if (to > high)
			to = high;
		share = even ? (to - from) / (high - low_bound) :
			       exp(-from / mean) - exp(-to / mean);
		add_age(a, (from + to) / 2, n * share);
		from = to;
	}
}

static struct state_row *state_of(struct view *v, int proto, const char *name)
{
	struct state_row *r;
	int i;

	for (i = 0; i < v->nr_states; i++)
		if (v->state[i].proto == proto && !strcmp(v->state[i].name, name))
			return &v->state[i];
	r = &v->state[v->nr_states++];
	memset(r, 0, sizeof(*r));
	r->proto = proto;
	r->name = name;
	return r;
}

static void count_row(struct state_row *r, const int64_t *stage, const struct ages *a,
		      struct chance *c, int64_t entries, bool unreplied, bool assured)
{
	int i;

	r->entries += entries;
	r->unreplied += unreplied ? entries : 0;
	r->assured += assured ? entries : 0;
	for (i = 0; i < STAGES; i++)
		r->stage[i] += stage[i];
	for (i = 0; i < IDLE_OCTAVES; i++)
		r->hist[i] += chance_round(c, a->hist[i]);
	for (i = 0; i < IDLE_STEPS; i++)
		r->idle[i] += chance_round(c, a->idle[i]);
	if (a->longest > r->longest)
		r->longest = a->longest;
}

static void count_ages(struct view *v, const struct flow *f, struct ages *a, struct chance *c,
		       int64_t *sum, int64_t *all_unreplied, int64_t *all_assured)
{
	bool assured = a->closing || f->script == TALKS || f->script == FALLS_SILENT;
	bool unreplied = f->script == NEVER_ANSWERED || f->script == PICKED_UP;
	int64_t stage[STAGES], entries = 0;
	int i;

	for (i = 0; i < STAGES; i++) {
		stage[i] = chance_round(c, a->stage[i]);
		entries += stage[i];
		sum[i] += stage[i];
	}
	if (!entries)
		return;
	*all_unreplied += unreplied ? entries : 0;
	*all_assured += assured ? entries : 0;
	count_row(&v->all, stage, a, c, entries, unreplied, assured);
	count_row(state_of(v, f->service[0].proto,
			   a->closing ? close_states[f->close_state] : flow_state_name(f)),
		  stage, a, c, entries, unreplied, assured);
}

void stages_of_flow(struct view *v, const struct queue *q, int flow, struct chance *c,
		    int64_t *stage, int64_t *unreplied, int64_t *assured)
{
	const struct flow *f = &q->s->flow[flow];
	const struct flow_state *state = &q->flow[flow];
	struct ages first = { .flow = f }, last = { .flow = f, .closing = true };
	struct ages *over = f->script == TALKS && f->close ? &last : &first;

	*unreplied = *assured = 0;
	cohorts_by_age(q, &state->wait[0], q->alive_evictable, add_age, &first);
	cohorts_by_age(q, &state->close[0], q->alive_closing, add_age, &last);
	if (state->talking > 0)
		add_spread(&first, state->talking, 0, f->gap * 12, false, f->gap);
	if (state->silent > 0)
		add_spread(&first, state->silent, 0, f->stock_age, true, 0);
	if (state->expired > 0) {
		over->stage[STAGE_EXPIRED] += state->expired;
		silent_for(over, f->script != TALKS ? f->wait : f->close ? f->close : 120,
			   state->expired);
	}
	count_ages(v, f, &first, c, stage, unreplied, assured);
	count_ages(v, f, &last, c, stage, unreplied, assured);
}
