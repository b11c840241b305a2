// SPDX-License-Identifier: GPL-2.0
/*
 * Entries, counted by state and zone; kmod/census_heavy.c counts who holds them, the
 * very file that does it in the module.
 */
#include <arpa/inet.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entries/census_user.h"
#include "entries/life.h"
#include "entries/sports.h"
#include "entries/tally.h"
#include "kmod/census_heavy.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/words.h"

#define STATES		16	/* of a protocol: entry_state() */
#define PROTOS		256
#define ZONES_MOST	4096	/* that are told apart */

_Static_assert((int)STAGES == (int)CTRI_NR_STAGES, "stages are those of the module");

struct cell {
	int64_t entries, unreplied, assured, unknown;
	int64_t stage[STAGES], idle[IDLE_STEPS];
};

struct state_cell {
	struct cell cell;
	int64_t longest[IDLE_STEPS], hist[IDLE_OCTAVES];
};

struct tally {
	struct timeouts timeouts;
	struct ctri_heavies *heavy;
	struct sports *sports;
	int64_t expired;
	struct state_cell *state[PROTOS][STATES];	/* NULL: has no entries */
	struct cell *zone[UINT16_MAX + 1];		/* likewise, and that of zone 0 */
	size_t nr_zones;
	struct cell other_zones;
};

static const int64_t idle_steps[IDLE_STEPS] = { 60, 120, 300, 600, 1800, 3600, 7200, 86400 };

struct tally *tally_begin(const struct timeouts *t)
{
	struct tally *y = calloc(1, sizeof(*y));

	masks_begin();
	if (!y)
		no_memory();
	y->timeouts = *t;
	y->sports = sports_begin();
	y->heavy = ctri_heavies_create();
	if (!y->heavy)
		no_memory();
	return y;
}

/* Returns how many of the steps its silence has reached. */
static int cell_add(struct cell *c, const struct entry *e, enum stage stage, int64_t idle,
		    bool idle_known)
{
	int i;

	c->entries++;
	c->unreplied += !(e->status & IPS_SEEN_REPLY);
	c->assured += !!(e->status & IPS_ASSURED);
	c->unknown += !idle_known;
	c->stage[stage]++;
	for (i = 0; i < IDLE_STEPS && idle >= idle_steps[i]; i++)
		c->idle[i]++;
	return i;
}

static void state_add(struct tally *y, const struct entry *e, enum stage stage, int64_t idle,
		      bool idle_known)
{
	struct state_cell **s = &y->state[e->proto & 255][entry_state(e)];
	int step, octave = 0;

	if (!*s)
		*s = calloc(1, sizeof(**s));
	if (!*s)
		no_memory();
	step = cell_add(&(*s)->cell, e, stage, idle, idle_known);
	if (step < IDLE_STEPS && idle > (*s)->longest[step])
		(*s)->longest[step] = idle;
	for (; octave < IDLE_OCTAVES - 1 && idle >> octave; octave++)
		;
	(*s)->hist[octave]++;
}

static struct cell *zone_cell(struct tally *y, uint16_t zone)
{
	if (y->zone[zone])
		return y->zone[zone];
	if (y->nr_zones == ZONES_MOST)
		return &y->other_zones;
	y->nr_zones++;
	y->zone[zone] = calloc(1, sizeof(*y->zone[zone]));
	if (!y->zone[zone])
		no_memory();
	return y->zone[zone];
}

static void heavy_add(struct tally *y, const struct entry *e, enum stage stage)
{
	struct nf_conntrack_tuple t = { .dst.protonum = e->proto };

	t.src.l3num = e->family == AF_INET ? NFPROTO_IPV4 : NFPROTO_IPV6;
	memcpy(&t.src.u3, e->source, sizeof(t.src.u3));
	memcpy(&t.dst.u3, e->dest, sizeof(t.dst.u3));
	t.src.u.all = htons(e->sport == ANY ? 0 : e->sport);
	t.dst.u.all = htons(e->dport == ANY ? 0 : e->dport);
	ctri_heavies_count(y->heavy, 1, &t, (enum ctri_stage)stage);
}

void tally_add(struct tally *y, const struct entry *e)
{
	bool idle_known;
	int64_t idle = timeouts_idle(&y->timeouts, e, &idle_known);
	enum stage stage = entry_stage(e, idle);

	state_add(y, e, stage, idle, idle_known);
	if (e->zone)
		cell_add(zone_cell(y, e->zone), e, stage, idle, idle_known);
	heavy_add(y, e, stage);
	sports_add(y->sports, e);
}

void tally_expired(struct tally *y, int64_t entries)
{
	y->expired = entries;
}

