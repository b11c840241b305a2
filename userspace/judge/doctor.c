// SPDX-License-Identifier: GPL-2.0
/* Whether conntriage is well here: who asks, what can be read, what the module sees. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "judge/doctor.h"
#include "judge/packages.h"
#include "kmod/abi.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/words.h"

/* include/uapi/linux/capability.h */
#define CAP_DAC_OVERRIDE	1
#define CAP_DAC_READ_SEARCH	2
#define CAP_NET_ADMIN		12
#define CAP_SYS_ADMIN		21

#define DEBUGFS			"/sys/kernel/debug"
#define KPROBES_ENABLED		DEBUGFS "/kprobes/enabled"

static bool may(const struct health *h, int capability)
{
	return h->capabilities & (UINT64_C(1) << capability);
}

static const char *words(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static const char *words(const char *fmt, ...)
{
	char *text = word_buffer();
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, WORD_SIZE, fmt, ap);
	va_end(ap);
	return text;
}

/* Whether the module's own files were read, and not one namespace's alone */
static bool sees_all(const struct snapshot *s)
{
	return s->mod.loaded && !s->mod.partial;
}

static const char *lacking(const struct health *h)
{
	if (!may(h, CAP_DAC_OVERRIDE) && !may(h, CAP_DAC_READ_SEARCH))
		return "CAP_DAC_READ_SEARCH";
	if (!may(h, CAP_NET_ADMIN))
		return "CAP_NET_ADMIN";
	return may(h, CAP_SYS_ADMIN) ? NULL : "CAP_SYS_ADMIN";
}

static void check_rights(const struct snapshot *s, const struct health *h, struct checks *c)
{
	const char *name = "rights", *without = lacking(h);
	struct check *k;

	if (*h->container && sees_all(s)) {
		check_add(c, name, CHECK_WELL, "in a container (%s) that sees the host's module; "
			  "how that is built and loaded isn't looked at", h->container);
	} else if (*h->container) {
		k = check_add(c, name, CHECK_UNWELL, "in a container (%s), which sees its own "
			      "network namespace at most; the rest is for the host to tell",
			      h->container);
		lines_add(&k->commands, "# on the host: conntriage doctor");
	} else if (h->euid == UNKNOWN) {
		check_add(c, name, CHECK_UNKNOWN, "who reads this isn't known");
	} else if (h->euid) {
		k = check_add(c, name, CHECK_UNWELL, "user %" PRId64 " isn't root: debugfs and the "
			      "packet filter's rules can't be read", h->euid);
		lines_add(&k->commands, "sudo conntriage doctor");
	} else if (without || h->in_userns) {
		k = check_add(c, name, CHECK_UNWELL, "%s: something can't be read",
			      h->in_userns ? "root of a user namespace, not of the host" :
			      words("root without %s", without));
		lines_add(&k->commands, "# ask as the host's root, with all capabilities");
	} else {
		check_add(c, name, CHECK_WELL, "root");
	}
}

/* What is told all the same, and by which command */
static void check_without(const struct health *h, struct checks *c)
{
	struct check *k;

	if (h->euid != UNKNOWN && !may(h, CAP_NET_ADMIN)) {
		k = check_add(c, "without", CHECK_UNWELL, "the table is listed by "
			      "ctnetlink, which takes CAP_NET_ADMIN");
		lines_add(&k->commands, h->euid ? "sudo conntriage" :
			  "# run conntriage with CAP_NET_ADMIN");
	} else if (h->no_ctnetlink) {
		k = check_add(c, "without", CHECK_UNWELL, "the table would be listed by "
			      "ctnetlink, which this kernel hasn't");
		lines_add(&k->commands, h->distribution == DISTRIBUTION_OPENWRT ?
			  "opkg install kmod-nf-conntrack-netlink" :
			  "# install this kernel's nf_conntrack_netlink");
	} else {
		k = check_add(c, "without", CHECK_WELL, "conntriage lists the table by "
			      "ctnetlink: who fills it is told, who is refused or evicted isn't");
		lines_add(&k->commands, "conntriage");
	}
}

