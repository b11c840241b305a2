// SPDX-License-Identifier: GPL-2.0
/*
 * The table as a queue. Sums are real numbers, arrivals are drawn; what has been
 * evicted from old cohorts is one factor for all of them, so that a second costs
 * the same however many entries there are.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "tests/situations/queue.h"

#define STORE		(MOST_FLOWS * 2 * 3600)	/* seconds of all cohorts, at most */
#define LEAST_ALIVE	1e-30
#define COME_AGAIN	3	/* s, over which the clients of a restarted server do */

static bool evictable(const struct flow *f)
{
	return f->script != TALKS && f->script != FALLS_SILENT && f->script != NO_ENTRY;
}

static void cohorts_make(struct queue *q, struct cohorts *c, int timeout)
{
	c->timeout = timeout;
	c->at = q->used;
	c->sum = 0;
	q->used += timeout;
	memset(q->store + c->at, 0, timeout * sizeof(*q->store));
}

static double *cohort_now(const struct queue *q, const struct cohorts *c)
{
	return &q->store[c->at + q->clock % c->timeout];
}

/* Take out those whose time is up, before this second's are put in. */
static double cohorts_expire(const struct queue *q, struct cohorts *c)
{
	double *slot, over;

	if (!c->timeout)
		return 0;
	slot = cohort_now(q, c);
	over = *slot;
	c->sum -= over;
	if (c->sum < 0)
		c->sum = 0;
	*slot = 0;
	return over;
}

static void cohorts_put(const struct queue *q, struct cohorts *c, double n)
{
	*cohort_now(q, c) += n;
	c->sum += n;
}

void cohorts_by_age(const struct queue *q, const struct cohorts *c, double alive,
		    void (*each)(void *to, int age, double entries), void *to)
{
	int age;

	for (age = 0; age < c->timeout; age++) {
		int at = (q->clock - 1 - age) % c->timeout;
		double n = q->store[c->at + (at < 0 ? at + c->timeout : at)] * alive;

		if (n > 0)
			each(to, age, n);
	}
}

static double waiting(const struct queue *q, const struct flow_state *f)
{
	return (f->wait[0].sum + f->wait[1].sum) * q->alive_evictable;
}

static double closing(const struct queue *q, const struct flow_state *f)
{
	return (f->close[0].sum + f->close[1].sum) * q->alive_closing;
}

double queue_count(const struct queue *q)
{
	double count = 0;
	int i;

	for (i = 0; i < q->s->nr_flows; i++) {
		const struct flow_state *f = &q->flow[i];

		count += waiting(q, f) + closing(q, f) + f->talking + f->silent + f->expired;
	}
	return count;
}

static void see(struct queue *q, struct seen *seen, double events)
{
	int ago = WARM_UP + RECORDED - 1 - q->clock;

	seen->rate += (events - seen->rate) / 10;
	if (events <= 0 || ago < 0 || ago >= q->s->host.uptime)
		return;
	seen->total += events;
	if (ago < WINDOW * 3 / 2)
		seen->recent += events;
	if (seen->first_ago < 0)
		seen->first_ago = ago;
	seen->last_ago = ago;
}

static bool on(const struct queue *q, const struct flow *f)
{
	int ago = WARM_UP + RECORDED - q->clock;

	return ago <= f->begun && (!f->over || ago > f->over);
}

static void age_flow(struct queue *q, const struct flow *f, struct flow_state *state)
{
	double ended, all = state->talking;
	int i;

	for (i = 0; i < 2; i++) {
		state->expired += cohorts_expire(q, &state->wait[i]) * q->alive_evictable;
		state->expired += cohorts_expire(q, &state->close[i]) * q->alive_closing;
	}
	if (f->script != TALKS || all <= 0)
		return;
	ended = all * (1 - exp(-1 / f->life));
	ended = fmin(all, chance_poisson(&q->chance, ended));
	state->talking -= ended;
	i = state->close[1].timeout ? 1 : 0;
	if (state->close[i].timeout)
		cohorts_put(q, &state->close[i], ended / q->alive_closing);
	else
		state->expired += ended;
}

