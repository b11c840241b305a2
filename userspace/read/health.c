// SPDX-License-Identifier: GPL-2.0
/* Facts about conntriage's own installation: what stands between it and the kernel. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "health.h"
#include "kmod/abi.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/confined.h"
#include "read/files.h"
#include "read/health_parts.h"
#include "read/limits.h"
#include "read/modules.h"
#include "read/parts.h"
#include "read/read.h"
#include "read/reader.h"
#include "snapshot.h"

#define DEBUGFS		"sys/kernel/debug"
#define SECURE_BOOT	"sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
/* In a capture, where bytes of firmware have no place */
#define SECURE_BOOT_KEPT "conntriage/secure_boot"

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list) {
		size_t end = strcspn(list, " \t\"'");

		if (end == len && !strncmp(list, word, len))
			return true;
		list += end;
		list += strspn(list, " \t\"'");
	}
	return false;
}

/* os-release(5): the first that is known of ID and the words of ID_LIKE */
static enum distribution distribution_of(const char *words)
{
	static const struct {
		const char *id;
		enum distribution is;
	} known_ids[] = {
		{ "nixos", DISTRIBUTION_NIXOS }, { "openwrt", DISTRIBUTION_OPENWRT },
		{ "alpine", DISTRIBUTION_ALPINE }, { "arch", DISTRIBUTION_ARCH },
		{ "debian", DISTRIBUTION_DEBIAN }, { "ubuntu", DISTRIBUTION_DEBIAN },
		{ "fedora", DISTRIBUTION_FEDORA }, { "rhel", DISTRIBUTION_FEDORA },
		{ "centos", DISTRIBUTION_FEDORA }, { "suse", DISTRIBUTION_SUSE },
		{ "opensuse", DISTRIBUTION_SUSE }, { "sles", DISTRIBUTION_SUSE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known_ids); i++)
		if (has_word(words, known_ids[i].id))
			return known_ids[i].is;
	return DISTRIBUTION_OTHER;
}

static void read_distribution(struct reader *r, struct health *h)
{
	char *text, *next, *line;

	if (reader_slurp(r, "etc/os-release", READ_MAX_BOOT_FILE, &text, NULL) || !text) {
		if (reader_slurp(r, "usr/lib/os-release", READ_MAX_BOOT_FILE, &text, NULL))
			return;
	}
	next = text;
	while ((line = text_line(&next))) {
		enum distribution is = DISTRIBUTION_OTHER;

		if (!strncmp(line, "ID=", 3))
			is = distribution_of(line + 3);
		else if (!strncmp(line, "ID_LIKE=", 8) && h->distribution == DISTRIBUTION_OTHER)
			is = distribution_of(line + 8);
		if (is != DISTRIBUTION_OTHER)
			h->distribution = is;
	}
	free(text);
}

/* proc_pid_status(5): of "Uid:" the second is the effective one. */
static void read_rights(struct reader *r, struct health *h)
{
	int64_t capabilities = 0;
	char *text, *next, *line, kept[160] = "";
	size_t used = 0;

	if (files_read_part(&r->files, "proc/self/status", READ_MAX_BOOT_FILE, &text, NULL))
		return;
	next = text;
	while ((line = text_line(&next))) {
		char *value = strchr(line, '\t');

		if (!value || (strncmp(line, "Uid:", 4) && strncmp(line, "CapEff:", 7)))
			continue;
		used += snprintf(kept + used, sizeof(kept) - used, "%.70s\n", line);
		value++;
		if (*line == 'C') {
			text_hex(text_trim(value), &capabilities);
			continue;
		}
		strsep(&value, "\t");
		line = strsep(&value, "\t");
		if (line)
			text_count(line, &h->euid);
	}
	if (used < sizeof(kept))
		files_keep(&r->files, "proc/self/status", kept, used);
	h->capabilities = capabilities;
	free(text);
}

/* Four bytes of attributes, and one of data */
static void read_secure_boot(struct reader *r, struct health *h)
{
	char *text;
	size_t len;

	if (*r->files.root) {
		reader_number(r, SECURE_BOOT_KEPT, &h->secure_boot);
		return;
	}
	if (files_read_part(&r->files, SECURE_BOOT, READ_MAX_BOOT_FILE, &text, &len))
		return;
	if (len == 5)
		h->secure_boot = text[4] == 1;
	free(text);
	if (h->secure_boot != UNKNOWN)
		files_keep(&r->files, SECURE_BOOT_KEPT, h->secure_boot ? "1\n" : "0\n", 2);
}

/* "Y" or "N" where it is a flag of the kernel's */
static void read_sig_enforce(struct reader *r, struct health *h)
{
	char word[8] = "";

	reader_word(r, "sys/module/module/parameters/sig_enforce", word, sizeof(word));
	if (*word)
		h->sig_enforce = *word == 'Y' || *word == '1';
}