/* In a container there is no debugfs, and none is missed. */
static void check_debugfs_inside(const struct snapshot *s, const struct health *h,
				 struct checks *c)
{
	struct check *k;

	if (sees_all(s)) {
		check_add(c, "debugfs", CHECK_WELL, "mounted, and the module's files can be read");
	} else if (s->mod.loaded) {
		check_add(c, "debugfs", CHECK_WELL, "not here; /proc/net/conntriage tells of this "
			  "network namespace");
	} else if (h->loaded) {
		k = check_add(c, "debugfs", CHECK_UNWELL, "not here, and /proc/net/conntriage "
			      "takes CAP_NET_ADMIN");
		lines_add(&k->commands, "# give the container CAP_NET_ADMIN");
	} else {
		check_add(c, "debugfs", CHECK_UNKNOWN, "not here, and no module is loaded");
	}
}

/* The kernel knows its option, but the directory is empty, or can't be opened. */
static void check_debugfs_empty(const struct health *h, struct checks *c)
{
	struct check *k;

	if (h->euid > 0) {
		check_add(c, "debugfs", CHECK_UNKNOWN, "mounted; only root may read it, see "
			  "rights");
	} else if (*h->lockdown && strcmp(h->lockdown, "none")) {
		k = check_add(c, "debugfs", CHECK_UNWELL, "mounted, but the kernel is locked "
			      "down (%s) and shows nothing of it", h->lockdown);
		lines_add(&k->commands, "# /proc/net/conntriage is left: of one network "
			  "namespace at a time");
	} else {
		k = check_add(c, "debugfs", CHECK_UNWELL, "mounted, but without the loaded "
			      "module's files");
		lines_add(&k->commands, "rmmod conntriage && modprobe conntriage");
	}
}

static void check_debugfs(const struct snapshot *s, const struct health *h, struct checks *c)
{
	const char *fault = find_fault(s, CTRI_FILE_STATUS);
	struct check *k;

	if (*h->container) {
		check_debugfs_inside(s, h, c);
	} else if (fault && h->schema != UNKNOWN) {
		check_add(c, "debugfs", CHECK_UNKNOWN, "mounted; %s", fault);
	} else if (sees_all(s) || h->schema != UNKNOWN) {
		check_add(c, "debugfs", CHECK_WELL, "mounted, and the module's files can be read");
	} else if (!strcmp(h->debugfs_option, "off") || !strcmp(h->debugfs_option, "no-mount")) {
		k = check_add(c, "debugfs", CHECK_UNWELL, "switched off: debugfs=%s on the kernel "
			      "command line", h->debugfs_option);
		lines_add(&k->commands, "# take debugfs=%s out of the boot loader's "
			  "configuration, and reboot", h->debugfs_option);
	} else if (!h->debugfs) {
		k = check_add(c, "debugfs", CHECK_UNWELL, "not mounted");
		lines_add(&k->commands, "mount -t debugfs debugfs " DEBUGFS);
	} else if (h->loaded) {
		check_debugfs_empty(h, c);
	} else {
		check_add(c, "debugfs", CHECK_WELL, "mounted");
	}
}

/* Probes that don't attach to this kernel, as words; "" where all do */
static const char *absent_probes(const struct module_status *m)
{
	const struct {
		const char *state, *word;
	} probes[] = {
		{ m->probe_drop, CTRI_ST_PROBE_DROP }, { m->probe_alloc, CTRI_ST_PROBE_ALLOC },
		{ m->probe_delete, CTRI_ST_PROBE_DELETE }, { m->probe_gc, CTRI_ST_PROBE_GC },
		{ m->probe_confirm, CTRI_ST_PROBE_CONFIRM },
	};
	const char *list = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (!strcmp(probes[i].state, CTRI_PROBE_ABSENT))
			list = words("%s%s%s", list, *list ? ", " : "", probes[i].word);
	return list;
}

