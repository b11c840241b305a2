// SPDX-License-Identifier: GPL-2.0
/*
 * What programs, helpers and network cards tell beside conntrack itself: settings
 * that programs write, packets and events that wait for them, their cgroups; what
 * helpers expect; NAT in the rules.
 */
#include <string.h>

#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"
#include "tests/parse/parse_test.h"

#define EXPECT "proc/net/nf_conntrack_expect"
#define STAT "proc/net/stat/nf_conntrack"
#define NIC "conntriage/ethtool/"
#define QUEUES "proc/net/netfilter/nfnetlink_queue"
#define SOCKETS "proc/net/netlink"
#define SOCKETS_HEAD "sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode\n"
#define CGROUP "conntriage/cgroup"
#define SOURCES DEBUGFS("sources")
#define JSON "conntriage/nft-ruleset.json"
#define TEXT "conntriage/nft-ruleset.txt"

#define KUBE(flags) \
	{ "proc/812/comm", WRITE, NULL, "kube-proxy\n", 0 }, \
	{ "proc/812/cmdline", WRITE, NULL, flags, sizeof(flags) - 1 }, \
	{ "sys/devices/system/cpu/online", WRITE, NULL, "0-3,8,10-12\n", 0 }
#define KUBE_CONFIG "etc/kube-proxy.conf"
#define POD_CONFIG "var/lib/kubelet/pods/1-2/volumes/kubernetes.io~configmap/kube-proxy/c.conf"
#define PVE(host) \
	{ "etc/pve/firewall/cluster.fw", WRITE, NULL, "[RULES]\nenable: 0\n[OPTIONS]\nenable: 1\n", 0 }, \
	{ "proc/sys/kernel/hostname", WRITE, NULL, "pve1.example\n", 0 }, \
	{ "etc/pve/nodes/pve1/host.fw", WRITE, NULL, host, 0 }

static bool writes(const struct snapshot *s, enum writer_program program, const char *sysctl,
		   int64_t value, const char *setting, int64_t line)
{
	size_t i;

	for (i = 0; i < s->nr_written; i++) {
		const struct written *w = &s->written[i];

		if (w->program == program && !strcmp(w->sysctl, sysctl))
			return w->value == value && !strcmp(w->setting, setting) &&
			       w->line == line;
	}
	return false;
}

static bool nothing_written(const struct snapshot *s)
{
	return !s->nr_written;
}

static bool flags_read(const struct snapshot *s)
{
	return s->nr_written == 4 && s->written[0].pid == 812 && !*s->written[0].file &&
	       writes(s, WRITER_KUBE_PROXY, "max", 2400000, "--conntrack-max-per-core",
		      UNKNOWN) &&
	       writes(s, WRITER_KUBE_PROXY, "tcp_timeout_established", 86400,
		      "--conntrack-tcp-timeout-established", UNKNOWN) &&
	       writes(s, WRITER_KUBE_PROXY, "tcp_timeout_close_wait", 5400,
		      "--conntrack-tcp-timeout-close-wait", UNKNOWN) &&
	       writes(s, WRITER_KUBE_PROXY, "udp_timeout", 60, "--conntrack-udp-timeout",
		      UNKNOWN);
}

static bool flags_minimum(const struct snapshot *s)
{
	return s->nr_written == 1 &&
	       writes(s, WRITER_KUBE_PROXY, "max", 524288, "--conntrack-min", UNKNOWN);
}

static bool flags_capped(const struct snapshot *s)
{
	return writes(s, WRITER_KUBE_PROXY, "max", 1048576, "--conntrack-max-per-core", UNKNOWN);
}

static bool flags_left_alone(const struct snapshot *s)
{
	return s->nr_written == 2 && find_sysctl(s, "max") &&
	       writes(s, WRITER_KUBE_PROXY, "tcp_timeout_close_wait", 3600,
		      "--conntrack-tcp-timeout-close-wait", UNKNOWN);
}

