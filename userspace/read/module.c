// SPDX-License-Identifier: GPL-2.0
/*
 * The module's files: docs/ABI/testing/debugfs-conntriage, and where debugfs
 * can't be had docs/ABI/testing/procfs-conntriage.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kmod/abi.h"
#include "lib/columns.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/confined.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/module_file.h"
#include "read/moments.h"
#include "read/parts.h"
#include "read/read.h"
#include "read/reader.h"
#include "snapshot.h"

#define DEBUGFS		"sys/kernel/debug"
#define DIR_PATH	DEBUGFS "/" CTRI_ABI_DIR
#define PROC_PATH	"proc/net/" CTRI_PROC_NAME

/* Seconds between the first file and the last that a walk of a big table may take */
#define APART		10

struct abi_line {
	int64_t schema;
};

static const struct field abi_fields[] = {
	COUNT(abi_line, "schema", schema),
};

int parse_abi(const char *file, char *text, size_t len, int64_t *schema,
	      struct fault *fault)
{
	struct abi_line line, more;
	struct columns t;
	int status;

	if (columns_begin(&t, file, text, len, abi_fields, ARRAY_SIZE(abi_fields), 1,
			  fault))
		return -1;
	status = columns_row(&t, &line);
	if (!status)
		return fault_at(fault, file, 2, "no number below the header");
	if (status < 0)
		return -1;
	if (line.schema == UNKNOWN)
		return columns_fault(&t, "the number is missing");
	if (columns_row(&t, &more))
		return -1;
	*schema = line.schema;
	return 0;
}

static const struct module_file *const module_files[] = {
	&status_file, &netns_file, &sources_file, &classes_file, &census_file,
	&history_file, &minutes_file, &incidents_file, &incident_top_file,
};

static int parse_table(struct snapshot *s, const struct module_file *m,
		       const char *file, unsigned int before, char *text,
		       size_t len, struct fault *fault)
{
	struct columns t;

	if (columns_begin_at(&t, file, before, text, len, m->fields, m->nr_fields,
			     m->max_rows, fault))
		return -1;
	return m->parse(s, &t);
}

int parse_module_file(struct snapshot *s, const char *name, const char *file,
		      char *text, size_t len, struct fault *fault)
{
	size_t i = 0;

	while (strcmp(module_files[i]->name, name))
		i++;
	return parse_table(s, module_files[i], file, 0, text, len, fault);
}

/* As modules up to 0.1.0 wrote it: "netns", an empty line, "sources" */
static int parse_two_tables(struct snapshot *s, const char *file, char *text, size_t len,
			    char *sources, struct fault *fault)
{
	unsigned int before = 1;
	char *c;

	for (c = text; c < sources - 1; c++)
		before += *c == '\n';
	if (parse_table(s, &netns_file, file, 0, text, sources - 1 - text, fault))
		return -1;
	return parse_table(s, &sources_file, file, before, sources,
			   text + len - sources, fault);
}

/* One table, of which each of the two has its rows and columns. */
int parse_proc(struct snapshot *s, const char *file, char *text, size_t len,
	       struct fault *fault)
{
	char *empty = memmem(text, len, "\n\n", 2), *copy;
	int error;

	if (empty)
		return parse_two_tables(s, file, text, len, empty + 2, fault);
	copy = malloc(len + 1);
	if (!copy)
		no_memory();
	memcpy(copy, text, len + 1);
	error = parse_own_netns(s, file, copy, len, fault);
	free(copy);
	return error ? -1 : parse_table(s, &sources_file, file, 0, text, len, fault);
}

/* Without it, where it is damaged: what the others tell stays. */
static void read_module_file(struct reader *r, const struct module_file *m,
			     struct moments *moments)
{
	const struct snapshot before = *r->s;
	char path[128], *text;
	size_t len;
	int error;

