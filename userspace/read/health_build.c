// SPDX-License-Identifier: GPL-2.0
/* The module's file: who builds it, for which kernels, and what loads it at boot. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "health.h"
#include "kmod/abi.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/health_parts.h"
#include "read/limits.h"
#include "read/modules.h"
#include "read/reader.h"
#include "snapshot.h"

#define NAME		"conntriage"
#define DKMS_TREE	"var/lib/dkms/" NAME
#define FOLDER_PATH	sizeof(((struct health *)0)->boot_file)
#define SIGNED_END	"~Module signature appended~\n"	/* include/linux/module_signature.h */

/* Where DKMS, kbuild and packages put modules that aren't the kernel's */
static bool find_unindexed(struct reader *r, struct kernel_tree *k)
{
	static const char *const dirs[] = { "updates/dkms", "updates", "extra", "weak-updates" };
	static const char *const suffixes[] = { "", ".xz", ".zst", ".gz" };
	char path[320];
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		for (j = 0; j < ARRAY_SIZE(suffixes); j++) {
			snprintf(k->module, sizeof(k->module), "%s/" NAME ".ko%s", dirs[i],
				 suffixes[j]);
			snprintf(path, sizeof(path), "lib/modules/%s/%s", k->release, k->module);
			if (files_exists(&r->files, path))
				return true;
		}
	}
	*k->module = '\0';
	return false;
}

static void add_kernel(struct reader *r, struct health *h, const char *release)
{
	struct kernel_tree *k = grow(&h->kernel, &h->nr_kernels, sizeof(*k));
	enum module_place place;
	char path[256], file[sizeof(k->module)];

	snprintf(k->release, sizeof(k->release), "%s", release);
	place = module_of_release(r, release, NAME, file, sizeof(file));
	k->there = place != MODULE_UNKNOWN;
	k->indexed = place == MODULE_FILE;
	if (k->indexed)
		text_clean(k->module, sizeof(k->module), file);
	else
		find_unindexed(r, k);
	snprintf(path, sizeof(path), "lib/modules/%s/build/Makefile", release);
	k->headers = files_exists(&r->files, path);
}

/* It becomes a word of commands. */
static bool is_release(const char *name)
{
	return *name && *name != '-' && text_plain(name) &&
	       strlen(name) < sizeof(((struct kernel_tree *)0)->release);
}

/* What a package that was removed leaves there has no modules.builtin. */
static bool is_installed(struct reader *r, const char *release)
{
	char path[256];

	snprintf(path, sizeof(path), "lib/modules/%s/modules.builtin", release);
	return is_release(release) && files_exists(&r->files, path);
}

/* Of a compressed file it can't be said. */
static void read_signature(struct reader *r, struct health *h)
{
	const struct kernel_tree *k = &h->kernel[0];
	size_t len, end = strlen(SIGNED_END), name = strlen(k->module);
	char path[320], *text;

	if (name < 3 || strcmp(k->module + name - 3, ".ko"))
		return;
	snprintf(path, sizeof(path), "lib/modules/%s/%s", k->release, k->module);
	if (files_read_part(&r->files, path, READ_MAX_KO, &text, &len))
		return;
	h->signature = len >= end && !memcmp(text + len - end, SIGNED_END, end) ?
		       SIGNATURE_THERE : SIGNATURE_NONE;
	if (h->signature == SIGNATURE_THERE)
		files_keep(&r->files, path, SIGNED_END, end);
	else
		files_keep(&r->files, path, "no signature\n", strlen("no signature\n"));
	free(text);
}

void read_kernels(struct reader *r, struct health *h)
{
	char **names;
	size_t i, nr;

	if (!is_release(r->s->kernel))
		return;
	add_kernel(r, h, r->s->kernel);
	read_signature(r, h);
	if (reader_list(r, "lib/modules", "", "", READ_MAX_KERNELS, &names, &nr))
		return;
	for (i = 0; i < nr; i++)
		if (strcmp(names[i], r->s->kernel) && is_installed(r, names[i]))
			add_kernel(r, h, names[i]);
	files_list_free(names, nr);
}

/* "DKMS make.log for conntriage-0.1.0 for kernel 6.1.0-56-amd64 (x86_64)" */
static void read_log(struct reader *r, struct dkms_state *d, const char *path)
{
	char *text, *release;
	size_t len;

	if (files_read_part(&r->files, path, READ_MAX_KERNEL_FILE, &text, NULL))
		return;
	snprintf(d->failed, sizeof(d->failed), "/%.*s", (int)sizeof(d->failed) - 2, path);
	len = strcspn(text, "\n");
	files_keep(&r->files, path, text, len);
	text[len] = '\0';
	release = strstr(text, " for kernel ");
	if (release) {
		release += strlen(" for kernel ");
		release[strcspn(release, " ")] = '\0';
		text_clean(d->failed_for, sizeof(d->failed_for), release);
	}
	free(text);
}