/* sign_file of dkms(8): Ubuntu's has a key of shim-signed's, all others one of their own */
static void read_certificate(struct reader *r, struct health *h)
{
	static const char ubuntu[] = "/var/lib/shim-signed/mok/MOK.der";

	h->certificate = files_exists(&r->files, ubuntu + 1) ? ubuntu : "/var/lib/dkms/mok.pub";
}

static void read_locks(struct reader *r, struct health *h)
{
	char value[128];

	h->can_load = r->modules;
	reader_number(r, "proc/sys/kernel/modules_disabled", &h->modules_disabled);
	read_sig_enforce(r, h);
	read_secure_boot(r, h);
	read_certificate(r, h);
	confined_lockdown(r, h->lockdown, sizeof(h->lockdown));
	if (reader_boot_option(r, "module_blacklist", value, sizeof(value))) {
		char *next = value, *name;

		while ((name = strsep(&next, ",")))
			if (!strcmp(name, "conntriage"))
				strcpy(h->forbidden_by, "module_blacklist= of the command line");
	}
}

/* fstab(5): "none /sys/kernel/debug debugfs rw 0 0", alone of all mounts */
static void read_mounts(struct reader *r, struct health *h)
{
	char *text, *next, *line, *at;

	if (files_read_part(&r->files, "proc/self/mounts", READ_MAX_KERNEL_FILE, &text, NULL))
		return;
	next = text;
	while ((line = text_line(&next))) {
		at = strchr(line, ' ');
		if (!at || strncmp(at, " /" DEBUGFS " debugfs ", sizeof(DEBUGFS) + 10))
			continue;
		h->debugfs = true;
		line[strlen(line)] = '\n';
		files_keep(&r->files, "proc/self/mounts", line, strcspn(line, "\n") + 1);
		break;
	}
	free(text);
}

static void read_schema(struct reader *r, struct health *h)
{
	struct fault ignored = { .text = (char [8]){ "" }, .size = 8 };	/* read_module() says it */
	char *text;
	size_t len;

	if (files_read(&r->files, DEBUGFS "/" CTRI_ABI_DIR "/" CTRI_FILE_ABI, READ_MAX_BOOT_FILE,
		       &text, &len))
		return;
	parse_abi(CTRI_FILE_ABI, text, len, &h->schema, &ignored);
	free(text);
}

static void read_loaded(struct reader *r, struct health *h)
{
	h->loaded = reader_has_module(r, "conntriage") ||
		    files_exists(&r->files, "sys/module/conntriage") || r->s->mod.loaded;
	if (h->loaded) {
		reader_word(r, "sys/module/conntriage/version", h->version, sizeof(h->version));
		reader_word(r, "sys/module/conntriage/taint", h->taint, sizeof(h->taint));
	}
	if (!*h->version)
		snprintf(h->version, sizeof(h->version), "%s", r->s->mod.version);
}

/* By which the table is listed where the module isn't loaded */
static bool lacks_ctnetlink(struct reader *r)
{
	return module_place(r, "nf_conntrack_netlink") == MODULE_ABSENT &&
	       !reader_has_module(r, "nf_conntrack_netlink");
}

void reader_health(struct reader *r, struct health *h)
{
	*h = (struct health) {
		.euid = UNKNOWN, .modules_disabled = UNKNOWN, .sig_enforce = UNKNOWN,
		.secure_boot = UNKNOWN, .schema = UNKNOWN, .ftrace = UNKNOWN,
		.kprobes = UNKNOWN,
	};
	r->part = "health";
	read_distribution(r, h);
	confined_container(r, h->container, sizeof(h->container));
	h->in_userns = confined_userns(r);
	read_rights(r, h);
	read_locks(r, h);
	read_loaded(r, h);
	h->no_ctnetlink = lacks_ctnetlink(r);
	read_kernels(r, h);
	read_dkms(r, h);
	read_boot_load(r, h);
	read_mounts(r, h);
	if (!reader_boot_option(r, "debugfs", h->debugfs_option, sizeof(h->debugfs_option)))
		*h->debugfs_option = '\0';
	read_schema(r, h);
	reader_number(r, "proc/sys/kernel/ftrace_enabled", &h->ftrace);
	reader_number(r, DEBUGFS "/kprobes/enabled", &h->kprobes);
}

int read_health(const char *root, struct snapshot *s, struct health *h, char *err, size_t errlen)
{
	static int (*const parts[])(struct reader *r) = {
		read_meta, read_host, read_tools, read_module,
	};
	struct reader r;
	size_t i;
	int error;

	memset(h, 0, sizeof(*h));
	error = reader_begin(&r, root, 0, NULL, s, err, errlen);
	for (i = 0; !error && i < ARRAY_SIZE(parts); i++)
		if (parts[i](&r))
			reader_drop(&r, NULL);
	if (!error)
		reader_health(&r, h);
	reader_end(&r);
	return error;
}

void health_free(struct health *h)
{
	free(h->kernel);
	h->kernel = NULL;
	h->nr_kernels = 0;
}
