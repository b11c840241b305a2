// SPDX-License-Identifier: GPL-2.0
/* Files in, snapshot out: the parts of a snapshot, in order. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/modules.h"
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
	s->mem_total = s->mem_available = UNKNOWN;
	s->slab_objs = s->slab_objsize = UNKNOWN;
	s->boot_age = s->hashsize_option = s->own_netns = UNKNOWN;
	s->synproxy_syns = s->euid = UNKNOWN;
	s->systemd = s->rules_unit = true;
	s->count = s->max = s->buckets = UNKNOWN;
	c->found = c->invalid = c->insert = c->insert_failed = UNKNOWN;
	c->drop = c->early_drop = c->error = c->search_restart = UNKNOWN;
	c->clash_resolve = c->chaintoolong = UNKNOWN;
	c->expect_new = c->expect_create = c->expect_delete = UNKNOWN;
	m->uptime = m->window = m->prefix4 = m->prefix6 = UNKNOWN;
	m->memory = m->pressure = m->armings = UNKNOWN;
	m->lost_probe = m->lost_cause = m->lost_netns = UNKNOWN;
	m->lost_sample = m->lost_ticks = UNKNOWN;
}

int reader_begin(struct reader *r, const char *root, unsigned int parts,
		 struct snapshot *s, char *err, size_t errlen)
{
	int error;

	memset(r, 0, sizeof(*r));
	forget(s);
	err[0] = '\0';
	r->s = s;
	r->parts = parts;
	r->fault = (struct fault) {
		.text = err, .size = errlen,
		.again = *root ? "the file is damaged, capture its host again" :
			 "read it again, and report a bug if it stays so",
	};
	r->files.fd = -1;
	if (strlen(root) >= sizeof(s->root))
		return fault_at(&r->fault, root, 0, "longer than %zu bytes; "
				"change into it and use --root .",
				sizeof(s->root) - 1);
	memcpy(s->root, root, strlen(root) + 1);
	error = files_open(&r->files, root);
	if (error)
		return fault_at(&r->fault, root, 0, "%s; "
				"--root takes a directory that \"conntriage capture\" made",
				strerror(-error));
	return 0;
}

int reader_run(struct reader *r, bool all)
{
	static int (*const part[])(struct reader *r) = {
		read_host, read_tools, read_local, read_session, read_guarded,
		read_memory, read_sysctls, read_stat, read_synproxy, read_expect,
		read_nics, read_boot, read_writers, read_module, read_netns_paths,
		read_queues, read_programs,
	};
	size_t i;
	int error = 0;

	for (i = 0; i < ARRAY_SIZE(part); i++)
		if (part[i](r)) {
			error = -1;
			if (!all)
				return error;
		}
	if ((r->parts & READ_RULES) && read_rules(r))
		error = -1;
	return error;
}

void reader_end(struct reader *r)
{
	files_close(&r->files);
	free(r->modules);
	free(r->cmdline);
	module_index_free(r);
}

int read_snapshot(const char *root, unsigned int parts, struct snapshot *s,
		  char *err, size_t errlen)
{
	struct reader r;
	int error;

	error = reader_begin(&r, root, parts, s, err, errlen);
	if (!error)
		error = reader_run(&r, false);
	reader_end(&r);
	return error;
}

void snapshot_free(struct snapshot *s)
{
	free(s->sysctl);
	free(s->local);
	free(s->guarded);
	free(s->placed);
	free(s->kept_file);
	free(s->netns_name);
	free(s->helper);
	free(s->nic);
	free(s->written);
	free(s->queue);
	free(s->listener);
	free(s->program);
	free(s->netns);
	free(s->source);
	free(s->census);
	free(s->history);
	free(s->minute);
	free(s->incident);
	free(s->incident_top);
	memset(s, 0, sizeof(*s));
}