static bool config_read(const struct snapshot *s)
{
	return s->nr_written == 3 && !strcmp(s->written[0].file, "/" KUBE_CONFIG) &&
	       writes(s, WRITER_KUBE_PROXY, "max", 300000, "conntrack.min", 4) &&
	       writes(s, WRITER_KUBE_PROXY, "tcp_timeout_close_wait", 60,
		      "conntrack.tcpCloseWaitTimeout", 6) &&
	       writes(s, WRITER_KUBE_PROXY, "tcp_timeout_established", 86400,
		      "conntrack.tcpEstablishedTimeout", UNKNOWN);
}

static bool pod_config_read(const struct snapshot *s)
{
	return writes(s, WRITER_KUBE_PROXY, "max", 262144, "conntrack.maxPerCore", UNKNOWN) &&
	       !strcmp(s->written[0].file, "/x/c.conf");
}

static bool config_unknown(const struct snapshot *s)
{
	return s->nr_written == 3 &&
	       writes(s, WRITER_KUBE_PROXY, "max", UNKNOWN, "conntrack", UNKNOWN);
}

static bool pve_rounded(const struct snapshot *s)
{
	return s->nr_written == 2 &&
	       writes(s, WRITER_PROXMOX, "max", 507904, "nf_conntrack_max", 3) &&
	       writes(s, WRITER_PROXMOX, "tcp_timeout_established", 7875,
		      "nf_conntrack_tcp_timeout_established", 5) &&
	       !strcmp(s->written[0].file, "/etc/pve/nodes/pve1/host.fw");
}

static bool pve_default(const struct snapshot *s)
{
	return s->nr_written == 1 && s->written[0].by_default &&
	       writes(s, WRITER_PROXMOX, "max", 262144, "nf_conntrack_max", UNKNOWN);
}

static bool tuned_read(const struct snapshot *s)
{
	return s->nr_written == 2 &&
	       writes(s, WRITER_TUNED, "max", 524288, "net.netfilter.nf_conntrack_max", 6) &&
	       writes(s, WRITER_TUNED, "udp_timeout", 10, "net/netfilter/nf_conntrack_udp_timeout",
		      2) &&
	       !strcmp(s->written[0].file, "/usr/lib/tuned/base/tuned.conf");
}

static bool ufw_read(const struct snapshot *s)
{
	return s->nr_written == 1 &&
	       writes(s, WRITER_UFW, "max", 65536, "net/netfilter/nf_conntrack_max", 3);
}

static bool dispatcher_read(const struct snapshot *s)
{
	return s->nr_written == 2 &&
	       writes(s, WRITER_DISPATCHER, "max", 100000, "nf_conntrack_max", 3) &&
	       writes(s, WRITER_DISPATCHER, "tcp_loose", 0, "nf_conntrack_tcp_loose", 4) &&
	       !strchr(s->written[0].file, '\033');
}

static bool helpers(const struct snapshot *s)
{
	return s->nr_helpers == 2 && !strcmp(s->helper[0].name, "sip") &&
	       s->helper[0].expectations == 2 && !strcmp(s->helper[1].name, "ftp") &&
	       s->stat.expect_create == 0x30 && s->stat.expect_delete == 0x0f &&
	       s->stat.expect_new == 7;
}

static bool no_helpers(const struct snapshot *s)
{
	return !s->nr_helpers;
}

static bool cards(const struct snapshot *s)
{
	return s->nr_nic == 2 && !strcmp(s->nic[0].nic, "ens5") &&
	       !strcmp(s->nic[0].name, "conntrack_allowance_exceeded") &&
	       s->nic[0].value == 48210 &&
	       !strcmp(s->nic[1].name, "conntrack_allowance_available") && !s->nic[1].value;
}

static bool no_cards(const struct snapshot *s)
{
	return !s->nr_nic;
}

static bool queued(const struct snapshot *s)
{
	return s->nr_queues == 1 && s->queue[0].number == 3 && s->queue[0].port == 3451 &&
	       s->queue[0].waiting == 1024 && s->queue[0].dropped == 17 &&
	       !strcmp(s->queue[0].command, "suri?ata");
}

static bool listening(const struct snapshot *s)
{
	return s->nr_listeners == 1 && s->listener[0].port == 900 &&
	       s->listener[0].unread == 2048 && s->listener[0].lost == 9 &&
	       !*s->listener[0].command;
}

