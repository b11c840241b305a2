// SPDX-License-Identifier: GPL-2.0
/* The module's status, namespaces, source classes and sources. */
#include <stdio.h>
#include <string.h>

#include "kmod/abi.h"
#include "lib/columns.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/limits.h"
#include "read/module_file.h"
#include "snapshot.h"

/* Rows that need more than their columns copied */
struct status_line {
	char name[64], value[64];
};

struct class_line {
	struct class_row row;
	char class[32];
};

struct source_line {
	struct source_row row;
	int64_t family;
	char class[32], kinds[512];
};

static const struct field status_fields[] = {
	WORD(status_line, "name", name),
	WORD(status_line, "value", value),
};

static const struct field netns_fields[] = {
	COUNT(netns_row, "netns", netns),
	COUNT(netns_row, "id", id),
	COUNT(netns_row, "conntrack", conntrack),
	COUNT(netns_row, "count", count),
	COUNT(netns_row, "max", max),
	COUNT(netns_row, "inserts", inserts),
	COUNT(netns_row, "evictions", evictions),
	COUNT(netns_row, "gc_evictions", gc_evictions),
	COUNT(netns_row, "evicting", evicting),
	COUNT(netns_row, "refusals", refusals),
	SIGNED(netns_row, "evictions_unattr", evictions_unattr),
	SIGNED(netns_row, "drops_unattr", drops_unattr),
	LATER_COUNT(netns_row, "insert_failed", insert_failed),
	LATER_COUNT(netns_row, "insert_failed_unattr", insert_failed_unattr),
	COUNT(netns_row, "k_insert_failed", k_insert_failed),
	COUNT(netns_row, "k_chaintoolong", k_chaintoolong),
	COUNT(netns_row, "k_clash", k_clash),
	COUNT(netns_row, "k_drop", k_drop),
	COUNT(netns_row, "k_early_drop", k_early_drop),
	COUNT(netns_row, "k_invalid", k_invalid),
	COUNT(netns_row, "k_error", k_error),
	COUNT(netns_row, "invalid", invalid),
	COUNT(netns_row, "inv_malformed", inv[0]),
	COUNT(netns_row, "inv_flags", inv[1]),
	COUNT(netns_row, "inv_midstream", inv[2]),
	COUNT(netns_row, "inv_rstfin", inv[3]),
	COUNT(netns_row, "inv_synack", inv[4]),
	COUNT(netns_row, "inv_window", inv[5]),
	COUNT(netns_row, "inv_icmp", inv[6]),
	COUNT(netns_row, "inv_other", inv[7]),
	COUNT(netns_row, "inv_unsampled", inv[8]),
	LATER_COUNT(netns_row, "inserts_direct", inserts_direct),
	LATER_COUNT(netns_row, "k_insert", k_insert),
};
_Static_assert(INV_KINDS == 9, "an inv_ column was added or removed");

static const struct field class_fields[] = {
	WORD(class_line, "class", class),
	COUNT(class_line, "distinct", row.distinct),
	COUNT(class_line, "entries", row.entries),
	COUNT(class_line, "capacity", row.capacity),
	COUNT(class_line, "replaced", row.replaced),
	COUNT(class_line, "missed", row.missed),
	COUNT(class_line, "torn", row.torn),
};

static const struct field source_fields[] = {
	WORD(source_line, "class", class),
	COUNT(source_line, "netns", row.netns),
	COUNT(source_line, "id", row.id),
	COUNT(source_line, "family", family),
	WORD(source_line, "source", row.source),
	COUNT(source_line, "count", row.count),
	COUNT(source_line, "err", row.err),
	COUNT(source_line, "recent", row.recent),
	COUNT(source_line, "recent_err", row.recent_err),
	REAL(source_line, "rate", row.rate),
	COUNT(source_line, "first_ago", row.first_ago),
	COUNT(source_line, "last_ago", row.last_ago),
	WORD(source_line, "kinds", kinds),
};

int find_name(const char *const *names, size_t nr, const char *name)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

/* status: one name and one value a row */
struct status_name {
	const char *name;
	size_t offset, size;	/* size 0: int64_t, else a word */
	bool required;
};

#define STATUS_NUMBER(name, member, required) \
	{ name, offsetof(struct module_status, member), 0, required }
#define STATUS_WORD(name, member, required) \
	{ name, offsetof(struct module_status, member), \
	  sizeof(((struct module_status *)NULL)->member), required }

