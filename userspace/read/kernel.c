// SPDX-License-Identifier: GPL-2.0
/* What the kernel alone tells, without the module: /proc and /sys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/columns.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/read.h"
#include "read/reader.h"
#include "snapshot.h"

#define SYSCTL_DIR	"proc/sys/net/netfilter"
#define SYSCTL_PREFIX	"nf_conntrack_"
#define FRAGMENTS	SYSCTL_PREFIX "frag6_"

static int read_uptime(struct reader *r)
{
	char text[64] = "", *point;

	if (reader_word(r, "proc/uptime", text, sizeof(text)))
		return -1;
	if (!*text)
		return 0;
	point = strchr(text, '.');
	if (point)
		*point = '\0';
	if (point && text_count(text, &r->s->boot_age))
		return 0;
	return fault_at(&r->fault, reader_name(r, "proc/uptime"), 1,
			"doesn't begin with seconds");
}

int read_host(struct reader *r)
{
	struct snapshot *s = r->s;

	if (!files_netns(&r->files, "proc/self/ns/net", &s->own_netns))
		s->own_netns = UNKNOWN;
	reader_word(r, "proc/sys/kernel/osrelease", s->kernel, sizeof(s->kernel));
	reader_word(r, "proc/sys/kernel/hostname", s->hostname, sizeof(s->hostname));
	reader_slurp(r, "proc/modules", READ_MAX_KERNEL_FILE, &r->modules, NULL);
	reader_slurp(r, "proc/cmdline", READ_MAX_KERNEL_FILE, &r->cmdline, NULL);
	return read_uptime(r);
}

/* "MemTotal:       24684084 kB" */
int parse_meminfo(struct snapshot *s, const char *file, char *text,
		  struct fault *fault)
{
	static const struct {
		const char *name;
		size_t offset;
	} wanted[] = {
		{ "MemTotal:", offsetof(struct snapshot, mem_total) },
		{ "MemAvailable:", offsetof(struct snapshot, mem_available) },
	};
	unsigned int nr = 0;
	char *line;
	size_t i;

	while ((line = text_line(&text))) {
		char *name = strsep(&line, " \t"), *number, *unit;
		int64_t kib;

		nr++;
		for (i = 0; i < 2; i++)
			if (!strcmp(name, wanted[i].name))
				break;
		if (i == 2)
			continue;
		unit = line ? text_trim(line) : NULL;
		number = strsep(&unit, " ");
		if (!number || !unit || strcmp(unit, "kB") ||
		    !text_count(number, &kib) || kib > INT64_MAX / 1024)
			return fault_at(fault, file, nr, "not a number of kB that fits");
		kib *= 1024;
		memcpy((char *)s + wanted[i].offset, &kib, sizeof(kib));
	}
	return 0;
}

/* "nf_conntrack  1632  1632  256  16  1 : tunables ..." */
int parse_slabinfo(struct snapshot *s, const char *file, char *text,
		   struct fault *fault)
{
	unsigned int nr = 0;
	char *line;

	while ((line = text_line(&text))) {
		char *words[4];
		size_t i;

		nr++;
		for (i = 0; i < 4 && line; i++) {
			line += strspn(line, " \t");
			words[i] = strsep(&line, " \t");
		}
		if (!i || strcmp(words[0], "nf_conntrack"))
			continue;
		/* num_objs, not active_objs: the memory that is taken. */
		if (i < 4 || !text_count(words[2], &s->slab_objs) ||
		    !text_count(words[3], &s->slab_objsize))
			return fault_at(fault, file, nr,
					"not two numbers of objects and their size");
		break;
	}
	return 0;
}

/* A file of lines, where there is one */
static void read_lines(struct reader *r, const char *path,
		      int (*parse)(struct snapshot *s, const char *file, char *text,
				   struct fault *fault))
{
	const struct snapshot before = *r->s;
	char *text;

	if (reader_slurp(r, path, READ_MAX_KERNEL_FILE, &text, NULL) || !text)
		return;
	if (parse(r->s, reader_name(r, path), text, &r->fault))
		reader_drop(r, &before);
	free(text);
}

int read_memory(struct reader *r)
{
	read_lines(r, "proc/meminfo", parse_meminfo);
	read_lines(r, "proc/slabinfo", parse_slabinfo);
	return 0;
}

static void read_sysctl(struct reader *r, const char *file)
{
	const char *name = file + strlen(SYSCTL_PREFIX);
	struct snapshot *s = r->s;
	struct ct_sysctl *row;
	char path[256], *text, *line;
	int64_t value = UNKNOWN;
	bool number;

	snprintf(path, sizeof(path), SYSCTL_DIR "/%s", file);
	if (strlen(name) >= sizeof(row->name) || !text_plain(name))
		return;
	if (reader_line(r, path, &text, &line) || !text)
		return;
	number = line && text_signed(line, &value);
	free(text);

	/* A setting that this reader doesn't know may hold anything. */
	if (!number && (!strcmp(name, "count") || !strcmp(name, "max") ||
			!strcmp(name, "buckets") || strstr(name, "timeout"))) {
		fault_at(&r->fault, reader_name(r, path), 1, "not a number that fits");
		reader_drop(r, NULL);
		return;
	}
	if (!strcmp(name, "count"))
		s->count = value;
	else if (!strcmp(name, "max"))
		s->max = value;
	else if (!strcmp(name, "buckets"))
		s->buckets = value;

	row = grow(&s->sysctl, &s->nr_sysctl, sizeof(*row));
	memcpy(row->name, name, strlen(name) + 1);
	row->value = value;
	row->persisted = UNKNOWN;
}