static void check_sees(const struct snapshot *s, const struct health *h, struct checks *c)
{
	const struct module_status *m = &s->mod;
	const char *absent = absent_probes(m);
	struct check *k;

	if (!strcmp(m->ftrace, CTRI_OFF) || h->ftrace == 0) {
		k = check_add(c, "sees", CHECK_UNWELL, "%s: kernel.ftrace_enabled is 0", h->loaded ?
			      "blind to most things" : "would be blind to most things");
		lines_add(&k->commands, "sysctl -w kernel.ftrace_enabled=1");
	} else if (!strcmp(m->kprobes, CTRI_OFF) || h->kprobes == 0) {
		k = check_add(c, "sees", CHECK_UNWELL, "not who is refused or evicted: kprobes are "
			      "switched off");
		lines_add(&k->commands, "echo 1 >" KPROBES_ENABLED);
	} else if (*absent) {
		k = check_add(c, "sees", CHECK_UNWELL, "not everything: this kernel has no place "
			      "for %s", absent);
		lines_add(&k->commands, "# nothing helps here; report it, with what this writes:");
		lines_add(&k->commands, "conntriage capture /tmp/conntriage-report");
	} else if (sees_all(s) && known(m->lost_blind)) {
		check_add(c, "sees", CHECK_WELL, "everything, but for the %s in which ftrace or "
			  "kprobes were off", duration(m->lost_blind));
	} else if (sees_all(s) && !m->old) {
		check_add(c, "sees", CHECK_WELL, "everything: all probes attach");
	} else if (h->ftrace == UNKNOWN && h->kprobes == UNKNOWN) {
		check_add(c, "sees", CHECK_UNKNOWN, "whether ftrace and kprobes are on can't be "
			  "read");
	} else {
		check_add(c, "sees", CHECK_WELL, "ftrace%s on", h->kprobes == UNKNOWN ? " is" :
			  " and kprobes are");
	}
}

/* What the commands begin with that a diagnosis prints */
static void check_tools(const struct snapshot *s, const struct health *h, struct checks *c)
{
	const unsigned int filters = 1u << TOOL_NFT | 1u << TOOL_IPTABLES_NFT |
				     1u << TOOL_IPTABLES_LEGACY | 1u << TOOL_IPTABLES;
	unsigned int missing = (1u << TOOL_CONNTRACK | 1u << TOOL_IP | 1u << TOOL_SYSCTL |
				1u << TOOL_MODPROBE | 1u << TOOL_CONNTRIAGE_DELETE) &
			       ~s->tools.there;
	struct check *k;

	if (!(s->tools.there & filters))
		missing |= 1u << TOOL_NFT;
	if (!s->tools.known) {
		check_add(c, "tools", CHECK_UNKNOWN, "which programs are installed isn't known");
	} else if (!missing) {
		check_add(c, "tools", CHECK_WELL, "all that a diagnosis' commands begin with");
	} else {
		k = check_add(c, "tools", CHECK_UNWELL, "commands that a diagnosis prints need %s",
			      tool_words(missing));
		install_tools(&k->commands, h->distribution, &s->tools, missing);
	}
}

void judge_health(const struct snapshot *s, const struct health *h, struct checks *c)
{
	bool outside = !*h->container;
	bool loadable = outside && (h->can_load || h->loaded);

	*c = (struct checks){ 0 };
	check_rights(s, h, c);
	if (loadable && h->nr_kernels) {
		check_headers(h, c);
		check_dkms(h, c);
		check_built(h, c);
	}
	if (loadable)
		check_signed(h, c);
	if (outside)
		check_locked(h, c);
	check_loaded(s, h, c);
	if (!s->mod.loaded)
		check_without(h, c);
	if (loadable)
		check_boot(h, c);
	check_version(h, c);
	check_debugfs(s, h, c);
	check_sees(s, h, c);
	if (loadable && h->nr_kernels)
		check_kernels(h, c);
	check_tools(s, h, c);
}
