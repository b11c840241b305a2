// SPDX-License-Identifier: GPL-2.0
/*
 * Names of packages, by distribution. Where none is known, the command is a remark
 * that says what to look for.
 */
#include <stdio.h>
#include <string.h>

#include "judge/packages.h"
#include "lib/numbers.h"
#include "lib/words.h"

static const char *const install_words[DISTRIBUTIONS] = {
	[DISTRIBUTION_DEBIAN] = "apt-get install",
	[DISTRIBUTION_FEDORA] = "dnf install",
	[DISTRIBUTION_SUSE] = "zypper install",
	[DISTRIBUTION_ARCH] = "pacman -S",
	[DISTRIBUTION_ALPINE] = "apk add",
	[DISTRIBUTION_OPENWRT] = "opkg install",
};

/* Where the package isn't called as in Debian */
static const struct {
	enum tool tool;
	const char *name, *debian, *fedora, *alpine;
} tools_of[] = {
	{ TOOL_NFT, "nft", "nftables", NULL, NULL },
	{ TOOL_CONNTRACK, "conntrack", "conntrack", "conntrack-tools", "conntrack-tools" },
	{ TOOL_IP, "ip", "iproute2", "iproute", NULL },
	{ TOOL_SYSCTL, "sysctl", "procps", "procps-ng", "procps-ng" },
	{ TOOL_MODPROBE, "modprobe", "kmod", NULL, NULL },
	{ TOOL_CONNTRIAGE_DELETE, "conntriage-delete", NULL, NULL, NULL },
};

/* The part behind the last dash: "lts" of 6.6.8-0-lts */
static const char *flavour(const char *release)
{
	const char *dash = strrchr(release, '-');

	return dash ? dash + 1 : "";
}

static const char *arch_flavour(const char *release)
{
	static const char *const flavours[] = { "lts", "zen", "hardened", "rt" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flavours); i++)
		if (!strcmp(flavour(release), flavours[i]))
			return flavours[i];
	return "";
}

void install_headers(struct lines *l, enum distribution d, const char *release)
{
	const char *of;

	switch (d) {
	case DISTRIBUTION_DEBIAN:
		/* Proxmox's kernels have packages of their own */
		lines_add(l, "apt-get install %s-headers-%s",
			  !strcmp(flavour(release), "pve") ? "proxmox" : "linux", release);
		break;
	case DISTRIBUTION_FEDORA:
		lines_add(l, "dnf install kernel-devel-%s", release);
		break;
	case DISTRIBUTION_SUSE:
		of = flavour(release);
		lines_add(l, "zypper install kernel-%s-devel", *of ? of : "default");
		break;
	case DISTRIBUTION_ARCH:
		of = arch_flavour(release);
		lines_add(l, "pacman -S linux-%s%sheaders", of, *of ? "-" : "");
		break;
	case DISTRIBUTION_ALPINE:
		of = flavour(release);
		lines_add(l, "apk add linux-%s-dev", *of ? of : "lts");
		break;
	case DISTRIBUTION_OPENWRT:
		lines_add(l, "# OpenWrt has no headers: build the module with the SDK of its "
			  "release");
		break;
	case DISTRIBUTION_NIXOS:
		lines_add(l, "# build the module with config.boot.kernelPackages.kernel.dev");
		break;
	default:
		lines_add(l, "# install what modules for kernel %s are built with: its headers",
			  release);
		break;
	}
}

bool knows_dkms(enum distribution d)
{
	return d != DISTRIBUTION_ALPINE && d != DISTRIBUTION_OPENWRT && d != DISTRIBUTION_NIXOS;
}

void install_dkms(struct lines *l, enum distribution d)
{
	lines_add(l, "%s dkms", install_words[d] ? install_words[d] : "# install");
}

void build_without_dkms(struct lines *l, enum distribution d)
{
	if (d == DISTRIBUTION_OPENWRT)
		lines_add(l, "# make a package of its source, with the SDK of this release");
	else if (d == DISTRIBUTION_NIXOS)
		lines_add(l, "# make a package of its source, for boot.extraModulePackages");
	else
		lines_add(l, "make install   # in conntriage's source");
}

static const char *package_of(size_t i, enum distribution d)
{
	switch (d) {
	case DISTRIBUTION_FEDORA:
	case DISTRIBUTION_ARCH:
	case DISTRIBUTION_SUSE:
		/* arch and SUSE call iproute as Debian does */
		if (tools_of[i].tool == TOOL_IP && d != DISTRIBUTION_FEDORA)
			return tools_of[i].debian;
		if (tools_of[i].tool == TOOL_SYSCTL && d == DISTRIBUTION_SUSE)
			return tools_of[i].debian;
		return tools_of[i].fedora ? tools_of[i].fedora : tools_of[i].debian;
	case DISTRIBUTION_ALPINE:
		return tools_of[i].alpine ? tools_of[i].alpine : tools_of[i].debian;
	case DISTRIBUTION_OPENWRT:
		return tools_of[i].tool == TOOL_IP ? "ip-full" : tools_of[i].debian;
	default:
		return tools_of[i].debian;
	}
}

void install_tools(struct lines *l, enum distribution d, const struct host_tools *t,
		   unsigned int tools)
{
	char text[160] = "";
	size_t i, used = 0;

	for (i = 0; i < ARRAY_SIZE(tools_of) && used < sizeof(text); i++)
		if (tools & (1u << tools_of[i].tool) && tools_of[i].debian)
			used += snprintf(text + used, sizeof(text) - used, " %s",
					 package_of(i, d));
	if (*text && install_words[d])
		lines_add(l, "%s%s", install_words[d], text);
	else if (*text)
		lines_add(l, "# install%s", text);
	if (tools & (1u << TOOL_CONNTRIAGE_DELETE) && *t->twin)
		lines_add(l, "%s", t->twin);
	else if (tools & (1u << TOOL_CONNTRIAGE_DELETE))
		lines_add(l, "# conntriage-delete comes with conntriage: install that anew");
}

void load_at_boot(struct lines *l, enum distribution d)
{
	switch (d) {
	case DISTRIBUTION_ALPINE:
		lines_add(l, "echo conntriage >>/etc/modules");
		break;
	case DISTRIBUTION_OPENWRT:
		lines_add(l, "echo conntriage >/etc/modules.d/99-conntriage");
		break;
	case DISTRIBUTION_NIXOS:
		lines_add(l, "# in configuration.nix: boot.kernelModules = [ \"conntriage\" ];");
		break;
	default:
		lines_add(l, "echo conntriage >/etc/modules-load.d/conntriage.conf");
		break;
	}
}

const char *tool_words(unsigned int tools)
{
	char *text = word_buffer();
	size_t i, used = 0;

	*text = '\0';
	for (i = 0; i < ARRAY_SIZE(tools_of) && used < WORD_SIZE; i++)
		if (tools & (1u << tools_of[i].tool))
			used += snprintf(text + used, WORD_SIZE - used, "%s%s",
					 used ? ", " : "", tools_of[i].name);
	return text;
}
