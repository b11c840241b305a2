// SPDX-License-Identifier: GPL-2.0
/*
 * Who lives in the namespaces that rows name, or that own addresses which they name:
 * the containers of their processes, or the oldest process.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/cgroups.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/names.h"
#include "read/namespaces.h"
#include "read/parts.h"

static int by_number(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

static void read_command(struct reader *r, int64_t pid, struct tenant *t)
{
	char path[64], *text, *next, *line;

	snprintf(path, sizeof(path), "proc/%" PRId64 "/comm", pid);
	if (files_read_part(&r->files, path, READ_MAX_COMMAND, &text, NULL))
		return;
	next = text;
	line = text_line(&next);
	if (line)
		text_printable(t->command, sizeof(t->command), line);
	free(text);
}

/* A process' cgroup, for free(); "" where it can't be read */
static char *read_cgroup(struct reader *r, int64_t pid)
{
	char file[64], *text, *path;

	snprintf(file, sizeof(file), "proc/%" PRId64 "/cgroup", pid);
	if (files_read_part(&r->files, file, READ_MAX_CGROUP, &text, NULL))
		return strdup("");
	path = cgroup_path(text);
	path = strdup(path ? path : "");
	free(text);
	return path;
}

/*
 * One more container of the namespace. That which only holds a pod's namespaces has no
 * name, and gives way to one that has; a second one of a name is counted.
 */
static void add_container(const struct snapshot *s, struct tenant *t, const struct container *c)
{
	const struct container *had = NULL;
	size_t i;

	for (i = 0; i < s->nr_containers; i++)
		if (!strcmp(s->container[i].id, t->container))
			had = &s->container[i];
	if (!had || (!*had->name && *c->name))
		memcpy(t->container, c->id, sizeof(t->container));
	else if (had != c && *c->name)
		t->more++;
}

/* Processes of one container mostly follow each other: its cgroup is looked up once. */
static void read_cgroups(struct names *n, const struct process *first, size_t nr,
			 struct tenant *t)
{
	const struct container *c;
	char *path, *last = NULL;
	char seen[16][CONTAINER_ID];
	size_t i, j, nr_seen = 0;

	for (i = 0; i < nr && i < READ_MAX_TENANT_PIDS; i++) {
		path = read_cgroup(n->r, first[i].pid);
		if (!path)
			no_memory();
		if (!i) {
			char words[CGROUP_PATH];

			program_name(path, words, sizeof(words));
			text_printable(t->unit, sizeof(t->unit), words);
		}
		c = last && !strcmp(path, last) ? NULL : container_of_cgroup(n, path);
		free(last);
		last = path;
		for (j = 0; c && j < nr_seen; j++)
			if (!strcmp(seen[j], c->id))
				c = NULL;
		if (!c || nr_seen == ARRAY_SIZE(seen))
			continue;
		memcpy(seen[nr_seen++], c->id, CONTAINER_ID);
		add_container(n->r->s, t, c);
	}
	free(last);
}

static void add_tenant(struct names *n, int64_t netns)
{
	const struct process *first;
	struct tenant t = { .netns = netns };
	struct snapshot *s = n->r->s;
	size_t nr;

	first = namespace_processes(n->r, netns, &nr);
	if (!first)
		return;
	t.pid = first->pid;
	read_command(n->r, first->pid, &t);
	read_cgroups(n, first, nr, &t);
	*(struct tenant *)grow(&s->tenant, &s->nr_tenants, sizeof(t)) = t;
}

/* A program's path is cleaned; that of its first process is what it is. */
static void name_program(struct names *n, struct program *p)
{
	const struct container *c;
	char *path;

	if (!*p->container)
		return;
	path = p->pid == UNKNOWN ? strdup(p->path) : read_cgroup(n->r, p->pid);
	if (!path)
		no_memory();
	c = container_of_cgroup(n, path);
	if (c)
		memcpy(p->container, c->id, sizeof(p->container));
	free(path);
}

void read_tenants(struct names *n)
{
	size_t i;

	namespaces_read(n->r);
	if (n->nr_netns)
		qsort(n->netns, n->nr_netns, sizeof(*n->netns), by_number);
	for (i = 0; i < n->nr_netns && n->r->s->nr_tenants < READ_MAX_TENANTS; i++)
		if (!i || n->netns[i] != n->netns[i - 1])
			add_tenant(n, n->netns[i]);
	for (i = 0; i < n->r->s->nr_programs; i++)
		name_program(n, &n->r->s->program[i]);
}
