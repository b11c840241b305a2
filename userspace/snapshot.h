/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of one host at one moment: filled by read/ from files, judged
 * by judge/, shown by render/. No other data passes between them but findings
 * (judge/finding.h). Numbers that a host doesn't tell are UNKNOWN, never 0.
 */
#ifndef CONNTRIAGE_SNAPSHOT_H
#define CONNTRIAGE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kmod/abi.h"

#define IDLE_OCTAVES	21	/* of "hist": below 1 s, then from 2^(k-1) s */
#define INV_KINDS	9	/* the inv_ columns of kmod/abi.h, in its order */

/* Silence of at least 60 120 300 600 1800 3600 7200 86400 s: the idle_ columns */
enum idle_step {
	IDLE_1MIN, IDLE_2MIN, IDLE_5MIN, IDLE_10MIN, IDLE_30MIN, IDLE_HOUR,
	IDLE_2HOURS, IDLE_DAY, IDLE_STEPS
};

/*
 * The first six by source (INSERT_FAILED by service, too), the _TO by destination
 * and by service, PROGRAM by cgroup.
 */
enum source_class {
	SRC_INSERT, SRC_INVALID, SRC_REFUSED, SRC_EVICTED, SRC_EVICTING,
	SRC_INSERT_FAILED, SRC_INVALID_TO, SRC_REFUSED_TO, SRC_EVICTED_TO,
	SRC_PROGRAM, SRC_CLASSES
};

/* Of a connection's life, as kmod/abi.h tells them apart */
enum stage {
#define STAGE_ENUM(NAME, name) STAGE_##NAME,
	CTRI_STAGES(STAGE_ENUM)
#undef STAGE_ENUM
	STAGES
};

struct kind_count {
	char name[24];
	int64_t count;
};

struct source_row {
	enum source_class class;
	int64_t netns, id;
	/*
	 * As the module wrote it: address[/bits], protocol/port of a service, or
	 * a cgroup's id
	 */
	char source[64];
	int family;			/* 4 or 6; 0: a service or a program */
	int64_t count, err, recent, recent_err;
	double rate;			/* events a second */
	int64_t gone;			/* of two lists: its entries that are in the first alone */
	int64_t first_ago, last_ago;	/* s */
	struct kind_count kind[16];
	int nr_kinds;
};

struct class_row {
	int64_t distinct, entries, capacity, replaced, missed, torn;
};

struct netns_row {
	int64_t netns, id, conntrack, count, max;
	int64_t inserts, evictions, gc_evictions, evicting, refusals;
	int64_t evictions_unattr, drops_unattr;
	int64_t insert_failed, insert_failed_unattr;
	int64_t k_insert_failed, k_chaintoolong, k_clash, k_drop, k_early_drop;
	int64_t k_invalid, k_error, invalid;
	int64_t inv[INV_KINDS];
	int64_t inserts_direct, k_insert;
	int64_t injected;		/* by ctnetlink or BPF since boot, where it was listed */
};

/* Whom no advice may cut off, besides this host itself */
enum guard_reason { GUARD_GATEWAY, GUARD_RESOLVER, GUARD_SESSION, GUARD_REASONS };

struct guarded_address {
	char address[64];		/* of one host */
	enum guard_reason why;
};

/* Programs that commands begin with. */
enum tool {
	TOOL_NFT, TOOL_IPTABLES, TOOL_IP6TABLES, TOOL_IPTABLES_NFT, TOOL_IPTABLES_LEGACY,
	TOOL_CONNTRACK,
	TOOL_IP,			/* with "ip netns": not that of busybox */
	TOOL_SS, TOOL_NSENTER, TOOL_SYSTEMCTL, TOOL_SYSCTL, TOOL_MODPROBE,
	TOOL_CONNTRIAGE_DELETE, TOOLS
};

struct host_tools {
	bool known;			/* false: a tree that doesn't tell; assume them all */
	unsigned int there;		/* 1u << TOOL_* */
	char twin[200];			/* "ln -s ...", where that makes conntriage-delete of this program */
};