static const struct status_name status_names[] = {
	STATUS_WORD(CTRI_ST_VERSION, version, true),
	STATUS_NUMBER(CTRI_ST_UPTIME, uptime, true),
	STATUS_NUMBER(CTRI_ST_WINDOW, window, true),
	STATUS_NUMBER(CTRI_ST_PREFIX4, prefix4, true),
	STATUS_NUMBER(CTRI_ST_PREFIX6, prefix6, true),
	STATUS_NUMBER(CTRI_ST_CENSUS4, census_prefix4, false),
	STATUS_NUMBER(CTRI_ST_CENSUS6, census_prefix6, false),
	STATUS_NUMBER(CTRI_ST_MEMORY, memory, false),
	STATUS_NUMBER(CTRI_ST_PRESSURE, pressure, false),
	STATUS_NUMBER(CTRI_ST_ARMINGS, armings, false),
	STATUS_WORD(CTRI_ST_PROBE_ALLOC, probe_alloc, true),
	STATUS_WORD(CTRI_ST_PROBE_DROP, probe_drop, true),
	STATUS_WORD(CTRI_ST_PROBE_DELETE, probe_delete, true),
	STATUS_WORD(CTRI_ST_PROBE_GC, probe_gc, true),
	STATUS_WORD(CTRI_ST_PROBE_CONFIRM, probe_confirm, false),
	STATUS_NUMBER(CTRI_ST_LOST_PROBE, lost_probe, false),
	STATUS_NUMBER(CTRI_ST_LOST_CAUSE, lost_cause, false),
	STATUS_NUMBER(CTRI_ST_LOST_NETNS, lost_netns, false),
	STATUS_NUMBER(CTRI_ST_LOST_SAMPLE, lost_sample, false),
	STATUS_NUMBER(CTRI_ST_LOST_TICKS, lost_ticks, false),
	STATUS_NUMBER(CTRI_ST_LOST_VICTIM, lost_victim, false),
	STATUS_NUMBER(CTRI_ST_LOST_TABLE, lost_table, false),
	STATUS_NUMBER(CTRI_ST_UNWATCHED, unwatched, false),
	STATUS_NUMBER(CTRI_ST_CPUS_WITHOUT, cpus_without, false),
	STATUS_WORD(CTRI_ST_CONFIRM, confirm, false),
	STATUS_WORD(CTRI_ST_INSERT, insert, false),
	STATUS_WORD(CTRI_ST_FTRACE, ftrace, false),
	STATUS_WORD(CTRI_ST_KPROBES, kprobes, false),
	STATUS_NUMBER(CTRI_ST_LOST_BLIND, lost_blind, false),
};

static int set_status(struct columns *t, struct module_status *mod,
		      const struct status_name *name, const char *value)
{
	char *place = (char *)mod + name->offset;

	if (!name->size) {
		if (!*value)		/* "-" */
			return 0;
		if (!text_count(value, (int64_t *)(void *)place))
			return columns_fault(t, "\"%s\" is no number: \"%.40s\"",
					     name->name, value);
		return 0;
	}
	if (strlen(value) >= name->size)
		return columns_fault(t, "the value of \"%s\" is too long",
				     name->name);
	memcpy(place, value, strlen(value) + 1);
	return 0;
}

static int parse_status(struct snapshot *s, struct columns *t)
{
	bool seen[ARRAY_SIZE(status_names)] = { false };
	struct status_line line;
	size_t i;
	int status;

	while ((status = columns_row(t, &line)) > 0) {
		for (i = 0; i < ARRAY_SIZE(status_names); i++)
			if (!strcmp(status_names[i].name, line.name))
				break;
		if (i == ARRAY_SIZE(status_names))
			continue;
		if (set_status(t, &s->mod, &status_names[i], line.value))
			return -1;
		seen[i] = true;
	}
	if (status)
		return -1;
	for (i = 0; i < ARRAY_SIZE(status_names); i++)
		if (status_names[i].required && !seen[i])
			return columns_fault(t, "ends without \"%s\"",
					     status_names[i].name);
	return 0;
}

int append_rows(struct columns *t, void *items, size_t *nr, size_t size)
{
	int status;

	while ((status = columns_row(t, grow(items, nr, size))) > 0)
		;
	--*nr;		/* there was no row for the last */
	return status;
}

static int parse_netns(struct snapshot *s, struct columns *t)
{
	return append_rows(t, &s->netns, &s->nr_netns, sizeof(*s->netns));
}

struct own_line {
	struct netns_row row;		/* first: netns_fields are of it */
	char class[32];
};

int parse_own_netns(struct snapshot *s, const char *file, char *text, size_t len,
		    struct fault *fault)
{
	struct field fields[ARRAY_SIZE(netns_fields) + 1];
	struct own_line line;
	struct columns t;
	int status;

	memcpy(fields, netns_fields, sizeof(netns_fields));
	fields[ARRAY_SIZE(netns_fields)] = (struct field)WORD(own_line, "class", class);
	if (columns_begin(&t, file, text, len, fields, ARRAY_SIZE(fields),
			  READ_MAX_SOURCES, fault))
		return -1;
	while ((status = columns_row(&t, &line)) > 0) {
		if (strcmp(line.class, CTRI_CLASS_NETNS))
			continue;
		if (s->nr_netns)
			return columns_fault(&t, "another row \"" CTRI_CLASS_NETNS "\"");
		*(struct netns_row *)grow(&s->netns, &s->nr_netns,
					  sizeof(line.row)) = line.row;
	}
	if (status)
		return -1;
	return s->nr_netns ? 0 :
	       columns_fault(&t, "ends without a row \"" CTRI_CLASS_NETNS "\"");
}

