// SPDX-License-Identifier: GPL-2.0
/* What the module recorded: census, seconds, minutes and incidents. */
#include <stdio.h>
#include <string.h>

#include "kmod/abi.h"
#include "lib/columns.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/limits.h"
#include "read/module_file.h"
#include "snapshot.h"

/* Rows that need more than their columns copied */
struct census_line {
	struct census_row row;
	char record[32], hist[512], below[128], stages[512];
};

struct incident_top_line {
	struct incident_top row;
	int64_t family;
	char phase[16], class[32], stages[512];
};

struct incident_line {
	struct incident_row row;
	char stages[512];
};

static const struct field census_fields[] = {
	WORD(census_line, "record", record),
	COUNT(census_line, "netns", row.netns),
	WORD(census_line, "proto", row.proto),
	BRACKETS(census_line, "name", row.name),
	COUNT(census_line, "entries", row.entries),
	COUNT(census_line, "unreplied", row.unreplied),
	COUNT(census_line, "assured", row.assured),
	COUNT(census_line, "err", row.err),
	WORD(census_line, "stages", stages),
	COUNT(census_line, "sources", row.sources),
	COUNT(census_line, "dests", row.dests),
	COUNT(census_line, "ports", row.ports),
	COUNT(census_line, "idle_60", row.idle[0]),
	COUNT(census_line, "idle_120", row.idle[1]),
	COUNT(census_line, "idle_300", row.idle[2]),
	COUNT(census_line, "idle_600", row.idle[3]),
	COUNT(census_line, "idle_1800", row.idle[4]),
	COUNT(census_line, "idle_3600", row.idle[5]),
	COUNT(census_line, "idle_7200", row.idle[6]),
	COUNT(census_line, "idle_86400", row.idle[7]),
	COUNT(census_line, "zone", row.zone),
	WORD(census_line, "hist", hist),
	COUNT(census_line, "idle_unknown", row.idle_unknown),
	WORD(census_line, "idle_below", below),
};
_Static_assert(IDLE_STEPS == 8, "an idle_ column was added or removed");

static const struct field history_fields[] = {
	SIGNED(history_row, "ago", ago),
	COUNT(history_row, "span", span),
	COUNT(history_row, "count", count),
	COUNT(history_row, "max", max),
	COUNT(history_row, "netns", netns),
	COUNT(history_row, "inserts", inserts),
	COUNT(history_row, "insert_failed", insert_failed),
	COUNT(history_row, "evictions", evictions),
	COUNT(history_row, "gc_evictions", gc_evictions),
	COUNT(history_row, "refusals", refusals),
	COUNT(history_row, "k_drop", k_drop),
	COUNT(history_row, "k_early_drop", k_early_drop),
	COUNT(history_row, "invalid", invalid),
	COUNT(history_row, "distinct", distinct),
};

#define SERIES(name, member) \
	COUNT(minute_row, name "_min", member.min), \
	COUNT(minute_row, name "_mean", member.mean), \
	COUNT(minute_row, name "_max", member.max)

static const struct field minute_fields[] = {
	SIGNED(minute_row, "ago", ago),
	COUNT(minute_row, "span", span),
	COUNT(minute_row, "max", max),
	SERIES("count", count),
	SERIES("inserts", inserts),
	SERIES("insert_failed", insert_failed),
	SERIES("evictions", evictions),
	SERIES("gc_evictions", gc_evictions),
	SERIES("refusals", refusals),
	SERIES("k_drop", k_drop),
	SERIES("invalid", invalid),
	COUNT(minute_row, "distinct", distinct),
};

static const struct field incident_fields[] = {
	COUNT(incident_line, "incident", row.nr),
	COUNT(incident_line, "begin", row.begin),
	COUNT(incident_line, "end", row.end),
	COUNT(incident_line, "begin_ago", row.begin_ago),
	COUNT(incident_line, "end_ago", row.end_ago),
	COUNT(incident_line, "netns", row.netns),
	COUNT(incident_line, "count_peak", row.count_peak),
	COUNT(incident_line, "max", row.max),
	COUNT(incident_line, "inserts", row.inserts),
	COUNT(incident_line, "inserts_peak", row.inserts_peak),
	COUNT(incident_line, "evictions", row.evictions),
	COUNT(incident_line, "evictions_peak", row.evictions_peak),
	COUNT(incident_line, "gc_evictions", row.gc_evictions),
	COUNT(incident_line, "gc_evictions_peak", row.gc_evictions_peak),
	COUNT(incident_line, "refusals", row.refusals),
	COUNT(incident_line, "refusals_peak", row.refusals_peak),
	COUNT(incident_line, "insert_failed", row.insert_failed),
	COUNT(incident_line, "invalid", row.invalid),
	COUNT(incident_line, "k_early_drop", row.k_early_drop),
	COUNT(incident_line, "k_drop", row.k_drop),
	LATER_COUNT(incident_line, "worst_ago", row.worst_ago),
	LATER_WORD(incident_line, "stages", stages),
};

