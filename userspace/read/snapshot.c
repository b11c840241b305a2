// SPDX-License-Identifier: GPL-2.0
/* Files in, snapshot out: the parts of a snapshot, in order. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/foreign.h"
#include "read/modules.h"
#include "read/namespaces.h"
#include "read/parts.h"
#include "read/read.h"
#include "read/reader.h"
#include "snapshot.h"

/* Numbers that nobody has told yet */
static void forget(struct snapshot *s)
{
	struct module_status *m = &s->mod;
	struct ct_stat *c = &s->stat;

	memset(s, 0, sizeof(*s));
	s->captured.date = s->captured.age = UNKNOWN;
	s->mem_total = s->mem_available = UNKNOWN;
	s->slab_objs = s->slab_objsize = UNKNOWN;
	s->boot_age = s->hashsize_option = s->own_netns = UNKNOWN;
	s->synproxy_syns = s->euid = s->log.span = UNKNOWN;
	s->systemd = s->rules_unit = true;
	s->count = s->max = s->buckets = UNKNOWN;
	c->found = c->invalid = c->insert = c->insert_failed = UNKNOWN;
	c->drop = c->early_drop = c->error = c->search_restart = UNKNOWN;
	c->clash_resolve = c->chaintoolong = UNKNOWN;
	c->expect_new = c->expect_create = c->expect_delete = UNKNOWN;
	m->uptime = m->window = m->prefix4 = m->prefix6 = UNKNOWN;
	m->memory = m->pressure = m->armings = UNKNOWN;
	m->lost_probe = m->lost_cause = m->lost_netns = UNKNOWN;
	m->lost_sample = m->lost_ticks = m->lost_blind = UNKNOWN;
	m->lost_victim = m->lost_table = m->unwatched = m->cpus_without = UNKNOWN;
	s->dump.expired = UNKNOWN;
}

/* The live host by another name, such as "/" */
static bool is_live(const char *root)
{
	struct stat here, there;

	return !stat("/", &here) && !stat(root, &there) &&
	       here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

int reader_begin(struct reader *r, const char *root, unsigned int parts,
		 const struct store *from, struct snapshot *s, char *err, size_t errlen)
{
	struct fault fault = { .text = err, .size = errlen };
	int error = 0;

	memset(r, 0, sizeof(*r));
	forget(s);
	err[0] = '\0';
	r->s = s;
	r->parts = parts;
	r->part = "";
	r->files.fd = -1;
	if (!from && *root && is_live(root))
		root = "";
	r->fault = (struct fault) {
		.text = r->message, .size = sizeof(r->message),
		.again = *root ? "the file is damaged, capture its host again" :
			 "read it again, and report a bug if it stays so",
	};
	if (strlen(root) >= sizeof(s->root))
		return fault_at(&fault, root, 0, "longer than %zu bytes; "
				"change into it and use --root .",
				sizeof(s->root) - 1);
	memcpy(s->root, root, strlen(root) + 1);
	if (from)
		files_open_store(&r->files, root, from);
	else
		error = files_open(&r->files, root);
	if (*root && !from && (!error || error == -ENOTDIR)) {
		int foreign = foreign_begin(r, root, error, &fault);

		if (foreign <= 0)
			return foreign;
	}
	if (error)
		return fault_at(&fault, root, 0, "%s; " FOREIGN_TAKES, strerror(-error));
	if (reader_is_host(r))
		return 0;
	if (*root)
		return fault_at(&fault, root, 0, "not a captured tree; "
				"make one with conntriage capture DIR");
	return fault_at(&fault, "/proc", 0, "not mounted; mount -t proc proc /proc");
}

/* Parts that change by the second, and what those need who begin anew each time */
static bool is_fast(int (*part)(struct reader *r), unsigned int parts)
{
	if (part == read_netns_names)
		return parts & READ_METRICS;
	if (part == read_dump)
		return parts & READ_CENSUS;
	return part == read_meta || part == read_host || part == read_sysctls ||
	       part == read_stat || part == read_module || part == read_kernel_log;
}

void reader_run(struct reader *r)
{
	static const struct {
		const char *name;	/* as struct dropped_file has it */
		int (*read)(struct reader *r);
		unsigned int only;	/* with this READ_* flag; 0: always */
	} parts[] = {
		{ "meta", read_meta, 0 },
		{ "host", read_host, 0 },
		{ "tools", read_tools, 0 },
		{ "netns_names", read_netns_names, 0 },
		{ "local", read_local, 0 },
		{ "session", read_session, 0 },
		{ "guarded", read_guarded, 0 },
		{ "memory", read_memory, 0 },
		{ "sysctls", read_sysctls, 0 },
		{ "stat", read_stat, 0 },
		{ "synproxy", read_synproxy, 0 },
		{ "expect", read_expect, 0 },
		{ "nics", read_nics, 0 },
		{ "boot", read_boot, 0 },
		{ "writers", read_writers, 0 },
		{ "module", read_module, 0 },
		{ "dump_netns", read_dump_netns, 0 },
		{ "kernel_log", read_kernel_log, 0 },
		{ "netns_paths", read_netns_paths, 0 },
		{ "ctnetlink", read_dump, 0 },
		{ "listing", read_listing, 0 },
		{ "queues", read_queues, 0 },
		{ "programs", read_programs, 0 },
		{ "names", read_who, 0 },
		{ "resolve", read_resolve, READ_RESOLVE },
		{ "rules", read_rules, READ_RULES },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		if (parts[i].only && !(r->parts & parts[i].only))
			continue;
		if (r->parts & READ_FAST && !is_fast(parts[i].read, r->parts))
			continue;
		r->part = parts[i].name;
		if (parts[i].read(r))
			reader_drop(r, NULL);
	}
}

void reader_end(struct reader *r)
{
	files_close(&r->files);
	foreign_end(r);
	free(r->modules);
	free(r->cmdline);
	module_index_free(r);
	namespaces_free(r);
}

static int read_it(const char *root, unsigned int parts, const struct store *from,
		   struct store *keep, struct snapshot *s, char *err, size_t errlen)
{
	struct reader r;
	int error;

	error = reader_begin(&r, root, parts, from, s, err, errlen);
	if (!error) {
		r.files.keep = keep;
		reader_run(&r);
		if (keep)
			keep_meta(&r);
	}
	reader_end(&r);
	return error;
}

int read_snapshot(const char *root, unsigned int parts, struct snapshot *s,
		  char *err, size_t errlen)
{
	return read_it(root, parts, NULL, NULL, s, err, errlen);
}

int read_from(const struct store *from, const char *name, unsigned int parts,
	      struct snapshot *s, char *err, size_t errlen)
{
	return read_it(name, parts, from, NULL, s, err, errlen);
}

int read_keeping(const char *root, unsigned int parts, struct store *keep,
		 struct snapshot *s, char *err, size_t errlen)
{
	return read_it(root, parts, NULL, keep, s, err, errlen);
}
