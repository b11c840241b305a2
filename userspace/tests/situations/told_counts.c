// SPDX-License-Identifier: GPL-2.0
/* The files status, netns, sources and classes. */
#include <math.h>
#include <stdio.h>

#include "kmod/abi.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "tests/situations/told.h"

static const char *const evicted_kinds[EVENT_KINDS] = {
	"early_drop_waiting", "early_drop_unanswered", "early_drop_half_open",
	"early_drop_once", "early_drop_closing", "early_drop_live", "gc_waiting",
	"gc_unanswered", "gc_half_open", "gc_once", "gc_closing", "gc_live",
};

static const char *const invalid_kinds[EVENT_KINDS] = {
	"inv_malformed", "inv_flags", "inv_midstream", "inv_rstfin", "inv_synack",
	"inv_window", "inv_icmp", "inv_other",
};

static const char *const proto_kinds[EVENT_KINDS] = { "tcp", "udp", "icmp", "other" };

static void name_value(struct sheet *sheet, const char *name, int64_t value)
{
	sheet_word(sheet, name);
	sheet_number(sheet, value);
	sheet_end(sheet);
}

void tell_status(const struct told *t, struct sheet *sheet)
{
	static const char *const probes[] = {
		CTRI_ST_PROBE_ALLOC, CTRI_ST_PROBE_DROP, CTRI_ST_PROBE_DELETE, CTRI_ST_PROBE_GC,
	};
	bool armed = t->v->all.entries > 0.75 * t->s->host.max;
	size_t i;

	sheet_put(sheet, CTRI_HEAD_STATUS "\n" CTRI_ST_VERSION " " CTRI_VERSION "\n");
	name_value(sheet, CTRI_ST_UPTIME, t->s->host.uptime);
	name_value(sheet, CTRI_ST_WINDOW, WINDOW);
	name_value(sheet, CTRI_ST_PREFIX4, 32);
	name_value(sheet, CTRI_ST_PREFIX6, 64);
	name_value(sheet, CTRI_ST_CENSUS4, 24);
	name_value(sheet, CTRI_ST_CENSUS6, 48);
	name_value(sheet, CTRI_ST_MEMORY, 524288);
	name_value(sheet, CTRI_ST_CPUS, 1);
	name_value(sheet, CTRI_ST_NAMESPACES, 1);
	name_value(sheet, CTRI_ST_PRESSURE, armed);
	name_value(sheet, CTRI_ST_ARMINGS, armed);
	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		sheet_word(sheet, probes[i]);
		sheet_word(sheet, armed ? CTRI_PROBE_ARMED : CTRI_PROBE_IDLE);
		sheet_end(sheet);
	}
	sheet_put(sheet, CTRI_ST_PROBE_CONFIRM " " CTRI_PROBE_IDLE "\n");
	name_value(sheet, CTRI_ST_LOST_PROBE, 0);
	name_value(sheet, CTRI_ST_LOST_CAUSE, 0);
	name_value(sheet, CTRI_ST_LOST_NETNS, 0);
	name_value(sheet, CTRI_ST_LOST_SAMPLE, 0);
	name_value(sheet, CTRI_ST_LOST_TICKS, 0);
}

static double all_seen(const struct queue *q, enum event event)
{
	double sum = 0;
	int i;

	for (i = 0; i < q->s->nr_flows; i++)
		sum += q->flow[i].seen[event].total;
	return sum;
}

static double all_victims(const struct queue *q, int by)
{
	double sum = 0;
	int i, k;

	for (i = 0; i < q->s->nr_flows; i++)
		for (k = 0; k < VICTIM_KINDS; k++)
			sum += q->flow[i].victims[by][k];
	return sum;
}

