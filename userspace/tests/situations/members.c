// SPDX-License-Identifier: GPL-2.0
/* Shares out what a flow has among the members of its crowds, and ranks the rows. */
#include <math.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "tests/situations/members.h"
#include "tests/situations/stages.h"

#define MOST_ROWS	32768
#define SLOTS		65536
#define TABLE_ROOM	2048	/* records of the walk's tables, a kind */

/* What one flow has, and what is shared out of it */
struct portion {
	const struct flow *flow;
	int64_t stage[STAGES], unreplied, assured;
	double entries;
};

struct sharing {
	struct view *v;
	struct chance *c;
	const struct queue *q;
	int flow;
	struct portion all;
};

static uint32_t row_hash(enum row_kind kind, const struct address *a, int proto, int port)
{
	uint64_t h = a->high * 0x9e3779b97f4a7c15ull ^ a->low * 0xbf58476d1ce4e5b9ull;

	h ^= ((uint64_t)kind << 40 | (uint64_t)proto << 20 | port) * 0x94d049bb133111ebull;
	return (h ^ h >> 29 ^ h >> 47) % SLOTS;
}

static struct member_row *row_of(struct view *v, enum row_kind kind, struct address a, int proto,
				 int port)
{
	uint32_t at = row_hash(kind, &a, proto, port);
	struct member_row *r;

	while (v->hash[at]) {
		r = &v->row[v->hash[at] - 1];
		if (r->kind == kind && r->address.high == a.high && r->address.low == a.low &&
		    r->proto == proto && r->port == port)
			return r;
		at = (at + 1) % SLOTS;
	}
	if (v->nr_rows == MOST_ROWS)
		abort();
	v->hash[at] = v->nr_rows + 1;
	r = &v->row[v->nr_rows++];
	memset(r, 0, sizeof(*r));
	r->kind = kind;
	r->address = a;
	r->proto = proto;
	r->port = port;
	r->seen.first_ago = r->seen.last_ago = -1;
	return r;
}

/* How many distinct of @nr are met in @n draws */
static double met(double n, double nr)
{
	return nr <= 1 ? fmin(n, 1) : nr * (1 - exp(-n / nr));
}

static double distinct_ports(const struct flow *f, double n)
{
	return f->all_ports ? met(n, 64000) : fmin(n, f->nr_services);
}

/* Ports that a row hasn't met yet, of a flow's */
static double new_ports(struct member_row *r, const struct flow *f, double n)
{
	bool one = !f->all_ports && f->nr_services == 1, met_before;

	met_before = one && r->met_port == f->service[0].port;
	if (one)
		r->met_port = f->service[0].port;
	return met_before ? 0 : distinct_ports(f, n);
}

static int64_t draw(struct chance *c, double n, double share)
{
	return share >= 1 ? llround(n) : chance_poisson(c, n * share);
}

/*
 * Add a share of a flow's entries to a row.
 * @sources: so many of the flow's sources the row stands for
 */
static void give_entries(struct sharing *s, struct member_row *r, double share, double sources)
{
	const struct portion *all = &s->all;
	const struct crowd *whom = all->flow->whom;
	int64_t n, sum = 0;
	int i;

	for (i = 0; i < STAGES; i++) {
		if (!all->stage[i])
			continue;
		n = draw(s->c, all->stage[i], share);
		r->stage[i] += n;
		sum += n;
	}
	if (!sum)
		return;
	r->entries += sum;
	r->unreplied += llround(sum * (all->unreplied / all->entries));
	r->assured += llround(sum * (all->assured / all->entries));
	r->sources += r->kind == ROW_SOURCE ? 0 : met(sum, sources);
	r->dests += r->kind == ROW_DEST || r->kind == ROW_PAIR ? 0 : met(sum, whom->nr);
	r->ports += r->kind == ROW_SERVICE ? 0 : r->kind == ROW_PAIR ? met(sum, 28000) :
		    new_ports(r, all->flow, sum);
}

/*
 * What the heaviest of @nr alike have, of @n: the @k-th greatest of as many Poisson
 * numbers, about.
 */
static double kth(double n, double nr, int k)
{
	double mean = n / nr, deviation = sqrt(2 * log(fmax(nr / (k + 1), 1)));

	return fmax(1, floor(mean + sqrt(mean) * deviation * 0.9 + 0.3));
}

