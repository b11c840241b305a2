// SPDX-License-Identifier: GPL-2.0
/*
 * What the path of a cgroup tells. Runtimes name the directory of a container by its
 * id, systemd that of a unit by the unit.
 */
#include <stdio.h>
#include <string.h>

#include "lib/containers.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/cgroups.h"
#include "read/parts.h"
#include "snapshot.h"

#define HEX		"0123456789abcdef"
#define ID_LENGTH	64	/* of a container's id */

/* The runtimes' names for a container's scope, and ours */
static const struct {
	const char *prefix;
	enum runtime runtime;
	bool in_service;	/* podman --cgroups=split, as its units have it */
} scopes[] = {
	{ "docker-", RUNTIME_DOCKER, false },
	{ "libpod-", RUNTIME_PODMAN, false },
	{ "libpod-payload-", RUNTIME_PODMAN, true },
	{ "cri-containerd-", RUNTIME_CONTAINERD, false },
	{ "nerdctl-", RUNTIME_CONTAINERD, false },
	{ "crio-", RUNTIME_CRIO, false },
};

static bool begins(const char *name, const char *with)
{
	return !strncmp(name, with, strlen(with));
}

static bool has_end(const char *name, const char *end)
{
	size_t len = strlen(name), tail = strlen(end);

	return len > tail && !strcmp(name + len - tail, end);
}

/* 64 hexadecimal digits, and whatever ends the name */
static bool is_container_id(const char *name)
{
	return strspn(name, HEX) == ID_LENGTH &&
	       (!name[ID_LENGTH] || !strcmp(name + ID_LENGTH, ".scope"));
}

/* The row of a scope's name, or -1: the id alone, below @parent; -2: no container's */
static int find_scope(const char *parent, const char *name, const char **id,
		      enum runtime *runtime)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(scopes); i++) {
		*id = name + strlen(scopes[i].prefix);
		*runtime = scopes[i].runtime;
		if (begins(name, scopes[i].prefix) && is_container_id(*id))
			return i;
	}
	*id = name;
	*runtime = !strcmp(parent, "docker") ? RUNTIME_DOCKER :
		   !strcmp(parent, "libpod_parent") ? RUNTIME_PODMAN : RUNTIME_UNKNOWN;
	return is_container_id(name) ? -1 : -2;
}

/* "session-3.scope" of "user-1000.slice" */
static bool name_session(const char *name, int64_t user, char *unit, size_t size)
{
	if (user == UNKNOWN || !begins(name, "session-") || !has_end(name, ".scope"))
		return false;
	snprintf(unit, size, "a session of user %lld", (long long)user);
	return true;
}

static void note_user(const char *name, int64_t *user)
{
	char digits[12];
	int64_t number;

	if (!begins(name, "user-") || !has_end(name, ".slice"))
		return;
	snprintf(digits, sizeof(digits), "%.*s", (int)strspn(name + 5, "0123456789"), name + 5);
	if (text_count(digits, &number))
		*user = number;
}

