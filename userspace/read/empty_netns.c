// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses of the namespaces in /run/netns that no process is in, as those of a
 * router that somebody has made by "ip netns": /proc shows them to their own processes
 * alone. A child of the reader becomes one, and the reader itself stays where it is.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/names.h"
#include "read/namespaces.h"

#define FOUND_LINE	96	/* bytes of "inode address" */

static bool is_empty(const struct names *n, const struct netns_name *name)
{
	size_t nr;

	return *name->name && name->netns != n->r->s->own_netns &&
	       !namespace_processes(n->r, name->netns, &nr);
}

static int by_netns(const void *left, const void *right)
{
	int64_t a = (*(const struct netns_name *const *)left)->netns;
	int64_t b = (*(const struct netns_name *const *)right)->netns;

	return (a > b) - (a < b);
}

/* Each of them once, whatever names it has, and no more than are asked of the others */
static size_t list_empty(const struct names *n, const struct netns_name **list)
{
	const struct snapshot *s = n->r->s;
	size_t i, nr = 0, kept = 0;

	for (i = 0; i < s->nr_netns_names && nr < READ_MAX_TENANTS; i++)
		if (is_empty(n, &s->netns_name[i]))
			list[nr++] = &s->netns_name[i];
	if (!nr)
		return 0;
	qsort(list, nr, sizeof(*list), by_netns);
	for (i = 1; i < nr; i++)
		if (list[i]->netns != list[kept]->netns)
			list[++kept] = list[i];
	return kept + 1;
}

/* In the child, whose snapshot is a copy: only the rows of this one are in the list. */
static void tell(struct names *n, const struct netns_name *name, FILE *to)
{
	struct snapshot *s = n->r->s;
	const size_t before = s->nr_owned;
	size_t i;

	if (!files_enter_netns(&n->r->files, name->path + 1))
		return;
	add_addresses(n, name->netns, "proc/self/net");
	for (i = before; i < s->nr_owned; i++)
		fprintf(to, "%" PRId64 " %s\n", s->owned[i].netns, s->owned[i].address);
}

static void in_child(struct names *n, const struct netns_name **list, size_t nr, int fd)
{
	FILE *to = fdopen(fd, "w");
	size_t i;

	for (i = 0; to && i < nr; i++)
		tell(n, list[i], to);
	_exit(!to || fclose(to) || n->too_many);
}

static void hear(struct names *n, int fd)
{
	FILE *from = fdopen(fd, "r");
	char line[FOUND_LINE], address[64];
	long long netns;

	if (!from) {
		close(fd);
		return;
	}
	while (fgets(line, sizeof(line), from))
		if (sscanf(line, "%lld %63s", &netns, address) == 2 && text_address(address, 0))
			add_owned(n, netns, address);
	fclose(from);
}

void read_empty(struct names *n)
{
	const struct netns_name *list[READ_MAX_TENANTS];
	size_t nr = n->nr_named ? list_empty(n, list) : 0;
	int ends[2], status;
	pid_t child;

	if (*n->r->s->root || !nr || pipe(ends))
		return;
	child = fork();
	if (!child) {
		close(ends[0]);
		in_child(n, list, nr, ends[1]);
	}
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return;
	}
	hear(n, ends[0]);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return;
	n->too_many = n->too_many || status;
}
