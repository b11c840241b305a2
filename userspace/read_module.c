// SPDX-License-Identifier: GPL-2.0
/* The module's debugfs files: docs/ABI/testing/debugfs-conntriage. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../kmod/abi.h"
#include "read_private.h"
#include "table_text.h"

#define DEBUGFS		"sys/kernel/debug"
#define DIR_PATH	DEBUGFS "/" CTRI_ABI_DIR

#define COUNT(row, column, member) \
	{ column, FIELD_COUNT, false, offsetof(struct row, member), 0 }
#define SIGNED(row, column, member) \
	{ column, FIELD_SIGNED, false, offsetof(struct row, member), 0 }
#define REAL(row, column, member) \
	{ column, FIELD_REAL, false, offsetof(struct row, member), 0 }
#define WORD(row, column, member) \
	{ column, FIELD_WORD, false, offsetof(struct row, member), \
	  sizeof(((struct row *)NULL)->member) }

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Rows that need more than their columns copied */
struct abi_line {
	int64_t schema;
};

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

struct census_line {
	struct census_row row;
	char record[32];
};

static const struct field abi_fields[] = {
	COUNT(abi_line, "schema", schema),
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

static const struct field census_fields[] = {
	WORD(census_line, "record", record),
	COUNT(census_line, "netns", row.netns),
	WORD(census_line, "proto", row.proto),
	WORD(census_line, "name", row.name),
	COUNT(census_line, "entries", row.entries),
	COUNT(census_line, "unreplied", row.unreplied),
	COUNT(census_line, "assured", row.assured),
	COUNT(census_line, "err", row.err),
	COUNT(census_line, "idle_60", row.idle[0]),
	COUNT(census_line, "idle_120", row.idle[1]),
	COUNT(census_line, "idle_300", row.idle[2]),
	COUNT(census_line, "idle_600", row.idle[3]),
	COUNT(census_line, "idle_1800", row.idle[4]),
	COUNT(census_line, "idle_3600", row.idle[5]),
	COUNT(census_line, "idle_7200", row.idle[6]),
	COUNT(census_line, "idle_86400", row.idle[7]),
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

static const char *const class_name[SRC_CLASSES] = {
	[SRC_INSERT] = CTRI_CLASS_INSERT,
	[SRC_INVALID] = CTRI_CLASS_INVALID,
	[SRC_REFUSED] = CTRI_CLASS_REFUSED,
	[SRC_EVICTED] = CTRI_CLASS_EVICTED,
	[SRC_EVICTING] = CTRI_CLASS_EVICTING,
	[SRC_INSERT_FAILED] = CTRI_CLASS_INSERT_FAILED,
};

static const char *const record_name[] = {
	[CENSUS_WALK] = CTRI_CENSUS_WALK,
	[CENSUS_NETNS] = CTRI_CENSUS_NETNS,
	[CENSUS_STATE] = CTRI_CENSUS_STATE,
	[CENSUS_SOURCE] = CTRI_CENSUS_SOURCE,
	[CENSUS_DEST] = CTRI_CENSUS_DEST,
	[CENSUS_SERVICE] = CTRI_CENSUS_SERVICE,
	[CENSUS_CHAIN] = CTRI_CENSUS_CHAIN,
};

static int find_name(const char *const *names, size_t nr, const char *name)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

int parse_abi(const char *file, char *text, size_t len, int64_t *schema,
	      struct fault *fault)
{
	struct abi_line line;
	struct table t;
	int status;

	if (table_begin(&t, file, text, len, abi_fields, NR(abi_fields), 1,
			fault))
		return -1;
	status = table_row(&t, &line);
	if (!status)
		return fault_at(fault, file, 2, "no number below the header");
	if (status > 0 && line.schema == UNKNOWN)
		return table_fault(&t, "the number is missing");
	*schema = line.schema;
	return status < 0 ? -1 : table_row(&t, &line);
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
	STATUS_NUMBER(CTRI_ST_MEMORY, memory, false),
	STATUS_NUMBER(CTRI_ST_PRESSURE, pressure, false),
	STATUS_NUMBER(CTRI_ST_ARMINGS, armings, false),
	STATUS_WORD(CTRI_ST_PROBE_ALLOC, probe_alloc, true),
	STATUS_WORD(CTRI_ST_PROBE_DROP, probe_drop, true),
	STATUS_WORD(CTRI_ST_PROBE_DELETE, probe_delete, true),
	STATUS_WORD(CTRI_ST_PROBE_GC, probe_gc, true),
	STATUS_NUMBER(CTRI_ST_LOST_PROBE, lost_probe, false),
	STATUS_NUMBER(CTRI_ST_LOST_CAUSE, lost_cause, false),
	STATUS_NUMBER(CTRI_ST_LOST_NETNS, lost_netns, false),
	STATUS_NUMBER(CTRI_ST_LOST_SAMPLE, lost_sample, false),
};

static int set_status(struct table *t, struct module_status *mod,
		      const struct status_name *name, const char *value)
{
	char *place = (char *)mod + name->offset;

	if (!name->size) {
		if (!*value)		/* "-" */
			return 0;
		if (!text_count(value, (int64_t *)(void *)place))
			return table_fault(t, "\"%s\" is no number: \"%.40s\"",
					   name->name, value);
		return 0;
	}
	if (strlen(value) >= name->size)
		return table_fault(t, "the value of \"%s\" is too long",
				   name->name);
	memcpy(place, value, strlen(value) + 1);
	return 0;
}

static int parse_status(struct snapshot *s, struct table *t)
{
	bool seen[NR(status_names)] = { false };
	struct status_line line;
	size_t i;
	int status;

	while ((status = table_row(t, &line)) > 0) {
		for (i = 0; i < NR(status_names); i++)
			if (!strcmp(status_names[i].name, line.name))
				break;
		if (i == NR(status_names))
			continue;
		if (set_status(t, &s->mod, &status_names[i], line.value))
			return -1;
		seen[i] = true;
	}
	if (status)
		return -1;
	for (i = 0; i < NR(status_names); i++)
		if (status_names[i].required && !seen[i])
			return table_fault(t, "ends without \"%s\"",
					   status_names[i].name);
	return 0;
}

static int parse_netns(struct snapshot *s, struct table *t)
{
	struct netns_row row;
	int status;

	while ((status = table_row(t, &row)) > 0)
		*(struct netns_row *)text_grow(&s->netns, &s->nr_netns,
					       sizeof(row)) = row;
	return status;
}

static int parse_classes(struct snapshot *s, struct table *t)
{
	struct class_line line;
	int class, status;

	while ((status = table_row(t, &line)) > 0) {
		class = find_name(class_name, SRC_CLASSES, line.class);
		if (class < 0)
			continue;
		if (s->has_class[class])
			return table_fault(t, "class \"%s\" comes twice",
					   line.class);
		s->class[class] = line.row;
		s->has_class[class] = true;
	}
	return status;
}

/* "tcp=12,udp=3" */
static int parse_kinds(struct table *t, struct source_row *row, char *kinds)
{
	size_t room = sizeof(row->kind) / sizeof(row->kind[0]);
	char *next = kinds, *one;

	while (next && *next && (one = strsep(&next, ","))) {
		char *value = strchr(one, '=');
		struct kind_count *kind = &row->kind[row->nr_kinds];

		if (!value)
			return table_fault(t, "column \"kinds\": \"%.40s\" "
					   "isn't name=count", one);
		*value++ = '\0';
		if (row->nr_kinds == (int)room || strlen(one) >= sizeof(kind->name))
			continue;	/* a kind that this reader can't know */
		if (!text_count(value, &kind->count))
			return table_fault(t, "column \"kinds\": \"%.40s\" is "
					   "not a number that fits", value);
		memcpy(kind->name, one, strlen(one) + 1);
		row->nr_kinds++;
	}
	return 0;
}

static int parse_sources(struct snapshot *s, struct table *t)
{
	struct source_line line;
	struct source_row *row;
	int class, status;

	while ((status = table_row(t, &line)) > 0) {
		class = find_name(class_name, SRC_CLASSES, line.class);
		if (class < 0)
			continue;
		if (line.family != 4 && line.family != 6)
			return table_fault(t, "column \"family\" is neither 4 "
					   "nor 6");
		if (!text_address(line.row.source, line.family))
			return table_fault(t, "column \"source\": \"%s\" is no "
					   "IPv%d address",
					   line.row.source, (int)line.family);
		line.row.class = class;
		line.row.family = line.family;
		line.row.nr_kinds = 0;
		if (parse_kinds(t, &line.row, line.kinds))
			return -1;
		row = text_grow(&s->source, &s->nr_source, sizeof(*row));
		*row = line.row;
	}
	return status;
}

static int parse_census(struct snapshot *s, struct table *t)
{
	struct census_line line;
	struct census_row *row;
	int record, status;

	while ((status = table_row(t, &line)) > 0) {
		record = find_name(record_name, NR(record_name), line.record);
		if (record < 0)
			continue;
		if ((record == CENSUS_SOURCE || record == CENSUS_DEST) &&
		    !text_address(line.row.name, 0))
			return table_fault(t, "column \"name\": \"%s\" is no "
					   "address", line.row.name);
		line.row.record = record;
		row = text_grow(&s->census, &s->nr_census, sizeof(*row));
		*row = line.row;
	}
	return status;
}

static int parse_history(struct snapshot *s, struct table *t)
{
	struct history_row row;
	int status;

	while ((status = table_row(t, &row)) > 0)
		*(struct history_row *)text_grow(&s->history, &s->nr_history,
						 sizeof(row)) = row;
	return status;
}

static const struct module_file {
	const char *name;
	const struct field *fields;
	size_t nr_fields, max_rows;
	int (*parse)(struct snapshot *s, struct table *t);
	bool required;
} module_files[] = {
	{ CTRI_FILE_STATUS, status_fields, NR(status_fields), READ_MAX_STATUS,
	  parse_status, true },
	{ CTRI_FILE_NETNS, netns_fields, NR(netns_fields), READ_MAX_NETNS,
	  parse_netns, true },
	{ CTRI_FILE_SOURCES, source_fields, NR(source_fields), READ_MAX_SOURCES,
	  parse_sources, true },
	{ CTRI_FILE_CLASSES, class_fields, NR(class_fields), READ_MAX_STATUS,
	  parse_classes, false },
	{ CTRI_FILE_CENSUS, census_fields, NR(census_fields), READ_MAX_CENSUS,
	  parse_census, false },
	{ CTRI_FILE_HISTORY, history_fields, NR(history_fields),
	  READ_MAX_HISTORY, parse_history, false },
};

int parse_module_file(struct snapshot *s, const char *name, const char *file,
		      char *text, size_t len, struct fault *fault)
{
	const struct module_file *m = module_files;
	struct table t;

	while (strcmp(m->name, name))
		m++;
	if (table_begin(&t, file, text, len, m->fields, m->nr_fields,
			m->max_rows, fault))
		return -1;
	return m->parse(s, &t);
}

static int read_module_file(struct reader *r, const struct module_file *m)
{
	char path[128], *text;
	size_t len;
	int error;

	snprintf(path, sizeof(path), DIR_PATH "/%s", m->name);
	error = files_read(&r->files, path, READ_MAX_MODULE_FILE, &text, &len);
	if (error == -ENOENT && !m->required)
		return 0;	/* a module older than this reader */
	if (error == -EFBIG)
		return fault_at(&r->fault, reader_name(r, path), 0,
				"longer than %d bytes", READ_MAX_MODULE_FILE);
	if (error)
		return fault_at(&r->fault, reader_name(r, path), 0,
				"%s", strerror(-error));
	error = parse_module_file(r->s, m->name, reader_name(r, path), text,
				  len, &r->fault);
	free(text);
	return error;
}

static int why_not(struct reader *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int why_not(struct reader *r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(r->s->mod.why_not, sizeof(r->s->mod.why_not), fmt, args);
	va_end(args);
	return 0;
}

static int module_is_absent(struct reader *r, int error)
{
	char value[16];

	if (error == -EACCES || (error == -EPERM && geteuid()))
		return why_not(r, "only root may read /" DIR_PATH
			       "; run conntriage as root");
	if (error == -EPERM)
		return why_not(r, "/" DIR_PATH " may not be read: the kernel "
			       "is locked down; see the lockdown= option");
	if (reader_boot_option(r, "debugfs", value, sizeof(value)) &&
	    !strcmp(value, "off"))
		return why_not(r, "debugfs=off on the kernel command line; "
			       "boot without it");
	if (reader_has_module(r, "conntriage"))
		return why_not(r, "the module is loaded but /" DIR_PATH
			       " isn't there; mount -t debugfs debugfs /"
			       DEBUGFS);
	return why_not(r, "the module isn't loaded; modprobe conntriage");
}

int read_module(struct reader *r)
{
	const char *path = DIR_PATH "/" CTRI_FILE_ABI;
	int64_t schema;
	size_t i, len;
	char *text;
	int error;

	error = files_read(&r->files, path, READ_MAX_BOOT_FILE, &text, &len);
	if (error == -ENOENT || error == -ENOTDIR || error == -EACCES ||
	    error == -EPERM)
		return module_is_absent(r, error);
	if (error)
		return fault_at(&r->fault, reader_name(r, path), 0,
				"%s", strerror(-error));
	error = parse_abi(reader_name(r, path), text, len, &schema, &r->fault);
	free(text);
	if (error)
		return -1;
	if (schema != CTRI_ABI_SCHEMA)
		return why_not(r, "/%s:2: schema %" PRId64 " isn't known, this "
			       "reader knows %d; install module and reader "
			       "from one version", path, schema,
			       CTRI_ABI_SCHEMA);

	for (i = 0; i < NR(module_files); i++) {
		const char *name = module_files[i].name;

		/* Opening it walks the whole conntrack table. */
		if (!strcmp(name, CTRI_FILE_CENSUS) && !(r->parts & READ_CENSUS))
			continue;
		if (read_module_file(r, &module_files[i]))
			return -1;
	}
	r->s->mod.loaded = true;
	return 0;
}