/* All that talk end at once, and come again within seconds: a restart, a failover */
static void restart(struct queue *q, struct flow_state *state)
{
	int k;

	cohorts_put(q, &state->close[0], state->talking / q->alive_closing);
	for (k = 1; k <= COME_AGAIN; k++)
		state->retry[(q->clock + k) % 32] += state->talking / COME_AGAIN;
	state->talking = 0;
}

struct arrivals {
	double real[MOST_FLOWS], invalid[MOST_FLOWS];	/* that ask for an entry */
	double kind[MOST_FLOWS][8];			/* INVALID ones, all */
	double all_real, all_invalid;
};

#define OUT_OF_WINDOW	5	/* the kind whose entry is there */

/* INVALID packets of a known connection find its entry, others ask for a new one. */
static double draw_invalid(struct queue *q, const struct flow *f, double keep, double *kinds)
{
	double asking = 0;
	int kind;

	for (kind = 0; kind < 8; kind++) {
		if (f->invalid[kind] <= 0)
			continue;
		kinds[kind] = chance_poisson(&q->chance, f->invalid[kind] * keep);
		asking += kind == OUT_OF_WINDOW ? 0 : kinds[kind];
	}
	return asking;
}

/* A packet that is refused never gets judged. */
static void see_invalid(struct queue *q, struct flow_state *state, const double *kinds,
			double refused)
{
	double all = 0;
	int kind;

	for (kind = 0; kind < 8; kind++) {
		double n = kinds[kind] * (kind == OUT_OF_WINDOW ? 1 : 1 - refused);

		if (WARM_UP + RECORDED - q->clock <= q->s->host.uptime)
			state->invalid[kind] += n;
		all += n;
	}
	see(q, &state->seen[INVALID], all);
	q->now.invalid += all;
}

static void draw_arrivals(struct queue *q, struct arrivals *a)
{
	int i;

	memset(a, 0, sizeof(*a));
	for (i = 0; i < q->s->nr_flows; i++) {
		const struct flow *f = &q->s->flow[i];
		struct flow_state *state = &q->flow[i];
		double *again = &state->retry[q->clock % 32];

		age_flow(q, f, state);
		if (f->restarted && WARM_UP + RECORDED - q->clock == f->restarted)
			restart(q, state);
		if (!on(q, f))
			continue;
		a->real[i] = chance_poisson(&q->chance, f->rate * state->keep) +
			     *again * state->keep;
		*again = 0;
		if (state->most > 0)
			a->real[i] = fmin(a->real[i], state->most);
		a->invalid[i] = draw_invalid(q, f, state->keep, a->kind[i]);
		a->all_real += a->real[i];
		a->all_invalid += a->invalid[i];
	}
}

/* Packets that walk chains reap what has expired there; see docs/conntrack.md. */
static void reap(struct queue *q, double lookups)
{
	double left = exp(-2 * lookups / q->s->host.buckets);
	int i;

	for (i = 0; i < q->s->nr_flows; i++)
		q->flow[i].expired *= left;
}

static void evict(struct queue *q, double of_evictable, double of_closing, int by)
{
	int i, age;

	for (i = 0; i < q->s->nr_flows; i++) {
		const struct flow *f = &q->s->flow[i];
		struct flow_state *state = &q->flow[i];
		double wait = waiting(q, state) * of_evictable;
		double close = closing(q, state) * of_closing, young = 0;
		enum victim_kind kind = f->script == NEVER_COMPLETED ? V_HALF_OPEN :
					f->script == ASKED_ONCE ? V_ONCE :
					f->script == PICKED_UP ? V_LIVE : V_UNANSWERED;

		if (wait + close <= 0)
			continue;
		see(q, &state->seen[EVICTED], wait + close);
		if (WARM_UP + RECORDED - q->clock > q->s->host.uptime)
			continue;
		for (age = 1; age <= 5 && wait > 0 && f->wait > 5; age++)
			young += q->store[state->wait[0].at + (q->clock + f->wait - age) % f->wait];
		young = kind == V_UNANSWERED || kind == V_HALF_OPEN ?
			fmin(wait, young * q->alive_evictable * of_evictable) : 0;
		state->victims[by][V_WAITING] += young;
		state->victims[by][kind] += wait - young;
		state->victims[by][V_CLOSING] += close;
	}
	q->alive_evictable *= 1 - of_evictable;
	q->alive_closing *= 1 - of_closing;
}