/* What leads to a network namespace: for "ip netns exec NAME", or "nsenter --net=PATH" */
struct netns_name {
	int64_t netns;			/* its inode */
	char name[64];			/* of /run/netns/NAME, or "" */
	char path[80];			/* of it, of /run/docker/netns, or "/proc/PID/ns/net" */
};

enum census_record {
	CENSUS_WALK, CENSUS_NETNS, CENSUS_STATE, CENSUS_SOURCE, CENSUS_DEST,
	CENSUS_SERVICE, CENSUS_PREFIX, CENSUS_PAIR, CENSUS_CHAIN, CENSUS_ZONE,
	CENSUS_EXT
};

struct census_row {
	enum census_record record;
	int64_t netns;
	char proto[16], name[64];
	int64_t entries, unreplied, assured, err;
	bool has_stages;
	int64_t stage[STAGES];
	int64_t sources, dests, ports;	/* about so many distinct ones, or UNKNOWN */
	/* Of a source that was listed: the one port that all are from; 0: several, not known */
	int sport;
	int64_t idle[IDLE_STEPS];
	int64_t zone;
	bool has_hist;
	int64_t hist[IDLE_OCTAVES];	/* entries by silence, where has_hist */
	int64_t idle_unknown;		/* entries whose silence can't be told */
	bool has_below;
	int64_t below[IDLE_STEPS];	/* s; the longest silence below each step */
};

struct history_row {
	int64_t ago, span, count, max, netns, inserts, insert_failed;
	int64_t evictions, gc_evictions, refusals, k_drop, k_early_drop;
	int64_t invalid, distinct;
};

/* Of one second within a minute: a rate, or a number of entries. */
struct minute_series {
	int64_t min, mean, max;
};

struct minute_row {
	int64_t ago, span, max, distinct;	/* s, ms, entries, sources */
	struct minute_series count, inserts, insert_failed, evictions;
	struct minute_series gc_evictions, refusals, k_drop, invalid;
};

struct incident_row {
	int64_t nr, begin, end;		/* s since 1970 UTC; end 0: it lasts */
	int64_t begin_ago, end_ago;	/* s */
	int64_t netns, count_peak, max;
	int64_t inserts, inserts_peak, evictions, evictions_peak;
	int64_t gc_evictions, gc_evictions_peak, refusals, refusals_peak;
	int64_t insert_failed, invalid, k_early_drop, k_drop;
	int64_t worst_ago;		/* s since the census of its worst minute */
	bool has_stages;
	int64_t stage[STAGES];		/* of that, the fullest namespace's */
};

/* What the lists of an incident rank by: events, and entries from INC_SOURCE on. */
enum incident_class {
	INC_INSERT, INC_EVICTED, INC_REFUSED, INC_EVICTING, INC_REFUSED_TO,
	INC_EVICTED_TO, INC_PROGRAM,
	INC_SOURCE, INC_DEST, INC_SERVICE, INC_PREFIX, INC_PAIR, INC_CLASSES
};

enum incident_phase { PHASE_BEFORE, PHASE_DURING, PHASE_WORST, PHASES };

struct incident_top {
	int64_t nr;			/* of the incident */
	enum incident_phase phase;
	enum incident_class class;
	int64_t netns, id;
	int family;			/* as of struct source_row */
	char source[64];		/* a pair: protocol/address:port */
	int64_t count, err;
	bool has_stages;
	int64_t stage[STAGES];
};

struct module_status {
	bool loaded;			/* its files were found and readable */
	/*
	 * Only /proc/net/conntriage was: netns and source hold one namespace,
	 * and nothing else of the module is known.
	 */
	bool partial;
	bool unread;			/* it is in the kernel, and can't be asked */
	bool old;			/* of the last schema: there is no census */
	char why_not[256];		/* not loaded, partial or old: why, what to do */
	char version[32];
	int64_t uptime, window, prefix4, prefix6, census_prefix4, census_prefix6;
	int64_t memory, pressure, armings;
	char probe_alloc[16], probe_drop[16], probe_delete[16], probe_gc[16];
	char probe_confirm[16];
	char confirm[16], insert[16];	/* how these are seen; "": it doesn't say */
	char ftrace[16], kprobes[16];	/* whether they are on */
	int64_t lost_blind;
	int64_t lost_probe, lost_cause, lost_netns, lost_sample, lost_ticks;
	int64_t lost_victim, lost_table, unwatched, cpus_without;
};

