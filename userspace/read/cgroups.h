/* SPDX-License-Identifier: GPL-2.0 */
/* What the path of a cgroup tells: its container, its unit. */
#ifndef CONNTRIAGE_READ_CGROUPS_H
#define CONNTRIAGE_READ_CGROUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "snapshot.h"

#define CGROUP_PATH	512	/* bytes */

struct cgroup_container {
	enum runtime runtime;		/* as far as the path tells */
	char name[CONTAINER_ID - 24];	/* its id; of LXC and machines the name */
	/* What no two have: "4f2a...", "4f2a...@1000" of a user, "lxc:web", "machine:web" */
	char id[CONTAINER_ID];
	int64_t user;			/* below whose slice, or UNKNOWN */
	size_t prefix;			/* bytes of the path up to the container's directory */
};

/**
 * cgroup_container() - the container that a cgroup belongs to
 * @path: below the cgroups' root
 *
 * The outermost one: what is below a container's directory, its root may name as it
 * likes. The same goes for services and sessions, but for users' own containers.
 */
bool cgroup_container(const char *path, struct cgroup_container *c);

/**
 * cgroup_path() - the path of a process' cgroup
 * @text: of /proc/PID/cgroup; written to
 *
 * Return: within @text: of version 2, else systemd's, else of the first controller;
 * NULL where there is none.
 */
char *cgroup_path(char *text);

#endif
