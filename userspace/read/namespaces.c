// SPDX-License-Identifier: GPL-2.0
/* Which processes are in which network namespace. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/memory.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/namespaces.h"
#include "read/reader.h"

static int by_netns(const void *left, const void *right)
{
	const struct process *a = left, *b = right;

	if (a->netns != b->netns)
		return a->netns > b->netns ? 1 : -1;
	return (a->pid > b->pid) - (a->pid < b->pid);
}

/* A capture keeps the links of those alone that lead somewhere: see netns_paths.c. */
static void add_process(struct reader *r, int64_t pid)
{
	struct process *process;
	char path[64], target[64];
	long long netns;

	snprintf(path, sizeof(path), "proc/%" PRId64 "/ns/net", pid);
	if (!files_peek_link(&r->files, path, target, sizeof(target)) ||
	    sscanf(target, "net:[%lld]", &netns) != 1)
		return;
	process = grow(&r->process, &r->nr_processes, sizeof(*process));
	*process = (struct process) { .netns = netns, .pid = pid };
}

void namespaces_read(struct reader *r)
{
	int64_t pid;
	char **names;
	size_t i, nr;

	if (r->walked)
		return;
	r->walked = true;
	if (files_list(&r->files, "proc", "", "", READ_MAX_PROCESSES, &names, &nr))
		return;
	for (i = 0; i < nr; i++)
		if (text_count(names[i], &pid))
			add_process(r, pid);
	files_list_free(names, nr);
	if (r->nr_processes)
		qsort(r->process, r->nr_processes, sizeof(*r->process), by_netns);
}

const struct process *namespace_processes(const struct reader *r, int64_t netns, size_t *nr)
{
	size_t low = 0, high = r->nr_processes;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->process[middle].netns < netns)
			low = middle + 1;
		else
			high = middle;
	}
	for (*nr = 0; low + *nr < r->nr_processes && r->process[low + *nr].netns == netns; (*nr)++)
		;
	return *nr ? &r->process[low] : NULL;
}

void namespaces_free(struct reader *r)
{
	free(r->process);
	r->process = NULL;
	r->nr_processes = 0;
}