	snprintf(path, sizeof(path), DIR_PATH "/%s", m->name);
	error = files_read(&r->files, path, READ_MAX_MODULE_FILE, &text, &len);
	if (error == -ENOENT && !m->required)
		return;		/* a module older than this reader */
	if (error == -EFBIG)
		fault_at(&r->fault, reader_name(r, path), 0,
			 "longer than %d bytes", READ_MAX_MODULE_FILE);
	else if (error)
		fault_at(&r->fault, reader_name(r, path), 0, "%s", strerror(-error));
	else
		moments_add(moments, m->name, text);
	if (!error)
		parse_module_file(r->s, m->name, reader_name(r, path), text, len,
				  &r->fault);
	free(text);
	r->part = m->name;
	reader_drop(r, &before);
}

static void why_not(struct reader *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void why_not(struct reader *r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(r->s->mod.why_not, sizeof(r->s->mod.why_not), fmt, args);
	va_end(args);
}

/* The module isn't loaded: where signed ones are taken alone, modprobe may not help. */
static void why_not_loaded(struct reader *r)
{
	char lockdown[24], container[32];

	r->s->mod.unread = false;
	confined_lockdown(r, lockdown, sizeof(lockdown));
	confined_container(r, container, sizeof(container));
	if (*container)
		why_not(r, "the module isn't loaded, which a container can't do; modprobe "
			"conntriage on the host");
	else if (*lockdown && strcmp(lockdown, "none"))
		why_not(r, "the module isn't loaded, and under lockdown (%s) only a signed one can "
			"be; conntriage doctor says how", lockdown);
	else
		why_not(r, "the module isn't loaded; modprobe conntriage");
}

/* The module is loaded, and its directory isn't there. */
static void why_no_debugfs(struct reader *r)
{
	char value[16], container[32];

	confined_container(r, container, sizeof(container));
	if (*container)
		why_not(r, "a container has no /" DIR_PATH "; run conntriage on the host to see "
			"all");
	else if (reader_boot_option(r, "debugfs", value, sizeof(value)) &&
		 (!strcmp(value, "off") || !strcmp(value, "no-mount")))
		why_not(r, "debugfs=%s on the kernel command line; boot without it", value);
	else
		why_not(r, "the module is loaded but /" DIR_PATH
			" isn't there; mount -t debugfs debugfs /" DEBUGFS);
}

/* @debugfs, @proc: -errno of either way to the module */
static void why_absent(struct reader *r, int debugfs, int proc)
{
	r->s->mod.unread = true;
	if (debugfs == -EACCES || (debugfs == -EPERM && geteuid()))
		why_not(r, "only root may read /" DIR_PATH "; run conntriage as root");
	else if (debugfs == -EPERM)
		why_not(r, "/" DIR_PATH " may not be read: the kernel is locked down; boot with "
			"lockdown=none, or go by /" PROC_PATH " in each network namespace");
	else if (proc == -EPERM && !geteuid())
		why_not(r, "/" PROC_PATH " takes CAP_NET_ADMIN, which this root lacks; "
			"give it to the container");
	else if (proc == -EACCES || proc == -EPERM)
		why_not(r, "only root may read /" PROC_PATH "; run conntriage as root");
	else if (reader_has_module(r, "conntriage") || !proc)
		why_no_debugfs(r);
	else
		why_not_loaded(r);
}

/* Without debugfs: the rows of the namespace that the reader is in. */
static int read_proc(struct reader *r, int debugfs)
{
	struct module_status *mod = &r->s->mod;
	const struct snapshot before = *r->s;
	char reason[sizeof(mod->why_not)], *text;
	size_t len;
	int error;

	r->part = CTRI_PROC_NAME;
	error = files_read(&r->files, PROC_PATH, READ_MAX_MODULE_FILE, &text, &len);
	why_absent(r, debugfs, error);
	if (error == -ENOENT || error == -ENOTDIR || error == -EACCES ||
	    error == -EPERM)
		return 0;
	if (error)
		fault_at(&r->fault, reader_name(r, PROC_PATH), 0, "%s", strerror(-error));
	else
		error = parse_proc(r->s, reader_name(r, PROC_PATH), text, len, &r->fault);
	free(text);
	if (error) {
		reader_drop(r, &before);
		why_not(r, "/" PROC_PATH " is damaged, see NOT READ");
		return 0;
	}
	mod->loaded = true;
	mod->partial = true;
	memcpy(reason, mod->why_not, sizeof(reason));
	why_not(r, "only this network namespace is seen, by /" PROC_PATH ": %.180s",
		reason);
	return 0;
}

/* What is held together then was never so: a copy made by hand, or a reader held up. */
static void check_moments(struct reader *r, const struct moments *m)
{
	char path[128];

	if (moments_apart(m) <= APART)
		return;
	snprintf(path, sizeof(path), DIR_PATH "/%s", m->name[1]);
	fault_at(&r->fault, reader_name(r, path), 0, "shows another moment than %s, at least "
		 "%" PRId64 " seconds later; take both at once, with conntriage capture",
		 m->name[0], moments_apart(m));
	r->part = m->name[1];
	reader_drop(r, NULL);
}

/* Its files are there, and may hold anything. */
static int unknown_schema(struct reader *r, const char *path, int64_t schema)
{
	r->s->mod.unread = true;
	fault_at(&r->fault, reader_name(r, path), 2, "schema %" PRId64 " isn't known, this "
		 "reader knows %d and %d; install module and reader from one version",
		 schema, CTRI_ABI_OLD, CTRI_ABI_SCHEMA);
	reader_drop(r, NULL);
	why_not(r, "/%s:2: schema %" PRId64 " isn't known, this reader knows %d and %d; "
		"install module and reader from one version", path, schema,
		CTRI_ABI_OLD, CTRI_ABI_SCHEMA);
	return 0;
}

/* Who reads every second needs not have each time what changes by the minute. */
static bool is_wanted(const struct reader *r, const struct module_file *m)
{
	bool slow = m == &minutes_file || m == &incidents_file;

	if (!(r->parts & READ_FAST) || r->parts & READ_MINUTES)
		return true;
	return m != &incident_top_file && (!slow || r->parts & READ_METRICS);
}

int read_module(struct reader *r)
{
	const char *path = DIR_PATH "/" CTRI_FILE_ABI;
	int64_t schema = CTRI_ABI_SCHEMA;
	struct moments moments = { 0 };
	size_t i, len;
	char *text;
	int error;

	r->part = CTRI_FILE_ABI;
	error = files_read(&r->files, path, READ_MAX_BOOT_FILE, &text, &len);
	if (error == -ENOENT || error == -ENOTDIR || error == -EACCES ||
	    error == -EPERM)
		return read_proc(r, error);
	if (error)
		fault_at(&r->fault, reader_name(r, path), 0, "%s", strerror(-error));
	else
		parse_abi(reader_name(r, path), text, len, &schema, &r->fault);
	free(text);
	/* Each of the others has a header, which tells whether it can be read. */
	reader_drop(r, NULL);
	if (schema != CTRI_ABI_SCHEMA && schema != CTRI_ABI_OLD)
		return unknown_schema(r, path, schema);

	r->s->mod.old = schema == CTRI_ABI_OLD;
	if (r->s->mod.old)
		why_not(r, "the module is older than conntriage, and its census doesn't tell "
			"stages; install both from one version");
	for (i = 0; i < ARRAY_SIZE(module_files); i++) {
		if (!is_wanted(r, module_files[i]))
			continue;
		/*
		 * Opening it walks the whole conntrack table; and that of the old
		 * schema tells nothing of what the entries wait for.
		 */
		if (module_files[i] == &census_file &&
		    (!(r->parts & READ_CENSUS) || r->s->mod.old))
			continue;
		read_module_file(r, module_files[i], &moments);
	}
	check_moments(r, &moments);
	r->s->mod.loaded = true;
	return 0;
}
