// SPDX-License-Identifier: GPL-2.0
/* Who makes rules here: by what is in the ruleset, and by files. */
#include "snapshot.h"
#include "tests/parse/parse_test.h"

#define RULES(...) \
	{ "conntriage/nft-ruleset.json", WRITE, NULL, "{\"nftables\": [" __VA_ARGS__ "]}\n", 0 }
#define CHAIN(family, table, name) \
	"{\"chain\": {\"family\": \"" family "\", \"table\": \"" table "\", \"name\": \"" name "\"}}"
#define UNREADABLE_RULES \
	{ "conntriage/nft-ruleset.error", WRITE, NULL, "only root can", 0 }
#define ACTIVE(unit) \
	{ "run/systemd/units/invocation:" unit, LINK, NULL, "8d4b5a1e", 0 }
#define ENABLED(target, unit) \
	{ "etc/systemd/system/" target ".wants/" unit, LINK, NULL, "/lib/systemd/system/" unit, 0 }
#define FILE_OF(path, text)	{ path, WRITE, NULL, text, 0 }

#define OWNED_BY(name, owners_) \
static bool name(const struct snapshot *s) \
{ \
	return s->owners == (owners_); \
}

OWNED_BY(by_nobody, 0)
OWNED_BY(by_firewalld, 1u << OWNER_FIREWALLD)
OWNED_BY(by_ufw, 1u << OWNER_UFW)
OWNED_BY(by_docker, 1u << OWNER_DOCKER)
OWNED_BY(by_podman, 1u << OWNER_PODMAN)
OWNED_BY(by_kube, 1u << OWNER_KUBE)
OWNED_BY(by_libvirt, 1u << OWNER_LIBVIRT)
OWNED_BY(by_fail2ban, 1u << OWNER_FAIL2BAN)
OWNED_BY(by_nftables, 1u << OWNER_NFTABLES)
OWNED_BY(by_rhel, 1u << OWNER_NFTABLES | 1u << OWNER_RHEL_NFTABLES)
OWNED_BY(by_persistent, 1u << OWNER_NETFILTER_PERSISTENT)
OWNED_BY(by_openwrt, 1u << OWNER_OPENWRT)
OWNED_BY(by_nixos, 1u << OWNER_NIXOS)
OWNED_BY(by_several, 1u << OWNER_UFW | 1u << OWNER_DOCKER | 1u << OWNER_FAIL2BAN)
OWNED_BY(by_kube_legacy, 1u << OWNER_KUBE | 1u << OWNER_DOCKER)

