// SPDX-License-Identifier: GPL-2.0
/* Containers, and who lives in a namespace: found in a snapshot, and called by name. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/containers.h"
#include "lib/numbers.h"
#include "lib/words.h"
#include "snapshot.h"

const char *const runtime_phrase[RUNTIMES] = {
	[RUNTIME_UNKNOWN] = "container",
	[RUNTIME_DOCKER] = "docker container",
	[RUNTIME_PODMAN] = "podman container",
	[RUNTIME_CONTAINERD] = "container",
	[RUNTIME_CRIO] = "container",
	[RUNTIME_LXC] = "LXC container",
	[RUNTIME_MACHINE] = "machine",
};

static int by_id(const void *id, const void *row)
{
	return strcmp(id, ((const struct container *)row)->id);
}

static int by_netns(const void *key, const void *row)
{
	int64_t netns = *(const int64_t *)key, other = ((const struct tenant *)row)->netns;

	return (netns > other) - (netns < other);
}

const struct container *find_container(const struct snapshot *s, const char *id)
{
	/* bsearch() minds an array that isn't there. */
	if (!s->nr_containers)
		return NULL;
	return bsearch(id, s->container, s->nr_containers, sizeof(*s->container), by_id);
}

const struct tenant *find_tenant(const struct snapshot *s, int64_t netns)
{
	if (!s->nr_tenants)
		return NULL;
	return bsearch(&netns, s->tenant, s->nr_tenants, sizeof(*s->tenant), by_netns);
}

const char *container_words(const struct container *c)
{
	char *out = word_buffer(), user[32] = "";

	if (c->user != UNKNOWN)
		snprintf(user, sizeof(user), " of user %" PRId64, c->user);
	if (*c->pod)
		snprintf(out, WORD_SIZE, "pod %.*s/%.*s%s%.*s", SHORT_NAME / 2, c->pod_namespace,
			 SHORT_NAME, c->pod, *c->name ? ", " : "", SHORT_NAME, c->name);
	else if (*c->name)
		snprintf(out, WORD_SIZE, "%s %.*s%s", runtime_phrase[c->runtime], SHORT_NAME,
			 c->name, user);
	else
		snprintf(out, WORD_SIZE, "%s %.*s%s", runtime_phrase[c->runtime], SHORT_ID,
			 c->id, user);
	return out;
}