static void add_anonymous(struct sharing *s, struct member_row *r, double n, double sources)
{
	give_entries(s, r, n / s->all.entries, sources);
	if (!r->entries) {	/* drawn away: it has one at least */
		int i = 0;

		while (!s->all.stage[i])
			i++;
		r->stage[i] = r->entries = 1;
		r->sources = r->dests = r->ports = 1;
	}
	r->err = s->all.entries / TABLE_ROOM * (0.5 + chance_unit(s->c));
}

/* Sources that a flow has in all */
static double sources_of(const struct sharing *s)
{
	const struct crowd *c = s->all.flow->who;

	return c->size == NEW ? 0x1000000 : c->nr;
}

static uint32_t which_member(struct sharing *s, const struct crowd *c, int k)
{
	return c->size == NEW ? chance_bits(s->c) & 0xffffff : (uint32_t)k;
}

/* Sources, or the networks that they are in */
static void share_sources(struct sharing *s, enum row_kind kind)
{
	const struct crowd *c = s->all.flow->who;
	double weight[MOST_NAMED], nr = sources_of(s), rows = nr;
	struct address a;
	uint32_t i;

	if (kind == ROW_PREFIX && c->neighbours) {
		a = address_prefix(crowd_member(c, 0));
		give_entries(s, row_of(s->v, kind, a, 0, 0), 1, nr);
		return;
	}
	if (c->size == NAMED) {
		crowd_weights(c, weight);
		for (i = 0; i < c->nr; i++) {
			a = crowd_member(c, i);
			a = kind == ROW_PREFIX ? address_prefix(a) : address_source(a);
			give_entries(s, row_of(s->v, kind, a, 0, 0), weight[i], 1);
		}
		return;
	}
	if (kind == ROW_PREFIX && c->family == 4)
		rows = fmin(nr, 65536);
	for (i = 0; i < HEAVY && i < s->all.entries && i < rows; i++) {
		a = crowd_member(c, which_member(s, c, i));
		a = kind == ROW_PREFIX ? address_prefix(a) : address_source(a);
		add_anonymous(s, row_of(s->v, kind, a, 0, 0), kth(s->all.entries, rows, i),
			      nr / rows);
	}
}

/* Destinations, and with @services their pairs with those */
static void share_dests(struct sharing *s, bool pairs)
{
	const struct flow *f = s->all.flow;
	double weight[MOST_NAMED], nr = f->whom->nr;
	enum row_kind kind = pairs ? ROW_PAIR : ROW_DEST;
	bool named = f->whom->size == NAMED && !(pairs && f->all_ports);
	uint32_t i;
	int k;

	if (named) {
		crowd_weights(f->whom, weight);
		for (i = 0; i < f->whom->nr; i++)
			for (k = 0; k < (pairs ? f->nr_services : 1); k++)
				give_entries(s, row_of(s->v, kind, crowd_member(f->whom, i),
						       pairs ? f->service[k].proto : 0,
						       pairs ? f->service[k].port : 0),
					     weight[i] * (pairs ? f->service[k].weight : 1),
					     sources_of(s));
		return;
	}
	if (pairs && f->all_ports)
		nr *= 64000;
	for (i = 0; i < HEAVY && i < s->all.entries && i < nr; i++) {
		struct address a = crowd_member(f->whom, i % f->whom->nr);
		int port = !pairs ? 0 : f->all_ports ? chance_int(s->c, 1, 64000) :
			   f->service[0].port;

		add_anonymous(s, row_of(s->v, kind, a, pairs ? f->service[0].proto : 0, port),
			      kth(s->all.entries, nr, i), sources_of(s));
	}
}

static void share_services(struct sharing *s)
{
	const struct address nobody = { .family = 0 };
	const struct flow *f = s->all.flow;
	int i;

	if (!f->all_ports) {
		for (i = 0; i < f->nr_services; i++)
			give_entries(s, row_of(s->v, ROW_SERVICE, nobody, f->service[i].proto,
					       f->service[i].port), f->service[i].weight,
				     sources_of(s));
		return;
	}
	for (i = 0; i < HEAVY && i < s->all.entries; i++)
		add_anonymous(s, row_of(s->v, ROW_SERVICE, nobody, f->service[0].proto,
					chance_int(s->c, 1, 64000)),
			      kth(s->all.entries, 64000, i), sources_of(s));
}