static bool programs(const struct snapshot *s)
{
	const struct program *p = find_program(s, "4711");

	return s->nr_programs == 2 && p && !strcmp(p->unit, "docker container 4f2a1b3c9d8e") &&
	       p->pid == 812 && !strcmp(p->command, "nginx") && !find_program(s, "4712") &&
	       !find_program(s, "tcp/80") &&
	       !strcmp(find_program(s, "99")->unit, "app.service of user 1000") &&
	       find_program(s, "99")->pid == UNKNOWN;
}

static bool nat_is(const struct source_nat *nat, const char *to, int64_t addresses, int64_t min,
		   int64_t max)
{
	return !strcmp(nat->to, to) && nat->addresses == addresses && nat->port_min == min &&
	       nat->port_max == max && !strcmp(nat->place, "ip nat POSTROUTING");
}

static bool native_nat(const struct snapshot *s)
{
	const struct rules *r = &s->rules;

	return r->nr_source_nat == 5 && r->has_dnat &&
	       nat_is(&r->source_nat[0], "", 1, UNKNOWN, UNKNOWN) &&
	       nat_is(&r->source_nat[1], "", 1, 1024, 2047) &&
	       nat_is(&r->source_nat[2], "192.0.2.1-192.0.2.4", 4, 5000, 5000) &&
	       nat_is(&r->source_nat[3], "2001:db8::1", 1, UNKNOWN, UNKNOWN) &&
	       nat_is(&r->source_nat[4], "", UNKNOWN, UNKNOWN, UNKNOWN) &&
	       !r->source_nat[0].random && !r->source_nat[1].random && r->source_nat[2].random &&
	       r->source_nat[3].random && !r->source_nat[4].random &&
	       r->source_nat[0].handle == 2 && r->source_nat[4].handle == 6;
}

static bool iptables_nat(const struct snapshot *s)
{
	const struct rules *r = &s->rules;

	return r->nr_source_nat == 3 && r->has_dnat && r->contents_known &&
	       nat_is(&r->source_nat[0], "", 1, 2000, 2009) &&
	       nat_is(&r->source_nat[1], "192.0.2.1-192.0.2.4", 4, 3000, 3999) &&
	       nat_is(&r->source_nat[2], "2001:db8::1", 1, UNKNOWN, UNKNOWN) &&
	       r->source_nat[0].random && !r->source_nat[1].random && r->source_nat[2].random &&
	       r->source_nat[2].handle == 4;
}

static bool many_nat(const struct snapshot *s)
{
	return s->rules.nr_source_nat == NAMED_SOURCE_NATS + 1;
}

static bool no_nat(const struct snapshot *s)
{
	return !s->rules.nr_source_nat && !s->rules.has_dnat;
}

#define NAT_RULE(handle, expr) \
	",{\"rule\": {\"family\": \"ip\", \"table\": \"nat\", \"chain\": \"POSTROUTING\", " \
	"\"handle\": " handle ", \"expr\": [" expr "]}}"
#define NAT_RULES(rules) \
	{ JSON, WRITE, NULL, "{\"nftables\": [{\"chain\": {\"family\": \"ip\", \"table\": " \
	  "\"nat\", \"name\": \"POSTROUTING\", \"handle\": 1, \"type\": \"nat\", \"hook\": " \
	  "\"postrouting\", \"prio\": 100, \"policy\": \"accept\"}}" rules "]}\n", 0 }
#define MASQUERADE NAT_RULE("2", "{\"masquerade\": null}")
#define TARGET(handle, name) \
	NAT_RULE(handle, "{\"xt\": {\"type\": \"target\", \"name\": \"" name "\"}}")

