// SPDX-License-Identifier: GPL-2.0
/* Who an address, a namespace or a program is. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/containers.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "lib/who.h"
#include "lib/words.h"
#include "snapshot.h"

/* Begins with the address: so does a row of each of these */
static int by_owned(const void *address, const void *row)
{
	return strcmp(address, ((const struct owned_address *)row)->address);
}

static int by_neighbour(const void *address, const void *row)
{
	return strcmp(address, ((const struct neighbour *)row)->address);
}

static int by_lease(const void *address, const void *row)
{
	return strcmp(address, ((const struct lease *)row)->address);
}

static int by_resolved(const void *address, const void *row)
{
	return strcmp(address, ((const struct resolved *)row)->address);
}

/* bsearch() minds an array that isn't there. */
static const void *find(const void *key, const void *items, size_t nr, size_t size,
			int (*order)(const void *, const void *))
{
	return nr ? bsearch(key, items, nr, size, order) : NULL;
}

/* "docker.io/library/nginx:1.25@sha256:..." is nginx:1.25; a mere checksum is no name */
static const char *image_words(const struct container *c)
{
	const char *image = strrchr(c->image, '/');
	char *out = word_buffer();
	size_t len;

	image = image ? image + 1 : c->image;
	len = strcspn(image, "@");
	/* A machine's directory mostly is called as the machine. */
	if (!strncmp(image, "sha256:", 7) || strspn(image, "0123456789abcdef") >= SHORT_ID ||
	    (c->runtime == RUNTIME_MACHINE && !strcmp(image, c->name)))
		len = 0;
	snprintf(out, WORD_SIZE, "%s%.*s", len ? ", " : "",
		 (int)(len < SHORT_NAME ? len : SHORT_NAME), image);
	return out;
}

static const char *pid_words(int64_t pid, const char *command)
{
	char *out = word_buffer();

	if (pid == UNKNOWN)
		*out = '\0';
	else
		snprintf(out, WORD_SIZE, "pid %" PRId64 "%s%s", pid, *command ? " " : "", command);
	return out;
}

const char *who_program(const struct snapshot *s, const struct program *p)
{
	const struct container *c = find_container(s, p->container);
	const char *pid = pid_words(p->pid, p->command);
	char *out = word_buffer();

	snprintf(out, WORD_SIZE, "%s%s%s", c ? container_words(c) : p->unit, *pid ? ", " : "", pid);
	return out;
}

static const char *tenant_words(const struct snapshot *s, const struct tenant *t)
{
	const struct container *c = find_container(s, t->container);
	char *out = word_buffer();

	if (!c)
		snprintf(out, WORD_SIZE, "%s%s%s", t->unit, *t->unit ? ", " : "",
			 pid_words(t->pid, t->command));
	else if (known(t->more) > 0)
		snprintf(out, WORD_SIZE, "%s and %" PRId64 " more", container_words(c), t->more);
	else
		snprintf(out, WORD_SIZE, "%s%s", container_words(c),
			 *c->pod ? "" : image_words(c));
	return out;
}

const char *who_netns(const struct snapshot *s, int64_t netns)
{
	const struct tenant *t = find_tenant(s, netns);
	const char *name = netns_name(s, netns);
	char *out;

	if (netns == s->own_netns)
		return "";
	/* Runtimes give their namespaces names, too: "cni-4f2a..." */
	if (t && *t->container)
		return tenant_words(s, t);
	if (*name) {
		out = word_buffer();
		snprintf(out, WORD_SIZE, "namespace %.*s", SHORT_NAME, name);
		return out;
	}
	return t ? tenant_words(s, t) : "";
}

/*
 * The namespace that has the address: that in which it was seen, else the only one.
 * An address that own_netns sends out of a network card is somebody else's.
 */
static const char *owner_words(const struct snapshot *s, int64_t netns, const char *address)
{
	const struct owned_address *row;
	size_t owners = 0;
	const char *words;
	char *out;

	row = find(address, s->owned, s->nr_owned, sizeof(*row), by_owned);
	if (!row || (netns == s->own_netns && row->outside))
		return "";
	while (row > s->owned && !strcmp(row[-1].address, address))
		row--;
	for (; row + owners < s->owned + s->nr_owned && !strcmp(row[owners].address, address);
	     owners++)
		if (row[owners].netns == netns)
			return who_netns(s, netns);
	out = word_buffer();
	if (owners > 1) {
		snprintf(out, WORD_SIZE, "one of %zu namespaces", owners);
		return out;
	}
	words = who_netns(s, row->netns);
	if (*words)
		return words;
	snprintf(out, WORD_SIZE, "namespace %" PRId64, row->netns);
	return out;
}

static const struct neighbour *find_neighbour(const struct snapshot *s, int64_t netns,
					      const char *address)
{
	const struct neighbour *row;

	row = find(address, s->neighbour, s->nr_neighbours, sizeof(*row), by_neighbour);
	while (row && row > s->neighbour && !strcmp(row[-1].address, address))
		row--;
	for (; row && row < s->neighbour + s->nr_neighbours; row++)
		if (strcmp(row->address, address))
			break;
		else if (row->netns == netns)
			return row;
	return NULL;
}

/* What its owner says that it is: where no file here knows better */
static const char *resolved_name(const struct snapshot *s, const char *address)
{
	const struct resolved *row = find(address, s->resolved, s->nr_resolved, sizeof(*row),
					  by_resolved);

	return row ? row->name : "";
}

/* A lease whose MAC isn't the neighbour's is another's, whatever is called so. */
static const char *neighbour_words(const struct snapshot *s, int64_t netns, const char *address)
{
	const struct neighbour *n = find_neighbour(s, netns, address);
	const struct lease *l = find(address, s->lease, s->nr_leases, sizeof(*l), by_lease);
	const char *name;
	char *out;

	if (netns != s->own_netns || (l && n && *l->mac && strcmp(l->mac, n->mac)))
		l = NULL;
	name = l ? l->name : resolved_name(s, address);
	if (!l && !n)
		return name;
	out = word_buffer();
	if (!n)
		snprintf(out, WORD_SIZE, "%.*s%s%s", SHORT_NAME, name, *l->mac ? ", " : "",
			 l->mac);
	else
		snprintf(out, WORD_SIZE, "%.*s%s%s on %s", SHORT_NAME, name, *name ? ", " : "",
			 n->mac, n->interface);
	return out;
}

const char *who_words(const struct snapshot *s, int64_t netns, const char *address)
{
	const char *owner;
	size_t i;

	for (i = 0; netns == s->own_netns && i < s->nr_local; i++)
		if (!strcmp(s->local[i], address))
			return "this host";
	owner = owner_words(s, netns, address);
	return *owner ? owner : neighbour_words(s, netns, address);
}