/* A share of a flow's events of one kind, to a row of a class */
static void give_events(struct sharing *s, struct member_row *r, enum event event, double share)
{
	const struct flow *f = s->all.flow;
	const struct flow_state *state = &s->q->flow[s->flow];
	const struct seen *seen = &state->seen[event];
	double sum = 0, n;
	int i, proto = f->service[0].proto;

	r->seen.recent += draw(s->c, seen->recent, share);
	n = draw(s->c, fmax(seen->total - seen->recent, 0), share);
	r->seen.total += n;
	r->seen.rate += seen->rate * share;
	if (seen->first_ago > r->seen.first_ago)
		r->seen.first_ago = seen->first_ago;
	if (r->seen.last_ago < 0 || seen->last_ago < r->seen.last_ago)
		r->seen.last_ago = seen->last_ago;
	for (i = 0; i < EVENT_KINDS; i++) {
		n = 0;
		if (event == INVALID && i < 8)
			n = state->invalid[i];
		else if (event == EVICTED)
			n = state->victims[i / VICTIM_KINDS][i % VICTIM_KINDS];
		else if (event != INVALID &&
			 i == (proto == IPPROTO_TCP ? 0 : proto == IPPROTO_UDP ? 1 : 2))
			n = seen->total;
		r->events[i] += n * share;
		sum += n;
	}
}

static void share_class(struct sharing *s, enum source_class class, enum event event)
{
	const struct crowd *c = s->all.flow->who;
	const struct seen *seen = &s->q->flow[s->flow].seen[event];
	double weight[MOST_NAMED], nr = c->size == NEW ? 0x1000000 : c->nr;
	enum row_kind kind = ROW_CLASS + class;
	struct member_row *r;
	uint32_t i;

	s->v->distinct[class] += met(seen->total, nr);
	if (c->size == NAMED) {
		crowd_weights(c, weight);
		for (i = 0; i < c->nr; i++)
			give_events(s, row_of(s->v, kind, address_source(crowd_member(c, i)), 0, 0),
				    event, weight[i]);
		return;
	}
	for (i = 0; i < HEAVY && i < seen->total && i < nr; i++) {
		r = row_of(s->v, kind,
			   address_source(crowd_member(c, which_member(s, c, i))), 0, 0);
		give_events(s, r, event, kth(seen->total, nr, i) / seen->total);
		r->err = seen->total / TABLE_ROOM * (0.5 + chance_unit(s->c));
	}
}

static void share_class_to(struct sharing *s, enum source_class class, enum event event)
{
	const struct address nobody = { .family = 0 };
	const struct flow *f = s->all.flow;
	const struct seen *seen = &s->q->flow[s->flow].seen[event];
	enum row_kind kind = ROW_CLASS + class;
	double weight[MOST_NAMED];
	uint32_t i;
	int k;

	s->v->distinct[class] += met(seen->total, f->whom->nr);
	for (k = 0; k < f->nr_services && !f->all_ports; k++)
		give_events(s, row_of(s->v, kind, nobody, f->service[k].proto, f->service[k].port),
			    event, f->service[k].weight);
	if (f->whom->size == NAMED) {
		crowd_weights(f->whom, weight);
		for (i = 0; i < f->whom->nr; i++)
			give_events(s, row_of(s->v, kind, crowd_member(f->whom, i), 0, 0), event,
				    weight[i]);
		return;
	}
	for (i = 0; i < HEAVY && i < seen->total && i < f->whom->nr; i++)
		give_events(s, row_of(s->v, kind, crowd_member(f->whom, i), 0, 0), event,
			    kth(seen->total, f->whom->nr, i) / seen->total);
}

static void share_events(struct sharing *s)
{
	static const struct {
		enum event event;
		enum source_class class, to;	/* SRC_CLASSES: none */
	} classes[] = {
		{ INSERTED, SRC_INSERT, SRC_CLASSES }, { REFUSED, SRC_REFUSED, SRC_REFUSED_TO },
		{ EVICTING, SRC_EVICTING, SRC_CLASSES }, { INVALID, SRC_INVALID, SRC_INVALID_TO },
		{ EVICTED, SRC_EVICTED, SRC_EVICTED_TO },
	};
	const struct address program = { .family = 0 };
	const struct flow *f = s->all.flow;
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (s->q->flow[s->flow].seen[classes[i].event].total < 1)
			continue;
		share_class(s, classes[i].class, classes[i].event);
		if (classes[i].to != SRC_CLASSES)
			share_class_to(s, classes[i].to, classes[i].event);
	}
	if (f->who->local && s->q->flow[s->flow].seen[INSERTED].total >= 1) {
		s->v->distinct[SRC_PROGRAM]++;
		give_events(s, row_of(s->v, ROW_CLASS + SRC_PROGRAM, program, 0, 4000 + s->flow),
			    INSERTED, 1);
	}
}