/*
 * early_drop() in nf_conntrack_core.c: of 8 buckets all that it may of the first
 * that has any. Each entry stands in two buckets.
 *
 * Return: how many of @a's packets are refused, in parts of one.
 */
static double make_room(struct queue *q, const struct arrivals *a, double *evicting)
{
	double buckets = q->s->host.buckets, all = a->all_real + a->all_invalid;
	double room = q->max - queue_count(q), able = 0, expired = 0, reaped;
	double asking, density, found, each, real, events, free, evicted;
	int i;

	*evicting = 0;
	if (room < 0)
		room = 0;
	if (a->all_real <= room && !(room < 1 && all > 0))
		return 0;
	for (i = 0; i < q->s->nr_flows; i++) {
		able += waiting(q, &q->flow[i]);
		expired += q->flow[i].expired;
	}
	real = fmax(a->all_real / all, 0.02);
	asking = all * fmax(1 - (a->all_real > 0 ? room / a->all_real : 0), 0);
	reaped = expired * (1 - exp(-16 * asking / buckets));
	reap(q, 8 * asking);
	asking -= fmin(asking, reaped / real);
	density = 2 * able / buckets;
	if (density < 1e-9)
		return asking / all;
	found = 1 - exp(-8 * density);
	each = density / (1 - exp(-density));
	events = asking * found / (1 + found * (each / real - 1));
	events = fmin(events, 0.9 * able / each);
	evicted = events * each;
	free = fmin(asking, evicted / real);
	evict(q, evicted / able, 0, 0);
	q->now.evictions += evicted;
	*evicting = events / all;
	return (asking - free) / all;
}

static void refuse(struct queue *q, int i, double refused)
{
	static const struct {
		int after;		/* s, as TCP does */
		double share;		/* the others have given up */
	} again[] = { { 1, 0.4 }, { 3, 0.2 }, { 7, 0.1 } };
	struct flow_state *state = &q->flow[i];
	int k;

	see(q, &state->seen[REFUSED], refused);
	q->now.refusals += refused;
	if (!q->s->flow[i].retries)
		return;
	for (k = 0; k < 3; k++)
		state->retry[(q->clock + again[k].after) % 32] += refused * again[k].share;
}

static void insert(struct queue *q, int i, double n)
{
	const struct flow *f = &q->s->flow[i];
	struct flow_state *state = &q->flow[i];

	see(q, &state->seen[INSERTED], n);
	q->now.inserts += n;
	if (f->who->size == NEW)
		q->newcomers += n;
	if (f->script == TALKS)
		state->talking += n;
	else if (f->script == FALLS_SILENT)
		state->silent += n;
	else if (f->script != NO_ENTRY)
		cohorts_put(q, &state->wait[state->wait[1].timeout ? 1 : 0],
			    n / q->alive_evictable);
}

/* Seconds until their time is up, of all in both; the worker counts no more than 300 */
static double time_left(const struct cohorts *c)
{
	return c[0].sum * fmin(c[0].timeout / 2.0, 300) + c[1].sum * fmin(c[1].timeout / 2.0, 300);
}