static int parse_classes(struct snapshot *s, struct columns *t)
{
	struct class_line line;
	int class, status;

	while ((status = columns_row(t, &line)) > 0) {
		class = find_name(class_name, SRC_CLASSES, line.class);
		if (class < 0)
			continue;
		if (s->has_class[class])
			return columns_fault(t, "class \"%s\" comes twice",
					     line.class);
		s->class[class] = line.row;
		s->has_class[class] = true;
	}
	return status;
}

/* The next "name=count" of a list; its name, or NULL: the end, or a fault in *@status */
static char *next_pair(struct columns *t, const char *column, char **next, int64_t *count,
		       int *status)
{
	char *one = *next && **next ? strsep(next, ",") : NULL;
	char *value = one ? strchr(one, '=') : NULL;

	*status = 0;
	if (!one)
		return NULL;
	if (!value) {
		*status = columns_fault(t, "column \"%s\": \"%.40s\" isn't name=count", column,
					one);
		return NULL;
	}
	*value++ = '\0';
	if (text_count(value, count))
		return one;
	*status = columns_fault(t, "column \"%s\": \"%.40s\" is not a number that fits", column,
				value);
	return NULL;
}

static int parse_kinds(struct columns *t, struct source_row *row, char *kinds)
{
	size_t room = sizeof(row->kind) / sizeof(row->kind[0]);
	char *next = kinds, *name;
	int64_t count;
	int status;

	while ((name = next_pair(t, "kinds", &next, &count, &status))) {
		struct kind_count *kind = &row->kind[row->nr_kinds];

		if (row->nr_kinds == (int)room || strlen(name) >= sizeof(kind->name))
			continue;	/* a kind that this reader can't know */
		kind->count = count;
		memcpy(kind->name, name, strlen(name) + 1);
		row->nr_kinds++;
	}
	return status;
}

int parse_stages(struct columns *t, char *list, int64_t *stage, bool *has)
{
	char *next = list, *name;
	int64_t count;
	int at, status;

	*has = *list;
	memset(stage, 0, STAGES * sizeof(*stage));
	while ((name = next_pair(t, "stages", &next, &count, &status))) {
		at = find_name(stage_name, STAGES, name);
		if (at >= 0)
			stage[at] = count;
	}
	return status;
}

int check_source(struct columns *t, int64_t family, bool program, const char *source)
{
	int64_t cgroup;

	switch (family) {
	case 0:
		if (program && text_count(source, &cgroup))
			return 0;
		if (program)
			return columns_fault(t, "column \"source\": \"%s\" is no cgroup's id",
					     source);
		if (text_service(source))
			return 0;
		return columns_fault(t, "column \"source\": \"%s\" is no protocol/port", source);
	case 4:
	case 6:
		if (text_address(source, family))
			return 0;
		return columns_fault(t, "column \"source\": \"%s\" is no IPv%d address", source,
				     (int)family);
	default:
		return columns_fault(t, "column \"family\" is neither 4 nor 6 nor 0");
	}
}

static int parse_sources(struct snapshot *s, struct columns *t)
{
	struct source_line line;
	struct source_row *row;
	int class, status;

	while ((status = columns_row(t, &line)) > 0) {
		class = find_name(class_name, SRC_CLASSES, line.class);
		if (class < 0)
			continue;
		if (check_source(t, line.family, class == SRC_PROGRAM, line.row.source))
			return -1;
		line.row.class = class;
		line.row.family = line.family;
		line.row.nr_kinds = 0;
		line.row.gone = UNKNOWN;
		if (parse_kinds(t, &line.row, line.kinds))
			return -1;
		row = grow(&s->source, &s->nr_source, sizeof(*row));
		*row = line.row;
	}
	return status;
}

const struct module_file status_file = {
	CTRI_FILE_STATUS, status_fields, ARRAY_SIZE(status_fields), READ_MAX_STATUS,
	parse_status, true
};

const struct module_file netns_file = {
	CTRI_FILE_NETNS, netns_fields, ARRAY_SIZE(netns_fields), READ_MAX_NETNS,
	parse_netns, true
};

const struct module_file sources_file = {
	CTRI_FILE_SOURCES, source_fields, ARRAY_SIZE(source_fields), READ_MAX_SOURCES,
	parse_sources, true
};

const struct module_file classes_file = {
	CTRI_FILE_CLASSES, class_fields, ARRAY_SIZE(class_fields), READ_MAX_STATUS,
	parse_classes, false
};
