// SPDX-License-Identifier: GPL-2.0
/* Docker's containers: config.v2.json in a directory for each. */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/limits.h"
#include "read/nft_json.h"
#include "read/runtimes.h"

#define CONFIG	"etc/docker/daemon.json"

/* Where daemon.json puts them; by a flag of dockerd's hardly anybody does. */
static const char *docker_root(struct runtimes *all)
{
	struct json_object *config;
	const char *root;

	if (all->docker_known)
		return all->docker_root;
	all->docker_known = true;
	config = runtimes_json(all, CONFIG, READ_MAX_BOOT_FILE);
	root = nft_string(config, "data-root");
	if (root && *root == '/' && strlen(root) < sizeof(all->docker_root))
		snprintf(all->docker_root, sizeof(all->docker_root), "%s", root + 1);
	json_object_put(config);
	return all->docker_root;
}

bool docker_names(struct json_object *state, struct container *c, int64_t *pid)
{
	struct json_object *config = nft_get(state, "Config"), *labels = nft_get(config, "Labels");
	struct json_object *number = nft_get(nft_get(state, "State"), "Pid");
	const char *name = nft_string(state, "Name"), *type;

	if (!name)
		return false;
	*pid = json_object_is_type(number, json_type_int) ? json_object_get_int64(number) :
	       UNKNOWN;
	/* Kubernetes with cri-dockerd: "k8s_nginx_cart-7f_shop_..." tells less. */
	type = nft_string(labels, "io.kubernetes.docker.type");
	runtimes_take(c->pod, nft_string(labels, "io.kubernetes.pod.name"));
	runtimes_take(c->pod_namespace, nft_string(labels, "io.kubernetes.pod.namespace"));
	if (*c->pod)
		name = type && !strcmp(type, "podsandbox") ? NULL :
		       nft_string(labels, "io.kubernetes.container.name");
	else if (*name == '/')
		name++;
	runtimes_take(c->name, name);
	runtimes_take(c->image, nft_string(config, "Image"));
	c->runtime = RUNTIME_DOCKER;
	return true;
}

static bool read_config(struct runtimes *all, const char *dir, const struct cgroup_container *in,
			struct container *c, int64_t *pid)
{
	struct json_object *state;
	char path[512];
	bool known;

	snprintf(path, sizeof(path), "%s/containers/%s/config.v2.json", dir, in->name);
	state = runtimes_json(all, path, READ_MAX_STATE);
	known = docker_names(state, c, pid);
	json_object_put(state);
	return known;
}

bool runtime_docker(struct runtimes *all, const struct cgroup_container *in,
		    struct container *c, int64_t *pid)
{
	char dir[256];

	if (in->user != UNKNOWN) {
		const char *home = runtimes_home(all, in->user);

		snprintf(dir, sizeof(dir), "%s/.local/share/docker", home);
		return *home && read_config(all, dir, in, c, pid);
	}
	return (*docker_root(all) && read_config(all, all->docker_root, in, c, pid)) ||
	       read_config(all, "var/lib/docker", in, c, pid) ||
	       read_config(all, "var/snap/docker/common/var-lib-docker", in, c, pid);
}
