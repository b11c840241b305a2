// SPDX-License-Identifier: GPL-2.0
/* Whether the module is loaded, may be, will be at boot, and is of this version. */
#include <inttypes.h>
#include <string.h>

#include "judge/doctor.h"
#include "judge/packages.h"
#include "kmod/abi.h"
#include "lib/numbers.h"
#include "lib/words.h"

static bool is_locked_out(const struct health *h)
{
	return !h->can_load || *h->forbidden_by || h->modules_disabled == 1;
}

void check_locked(const struct health *h, struct checks *c)
{
	const char *name = "locked";
	struct check *check;

	if (!h->loaded && !h->can_load) {
		check = check_add(c, name, CHECK_UNWELL, "out: this kernel loads no modules, "
				  "there is no /proc/modules");
		lines_add(&check->commands, "# boot a kernel that does, or go on without the "
			  "module, see without");
	} else if (!h->loaded && *h->forbidden_by) {
		check = check_add(c, name, CHECK_UNWELL, "out: %s forbids to load the module",
				  h->forbidden_by);
		if (*h->forbidden_by == '/')
			lines_add(&check->commands, "# take \"install conntriage\" out of %s",
				  h->forbidden_by);
		else
			lines_add(&check->commands, "# take conntriage out of it, and reboot");
	} else if (!h->loaded && h->modules_disabled == 1) {
		check = check_add(c, name, CHECK_UNWELL, "out: kernel.modules_disabled is 1, so "
				  "nothing is loaded until a reboot");
		lines_add(&check->commands, "# have it loaded at boot, see boot, and reboot");
	} else if (h->modules_disabled == 1) {
		check_add(c, name, CHECK_WELL, "in: kernel.modules_disabled is 1, so an upgrade "
			  "takes a reboot");
	} else if (*h->lockdown && strcmp(h->lockdown, "none")) {
		check_add(c, name, CHECK_WELL, "not out: under lockdown (%s) a signed module is "
			  "loaded, and its files stay readable", h->lockdown);
	} else {
		check_add(c, name, CHECK_WELL, "not out: nothing keeps the kernel from loading it");
	}
}

void check_loaded(const struct snapshot *s, const struct health *h, struct checks *c)
{
	struct check *check;

	if (h->loaded && s->mod.uptime != UNKNOWN) {
		check_add(c, "loaded", CHECK_WELL, "conntriage %s, since %s",
			  *h->version ? h->version : "of unknown version", duration(s->mod.uptime));
	} else if (h->loaded) {
		check_add(c, "loaded", CHECK_WELL, "conntriage%s%s", *h->version ? " " : "",
			  h->version);
	} else if (is_locked_out(h) && !*h->container) {
		check_add(c, "loaded", CHECK_UNWELL, "it isn't, see locked");
	} else {
		check = check_add(c, "loaded", CHECK_UNWELL, "it isn't");
		lines_add(&check->commands, *h->container ? "# on the host: modprobe conntriage" :
			  "modprobe conntriage");
	}
}

/* Whoever masked it meant to. */
void check_boot(const struct health *h, struct checks *c)
{
	struct check *check;

	if (*h->boot_file) {
		check_add(c, "boot", CHECK_WELL, "%s loads it", h->boot_file);
	} else if (*h->boot_masked) {
		check_add(c, "boot", CHECK_WELL, "%s keeps it from being loaded", h->boot_masked);
	} else {
		check = check_add(c, "boot", CHECK_UNWELL, "nothing loads it at boot");
		load_at_boot(&check->commands, h->distribution);
	}
}

/* Loading anew helps where the version that is asked for is there already. */
static void load_anew(struct lines *l, const struct health *h, bool older)
{
	if (!strcmp(h->version, CTRI_VERSION) && !older) {
		lines_add(l, "# install the module and this program from one source");
		return;
	}
	if (!older) {
		lines_add(l, "# install conntriage %s, the program", h->version);
		return;
	}
	if (strcmp(h->dkms.version, CTRI_VERSION))
		lines_add(l, "make %s   # in conntriage's source",
			  h->dkms.program ? "dkms-install" : "install");
	lines_add(l, "rmmod conntriage && modprobe conntriage");
}

void check_version(const struct health *h, struct checks *c)
{
	const char *name = "version";
	struct check *check;
	int apart;

	if (!h->loaded) {
		check_add(c, name, CHECK_UNKNOWN, "no module is loaded that could be of another "
			  "one");
		return;
	}
	apart = *h->version ? strverscmp(h->version, CTRI_VERSION) : 0;
	if (apart) {
		check = check_add(c, name, CHECK_UNWELL, "the module is %s, %s than this program, "
				  CTRI_VERSION, h->version, apart < 0 ? "older" : "newer");
	} else if (h->schema != UNKNOWN && h->schema != CTRI_ABI_SCHEMA) {
		apart = h->schema < CTRI_ABI_SCHEMA ? -1 : 1;
		check = check_add(c, name, CHECK_UNWELL, "the module's files are of schema %" PRId64
				  ", this program reads %d", h->schema, CTRI_ABI_SCHEMA);
	} else if (!*h->version) {
		check_add(c, name, CHECK_UNKNOWN, "the module doesn't tell its own");
		return;
	} else {
		check_add(c, name, CHECK_WELL, "%s, of the module and of this program", h->version);
		return;
	}
	if (*h->container)
		lines_add(&check->commands, "# on the host: install both from one version");
	else
		load_anew(&check->commands, h, apart < 0);
}