const struct test program_files[] = {
	/* Settings that programs write */
	{ "writers: nobody",
	  {{ NULL, KEEP, NULL, NULL, 0 }}, NULL, nothing_written },
	{ "kube-proxy: flags, with and without =, words ended by NUL",
	  { KUBE("kube-proxy\0--conntrack-max-per-core=300000\0--v=2\0"
		 "--conntrack-tcp-timeout-close-wait\0001h30m0s\0--conntrack-udp-timeout=60s\0") },
	  NULL, flags_read },
	{ "kube-proxy: the minimum is more, and 0 leaves timeouts alone",
	  { KUBE("--conntrack-min=524288\n--conntrack-tcp-timeout-close-wait=0\n"
		 "--conntrack-tcp-timeout-established=0s\n") }, NULL, flags_minimum },
	{ "kube-proxy: 0 a core leaves the maximum alone; nonsense is the default",
	  { KUBE("--conntrack-max-per-core=0\n--conntrack-min=9\n"
		 "--conntrack-tcp-timeout-close-wait=1y\n--conntrack-udp-timeout=\n") },
	  NULL, flags_left_alone },
	{ "kube-proxy: so many for each core, but not more than newer ones allow",
	  { KUBE("--conntrack-max-per-core=300000\n"),
	    { "proc/sys/net/netfilter/nf_conntrack_max", WRITE, NULL, "1048576\n", 0 }},
	  NULL, flags_capped },
	{ "kube-proxy: its configuration, and not its flags",
	  { KUBE("--config=/" KUBE_CONFIG "\n--conntrack-min=7\n--conntrack-udp-timeout=9s\n"),
	    { KUBE_CONFIG, WRITE, NULL, "kind: X\nconntrack:\n  maxPerCore: 8 # few\n"
	      "  min: 300000\n  tcpEstablishedTimeout: null\n  tcpCloseWaitTimeout: \"1m0s\"\n"
	      "iptables:\n  min: 5\n  udpTimeout: 3s\n", 0 }}, NULL, config_read },
	{ "kube-proxy: its configuration where kubelet keeps it",
	  { KUBE("--config\n/x/c.conf\n"),
	    { POD_CONFIG, WRITE, NULL, "conntrack:\n", 0 }}, NULL, pod_config_read },
	{ "kube-proxy: a configuration that isn't there",
	  { KUBE("--config=/x/c.conf\n") }, NULL, config_unknown },
	{ "kube-proxy: another program",
	  { KUBE("--conntrack-min=524288\n"),
	    { "proc/812/comm", WRITE, NULL, "kube-proxy2\n", 0 }}, NULL, nothing_written },
	{ "kube-proxy: in another namespace",
	  { KUBE("--conntrack-min=524288\n"),
	    { "proc/812/ns/net", LINK, NULL, "net:[4026532999]", 0 }}, NULL, nothing_written },
	{ "kube-proxy: in this namespace",
	  { KUBE("--conntrack-min=524288\n--conntrack-tcp-timeout-close-wait=0\n"
		 "--conntrack-tcp-timeout-established=0\n"),
	    { "proc/812/ns/net", LINK, NULL, "net:[4026531840]", 0 }}, NULL, flags_minimum },
	{ "kube-proxy: no number of CPUs",
	  { KUBE("--conntrack-max-per-core=9\n"),
	    { "sys/devices/system/cpu/online", WRITE, NULL, "4-2,99999999,x\n", 0 }},
	  NULL, flags_left_alone },
	{ "Proxmox: rounded up, and its own switches passed by",
	  { PVE("[OPTIONS]\n\nnf_conntrack_max: 500000\nnf_conntrack_allow_invalid: 1\n"
		"nf_conntrack_tcp_timeout_established: 7875\n[RULES]\nnf_conntrack_max: 9\n") },
	  NULL, pve_rounded },
	{ "Proxmox: its default",
	  { PVE("[OPTIONS]\nnf_conntrack_max: 65536\n") }, NULL, pve_default },
	{ "Proxmox: off",
	  { PVE("[OPTIONS]\nnf_conntrack_max: 500000\n"),
	    { "etc/pve/firewall/cluster.fw", WRITE, NULL, "[OPTIONS]\nenable: 0\n", 0 }},
	  NULL, nothing_written },
	{ "tuned: a profile and what it includes",
	  {{ "etc/tuned/active_profile", WRITE, NULL, "mine\n", 0 },
	   { "etc/tuned/mine/tuned.conf", WRITE, NULL, "[main]\ninclude=base, ../../x\n[vm]\n"
	     "net.netfilter.nf_conntrack_acct=1\n[sysctl]\nnet.netfilter.nf_conntrack_max = 524288\n"
	     "#net.netfilter.nf_conntrack_acct=1\nkernel.x=1\n", 0 },
	   { "usr/lib/tuned/base/tuned.conf", WRITE, NULL, "[sysctl]\n"
	     "net/netfilter/nf_conntrack_udp_timeout=10\nnet.nf_conntrack_max=5\n", 0 }},
	  NULL, tuned_read },
	{ "tuned: profiles that include each other",
	  {{ "etc/tuned/active_profile", WRITE, NULL, "mine mine\n", 0 },
	   { "etc/tuned/mine/tuned.conf", WRITE, NULL, "[main]\ninclude=mine\n", 0 }},
	  NULL, nothing_written },
	{ "ufw: on",
	  {{ "etc/ufw/ufw.conf", WRITE, NULL, "# x\nENABLED=yes\n", 0 },
	   { "etc/ufw/sysctl.conf", WRITE, NULL, "#net/netfilter/nf_conntrack_max=1\n\n"
	     "net/netfilter/nf_conntrack_max=65536\nnet/ipv4/x=1\n"
	     "net/netfilter/nf_conntrack_acct=yes\n", 0 }}, NULL, ufw_read },
	{ "ufw: off",
	  {{ "etc/ufw/ufw.conf", WRITE, NULL, "ENABLED=no\n", 0 },
	   { "etc/ufw/sysctl.conf", WRITE, NULL, "net/netfilter/nf_conntrack_max=65536\n", 0 }},
	  NULL, nothing_written },
	{ "NetworkManager: scripts",
	  {{ "etc/NetworkManager/dispatcher.d/20-x\033[2J", WRITE, NULL, "#!/bin/sh\n"
	     "# sysctl -w net.netfilter.nf_conntrack_acct=1\n"
	     "[ $2 = up ] && sysctl -w \"net.netfilter.nf_conntrack_max=100000\"\n"
	     "echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose\n"
	     "modprobe nf_conntrack_ftp; cat nf_conntrack_\n", 0 },
	   { "etc/NetworkManager/dispatcher.d/pre-up.d/x", WRITE, NULL,
	     "nf_conntrack_acct=1\n", 0 }}, NULL, dispatcher_read },
	{ "NetworkManager: a FIFO among them",
	  {{ "etc/NetworkManager/dispatcher.d/x", WRITE, NULL, "", 0 },
	   { "etc/NetworkManager/dispatcher.d/x", FIFO, NULL, NULL, 0 }},
	  NULL, nothing_written },

	/* Expectations */
	{ "expectations: who expects them",
	  {{ EXPECT, WRITE, NULL,
	     "100 l3proto = 2 proto=17 src=0.0.0.0 dst=192.0.2.9 sport=0 dport=7078 sip/audio\n"
	     "9 l3proto = 2 proto=6 src=192.0.2.1 dst=192.0.2.4 sport=0 dport=3 PERMANENT ftp\n"
	     "100 l3proto = 2 proto=17 src=0.0.0.0 dst=192.0.2.9 sport=0 dport=7080 sip/audio\n"
	     "- l3proto = 2 proto=17 src=0.0.0.0 dst=192.0.2.9 sport=0 dport=7082\n"
	     "- dport=7082 INACTIVE\n\033[2J\n x\033y\n", 0 },
	   { STAT, WRITE, NULL, "insert_failed drop early_drop expect_new expect_create "
	     "expect_delete\n0 0 0 5 20 f\n0 0 0 2 10 0\n", 0 }}, NULL, helpers },
	{ "expectations: none",
	  {{ EXPECT, WRITE, NULL, "", 0 }}, NULL, no_helpers },

	/* Network cards */
	{ "cards: what ethtool -S prints",
	  {{ NIC "ens5", WRITE, NULL, "NIC statistics:\n     tx_timeout: 0\n"
	     "     conntrack_allowance_exceeded: 48210\n     conntrack_allowance_available: 0\n"
	     "     conntrack_x: -1\n     conntrack_y: \n     conntrack z: 1\n"
	     "     conntrack_name_that_is_longer_than_any: 1\n", 0 },
	   { NIC "a-name-too-long-for-a-card", WRITE, NULL, "conntrack_x: 1\n", 0 },
	   { NIC "x;reboot", WRITE, NULL, "conntrack_x: 1\n", 0 }}, NULL, cards },
	{ "cards: a directory among them",
	  {{ NIC "ens5/x", WRITE, NULL, "conntrack_x: 1\n", 0 }}, "not a regular file", NULL },
	{ "cards: none tells",
	  {{ NIC "ens5", WRITE, NULL, "     rx_packets: 5\n", 0 }}, NULL, no_cards },

	/* Packets and events that wait */
	{ "nfqueue: packets that wait",
	  {{ QUEUES, WRITE, NULL, "    3   3451  1024 2 65531     5    12   481220  1\n"
	     "    x   3451\n 1 2 3\n\n99999999999999999999 1 1 1 1 1 1 1 1\n", 0 },
	   { "proc/3451/comm", WRITE, NULL, "suri\033ata\n", 0 }}, NULL, queued },
	{ "netlink: who listens to conntrack's end",
	  {{ SOCKETS, WRITE, NULL, SOCKETS_HEAD
	     "0000000000000000 0   900 00000004 5 0 0 2 1 15236   \n"
	     "0000000000000000 12  900 00000007 2048 0 0 2 9 15236   \n"
	     "0000000000000000 12  901 00000003 2048 0 0 2 9 15236\n", 0 }}, NULL, listening },
	{ "netlink: damaged",
	  {{ SOCKETS, WRITE, NULL, SOCKETS_HEAD "0 12 x 4 0 0 0 2 0 1\n", 0 }},
	  "is not a number that fits", NULL },

	/* Programs */
	{ "programs: found by the cgroup's id",
	  {{ CGROUP, WRITE, NULL, "id path pid command\n4711 /docker/4f2a1b3c9d8e"
	     "4f2a1b3c9d8e4f2a1b3c9d8e4f2a1b3c9d8e4f2a1b3c9d8e0000 812 nginx\n"
	     "99 /user.slice/user-1000.slice/user@1000.service/app.slice/app.service - -\n", 0 }},
	  NULL, programs },
	{ "programs: damaged",
	  {{ CGROUP, WRITE, NULL, "id path pid command\n1 /x\033y 1 x\n", 0 }},
	  "has characters that don't belong", NULL },

	/* NAT in the rules */
	{ "NAT: native",
	  { NAT_RULES(MASQUERADE
	    NAT_RULE("3", "{\"masquerade\": {\"port\": {\"range\": [1024, 2047]}}}")
	    NAT_RULE("4", "{\"snat\": {\"addr\": {\"range\": [\"192.0.2.1\", \"192.0.2.4\"]}, "
	    "\"port\": 5000, \"flags\": \"random\"}}")
	    NAT_RULE("5", "{\"snat\": {\"addr\": \"2001:db8::1\", \"port\": {\"range\": [9]}, "
	    "\"flags\": [\"fully-random\", \"persistent\"]}}")
	    NAT_RULE("6", "{\"snat\": {\"addr\": {\"map\": {}}, \"port\": {\"range\": [9, 2]}}}")
	    NAT_RULE("7", "{\"dnat\": {\"addr\": \"10.0.0.1\"}}")) }, NULL, native_nat },
	{ "NAT: iptables', by nft's text",
	  { NAT_RULES(TARGET("2", "MASQUERADE") TARGET("3", "SNAT") TARGET("4", "SNAT")
	    TARGET("5", "DNAT")),
	    { TEXT, WRITE, NULL, "table ip nat { # handle 1\n\tchain POSTROUTING { # handle 1\n"
	      "\t\tmeta l4proto tcp masquerade to :2000-2009 random # handle 2\n"
	      "\t\tsnat to 192.0.2.1-192.0.2.4:3000-3999 # handle 3\n"
	      "\t\tsnat to 2001:db8::1 fully-random,persistent # handle 4\n\t}\n}\n", 0 }},
	  NULL, iptables_nat },
	{ "NAT: more rules than are named",
	  { NAT_RULES(MASQUERADE MASQUERADE MASQUERADE MASQUERADE MASQUERADE MASQUERADE
	    MASQUERADE MASQUERADE MASQUERADE) }, NULL, many_nat },
	{ "NAT: none",
	  { NAT_RULES("") }, NULL, no_nat },

	{ NULL, {{ NULL, KEEP, NULL, NULL, 0 }}, NULL, NULL },
};