/* What systemd has escaped in a unit's name: "\x2d" */
static void unescape(char *to, size_t size, const char *from, size_t len)
{
	const char *end = from + len;
	unsigned int byte;

	for (; from < end && size > 1; size--) {
		if (end - from >= 4 && sscanf(from, "\\x%2x", &byte) == 1 && byte) {
			*to++ = byte;
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
}

/* A name between a beginning and an end, unescaped; "" doesn't count */
static bool between(const char *name, const char *begin, const char *end, char *to)
{
	size_t len = strlen(name), head = strlen(begin), tail = strlen(end);

	if (len <= head + tail || !begins(name, begin) || strcmp(name + len - tail, end))
		return false;
	unescape(to, sizeof(((struct cgroup_container *)0)->name), name + head, len - head - tail);
	return true;
}

static bool is_machine(const char *parent, const char *name, struct cgroup_container *c)
{
	c->runtime = RUNTIME_MACHINE;
	if (between(name, "systemd-nspawn@", ".service", c->name))
		return true;
	return !strcmp(parent, "machine.slice") && !begins(name, "libpod-") &&
	       between(name, "machine-", ".scope", c->name);
}

/* LXC 4 and LXD: "lxc.payload.web"; LXC 3: "lxc.payload/web"; before: "lxc/web" */
static bool is_lxc(const char *parent, const char *name, bool first, struct cgroup_container *c)
{
	c->runtime = RUNTIME_LXC;
	if (between(name, "lxc.payload.", "", c->name))
		return true;
	return !first && (!strcmp(parent, "lxc") || !strcmp(parent, "lxc.payload")) &&
	       between(name, "", "", c->name);
}

static bool is_container(const char *parent, const char *name, bool in_service,
			 struct cgroup_container *c)
{
	const char *id;
	int scope = find_scope(parent, name, &id, &c->runtime);

	if (scope == -2 || (in_service && (scope < 0 || !scopes[scope].in_service)))
		return false;
	snprintf(c->name, sizeof(c->name), "%.*s", ID_LENGTH, id);
	return true;
}

/*
 * Services may make directories of any name below their own. Of users that goes for
 * all of them; what is found there is looked up among their own containers alone.
 */
static bool may_name(const char *name)
{
	return (has_end(name, ".service") && !begins(name, "user@")) ||
	       (begins(name, "session-") && has_end(name, ".scope"));
}

static void set_id(struct cgroup_container *c)
{
	const char *kind = c->runtime == RUNTIME_LXC ? "lxc:" :
			   c->runtime == RUNTIME_MACHINE ? "machine:" : "";
	char whole[sizeof(c->id)];
	int len = snprintf(whole, sizeof(whole), "%s%s", kind, c->name);

	/* Root's own are the system's. */
	if (!c->user)
		c->user = UNKNOWN;
	if (c->user != UNKNOWN)
		snprintf(whole + len, sizeof(whole) - len, "@%lld", (long long)c->user);
	text_printable(c->id, sizeof(c->id), whole);
}

bool cgroup_container(const char *path, struct cgroup_container *c)
{
	char copy[CGROUP_PATH], *next = copy, *name, *parent = copy + sizeof(copy) - 1;
	bool in_service = false, first = true;

	*c = (struct cgroup_container) { .user = UNKNOWN };
	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy))
		return false;
	*parent = '\0';
	while ((name = strsep(&next, "/"))) {
		if (!*name)
			continue;
		note_user(name, &c->user);
		c->prefix = name - copy + strlen(name);
		if (is_container(parent, name, in_service, c) ||
		    (!in_service && (is_lxc(parent, name, first, c) ||
				     is_machine(parent, name, c)))) {
			set_id(c);
			return true;
		}
		in_service = in_service || (c->user == UNKNOWN && may_name(name));
		parent = name;
		first = false;
	}
	return false;
}

/* The container in words, by its id */
static void name_container(const struct cgroup_container *c, char *unit, size_t size)
{
	bool by_name = c->runtime == RUNTIME_LXC || c->runtime == RUNTIME_MACHINE;
	char user[32] = "";

	if (c->user != UNKNOWN)
		snprintf(user, sizeof(user), " of user %lld", (long long)c->user);
	snprintf(unit, size, "%s %.*s%s", runtime_phrase[c->runtime],
		 by_name ? ID_LENGTH : SHORT_ID, c->name, user);
}

/*
 * The container; else the outermost session or unit of systemd, as below it directories
 * have any name; else the last directory. Users' own services are below user@UID.service.
 */
void program_name(const char *path, char *unit, size_t size)
{
	char copy[CGROUP_PATH], *next = copy, *name;
	struct cgroup_container container;
	int64_t user = UNKNOWN;

	if (cgroup_container(path, &container)) {
		name_container(&container, unit, size);
		return;
	}
	snprintf(unit, size, "%s", "no unit (the root cgroup)");
	snprintf(copy, sizeof(copy), "%s", path);
	while ((name = strsep(&next, "/"))) {
		if (!*name)
			continue;
		note_user(name, &user);
		if (name_session(name, user, unit, size))
			return;
		snprintf(unit, size, "%s", name);
		if (!has_end(name, ".service") && !has_end(name, ".scope"))
			continue;
		if (user != UNKNOWN)
			snprintf(unit, size, "%s of user %lld", name, (long long)user);
		if (user == UNKNOWN || !begins(name, "user@"))
			return;
	}
}

/*
 *	"0::/system.slice/nginx.service"
 *	"4:memory:/docker/4f2a..."
 */
char *cgroup_path(char *text)
{
	char *line, *next = text, *best = NULL;
	int rank = 0;

	while ((line = text_line(&next))) {
		char *number = strsep(&line, ":"), *controllers = strsep(&line, ":");
		int now;

		if (!line || *line != '/')
			continue;
		/* In a hybrid, version 2 may hold no more than the root. */
		now = !strcmp(number, "0") && !*controllers ? (line[1] ? 4 : 1) :
		      !strcmp(controllers, "name=systemd") ? (line[1] ? 3 : 1) : 2;
		if (now > rank) {
			rank = now;
			best = line;
		}
	}
	return best;
}