static const struct field incident_top_fields[] = {
	COUNT(incident_top_line, "incident", row.nr),
	WORD(incident_top_line, "phase", phase),
	WORD(incident_top_line, "class", class),
	COUNT(incident_top_line, "netns", row.netns),
	COUNT(incident_top_line, "id", row.id),
	COUNT(incident_top_line, "family", family),
	BRACKETS(incident_top_line, "source", row.source),
	COUNT(incident_top_line, "count", row.count),
	COUNT(incident_top_line, "err", row.err),
	LATER_WORD(incident_top_line, "stages", stages),
};

static const char *const record_name[] = {
	[CENSUS_WALK] = CTRI_CENSUS_WALK,
	[CENSUS_NETNS] = CTRI_CENSUS_NETNS,
	[CENSUS_STATE] = CTRI_CENSUS_STATE,
	[CENSUS_SOURCE] = CTRI_CENSUS_SOURCE,
	[CENSUS_DEST] = CTRI_CENSUS_DEST,
	[CENSUS_SERVICE] = CTRI_CENSUS_SERVICE,
	[CENSUS_PREFIX] = CTRI_CENSUS_PREFIX,
	[CENSUS_PAIR] = CTRI_CENSUS_PAIR,
	[CENSUS_CHAIN] = CTRI_CENSUS_CHAIN,
	[CENSUS_ZONE] = CTRI_CENSUS_ZONE,
	[CENSUS_EXT] = CTRI_CENSUS_EXT,
};

static const char *const top_class[INC_CLASSES] = {
	[INC_INSERT] = CTRI_CLASS_INSERT,
	[INC_EVICTED] = CTRI_CLASS_EVICTED,
	[INC_REFUSED] = CTRI_CLASS_REFUSED,
	[INC_EVICTING] = CTRI_CLASS_EVICTING,
	[INC_REFUSED_TO] = CTRI_CLASS_REFUSED_TO,
	[INC_EVICTED_TO] = CTRI_CLASS_EVICTED_TO,
	[INC_PROGRAM] = CTRI_CLASS_PROGRAM,
	[INC_SOURCE] = CTRI_CENSUS_SOURCE,
	[INC_DEST] = CTRI_CENSUS_DEST,
	[INC_SERVICE] = CTRI_CENSUS_SERVICE,
	[INC_PREFIX] = CTRI_CENSUS_PREFIX,
	[INC_PAIR] = CTRI_CENSUS_PAIR,
};

static const char *const phase_name[PHASES] = {
	[PHASE_BEFORE] = CTRI_PHASE_BEFORE,
	[PHASE_DURING] = CTRI_PHASE_DURING,
	[PHASE_WORST] = CTRI_PHASE_WORST,
};

/* "12,0,3,...": @nr numbers into @value; "-": there are none, which *@has tells */
static int parse_list(struct columns *t, const char *column, char *list,
		      int64_t *value, size_t nr, bool *has)
{
	char *next = list, *one;
	size_t i = 0;

	*has = *list;
	if (!*list)
		return 0;
	while ((one = strsep(&next, ",")) && i < nr)
		if (!text_count(one, &value[i++]))
			return columns_fault(t, "column \"%s\": \"%.40s\" is not a number that fits",
					     column, one);
	if (one || i < nr)
		return columns_fault(t, "column \"%s\" doesn't hold %zu numbers", column, nr);
	return 0;
}