struct ct_sysctl {			/* /proc/sys/net/netfilter/nf_conntrack_* */
	char name[64];			/* without the nf_conntrack_ prefix */
	int64_t value;			/* now */
	int64_t persisted;		/* what the boot files set, or UNKNOWN */
	char persisted_in[96];		/* the file that wins */
	char ignored_in[96];		/* sets it too, but nothing reads it at boot */
};

struct ct_stat {			/* /proc/net/stat/nf_conntrack, CPUs summed */
	int64_t found, invalid, insert, insert_failed, drop, early_drop;
	int64_t error, search_restart, clash_resolve, chaintoolong;
	int64_t expect_new, expect_create, expect_delete;
};

/* A helper, and the connections that it expects now: own_netns' */
struct helper_row {
	char name[32];
	int64_t expectations;
};

/* A statistic of a network card about a connection table that isn't the kernel's */
struct nic_counter {
	char nic[16], name[32];
	int64_t value;			/* since the card's driver was loaded */
};

/* What lines of the kernel's log say */
enum log_kind { LOG_TABLE_FULL, LOG_EXPECT_FULL, LOG_KINDS };

/*
 * Lines of one kind and namespace, without a pause between them. Most packets have no
 * line (docs/conntrack.md, "Refusals"): each line is one at least.
 */
struct log_spell {
	enum log_kind kind;
	int64_t netns;			/* its inode; UNKNOWN: the lines name none */
	int64_t lines;
	int64_t unwritten;		/* lines left out, of this kind or of other ones of the network's */
	int64_t first_ago, last_ago;	/* s; UNKNOWN: not told */
	char first[40], last[40];	/* the same as the log has it, or "" */
};

/* The kernel's ring buffer, which begins anew with each boot, or what is left of it */
struct kernel_log {
	bool known;
	char why_not[128];		/* "": nobody has asked */
	int64_t span;			/* s from its first line to now, or UNKNOWN */
	bool alone;			/* there is no other namespace that a line may mean */
};

/* Programs that set conntrack's settings beside the boot files */
enum writer_program {
	WRITER_KUBE_PROXY, WRITER_PROXMOX, WRITER_TUNED, WRITER_UFW,
	WRITER_DISPATCHER, WRITER_PROGRAMS
};

/* One setting that such a program writes */
struct written {
	enum writer_program program;
	char sysctl[64];		/* without the nf_conntrack_ prefix */
	int64_t value;			/* UNKNOWN: its configuration can't be read */
	char setting[64];		/* as the program calls it: a flag, or a key */
	bool by_default;		/* nobody set it; the program does */
	char file[160];			/* where it is set, or "": its command line */
	int64_t line;			/* of that file, or UNKNOWN */
	int64_t pid;			/* of the program, or UNKNOWN */
};

/* Packets that wait for a program: /proc/net/netfilter/nfnetlink_queue */
struct packet_queue {
	int64_t number, waiting, dropped;
	int64_t port;			/* netlink port of the reader, mostly its pid */
	char command[32];		/* of the process with that number, or "" */
};

/* Who listens to conntrack's destroy events: /proc/net/netlink */
struct event_listener {
	int64_t port;
	int64_t unread, lost;		/* bytes that wait for it, and messages */
	char command[32];
};

/* What runs a container: in its own words, as far as its cgroup's name tells */
enum runtime {
	RUNTIME_UNKNOWN, RUNTIME_DOCKER, RUNTIME_PODMAN, RUNTIME_CONTAINERD, RUNTIME_CRIO,
	RUNTIME_LXC, RUNTIME_MACHINE,	/* registered with systemd-machined */
	RUNTIMES
};