void tell_netns(const struct told *t, struct sheet *sheet)
{
	int64_t early = llround(all_victims(t->q, 0)), refused = llround(all_seen(t->q, REFUSED));
	int64_t invalid = 0, kind[8];
	int i, k;

	for (k = 0; k < 8; k++) {
		double sum = 0;

		for (i = 0; i < t->s->nr_flows; i++)
			sum += t->q->flow[i].invalid[k];
		invalid += kind[k] = llround(sum);
	}
	{
		const int64_t row[] = {
			NETNS, CTRI_ID_INIT, 1, t->v->count, t->s->host.max,
			llround(all_seen(t->q, INSERTED)), early, llround(all_victims(t->q, 1)),
			llround(all_seen(t->q, EVICTING)), refused, 0, 0, 0, 0, 0, 0, 0, refused,
			early, invalid, 0, invalid,
		};

		sheet_put(sheet, CTRI_HEAD_NETNS "\n");
		for (i = 0; i < (int)ARRAY_SIZE(row); i++)
			sheet_number(sheet, row[i]);
	}
	for (k = 0; k < 8; k++)
		sheet_number(sheet, kind[k]);
	sheet_number(sheet, 0);		/* all were looked into */
	sheet_number(sheet, 0);		/* and all came by packets */
	sheet_number(sheet, 0);
	sheet_end(sheet);
}

static void tell_source(const struct told *t, const struct member_row *r,
			struct sheet *sheet)
{
	enum source_class class = r->kind - ROW_CLASS;
	const char *const *names = class == SRC_EVICTED || class == SRC_EVICTED_TO ? evicted_kinds :
		class == SRC_INVALID || class == SRC_INVALID_TO ? invalid_kinds : proto_kinds;
	int64_t first = r->seen.first_ago < 0 ? 0 : r->seen.first_ago;
	int64_t last = r->seen.last_ago < 0 ? 0 : r->seen.last_ago;
	int64_t events[EVENT_KINDS];
	char text[ROW_NAME];
	int i;

	for (i = 0; i < EVENT_KINDS; i++)
		events[i] = llround(r->events[i]);
	sheet_word(sheet, class_name[class]);
	sheet_number(sheet, NETNS);
	sheet_number(sheet, CTRI_ID_INIT);
	sheet_number(sheet, r->address.family);
	sheet_word(sheet, row_name(text, r));
	sheet_number(sheet, llround(r->seen.total));
	sheet_number(sheet, r->err);
	sheet_number(sheet, llround(r->seen.recent));
	sheet_number(sheet, r->err < r->seen.recent ? r->err : 0);
	snprintf(text, sizeof(text), "%.3f", r->seen.rate);
	sheet_word(sheet, text);
	sheet_number(sheet, first);
	sheet_number(sheet, last);
	sheet_named(sheet, names, events, EVENT_KINDS);
	sheet_number(sheet, told_at(t, first));
	sheet_number(sheet, told_at(t, last));
	sheet_end(sheet);
}

void tell_sources(const struct told *t, struct sheet *sheet)
{
	int kind, i;

	sheet_put(sheet, CTRI_HEAD_SOURCES "\n");
	for (kind = ROW_CLASS; kind < ROW_KINDS; kind++)
		for (i = 0; i < t->v->nr_heavy[kind]; i++)
			tell_source(t, t->v->heavy[kind][i], sheet);
}

void tell_classes(const struct told *t, struct sheet *sheet)
{
	const int64_t capacity = 1480;
	int class;

	sheet_put(sheet, CTRI_HEAD_CLASSES "\n");
	for (class = 0; class < SRC_CLASSES; class++) {
		double exact = t->v->distinct[class];
		double about = exact * (1 + 0.03 * chance_normal(t->c));
		int64_t distinct = llround(exact < 10 ? exact : about);

		sheet_word(sheet, class_name[class]);
		sheet_number(sheet, distinct);
		sheet_number(sheet, distinct < capacity ? distinct : capacity);
		sheet_number(sheet, capacity);
		sheet_number(sheet, distinct < capacity ? 0 : distinct - capacity);
		sheet_number(sheet, 0);
		sheet_number(sheet, 0);
		sheet_end(sheet);
	}
}