static int check_census_name(struct columns *t, const struct census_row *row)
{
	switch (row->record) {
	case CENSUS_SOURCE:
	case CENSUS_DEST:
	case CENSUS_PREFIX:
		if (!text_address(row->name, 0))
			return columns_fault(t, "column \"name\": \"%s\" is no address", row->name);
		return 0;
	case CENSUS_SERVICE:
		if (!text_port(row->name))
			return columns_fault(t, "column \"name\": \"%s\" is no port", row->name);
		return 0;
	case CENSUS_PAIR:
		if (!text_pair(row->name))
			return columns_fault(t, "column \"name\": \"%s\" is no address:port",
					     row->name);
		return 0;
	default:
		if (!text_plain(row->name))
			return columns_fault(t, "column \"name\": \"%s\" is no name", row->name);
		return 0;
	}
}

static int parse_census(struct snapshot *s, struct columns *t)
{
	struct census_line line = { .record = "" };
	struct census_row *row;
	int record, status;

	while ((status = columns_row(t, &line)) > 0) {
		record = find_name(record_name, ARRAY_SIZE(record_name), line.record);
		if (record < 0)
			continue;
		line.row.record = record;
		if (check_census_name(t, &line.row) ||
		    parse_list(t, "hist", line.hist, line.row.hist, IDLE_OCTAVES,
			       &line.row.has_hist) ||
		    parse_list(t, "idle_below", line.below, line.row.below, IDLE_STEPS,
			       &line.row.has_below) ||
		    parse_stages(t, line.stages, line.row.stage, &line.row.has_stages))
			return -1;
		row = grow(&s->census, &s->nr_census, sizeof(*row));
		*row = line.row;
	}
	return status;
}

static int parse_history(struct snapshot *s, struct columns *t)
{
	return append_rows(t, &s->history, &s->nr_history, sizeof(*s->history));
}

static int parse_minutes(struct snapshot *s, struct columns *t)
{
	return append_rows(t, &s->minute, &s->nr_minutes, sizeof(*s->minute));
}

static int parse_incidents(struct snapshot *s, struct columns *t)
{
	struct incident_line line;
	int status;

	while ((status = columns_row(t, &line)) > 0) {
		if (line.row.nr <= 0)
			return columns_fault(t, "column \"incident\" is no number of one");
		if (parse_stages(t, line.stages, line.row.stage, &line.row.has_stages))
			return -1;
		*(struct incident_row *)grow(&s->incident, &s->nr_incidents,
					     sizeof(line.row)) = line.row;
	}
	return status;
}

static int check_pair(struct columns *t, const char *source)
{
	if (text_endpoint(source))
		return 0;
	return columns_fault(t, "column \"source\": \"%s\" is no protocol/address:port", source);
}

static int parse_incident_top(struct snapshot *s, struct columns *t)
{
	struct incident_top_line line;
	struct incident_top *row;
	int class, phase, status;

	while ((status = columns_row(t, &line)) > 0) {
		phase = find_name(phase_name, PHASES, line.phase);
		class = find_name(top_class, INC_CLASSES, line.class);
		if (class < 0 || phase < 0)
			continue;
		if (class == INC_PAIR ? check_pair(t, line.row.source) :
		    check_source(t, line.family, class == INC_PROGRAM, line.row.source))
			return -1;
		if (parse_stages(t, line.stages, line.row.stage, &line.row.has_stages))
			return -1;
		line.row.phase = phase;
		line.row.class = class;
		line.row.family = line.family;
		row = grow(&s->incident_top, &s->nr_incident_tops,
			   sizeof(*row));
		*row = line.row;
	}
	return status;
}

const struct module_file census_file = {
	CTRI_FILE_CENSUS, census_fields, ARRAY_SIZE(census_fields), READ_MAX_CENSUS,
	parse_census, false
};

const struct module_file history_file = {
	CTRI_FILE_HISTORY, history_fields, ARRAY_SIZE(history_fields), READ_MAX_HISTORY,
	parse_history, false
};

const struct module_file minutes_file = {
	CTRI_FILE_MINUTES, minute_fields, ARRAY_SIZE(minute_fields), READ_MAX_HISTORY,
	parse_minutes, false
};

const struct module_file incidents_file = {
	CTRI_FILE_INCIDENTS, incident_fields, ARRAY_SIZE(incident_fields),
	READ_MAX_INCIDENTS, parse_incidents, false
};

const struct module_file incident_top_file = {
	CTRI_FILE_INC_TOP, incident_top_fields, ARRAY_SIZE(incident_top_fields),
	READ_MAX_INCIDENT_TOPS, parse_incident_top, false
};
