// SPDX-License-Identifier: GPL-2.0
/*
 * Of what the module tells, that which two lists of the table five seconds apart tell as
 * well: entries that aren't over, who opened those that came, and the kernel's counters
 * meanwhile (entries/looks.c).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/abi.h"
#include "lib/netns_row.h"
#include "lib/numbers.h"
#include "tests/situations/without.h"

#define APART	5		/* s between the lists */

/* A list has none that are over; how many these are is told for the whole. */
static void leave_census(struct snapshot *s)
{
	size_t i, left = 0;

	for (i = 0; i < s->nr_census; i++) {
		struct census_row *row = &s->census[i];

		if (row->record == CENSUS_WALK || row->record == CENSUS_CHAIN ||
		    row->record == CENSUS_EXT)
			continue;
		if (row->record == CENSUS_NETNS) {
			s->dump.expired = row->stage[STAGE_EXPIRED];
			s->dump.entries = minus(row->entries, s->dump.expired);
		} else if (row->has_stages) {
			row->entries = minus(row->entries, row->stage[STAGE_EXPIRED]);
			row->stage[STAGE_EXPIRED] = 0;
		}
		s->census[left++] = *row;
	}
	s->nr_census = left;
}

static double newcomers(const struct told *t)
{
	return t->q->newcomers - t->q->history[RECORDED - 1 - APART].newcomers;
}

/* Six moments, of which the first is when it began */
static double leave_history(const struct told *t, struct snapshot *s)
{
	double inserts = 0, known_at_last;
	size_t i, left = 0;

	known_at_last = s->nr_history ? (double)s->history[s->nr_history - 1].distinct : 0;
	for (i = 0; i < s->nr_history; i++) {
		struct history_row *row = &s->history[i];

		if (row->ago > APART)
			continue;
		row->evictions = row->gc_evictions = row->refusals = UNKNOWN;
		row->distinct = llround(row->ago ? fmax(known_at_last - newcomers(t), 0) :
				known_at_last);
		if (row->ago == APART)
			row->span = row->inserts = row->k_drop = row->k_early_drop = row->invalid = 0;
		inserts += row->inserts;
		s->history[left++] = *row;
	}
	s->nr_history = left;
	/* each row has the mean: what came in which second isn't seen */
	for (i = 0; i < left; i++)
		if (s->history[i].span)
			s->history[i].inserts = llround(inserts / APART);
	return inserts;
}

static void leave_sources(struct snapshot *s)
{
	size_t i, left = 0;
	int k;

	for (i = 0; i < s->nr_source; i++) {
		struct source_row *row = &s->source[i];
		double all = 0, came = row->rate * APART;

		if (row->class != SRC_INSERT || came < 1 || row->last_ago > APART)
			continue;
		for (k = 0; k < row->nr_kinds; k++)
			all += (double)row->kind[k].count;
		for (k = 0; k < row->nr_kinds; k++)
			row->kind[k].count = llround(all > 0 ? row->kind[k].count * came / all : 0);
		row->count = row->recent = llround(came);
		row->err = row->recent_err = 0;
		row->rate = (double)row->count / APART;
		row->first_ago = APART;
		row->last_ago = 0;
		s->source[left++] = *row;
	}
	s->nr_source = left;
}

static void leave_netns(struct snapshot *s, double inserts)
{
	struct netns_row row;
	size_t i;

	netns_row_unknown(&row, NETNS);
	row.id = CTRI_ID_INIT;
	row.conntrack = 1;
	row.count = s->count;
	row.max = s->max;
	row.inserts = llround(inserts);
	row.k_drop = row.k_early_drop = row.k_invalid = 0;
	row.k_insert_failed = row.k_chaintoolong = row.k_clash = 0;
	for (i = 0; i < s->nr_history; i++) {
		row.k_drop = plus(row.k_drop, s->history[i].k_drop);
		row.k_early_drop = plus(row.k_early_drop, s->history[i].k_early_drop);
		row.k_invalid = plus(row.k_invalid, s->history[i].invalid);
	}
	s->netns[0] = row;
	s->nr_netns = 1;
}

void without_module(const struct told *t, struct snapshot *s)
{
	double inserts;
	int class;

	memset(&s->mod, 0, sizeof(s->mod));
	s->origin = ORIGIN_CTNETLINK;
	s->dump.span = 1000 * APART;
	s->dump.each = 1;
	leave_census(s);
	inserts = leave_history(t, s);
	leave_sources(s);
	leave_netns(s, inserts);
	s->nr_minutes = s->nr_incidents = s->nr_incident_tops = 0;
	for (class = 0; class < SRC_CLASSES; class++)
		s->has_class[class] = class == SRC_INSERT;
	s->class[SRC_INSERT].distinct = llround(fmin((double)s->class[SRC_INSERT].distinct, inserts));
}

bool without_can_tell(const struct told *t)
{
	int i;

	for (i = 0; i < t->s->nr_flows; i++)
		if (t->q->flow[i].seen[INSERTED].total > 0 && t->s->flow[i].over)
			return false;
	return true;
}
