/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the runtimes' files tell of a container. None of their sockets is asked, and
 * nothing of these files but what struct container has gets anywhere: they hold
 * environments with passwords in them.
 */
#ifndef CONNTRIAGE_READ_RUNTIMES_H
#define CONNTRIAGE_READ_RUNTIMES_H

#include <json-c/json.h>
#include <stdbool.h>

#include "read/cgroups.h"
#include "read/reader.h"
#include "snapshot.h"

/* What is read once for all containers; zeroed at first, freed by runtimes_free() */
struct runtimes {
	struct reader *r;
	bool docker_known;
	char docker_root[192];		/* data-root of daemon.json */
	int64_t user;			/* whose home is known; 0 at first */
	char home[192];			/* relative to the root, or "" */
	char storage_list[512];		/* which list of containers this is */
	struct json_object *storage;
};

/*
 * Each of these fills the names of @c by its id, and the process that the runtime says
 * is the container's first, or UNKNOWN. False where it has no such container.
 */
bool runtime_docker(struct runtimes *all, const struct cgroup_container *in,
		    struct container *c, int64_t *pid);
bool runtime_containerd(struct runtimes *all, const struct cgroup_container *in,
			struct container *c, int64_t *pid);
/* Podman and CRI-O: they share containers/storage. */
bool runtime_storage(struct runtimes *all, const struct cgroup_container *in,
		     struct container *c, int64_t *pid);
/* These two are found by name, and have no process that is told. */
void runtime_lxc(struct runtimes *all, const struct cgroup_container *in, struct container *c);
void runtime_machine(struct runtimes *all, const struct cgroup_container *in,
		     struct container *c);

/** runtimes_home() - a user's home, relative to the root; "" where there is none */
const char *runtimes_home(struct runtimes *all, int64_t user);

/** runtimes_json() - a file as JSON for json_object_put(), or NULL */
struct json_object *runtimes_json(struct runtimes *all, const char *path, size_t limit);

/** runtimes_pid() - the number that a file consists of, or UNKNOWN */
int64_t runtimes_pid(struct runtimes *all, const char *path);

/** runtimes_take() - copy a name of somebody's choosing, printable; NULL is "" */
#define runtimes_take(to, name) text_printable(to, sizeof(to), (name) ? (name) : "")

/** runtimes_annotations() - the names that Kubernetes' runtimes put into an OCI spec */
bool runtimes_annotations(struct json_object *spec, struct container *c);

/** docker_names() - those of a config.v2.json; false where it isn't one */
bool docker_names(struct json_object *state, struct container *c, int64_t *pid);

/** storage_names() - those of podman's list of containers; false where it lacks this one */
bool storage_names(struct json_object *list, const char *id, struct container *c);

void runtimes_free(struct runtimes *all);

#endif
