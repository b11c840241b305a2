// SPDX-License-Identifier: GPL-2.0
/*
 * What leads to the network namespaces that the module tells of and that have no name
 * in /run/netns, as those of containers: a file of Docker's, else a process in them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/namespaces.h"
#include "read/parts.h"
#include "read/reader.h"
#include "snapshot.h"

#define DOCKER_DIR	"run/docker/netns"

/* A namespace of the module's file */
struct wanted {
	int64_t netns;
	bool led;			/* something leads there */
};

/* By inode, so that many names and many processes are looked up quickly */
struct wanted_list {
	struct wanted *item;
	size_t nr, found;
};

static int by_netns(const void *left, const void *right)
{
	const struct wanted *a = left, *b = right;

	return (a->netns > b->netns) - (a->netns < b->netns);
}

static struct wanted *find_wanted(const struct wanted_list *w, int64_t netns)
{
	struct wanted key = { .netns = netns };

	return w->nr ? bsearch(&key, w->item, w->nr, sizeof(key), by_netns) : NULL;
}

static void want(const struct snapshot *s, struct wanted_list *w)
{
	struct wanted *item;
	size_t i;

	for (i = 0; i < s->nr_netns; i++)
		if (s->netns[i].netns > 0 && s->netns[i].netns != s->own_netns)
			((struct wanted *)grow(&w->item, &w->nr, sizeof(*item)))->netns =
				s->netns[i].netns;
	if (w->nr)
		qsort(w->item, w->nr, sizeof(*item), by_netns);
	for (i = 0; i < s->nr_netns_names; i++) {
		item = find_wanted(w, s->netns_name[i].netns);
		if (!item || item->led)
			continue;
		item->led = true;
		w->found++;
	}
}

/* Return: whether it is the first that leads there. */
static bool lead(struct reader *r, struct wanted_list *w, int64_t netns, const char *path)
{
	struct wanted *item = find_wanted(w, netns);
	struct snapshot *s = r->s;
	struct netns_name *row;

	if (!item || item->led || s->nr_netns_names >= READ_MAX_NETNS)
		return false;
	item->led = true;
	w->found++;
	row = grow(&s->netns_name, &s->nr_netns_names, sizeof(*row));
	row->netns = netns;
	snprintf(row->path, sizeof(row->path), "/%s", path);
	return true;
}

static int try_docker(struct reader *r, struct wanted_list *w)
{
	char path[64], **names;
	int64_t netns;
	size_t i, nr;

	if (reader_list(r, DOCKER_DIR, "", "", READ_MAX_NETNS, &names, &nr))
		return -1;
	for (i = 0; i < nr; i++)
		if (text_plain(names[i]) &&
		    snprintf(path, sizeof(path), DOCKER_DIR "/%s", names[i]) < (int)sizeof(path) &&
		    files_netns(&r->files, path, &netns))
			lead(r, w, netns, path);
	files_list_free(names, nr);
	return 0;
}

/* Their first processes. The walk's links aren't kept, but for those that lead there. */
static void try_processes(struct reader *r, struct wanted_list *w)
{
	const struct process *first;
	char path[64], target[64];
	size_t i, nr;

	namespaces_read(r);
	for (i = 0; i < w->nr; i++) {
		first = w->item[i].led ? NULL :
			namespace_processes(r, w->item[i].netns, &nr);
		if (!first)
			continue;
		snprintf(path, sizeof(path), "proc/%" PRId64 "/ns/net", first->pid);
		if (lead(r, w, first->netns, path))
			files_link(&r->files, path, target, sizeof(target));
	}
}

int read_netns_paths(struct reader *r)
{
	struct wanted_list w = { NULL, 0, 0 };
	int error = 0;

	want(r->s, &w);
	if (w.found < w.nr)
		error = try_docker(r, &w);
	if (w.found < w.nr && !error)
		try_processes(r, &w);
	free(w.item);
	return error;
}