static int heavier(const void *left, const void *right)
{
	const struct member_row *a = *(struct member_row *const *)left;
	const struct member_row *b = *(struct member_row *const *)right;
	double by;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	by = a->kind < ROW_CLASS ? (double)b->entries - a->entries :
				   b->seen.recent - a->seen.recent;
	if (by == 0)
		by = b->seen.total - a->seen.total;
	if (by == 0)	/* any order that is the same each time */
		by = a->address.low != b->address.low ?
		     (a->address.low < b->address.low ? -1 : 1) :
		     a->address.high != b->address.high ?
		     (a->address.high < b->address.high ? -1 : 1) :
		     a->proto != b->proto ? a->proto - b->proto : a->port - b->port;
	return by < 0 ? -1 : by > 0;
}

static void rank_rows(struct view *v)
{
	struct member_row **all = malloc((v->nr_rows + 1) * sizeof(*all));
	size_t i, nr = 0;

	if (!all)
		no_memory();
	for (i = 0; i < v->nr_rows; i++) {
		struct member_row *r = &v->row[i];

		r->seen.total += r->seen.recent;
		if (r->kind < ROW_CLASS ? r->entries > 0 : r->seen.total >= 1)
			all[nr++] = r;
	}
	qsort(all, nr, sizeof(*all), heavier);
	for (i = 0; i < nr; i++) {
		enum row_kind kind = all[i]->kind;

		if (v->nr_heavy[kind] < HEAVY)
			v->heavy[kind][v->nr_heavy[kind]++] = all[i];
	}
	free(all);
}

/* Estimates of many distinct ones are off by a tenth or two. */
static void blur(struct view *v, struct chance *c)
{
	int kind, i, k;

	for (kind = 0; kind < ROW_CLASS; kind++)
		for (i = 0; i < v->nr_heavy[kind]; i++) {
			struct member_row *r = v->heavy[kind][i];
			double *n[] = { &r->sources, &r->dests, &r->ports };

			for (k = 0; k < 3; k++)
				if (*n[k] > 4)
					*n[k] *= fmax(0.6, 1 + 0.13 * chance_normal(c));
		}
}

static void view_begin(struct view *v)
{
	if (!v->row) {
		v->row = malloc(MOST_ROWS * sizeof(*v->row));
		v->hash = malloc(SLOTS * sizeof(*v->hash));
	}
	if (!v->row || !v->hash)
		no_memory();
	v->nr_rows = v->nr_states = 0;
	v->count = 0;
	memset(v->hash, 0, SLOTS * sizeof(*v->hash));
	memset(v->nr_heavy, 0, sizeof(v->nr_heavy));
	memset(v->distinct, 0, sizeof(v->distinct));
	memset(v->stage, 0, sizeof(v->stage));
	memset(&v->all, 0, sizeof(v->all));
}

void view_make(struct view *v, const struct queue *q, struct chance *c)
{
	struct sharing s = { .v = v, .c = c, .q = q };
	int k;

	view_begin(v);
	for (s.flow = 0; s.flow < q->s->nr_flows; s.flow++) {
		const struct flow *f = &q->s->flow[s.flow];

		memset(&s.all, 0, sizeof(s.all));
		s.all.flow = f;
		stages_of_flow(v, q, s.flow, c, s.all.stage, &s.all.unreplied, &s.all.assured);
		for (k = 0; k < STAGES; k++) {
			s.all.entries += s.all.stage[k];
			v->stage[f->ingredient][k] += s.all.stage[k];
		}
		if (s.all.entries > 0) {
			share_sources(&s, ROW_SOURCE);
			share_sources(&s, ROW_PREFIX);
			share_dests(&s, false);
			share_dests(&s, true);
			share_services(&s);
		}
		share_events(&s);
	}
	rank_rows(v);
	blur(v, c);
	v->count = v->all.entries;
}

void view_free(struct view *v)
{
	free(v->row);
	free(v->hash);
}