#define CONTAINER_ID	96	/* bytes; mostly 64 hexadecimal digits, see read/cgroups.h */

/*
 * A container as its runtime's files call it. Names are printable, and nothing more is
 * sure of them: they are for people.
 */
struct container {
	char id[CONTAINER_ID];
	enum runtime runtime;
	int64_t user;			/* who runs it without root's powers, or UNKNOWN */
	char name[64];			/* "": its runtime's files don't tell */
	char image[96];			/* "": likewise; of a machine its directory */
	char pod[80], pod_namespace[64];	/* of Kubernetes, or "" */
};

/* Who lives in a network namespace that isn't own_netns */
struct tenant {
	int64_t netns;
	int64_t pid;			/* the lowest one in it */
	char command[32];		/* of that one */
	char unit[96];			/* its cgroup in words */
	char container[CONTAINER_ID];	/* "": in none */
	int64_t more;			/* containers that share it, as those of a pod do */
};

/* An address that rows name and that a namespace other than own_netns has */
struct owned_address {
	char address[64];
	int64_t netns;			/* several may have it: then there are more rows */
	/* own_netns sends what is for it out of a network card: it means another host */
	int64_t outside;
};

/* An address that rows name and that was met on a link of this host */
struct neighbour {
	int64_t netns;
	char address[64], interface[16], mac[18];
};

/* An address that rows name, lent by a DHCP server of this host, and not expired */
struct lease {
	char address[64], mac[18];	/* "": not told */
	char name[64];			/* as the client calls itself */
};

/* A cgroup that a row of SRC_PROGRAM or INC_PROGRAM names by its id */
struct program {
	int64_t id;
	char path[256];			/* below the cgroups' root, cleaned */
	char unit[96];			/* in words: "nginx.service", "docker container web" */
	char container[CONTAINER_ID];	/* "": in none */
	int64_t pid;			/* the first in it, or UNKNOWN */
	char command[32];		/* of that one, or "" */
};

/* What the resolver calls an address: chosen by its owner */
struct resolved {
	char address[64];
	char name[80];
};

/*
 * Who else makes packet filter rules here, or loads them at boot. Several may: a host
 * with Docker and ufw has both.
 */
enum rules_owner {
	OWNER_NFTABLES,			/* nftables.service: it flushes all that there is */
	OWNER_RHEL_NFTABLES,		/* besides: it reads /etc/sysconfig/nftables.conf */
	OWNER_FIREWALLD, OWNER_UFW, OWNER_DOCKER, OWNER_PODMAN,
	OWNER_KUBE,			/* kube-proxy, or a CNI of Kubernetes */
	OWNER_LIBVIRT, OWNER_FAIL2BAN, OWNER_NETFILTER_PERSISTENT,
	OWNER_OPENWRT, OWNER_NIXOS,	/* a host that is configured in their way */
	OWNERS
};

enum rules_dialect {
	RULES_UNKNOWN, RULES_NONE, RULES_NFT, RULES_IPTABLES_NFT,
	RULES_IPTABLES_LEGACY
};

#define NAMED_SOURCE_NATS	8

struct source_nat {
	char place[96];			/* "ip nat POSTROUTING" */
	char to[96];			/* addresses as the rule has them; "": masquerade */
	int64_t addresses;		/* that it chooses from, or UNKNOWN */
	int64_t port_min, port_max;	/* that it chooses from; UNKNOWN: no range given */
	int64_t handle;			/* nft's number of the rule */
	bool random;			/* chooses at random, or fully so */
};