/* gc_worker() in nf_conntrack_core.c, as docs/conntrack.md has it */
static void work(struct queue *q)
{
	double count = queue_count(q), able = 0, close = 0, left = 100 * 60, n = 100, kill;
	int i, gone;

	for (i = 0; i < q->s->nr_flows; i++) {
		struct flow_state *state = &q->flow[i];
		double wait = waiting(q, state), shut = closing(q, state);

		state->expired = 0;
		able += wait;
		close += shut;
		left += time_left(state->wait) * q->alive_evictable +
			time_left(state->close) * q->alive_closing +
			(state->talking + state->silent) * 300;
		n += wait + shut + state->talking + state->silent;
	}
	gone = q->refused_since_gc > 0 && count >= 0.95 * q->max && able + close > 0;
	if (gone) {
		kill = fmin(1, (q->refused_since_gc / 30 + 10) / 250) * 0.05 * q->max;
		kill = fmin(kill, 0.9 * (able + close));
		q->now.gc_evictions += kill;
		evict(q, kill / (able + close), kill / (able + close), 1);
	}
	q->refused_since_gc = 0;
	q->next_gc = q->clock + fmin(fmax(left / n, 1), 60);
}

static void renew_factor(struct queue *q, double *factor, bool close)
{
	int i, j, k;

	for (i = 0; i < q->s->nr_flows; i++)
		for (j = 0; j < 2; j++) {
			struct cohorts *c = close ? &q->flow[i].close[j] : &q->flow[i].wait[j];

			c->sum *= *factor;
			for (k = 0; k < c->timeout; k++)
				q->store[c->at + k] *= *factor;
		}
	*factor = 1;
}

void queue_second(struct queue *q)
{
	double refused, evicting, lookups;
	struct arrivals a;
	int i;

	memset(&q->now, 0, sizeof(q->now));
	draw_arrivals(q, &a);
	lookups = 4 * a.all_real + a.all_invalid;
	for (i = 0; i < q->s->nr_flows; i++)
		lookups += q->flow[i].talking / q->s->flow[i].gap;
	reap(q, lookups);
	refused = make_room(q, &a, &evicting);
	for (i = 0; i < q->s->nr_flows; i++) {
		double packets = a.real[i] + a.invalid[i];

		if (on(q, &q->s->flow[i]))
			see_invalid(q, &q->flow[i], a.kind[i], refused);
		if (packets <= 0) {
			see(q, &q->flow[i].seen[INSERTED], 0);
			continue;
		}
		see(q, &q->flow[i].seen[EVICTING], packets * evicting);
		if (refused > 0)
			refuse(q, i, packets * refused);
		insert(q, i, a.real[i] * (1 - refused));
	}
	q->refused_since_gc += q->now.refusals;
	if (q->clock >= q->next_gc)
		work(q);
	if (q->alive_evictable < LEAST_ALIVE)
		renew_factor(q, &q->alive_evictable, false);
	if (q->alive_closing < LEAST_ALIVE)
		renew_factor(q, &q->alive_closing, true);
	q->now.count = fmin(queue_count(q), q->max);
	q->now.newcomers = q->newcomers;
	q->clock++;
}

/* As if all had always been there, with room for all: what doesn't fit goes. */
static void fill_up(struct queue *q)
{
	double stay = 0, go = 0, factor;
	int i, k;

	for (i = 0; i < q->s->nr_flows; i++) {
		const struct flow *f = &q->s->flow[i];
		struct flow_state *state = &q->flow[i];
		bool early = f->begun >= LONG_AGO;

		if (f->script == TALKS)
			cohorts_make(q, &state->close[0], f->close);
		else if (evictable(f))
			cohorts_make(q, &state->wait[0], f->wait);
		state->silent = f->script == FALLS_SILENT ? f->stock : 0;
		state->talking = early && f->script == TALKS ? f->rate * f->life : 0;
		if (early && f->script == TALKS) {
			for (k = 0; k < f->close; k++)
				q->store[state->close[0].at + k] = f->rate;
			state->close[0].sum = f->rate * f->close;
		} else if (early && evictable(f)) {
			for (k = 0; k < f->wait; k++)
				q->store[state->wait[0].at + k] = f->rate;
			state->wait[0].sum = f->rate * f->wait;
		}
		stay += state->silent + state->talking + state->close[0].sum;
		go += state->wait[0].sum;
	}
	factor = stay > 0.98 * q->max ? 0.98 * q->max / stay : 1;
	q->alive_closing = factor;
	for (i = 0; i < q->s->nr_flows; i++) {
		q->flow[i].silent *= factor;
		q->flow[i].talking *= factor;
	}
	stay *= factor;
	q->alive_evictable = stay + go > q->max ? (q->max - stay) / go : 1;
}

