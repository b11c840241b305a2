// SPDX-License-Identifier: GPL-2.0
/* From the path of a cgroup to what its container is called. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "read/cgroups.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/names.h"
#include "read/runtimes.h"

/*
 * Whether the runtime's own process of that container is in the same directory of
 * cgroups. A directory that is merely called so, and the state of a container that is
 * no more, have none there.
 */
static bool is_its_own(struct reader *r, const char *path, const struct cgroup_container *in,
		       int64_t pid)
{
	struct cgroup_container there;
	char file[64], *text, *other;
	bool same = false;

	if (pid == UNKNOWN || pid <= 0)
		return false;
	snprintf(file, sizeof(file), "proc/%" PRId64 "/cgroup", pid);
	if (files_read_part(&r->files, file, READ_MAX_CGROUP, &text, NULL))
		return false;
	other = cgroup_path(text);
	if (other)
		same = cgroup_container(other, &there) && there.prefix == in->prefix &&
		       !strncmp(other, path, in->prefix);
	free(text);
	return same;
}

static void find_names(struct names *n, const char *path, const struct cgroup_container *in,
		       struct container *c)
{
	static bool (*const runtimes[])(struct runtimes *all, const struct cgroup_container *in,
					struct container *c, int64_t *pid) = {
		runtime_docker, runtime_containerd, runtime_storage,
	};
	const struct container nameless = *c;
	int64_t pid;
	size_t i;

	if (in->runtime == RUNTIME_LXC) {
		runtime_lxc(&n->runtimes, in, c);
		return;
	}
	if (in->runtime == RUNTIME_MACHINE) {
		runtime_machine(&n->runtimes, in, c);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(runtimes); i++) {
		pid = UNKNOWN;
		if (runtimes[i](&n->runtimes, in, c, &pid) && is_its_own(n->r, path, in, pid))
			return;
		*c = nameless;
	}
}

const struct container *container_of_cgroup(struct names *n, const char *path)
{
	struct snapshot *s = n->r->s;
	struct cgroup_container in;
	struct container *c;
	size_t i;

	if (!cgroup_container(path, &in))
		return NULL;
	for (i = 0; i < s->nr_containers; i++)
		if (!strcmp(s->container[i].id, in.id))
			return &s->container[i];
	if (s->nr_containers == READ_MAX_CONTAINERS)
		return NULL;
	c = grow(&s->container, &s->nr_containers, sizeof(*c));
	memcpy(c->id, in.id, sizeof(c->id));
	c->runtime = in.runtime;
	c->user = in.user;
	find_names(n, path, &in, c);
	return c;
}