/* Thirty files more tell how long entries live: nothing that changes by the second. */
static int read_count(struct reader *r)
{
	static const char *const names[] = { "count", "max", "buckets" };
	char file[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(file, sizeof(file), SYSCTL_PREFIX "%s", names[i]);
		read_sysctl(r, file);
	}
	r->s->ct_loaded = r->s->nr_sysctl > 0;
	return 0;
}

int read_sysctls(struct reader *r)
{
	char **names;
	size_t i, nr;

	if (r->parts & READ_FAST)
		return read_count(r);
	if (reader_list(r, SYSCTL_DIR, SYSCTL_PREFIX, "", READ_MAX_SYSCTLS,
			&names, &nr))
		return -1;
	for (i = 0; i < nr; i++) {
		read_sysctl(r, names[i]);
		/* a damaged one is there as well; fragments are nf_defrag_ipv6's, which others use */
		if (strncmp(names[i], FRAGMENTS, strlen(FRAGMENTS)))
			r->s->ct_loaded = true;
	}
	files_list_free(names, nr);
	/* The same number by another way, should the sysctl be hidden */
	if (r->s->buckets == UNKNOWN)
		return reader_number(r, "sys/module/nf_conntrack/parameters/hashsize",
				     &r->s->buckets);
	return 0;
}

#define HEX(column, member, optional) \
	{ column, FIELD_HEX, optional, offsetof(struct ct_stat, member), 0 }

/*
 * Kernels reuse columns and keep the names of dead ones. Since they are called
 * so, "chainlength" counts chaintoolong and "clashres" clash_resolve. "entries"
 * is global and the same in each row.
 */
static const struct field stat_fields[] = {
	HEX("found", found, true),
	HEX("invalid", invalid, true),
	HEX("insert", insert, true),
	HEX("insert_failed", insert_failed, false),
	HEX("drop", drop, false),
	HEX("early_drop", early_drop, false),
	HEX("icmp_error", error, true),
	HEX("search_restart", search_restart, true),
	HEX("clashres", clash_resolve, true),
	HEX("chainlength", chaintoolong, true),
	HEX("expect_new", expect_new, true),
	HEX("expect_create", expect_create, true),
	HEX("expect_delete", expect_delete, true),
};
#define NR_STAT (ARRAY_SIZE(stat_fields))

int parse_stat(struct snapshot *s, const char *file, char *text, size_t len,
	       struct fault *fault)
{
	struct ct_stat row, sum;
	struct columns t;
	size_t i;
	int status;

	if (columns_begin(&t, file, text, len, stat_fields, NR_STAT,
			  READ_MAX_CPUS, fault))
		return -1;
	memset(&sum, 0, sizeof(sum));
	while ((status = columns_row(&t, &row)) > 0) {
		for (i = 0; i < NR_STAT; i++) {
			int64_t *to = (int64_t *)(void *)((char *)&sum + stat_fields[i].offset);
			int64_t cpu = *(int64_t *)(void *)((char *)&row + stat_fields[i].offset);

			if (cpu == UNKNOWN || *to == UNKNOWN)
				*to = UNKNOWN;
			else if (__builtin_add_overflow(*to, cpu, to))
				return columns_fault(&t, "the sum of \"%s\" doesn't fit",
						     stat_fields[i].name);
		}
	}
	if (!status && t.rows)
		s->stat = sum;
	return status;
}

/* A file with a header line, where there is one */
static int read_table(struct reader *r, const char *path,
		      int (*parse)(struct snapshot *s, const char *file, char *text,
				   size_t len, struct fault *fault))
{
	const struct snapshot before = *r->s;
	size_t len;
	char *text;

	if (reader_slurp(r, path, READ_MAX_KERNEL_FILE, &text, &len) || !text)
		return 0;
	if (parse(r->s, reader_name(r, path), text, len, &r->fault))
		reader_drop(r, &before);
	free(text);
	return 0;
}

int read_stat(struct reader *r)
{
	return read_table(r, "proc/net/stat/nf_conntrack", parse_stat);
}

static const struct field synproxy_fields[] = {
	{ "syn_received", FIELD_HEX, false, 0, 0 },
};

int parse_synproxy(struct snapshot *s, const char *file, char *text, size_t len,
		   struct fault *fault)
{
	int64_t syns, sum = 0;
	struct columns t;
	int status;

	if (columns_begin(&t, file, text, len, synproxy_fields, 1, READ_MAX_CPUS,
			  fault))
		return -1;
	while ((status = columns_row(&t, &syns)) > 0)
		if (__builtin_add_overflow(sum, syns, &sum))
			return columns_fault(&t, "the sum of \"syn_received\" doesn't fit");
	if (!status)
		s->synproxy_syns = sum;
	return status;
}

/* Not there without the module of that target. */
int read_synproxy(struct reader *r)
{
	return read_table(r, "proc/net/stat/synproxy", parse_synproxy);
}
