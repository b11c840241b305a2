// SPDX-License-Identifier: GPL-2.0
/*
 * Which host a folder or an archive of others is about, and where. Layouts:
 *
 *	sos report		sos_commands/PLUGIN/COMMAND, and copies: proc/, etc/, ...
 *	must-gather		nodes/NODE/..., of OpenShift and Kubernetes
 *	OpenWrt, LuCI's backup	etc/config/..., only settings
 *	any other		outputs of commands, whatever they are called
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/foreign.h"
#include "read/foreign_host.h"
#include "read/found.h"
#include "read/parts.h"
#include "read/reader.h"
#include "read/store.h"

#define NAMED_BASES	4

/* What holds the host's files, such as "sosreport-router1-2026-11-29-abcdefg/" */
struct base {
	enum foreign_kind kind;
	char path[NAMED_BASES][256];	/* "", or with a slash at its end */
	size_t nr;
};

/* The clearest first */
static const struct {
	enum foreign_kind kind;
	const char *sign;
} signs[] = {
	{ FOREIGN_CAPTURE, "conntriage/meta" },
	{ FOREIGN_CAPTURE, "sys/kernel/debug/conntriage/" },
	{ FOREIGN_SOS, "sos_commands/" },
	{ FOREIGN_NODE, "nodes/" },
	{ FOREIGN_OUTPUTS, "proc/sys/net/" },
	{ FOREIGN_OPENWRT, "etc/config/" },
};

static void add_base(struct base *b, const char *path, size_t len)
{
	size_t i;

	if (len >= sizeof(b->path[0]))
		return;
	for (i = 0; i < b->nr && i < NAMED_BASES; i++)
		if (strlen(b->path[i]) == len && !strncmp(b->path[i], path, len))
			return;
	if (b->nr < NAMED_BASES) {
		memcpy(b->path[b->nr], path, len);
		b->path[b->nr][len] = '\0';
	}
	b->nr++;
}

/* Where a path has the sign as whole names, or NULL */
static const char *find_sign(const char *path, const char *sign)
{
	const char *c = path;

	while ((c = strstr(c, sign))) {
		if (c == path || c[-1] == '/')
			return c;
		c++;
	}
	return NULL;
}

static void look_for(const struct found *x, const char *sign, struct base *b)
{
	const char *at, *rest;
	size_t i;

	for (i = 0; i < x->files.nr; i++) {
		const char *path = x->files.item[i].path;

		at = find_sign(path, sign);
		if (!at)
			continue;
		if (b->kind == FOREIGN_NODE) {
			rest = strchr(at + strlen(sign), '/');
			if (rest)
				add_base(b, path, rest + 1 - path);
		} else {
			add_base(b, path, at - path);
		}
	}
}

static void find_base(const struct found *x, struct base *b)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signs); i++) {
		*b = (struct base) { .kind = signs[i].kind };
		look_for(x, signs[i].sign, b);
		if (b->nr)
			return;
	}
	*b = (struct base) { .kind = FOREIGN_OUTPUTS, .nr = 1 };
}

static int too_many(const struct base *b, const char *root, struct fault *fault)
{
	return fault_at(fault, root, 0, "%zu hosts: %s, %s%s%s; name the folder of one with --root, "
			"or their folder to conntriage fleet", b->nr, b->path[0], b->path[1],
			b->nr > 2 ? ", " : "", b->nr > 3 ? "..." : b->nr > 2 ? b->path[2] : "");
}

static int take(struct reader *r, const char *root, struct found *x, struct fault *fault)
{
	const char *second;
	struct base b;

	if (!x->files.nr && *x->fault)
		return fault_at(fault, root, 0, "%s", x->fault);
	if (!x->files.nr)
		return fault_at(fault, root, 0, "not a captured tree; " FOREIGN_TAKES);
	find_base(x, &b);
	if (b.nr > 1)
		return too_many(&b, root, fault);
	second = foreign_host(&x->files, b.kind, b.path[0], root, &r->foreign);
	if (!r->foreign.nr)
		return fault_at(fault, root, 0, "not a captured tree; " FOREIGN_TAKES);
	files_close(&r->files);
	files_open_store(&r->files, root, &r->foreign);
	r->part = "archive";
	if (*x->fault && fault_at(&r->fault, root, 0, "%s", x->fault))
		reader_drop(r, NULL);
	if (second && fault_at(&r->fault, second, 0, "lists entries as another file does, and "
			       "isn't read; name the folder of one moment"))
		reader_drop(r, NULL);
	return 0;
}

/* A sos report has copies of /proc and looks like a captured tree, but has more. */
static bool is_foreign(struct reader *r)
{
	return !files_is_there(&r->files, "conntriage") &&
	       (files_is_there(&r->files, "sos_commands") || !reader_is_host(r));
}

int foreign_begin(struct reader *r, const char *root, bool is_file, struct fault *fault)
{
	struct found x = { 0 };
	int error = 0;

	if (!is_file && !is_foreign(r))
		return 1;
	if (is_file)
		error = found_in_archive(root, &x);
	else
		found_in_folder(&r->files, &x);
	if (error == -ENOSYS)
		error = fault_at(fault, root, 0, "this conntriage was built without libarchive; "
				 "unpack it, and name the folder");
	else if (error == -ENOEXEC)
		error = fault_at(fault, root, 0, "no archive that can be read, and no output that is known; "
				 FOREIGN_TAKES);
	else if (error)
		error = fault_at(fault, root, 0, "%s; " FOREIGN_TAKES, strerror(-error));
	else
		error = take(r, root, &x, fault);
	found_free(&x);
	return error;
}

void foreign_end(struct reader *r)
{
	store_free(&r->foreign);
}
