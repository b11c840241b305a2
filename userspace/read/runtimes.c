// SPDX-License-Identifier: GPL-2.0
/* What the files of all runtimes are read with; and LXC and machines, which have few. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/nft_json.h"
#include "read/runtimes.h"

#define JSON_DEPTH	32
#define PROXMOX_DIR	"etc/pve/lxc"
#define MACHINES_DIR	"run/systemd/machines"

/* passwd(5): name, password, number, group, comment, home */
static void find_home(struct runtimes *all, char *passwd)
{
	int64_t number;
	char *line, *word;
	int column;

	while ((line = text_line(&passwd))) {
		for (column = 0; column < 3; column++)
			word = strsep(&line, ":");
		if (!word || !text_count(word, &number) || number != all->user)
			continue;
		for (; column < 6; column++)
			word = strsep(&line, ":");
		if (word && *word == '/')
			snprintf(all->home, sizeof(all->home), "%s", word + 1);
		return;
	}
}

const char *runtimes_home(struct runtimes *all, int64_t user)
{
	char *text;

	if (all->user == user)
		return all->home;
	all->user = user;
	all->home[0] = '\0';
	if (!files_read_part(&all->r->files, "etc/passwd", READ_MAX_BOOT_FILE, &text, NULL))
		find_home(all, text);
	free(text);
	return all->home;
}

struct json_object *runtimes_json(struct runtimes *all, const char *path, size_t limit)
{
	struct json_object *root;
	struct json_tokener *tok;
	size_t len;
	char *text;

	if (files_read_part(&all->r->files, path, limit, &text, &len))
		return NULL;
	tok = json_tokener_new_ex(JSON_DEPTH);
	root = tok ? json_tokener_parse_ex(tok, text, len + 1) : NULL;
	if (tok)
		json_tokener_free(tok);
	free(text);
	return root;
}

int64_t runtimes_pid(struct runtimes *all, const char *path)
{
	int64_t pid = UNKNOWN;
	char *text, *next, *line;

	if (files_read_part(&all->r->files, path, READ_MAX_COMMAND, &text, NULL))
		return UNKNOWN;
	next = text;
	line = text_line(&next);
	if (!line || !text_count(text_trim(line), &pid))
		pid = UNKNOWN;
	free(text);
	return pid;
}

/*
 * The annotations of containerd's CRI plugin and of CRI-O. A pod's own container, which
 * holds its namespaces, has no name.
 */
bool runtimes_annotations(struct json_object *spec, struct container *c)
{
	static const struct {
		const char *type, *name, *pod, *pod_namespace, *image;
	} dialects[] = {
		{ "io.kubernetes.cri.container-type", "io.kubernetes.cri.container-name",
		  "io.kubernetes.cri.sandbox-name", "io.kubernetes.cri.sandbox-namespace",
		  "io.kubernetes.cri.image-name" },
		{ "io.kubernetes.cri-o.ContainerType", "io.kubernetes.container.name",
		  "io.kubernetes.pod.name", "io.kubernetes.pod.namespace",
		  "io.kubernetes.cri-o.ImageName" },
	};
	struct json_object *notes = nft_get(spec, "annotations");
	const char *type, *name = nft_string(notes, "nerdctl/name");
	size_t i;

	if (name) {
		runtimes_take(c->name, name);
		return true;
	}
	for (i = 0; i < ARRAY_SIZE(dialects); i++) {
		type = nft_string(notes, dialects[i].type);
		if (!type)
			continue;
		runtimes_take(c->pod, nft_string(notes, dialects[i].pod));
		runtimes_take(c->pod_namespace, nft_string(notes, dialects[i].pod_namespace));
		if (!strcmp(type, "sandbox"))
			return true;
		runtimes_take(c->name, nft_string(notes, dialects[i].name));
		runtimes_take(c->image, nft_string(notes, dialects[i].image));
		return true;
	}
	return false;
}

/* Proxmox numbers its containers: what one is called its configuration tells. */
void runtime_lxc(struct runtimes *all, const struct cgroup_container *in, struct container *c)
{
	char path[sizeof(PROXMOX_DIR) + CONTAINER_ID + 8], *text, *next, *line;
	int64_t number;

	runtimes_take(c->name, in->name);
	if (!text_count(in->name, &number))
		return;
	snprintf(path, sizeof(path), PROXMOX_DIR "/%s.conf", in->name);
	if (files_read_part(&all->r->files, path, READ_MAX_BOOT_FILE, &text, NULL))
		return;
	next = text;
	/* Behind the first "[", there are snapshots of other days. */
	while ((line = text_line(&next)) && *line != '[')
		if (!strncmp(line, "hostname:", strlen("hostname:")))
			runtimes_take(c->image, text_trim(line + strlen("hostname:")));
	free(text);
}

/* What systemd-machined has noted of it; whose directory it runs in */
void runtime_machine(struct runtimes *all, const struct cgroup_container *in,
		     struct container *c)
{
	char path[sizeof(MACHINES_DIR) + CONTAINER_ID + 8], *text, *next, *line;

	runtimes_take(c->name, in->name);
	if (strchr(in->name, '/'))
		return;
	snprintf(path, sizeof(path), MACHINES_DIR "/%s", in->name);
	if (files_read_part(&all->r->files, path, READ_MAX_BOOT_FILE, &text, NULL))
		return;
	next = text;
	while ((line = text_line(&next)))
		if (!strncmp(line, "ROOT=", strlen("ROOT=")))
			runtimes_take(c->image, line + strlen("ROOT="));
	free(text);
}

void runtimes_free(struct runtimes *all)
{
	json_object_put(all->storage);
	all->storage = NULL;
}