int64_t tally_entries(const struct tally *y)
{
	int64_t all = 0;
	int proto, state;

	for (proto = 0; proto < PROTOS; proto++)
		for (state = 0; state < STATES; state++)
			all += y->state[proto][state] ? y->state[proto][state]->cell.entries : 0;
	return all;
}

/* Where rows go, and how many entries each that was counted stands for */
struct sheet {
	struct snapshot *s;
	int64_t netns;
	double each;
};

static int64_t times(const struct sheet *to, int64_t n)
{
	return to->each > 1 ? llround(n * to->each) : n;
}

static struct census_row *new_row(const struct sheet *to, enum census_record record)
{
	struct census_row *row = grow(&to->s->census, &to->s->nr_census, sizeof(*row));
	int i;

	row->record = record;
	row->netns = to->netns;
	row->unreplied = row->assured = row->err = row->zone = row->idle_unknown = UNKNOWN;
	row->sources = row->dests = row->ports = UNKNOWN;
	for (i = 0; i < IDLE_STEPS; i++)
		row->idle[i] = UNKNOWN;
	return row;
}

static void put_cell(const struct sheet *to, struct census_row *row, const struct cell *c)
{
	int i;

	row->entries = times(to, c->entries);
	row->unreplied = times(to, c->unreplied);
	row->assured = times(to, c->assured);
	row->idle_unknown = times(to, c->unknown);
	row->has_stages = true;
	for (i = 0; i < (int)STAGES; i++)
		row->stage[i] = times(to, c->stage[i]);
	for (i = 0; i < IDLE_STEPS; i++)
		row->idle[i] = times(to, c->idle[i]);
}

static void put_state(const struct sheet *to, int proto, int state, const struct state_cell *s)
{
	struct census_row *row = new_row(to, CENSUS_STATE);
	int64_t below = 0;
	int i;

	entry_proto_name(proto, row->proto, sizeof(row->proto));
	snprintf(row->name, sizeof(row->name), "%s", entry_state_name(proto, state));
	put_cell(to, row, &s->cell);
	row->has_hist = row->has_below = true;
	for (i = 0; i < IDLE_OCTAVES; i++)
		row->hist[i] = times(to, s->hist[i]);
	for (i = 0; i < IDLE_STEPS; i++) {
		if (s->longest[i] > below)
			below = s->longest[i];
		row->below[i] = below;
	}
}

static void cell_sum(struct cell *sum, const struct cell *c)
{
	int i;

	sum->entries += c->entries;
	sum->unreplied += c->unreplied;
	sum->assured += c->assured;
	sum->unknown += c->unknown;
	for (i = 0; i < (int)STAGES; i++)
		sum->stage[i] += c->stage[i];
	for (i = 0; i < IDLE_STEPS; i++)
		sum->idle[i] += c->idle[i];
}

static void put_states(const struct sheet *to, const struct tally *y)
{
	struct cell sum = { .entries = 0 };
	struct census_row *row;
	int proto, state;

	for (proto = 0; proto < PROTOS; proto++)
		for (state = 0; state < STATES; state++) {
			const struct state_cell *s = y->state[proto][state];

			if (!s)
				continue;
			put_state(to, proto, state, s);
			cell_sum(&sum, &s->cell);
		}
	row = new_row(to, CENSUS_NETNS);
	put_cell(to, row, &sum);
	row->entries += y->expired;
	row->stage[STAGE_EXPIRED] += y->expired;
}

static void put_zones(const struct sheet *to, const struct tally *y)
{
	struct census_row *row;
	int zone;

	for (zone = 1; zone <= UINT16_MAX; zone++) {
		if (!y->zone[zone])
			continue;
		row = new_row(to, CENSUS_ZONE);
		put_cell(to, row, y->zone[zone]);
		row->zone = zone;
	}
	if (!y->other_zones.entries)
		return;
	row = new_row(to, CENSUS_ZONE);
	put_cell(to, row, &y->other_zones);
	snprintf(row->name, sizeof(row->name), "other");
}

static void address_text(const struct ctri_source *src, char *text, size_t size)
{
	int family = src->family == CTRI_FAMILY_IPV4 ? AF_INET : AF_INET6;

	inet_ntop(family, src->addr, text, size);
}

static void name_heavy(const struct ctri_heavy *h, enum ctri_heavy_kind kind,
		       struct census_row *row)
{
	const struct ctri_source *src = &h->row.src;
	bool v4 = src->family == CTRI_FAMILY_IPV4;
	char address[INET6_ADDRSTRLEN] = "";
	unsigned int service = kind == CTRI_H_PAIR ? h->service : src->addr[0];