/* conntrack -F, a restart, a failover */
static void flush(struct queue *q)
{
	int i;

	for (i = 0; i < q->s->nr_flows; i++)
		q->flow[i].talking = q->flow[i].silent = q->flow[i].expired = 0;
	q->alive_evictable = q->alive_closing = 0;
	renew_factor(q, &q->alive_evictable, false);
	renew_factor(q, &q->alive_closing, true);
}

static void stretch(struct seen *seen, double by, int since)
{
	seen->total *= by;
	if (seen->first_ago >= 0 && by > 1)
		seen->first_ago = since;
}

/*
 * What is older than the play, as the play goes on from there: work since the module
 * was loaded, losses for a while.
 */
static void before_the_play(struct queue *q)
{
	const struct situation *s = q->s;
	double played = WARM_UP + RECORDED, longer = fmax(s->host.uptime / played, 1), pressed;
	bool steady = !s->host.flushed;
	int i, k, by;

	for (i = 0; i < s->nr_flows; i++)
		steady = steady && s->flow[i].begun >= LONG_AGO;
	pressed = steady ? chance_log(&q->chance, 1, fmin(longer, 100) + 0.001) : 1;
	q->pressed_for = pressed > 1.01 ? pressed * played : 0;
	for (i = 0; i < s->nr_flows; i++) {
		struct flow_state *f = &q->flow[i];

		for (k = 0; k < EVENTS; k++) {
			bool loss = k == REFUSED || k == EVICTING || k == EVICTED;

			if (loss)
				stretch(&f->seen[k], pressed, q->pressed_for);
			else if (s->flow[i].begun >= LONG_AGO)
				stretch(&f->seen[k], longer, s->host.uptime);
		}
		for (k = 0; k < 8 && s->flow[i].begun >= LONG_AGO; k++)
			f->invalid[k] *= longer;
		for (by = 0; by < 2; by++)
			for (k = 0; k < VICTIM_KINDS; k++)
				f->victims[by][k] *= pressed;
	}
}

void queue_begin(struct queue *q, const struct situation *s)
{
	int i, k;

	memset(q, 0, sizeof(*q));
	q->s = s;
	q->chance = s->chance;
	q->max = s->host.max;
	q->store = malloc(STORE * sizeof(*q->store));
	if (!q->store)
		no_memory();
	for (i = 0; i < s->nr_flows; i++) {
		q->flow[i].keep = 1;
		for (k = 0; k < EVENTS; k++)
			q->flow[i].seen[k].first_ago = q->flow[i].seen[k].last_ago = -1;
	}
	q->next_gc = chance_int(&q->chance, 1, 60);
	fill_up(q);
}

void queue_until(struct queue *q, int until)
{
	int ago;

	for (ago = WARM_UP + RECORDED - q->clock; ago > until; ago--) {
		if (q->s->host.flushed && ago == q->s->host.flushed)
			flush(q);
		queue_second(q);
		if (ago <= RECORDED)
			q->history[RECORDED - ago] = q->now;
	}
	if (!until)
		before_the_play(q);
}

void queue_copy(struct queue *q, const struct queue *from)
{
	*q = *from;
	q->store = malloc(STORE * sizeof(*q->store));
	if (!q->store)
		no_memory();
	memcpy(q->store, from->store, from->used * sizeof(*q->store));
}

void queue_relax(struct queue *q, int flow, bool close, int timeout)
{
	struct flow_state *state = &q->flow[flow];
	struct cohorts *c = close ? &state->close[1] : &state->wait[1];

	cohorts_make(q, c, timeout);
}

void queue_free(struct queue *q)
{
	free(q->store);
}