struct rules {
	bool nft;			/* native nft tables hold rules */
	bool iptables_nft;		/* tables of iptables-nft hold rules */
	bool iptables_legacy;		/* ip_tables_names / ip6_tables_names */
	enum rules_dialect dialect;	/* where a new rule should go */
	enum rules_dialect iptables_cmd;	/* what "iptables" runs, or RULES_UNKNOWN */
	bool known;			/* false: could not be looked at */
	bool contents_known;		/* false: rules that can't be read from here */
	char why_not[160];		/* where not known or not contents_known */
	char invalid_drop[96];		/* where INVALID is dropped, "" if nowhere */
	/*
	 * Packets that can't be valid (impossible TCP flags, a source that the
	 * routes don't lead back to) are dropped before conntrack allocates.
	 */
	bool invalid_drop_raw;
	/*
	 * A drop of "ct state invalid" at a priority before conntrack's: there
	 * every packet looks INVALID. The place, or "".
	 */
	char misplaced[96];
	char misplaced_rule[160];	/* as "nft delete rule" wants it, or "" */
	char drops_all[96];		/* a chain that all passes, and that drops it, or "" */
	bool has_notrack;
	/*
	 * A rule that needs conntrack to know its packets: it accepts what is
	 * established, related or new, or uses marks and the like. The place of the
	 * first, but of ours, or "". Then hooks that drop what no such rule accepts:
	 * what isn't tracked doesn't get through them.
	 */
	char stateful[96];
	bool stateful_input, stateful_forward, stateful_output;
	/* Rules that give sources another address: the first few of nr_source_nat. */
	struct source_nat source_nat[NAMED_SOURCE_NATS];
	size_t nr_source_nat;
	bool has_dnat;			/* some give destinations another one */
	/*
	 * A match, target or module that rules need and this kernel lacks, or
	 * a command that doesn't reach the rules there are; sentences, or "".
	 */
	char missing[400];
};

/* Tables of ours, see fix/: bytes of a name, and how it begins where a file keeps the rules */
#define TABLE_NAME	96
#define TABLE_KEPT	"conntriage-keep-"

/*
 * A rule in force that fix/ could have written, in its words but for the numbers of
 * its counter. A set of sources has a row for the whole, and one for each of them.
 */
struct placed_rule {
	char table[TABLE_NAME];			/* of ours, family inet; of iptables our chain, or "" */
	char chain[64];			/* in it; "raw PREROUTING" of iptables */
	bool keep;			/* its table is one for good, see fix/ */
	int family;			/* of iptables: 4 or 6; 0: nft */
	char text[400];
	int64_t packets;		/* that it met, or UNKNOWN */
	int64_t rule;			/* the same for all rows of one rule */
};

/* A file, or a folder, that was there and damaged: nothing of it is in the snapshot */
struct dropped_file {
	const char *part;		/* "boot"; of the module the file's name: "census" */
	char fault[512];		/* "FILE:LINE: what is wrong; what to do" */
};

/* Of a captured tree: what conntriage/meta says of its making */
struct captured {
	bool known;			/* there is such a file */
	char host[72], version[32];	/* "": not told */
	int64_t date;			/* s since 1970 UTC */
	int64_t age;			/* s until now; negative: a clock is wrong */
	bool newer;			/* made by a newer conntriage than this one */
	char source[24];		/* "sos report" and the like; "": conntriage made it */
};

/* Who told what the table holds */
enum origin { ORIGIN_NONE, ORIGIN_MODULE, ORIGIN_CTNETLINK, ORIGIN_LISTING };

/*
 * How entries were listed where the module doesn't tell: then there is a row of netns,
 * and with two looks at the table history and sources that opened connections between
 * them.
 */
struct dump {
	int64_t entries;		/* of the last list, of all namespaces */
	double each;			/* each stands for so many; 1: all were listed */
	int64_t span;			/* ms between the two looks, 0: there was one */
	int64_t expired;		/* that the first list ended, being over; or UNKNOWN */
	int64_t unread;			/* lines of a text that are no entries */
	int64_t unreached;		/* namespaces that there was no time for */
	bool loaded;			/* the kernel loaded nf_conntrack_netlink for it */
	bool cut;			/* it was interrupted */
	char why_not[200];		/* nothing was listed */
};