/* A build that went well takes its log away from there (dkms(8)). */
void read_dkms(struct reader *r, struct health *h)
{
	struct dkms_state *d = &h->dkms;
	char path[256], **names;
	size_t i, nr;

	d->program = files_exists(&r->files, "usr/sbin/dkms") ||
		     files_exists(&r->files, "usr/bin/dkms");
	d->source = files_exists(&r->files, "usr/src/" NAME "-" CTRI_VERSION "/dkms.conf");
	if (reader_list(r, DKMS_TREE, "", "", READ_MAX_KERNELS, &names, &nr))
		return;
	for (i = 0; i < nr; i++) {
		/* beside them are links that are called after kernels */
		if (*names[i] < '0' || *names[i] > '9' || !text_plain(names[i]) ||
		    strlen(names[i]) >= sizeof(d->version))
			continue;
		if (strcmp(d->version, CTRI_VERSION))
			strcpy(d->version, names[i]);
	}
	files_list_free(names, nr);
	if (!*d->version)
		return;
	snprintf(path, sizeof(path), DKMS_TREE "/%s", d->version);
	files_exists(&r->files, path);	/* a capture has its name, too */
	snprintf(path, sizeof(path), DKMS_TREE "/%s/%s", d->version, r->s->kernel);
	d->built = files_exists(&r->files, path);
	snprintf(path, sizeof(path), DKMS_TREE "/%s/build/make.log", d->version);
	read_log(r, d, path);
}

/* Whether a line of such a file is meant: "conntriage", "install conntriage /bin/false" */
static bool names_module(const char *line, const char *verb)
{
	size_t len = strlen(verb);

	line += strspn(line, " \t");
	if (strncmp(line, verb, len))
		return false;
	line += len;
	line += strspn(line, " \t");
	return !strncmp(line, NAME, strlen(NAME)) &&
	       strchr(" \t\r#", line[strlen(NAME)]);
}

static bool file_names_module(struct reader *r, const char *path, const char *verb)
{
	char *text, *next, *line;
	bool found = false;

	if (files_read(&r->files, path, READ_MAX_BOOT_FILE, &text, NULL))
		return false;
	next = text;
	while (!found && (line = text_line(&next)))
		found = names_module(line, verb);
	free(text);
	return found;
}

/* A name may hold anything, and is printed beside commands. */
static void keep_name(char *to, const char *path)
{
	*to = '/';
	text_clean(to + 1, FOLDER_PATH - 1, path);
}

/*
 * The first of the files in these folders that says @verb of the module, into @where.
 * Of files with one name only that of the first folder counts; which that is where
 * another one says it, into @masked.
 */
static void look_in_folders(struct reader *r, const char *kind, const char *suffix,
			    const char *verb, char *where, char *masked)
{
	static const char *const parents[] = { "etc", "run", "usr/local/lib", "usr/lib", "lib" };
	struct lines seen = { 0 };
	char dir[64], path[FOLDER_PATH], **names;
	size_t i, j, k, nr;

	for (i = 0; i < ARRAY_SIZE(parents) && !*where; i++) {
		snprintf(dir, sizeof(dir), "%s/%s", parents[i], kind);
		if (reader_list(r, dir, "", suffix, READ_MAX_BOOT_FILES, &names, &nr))
			continue;
		for (j = 0; j < nr && !*where; j++) {
			bool says;

			if (snprintf(path, sizeof(path), "%s/%s", dir, names[j]) >=
			    (int)sizeof(path))
				continue;
			says = file_names_module(r, path, verb);
			for (k = 0; k < seen.nr; k++)
				if (!strcmp(strrchr(seen.line[k], '/') + 1, names[j]))
					break;
			if (says && k == seen.nr)
				keep_name(where, path);
			else if (says && !*masked)
				keep_name(masked, seen.line[k]);
			lines_add(&seen, "%s", path);
		}
		files_list_free(names, nr);
	}
	lines_free(&seen);
}

/* modules-load.d(5), modules(5), OpenWrt's modules.d; modprobe.d(5) */
void read_boot_load(struct reader *r, struct health *h)
{
	char by[sizeof(h->boot_file)] = "", ignored[sizeof(h->boot_file)] = "";

	look_in_folders(r, "modules-load.d", ".conf", "", h->boot_file, h->boot_masked);
	if (!*h->boot_file && file_names_module(r, "etc/modules", ""))
		strcpy(h->boot_file, "/etc/modules");
	if (!*h->boot_file)
		look_in_folders(r, "modules.d", "", "", h->boot_file, ignored);
	/* systemd-modules-load(8) heeds it, modprobe of a name doesn't */
	look_in_folders(r, "modprobe.d", ".conf", "blacklist", by, ignored);
	if (*by) {
		strcpy(h->boot_masked, by);
		*h->boot_file = '\0';
	}
	*by = '\0';
	look_in_folders(r, "modprobe.d", ".conf", "install", by, ignored);
	if (*by && !*h->forbidden_by)
		snprintf(h->forbidden_by, sizeof(h->forbidden_by), "%.90s", by);
}