const struct test owner_files[] = {
	{ "owner: nobody, of names that are like theirs",
	  { RULES(CHAIN("ip", "filter", "DOCKER2") ", " CHAIN("inet", "firewalld2", "KUBE") ", "
		  CHAIN("inet", "mine", "input")),
	    FILE_OF("etc/iptables/rules.v4", ""), FILE_OF("etc/sysconfig/nftables.conf", ""),
	    FILE_OF("etc/os-release", "ID=debian\n#ID=nixos\nID_LIKE=nixos\n"),
	    ACTIVE("docker.service") }, NULL, by_nobody },
	{ "owner: firewalld", { RULES(CHAIN("inet", "firewalld", "filter_INPUT")) },
	  NULL, by_firewalld },
	{ "owner: firewalld by iptables", { RULES(CHAIN("ip", "filter", "IN_public")) },
	  NULL, by_firewalld },
	{ "owner: ufw", { RULES(CHAIN("ip", "filter", "ufw-before-input")),
			  FILE_OF("etc/ufw/ufw.conf", "LOGLEVEL=low\nENABLED=yes\n") },
	  NULL, by_ufw },
	{ "owner: ufw that is disabled, and whose chains are left",
	  { RULES(CHAIN("ip", "filter", "ufw-before-input")),
	    FILE_OF("etc/ufw/ufw.conf", "ENABLED=no\n") }, NULL, by_nobody },
	{ "owner: ufw that is enabled, and has no chains",
	  { RULES(CHAIN("ip", "filter", "INPUT")),
	    FILE_OF("etc/ufw/ufw.conf", "ENABLED=yes\n") }, NULL, by_nobody },
	{ "owner: Docker", { RULES(CHAIN("ip", "nat", "DOCKER")) }, NULL, by_docker },
	{ "owner: Docker by nftables",
	  { RULES(CHAIN("ip", "docker-bridges", "filter-FORWARD")) }, NULL, by_docker },
	{ "owner: podman", { RULES(CHAIN("ip", "nat", "NETAVARK-HOSTPORT-DNAT")) },
	  NULL, by_podman },
	{ "owner: podman by nftables", { RULES(CHAIN("inet", "netavark", "INPUT")) },
	  NULL, by_podman },
	{ "owner: podman by CNI", { RULES(CHAIN("ip", "filter", "CNI-FORWARD")) },
	  NULL, by_podman },
	{ "owner: Kubernetes by CNI", { RULES(CHAIN("ip", "nat", "CNI-HOSTPORT-DNAT") ", "
					      CHAIN("ip", "nat", "KUBE-SERVICES")) },
	  NULL, by_kube },
	{ "owner: Calico", { RULES(CHAIN("ip", "filter", "cali-INPUT")) }, NULL, by_kube },
	{ "owner: Cilium", { RULES(CHAIN("ip", "raw", "CILIUM_PRE_raw")) }, NULL, by_kube },
	{ "owner: flannel", { RULES(CHAIN("ip", "nat", "FLANNEL-POSTRTG")) }, NULL, by_kube },
	{ "owner: kube-proxy by nftables", { RULES(CHAIN("ip", "kube-proxy", "services")) },
	  NULL, by_kube },
	{ "owner: libvirt", { RULES(CHAIN("ip6", "filter", "LIBVIRT_FWI")) },
	  NULL, by_libvirt },
	{ "owner: fail2ban", { RULES(CHAIN("inet", "f2b-table", "f2b-chain")) },
	  NULL, by_fail2ban },
	{ "owner: fail2ban by iptables", { RULES(CHAIN("ip", "filter", "f2b-sshd")) },
	  NULL, by_fail2ban },
	{ "owner: nftables.service, by its link",
	  { ENABLED("sysinit.target", "nftables.service") }, NULL, by_nftables },
	{ "owner: nftables.service, as it was started",
	  { ACTIVE("nftables.service") }, NULL, by_nftables },
	{ "owner: nftables.service of RHEL",
	  { ENABLED("multi-user.target", "nftables.service"),
	    FILE_OF("etc/sysconfig/nftables.conf", "") }, NULL, by_rhel },
	{ "owner: netfilter-persistent",
	  { ENABLED("multi-user.target", "netfilter-persistent.service"),
	    FILE_OF("etc/iptables/rules.v4", "") }, NULL, by_persistent },
	{ "owner: netfilter-persistent, without rules",
	  { ENABLED("multi-user.target", "netfilter-persistent.service") }, NULL, by_nobody },
	{ "owner: OpenWrt, by a file", { FILE_OF("etc/openwrt_release", "") },
	  NULL, by_openwrt },
	{ "owner: OpenWrt, by its table", { RULES(CHAIN("inet", "fw4", "input")) },
	  NULL, by_openwrt },
	{ "owner: NixOS, by a file", { FILE_OF("etc/NIXOS", "") }, NULL, by_nixos },
	{ "owner: NixOS, by os-release", { FILE_OF("etc/os-release", "NAME=NixOS\nID=nixos\n") },
	  NULL, by_nixos },
	{ "owner: NixOS, by its chain", { RULES(CHAIN("ip", "filter", "nixos-fw")) },
	  NULL, by_nixos },
	{ "owner: several", { RULES(CHAIN("ip", "filter", "DOCKER-USER") ", "
				    CHAIN("ip", "filter", "ufw-before-input") ", "
				    CHAIN("ip", "filter", "f2b-sshd")),
			      FILE_OF("etc/ufw/ufw.conf", "ENABLED=yes\n") }, NULL, by_several },
	{ "owner: by units where rules can't be read",
	  { UNREADABLE_RULES, ACTIVE("docker.service"), ACTIVE("kubelet.service") },
	  NULL, by_kube_legacy },
	{ "owner: by units where rules are iptables-legacy's",
	  { FILE_OF("conntriage/legacy-tables", "family table rules\n4 filter 9\n"),
	    ACTIVE("docker.service"), ACTIVE("k3s.service") }, NULL, by_kube_legacy },
	{ "owner: ufw where rules can't be read",
	  { UNREADABLE_RULES, FILE_OF("etc/ufw/ufw.conf", "ENABLED=yes\n") }, NULL, by_ufw },
	{ NULL, {{ NULL, KEEP, NULL, NULL, 0 }}, NULL, NULL },
};