struct snapshot {
	char root[256];			/* "" or the captured tree */
	struct captured captured;
	struct dropped_file *dropped;
	size_t nr_dropped;
	size_t more_dropped;		/* not named, as there are too many */
	char kernel[128];		/* release */
	char hostname[72];
	int64_t mem_total, mem_available;	/* bytes */
	int64_t slab_objs, slab_objsize;	/* nf_conntrack in /proc/slabinfo */
	int64_t boot_age;		/* s since boot */
	int64_t euid;			/* that this process reads as; UNKNOWN: of a tree */
	struct host_tools tools;
	/* Where tools.known is false, these are true. */
	bool systemd;			/* it is process 1 */
	bool rules_unit;		/* there is a conntriage-rules.service */
	bool ct_loaded;			/* nf_conntrack is there */
	bool ct_at_boot;		/* loaded or built in before sysctl.d is read */
	int64_t hashsize_option;	/* options nf_conntrack hashsize= in modprobe.d */
	char hashsize_in[96];
	int64_t count, max, buckets;	/* this netns' sysctls */
	struct ct_sysctl *sysctl;
	size_t nr_sysctl;
	struct ct_stat stat;
	struct helper_row *helper;	/* most expectations first */
	size_t nr_helpers;
	struct nic_counter *nic;
	size_t nr_nic;
	struct kernel_log log;
	struct log_spell *log_spell;	/* in the order of their first lines */
	size_t nr_log_spells;
	struct written *written;
	size_t nr_written;
	struct packet_queue *queue;
	size_t nr_queues;
	struct event_listener *listener;
	size_t nr_listeners;
	struct program *program;	/* by id */
	size_t nr_programs;
	struct resolved *resolved;	/* by address */
	size_t nr_resolved;
	/* Who is who, see lib/who.h: of what the rows above and below name */
	struct container *container;	/* by id */
	size_t nr_containers;
	struct tenant *tenant;		/* by namespace */
	size_t nr_tenants;
	struct owned_address *owned;	/* by address, then by namespace */
	size_t nr_owned;
	struct neighbour *neighbour;	/* by address, then by namespace */
	size_t nr_neighbours;
	struct lease *lease;		/* by address */
	size_t nr_leases;
	int64_t synproxy_syns;		/* that SYNPROXY answered in own_netns */
	int64_t own_netns;		/* inode of /proc/self/ns/net */
	/*
	 * This host's own addresses in own_netns (/proc/net/fib_trie: "host
	 * LOCAL"; /proc/net/if_inet6), as text: no advice may cut them off.
	 */
	char (*local)[64];
	size_t nr_local;
	/*
	 * Next hops of its routes, its resolvers, and where people are logged in from:
	 * first the peer of the session that the reader runs in. Those in own_netns.
	 */
	struct guarded_address *guarded;
	size_t nr_guarded;
	struct netns_name *netns_name;
	size_t nr_netns_names;
	struct rules rules;
	unsigned int owners;		/* 1u << OWNER_*, as far as rules and files tell */
	struct placed_rule *placed;
	size_t nr_placed;
	/* All tables of ours, also those whose rules somebody has changed */
	char (*our_table)[TABLE_NAME];
	size_t nr_our_tables;
	char (*kept_file)[TABLE_NAME];		/* names of files in /etc/conntriage, with .nft */
	size_t nr_kept_files;
	struct module_status mod;
	enum origin origin;		/* of the census, where there is one */
	struct dump dump;
	struct netns_row *netns;
	size_t nr_netns;
	struct source_row *source;
	size_t nr_source;
	struct class_row class[SRC_CLASSES];
	bool has_class[SRC_CLASSES];
	struct census_row *census;
	size_t nr_census;
	struct history_row *history;	/* seconds, oldest first */
	size_t nr_history;
	struct minute_row *minute;	/* oldest first */
	size_t nr_minutes;
	struct incident_row *incident;	/* oldest first */
	size_t nr_incidents;
	struct incident_top *incident_top;
	size_t nr_incident_tops;
};

#endif
