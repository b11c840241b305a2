// SPDX-License-Identifier: GPL-2.0
/*
 * The containers of podman and CRI-O: both keep them as containers/storage does, in a
 * directory for each, with a list beside them:
 *
 *	/var/lib/containers/storage/overlay-containers/containers.json
 *	/run/containers/storage/overlay-containers/ID/userdata/{config.json,pidfile}
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/nft_json.h"
#include "read/runtimes.h"

#define MAX_DRIVERS	8
#define PODMAN_PAUSE	"podman-pause"	/* the image of what holds a pod's namespaces */

/* One list is kept: a host mostly has one. */
static struct json_object *list_of(struct runtimes *all, const char *graph, const char *driver)
{
	char path[sizeof(all->storage_list)];

	snprintf(path, sizeof(path), "%s/%.200s/containers.json", graph, driver);
	if (!all->storage || strcmp(all->storage_list, path)) {
		json_object_put(all->storage);
		all->storage = runtimes_json(all, path, READ_MAX_STORAGE);
		memcpy(all->storage_list, path, sizeof(path));
	}
	return all->storage;
}

static struct json_object *find_row(struct json_object *list, const char *id)
{
	struct json_object *row;
	const char *is;
	size_t i;

	if (!json_object_is_type(list, json_type_array))
		return NULL;
	for (i = 0; i < json_object_array_length(list); i++) {
		row = json_object_array_get_idx(list, i);
		is = nft_string(row, "id");
		if (is && !strcmp(is, id))
			return row;
	}
	return NULL;
}

/* The image is in a text that is JSON again. */
bool storage_names(struct json_object *list, const char *id, struct container *c)
{
	struct json_object *row = find_row(list, id), *names = nft_get(row, "names");
	struct json_object *first = NULL, *more;
	const char *text = nft_string(row, "metadata"), *image;

	if (!row)
		return false;
	if (json_object_is_type(names, json_type_array))
		first = json_object_array_get_idx(names, 0);
	if (json_object_is_type(first, json_type_string))
		runtimes_take(c->name, json_object_get_string(first));
	more = text ? json_tokener_parse(text) : NULL;
	image = nft_string(more, "image-name");
	runtimes_take(c->image, image);
	if (image && strstr(image, PODMAN_PAUSE))
		c->name[0] = c->image[0] = '\0';
	json_object_put(more);
	c->runtime = RUNTIME_PODMAN;
	return true;
}

/* @state: where it lies while it runs; @graph: where it is kept */
static bool read_driver(struct runtimes *all, const char *graph, const char *state,
			const char *driver, const char *id, struct container *c, int64_t *pid)
{
	struct json_object *spec;
	char path[600];
	bool known;

	snprintf(path, sizeof(path), "%s/%s/%s/userdata/config.json", state, driver, id);
	spec = runtimes_json(all, path, READ_MAX_STATE);
	known = runtimes_annotations(spec, c);
	json_object_put(spec);
	if (known)
		c->runtime = RUNTIME_CRIO;
	else if (!storage_names(list_of(all, graph, driver), id, c))
		return false;
	snprintf(path, sizeof(path), "%s/%s/%s/userdata/pidfile", state, driver, id);
	*pid = runtimes_pid(all, path);
	return true;
}

bool runtime_storage(struct runtimes *all, const struct cgroup_container *in,
		     struct container *c, int64_t *pid)
{
	char graph[240] = "var/lib/containers/storage", state[64] = "run/containers/storage";
	char **drivers;
	bool found = false;
	size_t i, nr;

	if (in->user != UNKNOWN) {
		const char *home = runtimes_home(all, in->user);

		if (!*home)
			return false;
		snprintf(graph, sizeof(graph), "%s/.local/share/containers/storage", home);
		snprintf(state, sizeof(state), "run/user/%lld/containers", (long long)in->user);
	}
	if (files_list(&all->r->files, graph, "", "-containers", MAX_DRIVERS, &drivers, &nr))
		return false;
	for (i = 0; i < nr && !found; i++)
		found = read_driver(all, graph, state, drivers[i], in->name, c, pid);
	files_list_free(drivers, nr);
	return found;
}
