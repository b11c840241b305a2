// SPDX-License-Identifier: GPL-2.0
/*
 * containerd's containers: the OCI spec of each that runs, in a directory of its
 * containerd namespace ("k8s.io", "default").
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/limits.h"
#include "read/reader.h"
#include "read/runtimes.h"

#define TASKS	"io.containerd.runtime.v2.task"

static bool read_task(struct runtimes *all, const char *dir, const char *namespace,
		      const char *id, struct container *c, int64_t *pid)
{
	struct json_object *spec;
	char path[512];
	bool known;

	snprintf(path, sizeof(path), "%s/%s/%s/config.json", dir, namespace, id);
	spec = runtimes_json(all, path, READ_MAX_STATE);
	if (!spec)
		return false;
	known = runtimes_annotations(spec, c);
	json_object_put(spec);
	snprintf(path, sizeof(path), "%s/%s/%s/init.pid", dir, namespace, id);
	*pid = runtimes_pid(all, path);
	c->runtime = RUNTIME_CONTAINERD;
	return known;
}

bool runtime_containerd(struct runtimes *all, const struct cgroup_container *in,
			struct container *c, int64_t *pid)
{
	static const char *const dirs[] = {
		"run/containerd/" TASKS, "run/k3s/containerd/" TASKS,
		"var/snap/microk8s/common/run/containerd/" TASKS,
	};
	static const char *const namespaces[] = { "k8s.io", "default" };
	size_t dir, namespace;

	if (in->user != UNKNOWN)
		return false;
	for (dir = 0; dir < ARRAY_SIZE(dirs); dir++)
		for (namespace = 0; namespace < ARRAY_SIZE(namespaces); namespace++)
			if (read_task(all, dirs[dir], namespaces[namespace], in->name, c,
				      pid))
				return true;
	return false;
}
