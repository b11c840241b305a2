// SPDX-License-Identifier: GPL-2.0
/*
 * Who makes packet filter rules on this host, or loads them at boot. What an owner has
 * in the ruleset says so; where rules can't be read, its unit does. No program is asked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/nft_private.h"
#include "read/nft_ruleset.h"
#include "read/parts.h"
#include "read/reader.h"
#include "read/writers.h"
#include "snapshot.h"

#define BIT(owner)	(1u << (owner))

/* A name, or what a name begins with, and the owner that makes what is called so */
struct owned {
	const char *name;
	enum rules_owner owner;
};

static const struct owned tables[] = {
	{ "firewalld", OWNER_FIREWALLD },
	{ "docker-bridges", OWNER_DOCKER },	/* since 29, where it is told to use nftables */
	{ "netavark", OWNER_PODMAN },
	{ "kube-proxy", OWNER_KUBE }, { "calico", OWNER_KUBE },
	{ "libvirt_network", OWNER_LIBVIRT },	/* since 10.4 */
	{ "f2b-table", OWNER_FAIL2BAN },
	{ "fw4", OWNER_OPENWRT },
};

static const struct owned chains[] = {
	{ "IN_public", OWNER_FIREWALLD }, { "INPUT_ZONES", OWNER_FIREWALLD },
	{ "ufw-before-input", OWNER_UFW }, { "ufw6-before-input", OWNER_UFW },
	{ "DOCKER", OWNER_DOCKER }, { "DOCKER-USER", OWNER_DOCKER },
	{ "NETAVARK*", OWNER_PODMAN },
	{ "KUBE-*", OWNER_KUBE }, { "cali-*", OWNER_KUBE }, { "CILIUM_*", OWNER_KUBE },
	{ "FLANNEL-*", OWNER_KUBE }, { "WEAVE-*", OWNER_KUBE }, { "ANTREA-*", OWNER_KUBE },
	{ "LIBVIRT_*", OWNER_LIBVIRT },
	{ "f2b-*", OWNER_FAIL2BAN },
	{ "nixos-fw", OWNER_NIXOS },
};

static unsigned int owner_of(const char *name, const struct owned *list, size_t nr)
{
	size_t i, len;

	for (i = 0; i < nr; i++) {
		len = strlen(list[i].name);
		if (list[i].name[len - 1] == '*' ? !strncmp(name, list[i].name, len - 1) :
		    !strcmp(name, list[i].name))
			return BIT(list[i].owner);
	}
	return 0;
}

unsigned int ruleset_owners(const struct ruleset *rs)
{
	unsigned int owners = 0;
	bool plugins = false;
	size_t i;

	for (i = 0; i < rs->nr_tables; i++)
		owners |= owner_of(rs->table[i].name, tables, ARRAY_SIZE(tables));
	for (i = 0; i < rs->nr_chains; i++) {
		owners |= owner_of(rs->chain[i].name, chains, ARRAY_SIZE(chains));
		plugins |= !strncmp(rs->chain[i].name, "CNI-", strlen("CNI-"));
	}
	/* The plugins of CNI make the same chains for podman and for Kubernetes. */
	if (plugins && !(owners & BIT(OWNER_KUBE)))
		owners |= BIT(OWNER_PODMAN);
	return owners;
}

/* systemd keeps such a link for each unit that is active (unit_export_invocation_id()). */
static bool unit_is_active(struct reader *r, const char *unit)
{
	char path[96], target[64];

	snprintf(path, sizeof(path), "run/systemd/units/invocation:%s", unit);
	return files_link(&r->files, path, target, sizeof(target));
}

static bool unit_is_enabled(struct reader *r, const char *unit)
{
	static const char *const wants[] = { "sysinit.target", "multi-user.target" };
	char path[128], target[160];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wants); i++) {
		snprintf(path, sizeof(path), "etc/systemd/system/%s.wants/%s", wants[i], unit);
		if (files_link(&r->files, path, target, sizeof(target)))
			return true;
	}
	return false;
}

/* Where the rules themselves can't be read */
static unsigned int owners_by_unit(struct reader *r)
{
	static const struct owned units[] = {
		{ "firewalld.service", OWNER_FIREWALLD },
		{ "docker.service", OWNER_DOCKER },
		{ "kubelet.service", OWNER_KUBE },
		{ "k3s.service", OWNER_KUBE }, { "k3s-agent.service", OWNER_KUBE },
		{ "libvirtd.service", OWNER_LIBVIRT }, { "virtnetworkd.service", OWNER_LIBVIRT },
		{ "fail2ban.service", OWNER_FAIL2BAN },
	};
	unsigned int owners = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (unit_is_active(r, units[i].name))
			owners |= BIT(units[i].owner);
	for (i = 0; i < r->s->nr_written; i++)
		if (r->s->written[i].program == WRITER_KUBE_PROXY)
			owners |= BIT(OWNER_KUBE);
	return owners;
}

/* os-release(5): ID=nixos */
static int read_distribution(struct reader *r)
{
	char *text, *next, *line;

	if (files_exists(&r->files, "etc/openwrt_release"))
		r->s->owners |= BIT(OWNER_OPENWRT);
	if (files_exists(&r->files, "etc/NIXOS"))
		r->s->owners |= BIT(OWNER_NIXOS);
	if (reader_slurp(r, "etc/os-release", READ_MAX_BOOT_FILE, &text, NULL))
		return -1;
	next = text;
	while ((line = text_line(&next))) {
		line = text_trim(line);
		if (!strcmp(line, "ID=nixos") || !strcmp(line, "ID=\"nixos\""))
			r->s->owners |= BIT(OWNER_NIXOS);
	}
	free(text);
	return 0;
}

/* Those that load a file at boot: their rules may look like anybody's. */
static void find_loaders(struct reader *r)
{
	if (unit_is_enabled(r, "nftables.service") || unit_is_active(r, "nftables.service")) {
		r->s->owners |= BIT(OWNER_NFTABLES);
		if (files_exists(&r->files, "etc/sysconfig/nftables.conf"))
			r->s->owners |= BIT(OWNER_RHEL_NFTABLES);
	}
	/* installed for the sake of something else, it has no rules to load */
	if ((files_exists(&r->files, "etc/iptables/rules.v4") ||
	     files_exists(&r->files, "etc/iptables/rules.v6")) &&
	    unit_is_enabled(r, "netfilter-persistent.service"))
		r->s->owners |= BIT(OWNER_NETFILTER_PERSISTENT);
}

int read_owners(struct reader *r)
{
	bool readable = r->s->rules.known && !r->s->rules.iptables_legacy, ufw;

	if (read_ufw_enabled(r, &ufw))
		return -1;
	if (!readable) {
		r->s->owners |= owners_by_unit(r);
		if (ufw)
			r->s->owners |= BIT(OWNER_UFW);
	}
	/* "ufw disable" may leave its chains behind, empty */
	if (!ufw)
		r->s->owners &= ~BIT(OWNER_UFW);
	find_loaders(r);
	return read_distribution(r);
}