	if (kind != CTRI_H_SERVICE)
		address_text(src, address, sizeof(address));
	if (kind == CTRI_H_SERVICE || kind == CTRI_H_PAIR)
		entry_proto_name(service >> 16 & 255, row->proto, sizeof(row->proto));
	if (kind == CTRI_H_SERVICE)
		snprintf(row->name, sizeof(row->name), "%u", service & 0xffff);
	else if (kind == CTRI_H_PAIR)
		snprintf(row->name, sizeof(row->name), v4 ? "%s:%u" : "[%s]:%u", address,
			 service & 0xffff);
	else if (kind == CTRI_H_PREFIX)
		snprintf(row->name, sizeof(row->name), "%s/%u", address,
			 v4 ? ctri_census_masks.prefix4 : ctri_census_masks.prefix6);
	else if (kind == CTRI_H_SOURCE && !v4)
		snprintf(row->name, sizeof(row->name), "%s/%u", address,
			 ctri_source_masks.prefix6);
	else
		snprintf(row->name, sizeof(row->name), "%s", address);
}

/*
 * Distinct ones of all, of those that a sample of @taken has: where each of D is as
 * likely, it has D * (1 - exp(-taken / D)) of them (occupancy, Feller, An Introduction
 * to Probability Theory, volume 1, IV.2). It is at most one for each entry.
 */
static int64_t distinct_of_all(double seen, double taken, double all)
{
	double low = seen, high = all;
	int i;

	if (taken >= all || seen <= 1)
		return llround(seen);
	for (i = 0; i < 60 && high - low > 0.5; i++) {
		double mid = (low + high) / 2;

		if (mid * -expm1(-taken / mid) < seen)
			low = mid;
		else
			high = mid;
	}
	return llround(low);
}

static void put_heavy(const struct sheet *to, const struct tally *y, const struct ctri_heavy *h,
		      enum ctri_heavy_kind kind)
{
	static const enum census_record record[CTRI_HEAVIES] = {
		[CTRI_H_SOURCE] = CENSUS_SOURCE, [CTRI_H_DEST] = CENSUS_DEST,
		[CTRI_H_SERVICE] = CENSUS_SERVICE, [CTRI_H_PREFIX] = CENSUS_PREFIX,
		[CTRI_H_PAIR] = CENSUS_PAIR,
	};
	struct census_row *row = new_row(to, record[kind]);
	double taken = h->row.total, all = taken * to->each;
	int i;

	name_heavy(h, kind, row);
	row->entries = times(to, h->row.total);
	/* two standard deviations of what chance put into the sample, besides the table's own */
	row->err = times(to, h->row.total_err);
	if (to->each > 1)
		row->err = plus(row->err, llround(2 * to->each * sqrt(taken)));
	row->has_stages = true;
	for (i = 0; i < (int)STAGES; i++)
		row->stage[i] = times(to, h->row.kind[i]);
	row->sources = distinct_of_all(h->sources, taken, all);
	row->dests = distinct_of_all(h->dests, taken, all);
	row->ports = distinct_of_all(h->ports, taken, all);
	/* An IPv6 source is a network, whose hosts are met one by one. */
	if (kind == CTRI_H_SOURCE && h->row.src.family == CTRI_FAMILY_IPV4)
		row->sport = sports_of(y->sports, AF_INET, (const uint8_t *)h->row.src.addr);
}

static void put_heavies(const struct sheet *to, const struct tally *y)
{
	struct ctri_heavy *top = calloc(CTRI_CENSUS_TOP, sizeof(*top));
	unsigned int kind;
	int i, nr;

	if (!top)
		no_memory();
	for (kind = 0; kind < CTRI_HEAVIES; kind++) {
		nr = ctri_heavies_rank(y->heavy, kind, top);
		if (nr < 0)
			no_memory();
		for (i = 0; i < nr; i++)
			put_heavy(to, y, &top[i], kind);
	}
	free(top);
}

void tally_free(struct tally *y)
{
	int proto, i;

	if (!y)
		return;
	for (proto = 0; proto < PROTOS; proto++)
		for (i = 0; i < STATES; i++)
			free(y->state[proto][i]);
	for (i = 0; i <= UINT16_MAX; i++)
		free(y->zone[i]);
	ctri_heavies_destroy(y->heavy);
	sports_free(y->sports);
	free(y);
}

void tally_end(struct tally *y, struct snapshot *s, int64_t netns, double each)
{
	const struct sheet to = { s, netns, each };

	put_states(&to, y);
	put_zones(&to, y);
	put_heavies(&to, y);
	tally_free(y);
}
