/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The limits that bound memory, whatever a tree holds. A line's length and the
 * number of columns are limited in lib/columns.h.
 */
#ifndef CONNTRIAGE_READ_LIMITS_H
#define CONNTRIAGE_READ_LIMITS_H

#define READ_MAX_DROPPED	16		/* damaged files of a part that are named */
#define READ_MAX_MODULE_FILE	(32 << 20)	/* bytes, each debugfs file */
#define READ_MAX_ROUTES		(32 << 20)	/* bytes, each list of routes in /proc/net */
#define READ_MAX_KERNEL_FILE	(8 << 20)	/* bytes, each /proc or /sys file */
#define READ_MAX_BOOT_FILE	(1 << 20)	/* bytes, each file below /etc etc. */
#define READ_MAX_PLACED		4096		/* rows, of rules that fix/ could have written */
#define READ_MAX_RULESET	(16 << 20)	/* bytes, nft's output */
#define READ_MAX_NETNS		65536		/* rows */
#define READ_MAX_LOCAL		65536		/* addresses of this host */
#define READ_MAX_GUARDED	1024		/* gateways, resolvers, peers */
#define READ_MAX_ANCESTORS	64		/* processes between a session and its reader */
#define READ_MAX_LOGINS		512		/* records of utmp, sessions of logind */
#define READ_MAX_FDS		4096		/* of one of them */
#define READ_MAX_TCP		(32 << 20)	/* bytes, each /proc/PID/net/tcp */
#define READ_MAX_SOURCES	4096		/* rows; the module writes 10 * 64 */
#define READ_MAX_CENSUS		131072		/* rows; of 10,000 namespaces 120,000 */
#define READ_MAX_HISTORY	16384		/* rows; the module writes 600, or 1,440 */
#define READ_MAX_INCIDENTS	4096		/* rows; the module writes 32 */
#define READ_MAX_INCIDENT_TOPS	16384		/* rows; the module writes 32 * 19 * 16 */
#define READ_MAX_DUMP		(32 << 20)	/* bytes of ctnetlink's messages, each namespace */
#define READ_MAX_DUMP_ENTRIES	200000		/* of these, that a capture takes along */
#define READ_MAX_LISTING	(256 << 20)	/* bytes: a million entries of 250 */
#define READ_MAX_STATUS		256		/* rows */
#define READ_MAX_LEGACY_TABLES	64		/* rows; there are ten */
#define READ_MAX_CPUS		8192		/* rows of /proc/net/stat */
#define READ_MAX_SYSCTLS	256		/* nf_conntrack_* files */
#define READ_MAX_BOOT_FILES	1024		/* files in all *.d of a kind */
#define READ_MAX_BOOT_KEYS	16384		/* assignments in all of them */
#define READ_MAX_RULESET_NODES	500000		/* JSON objects and lists; 40,000 rules */
#define READ_MAX_CHAINS		65536		/* of the nft ruleset */
#define READ_MAX_JUMPS		262144		/* between them */
#define READ_MAX_RULES		65536		/* of these, that concern conntrack */
#define READ_MAX_HELPERS	64		/* names; the kernel has some ten */
#define READ_MAX_NICS		64		/* network cards that are asked */
#define READ_MAX_INTERFACES	16384		/* names in /sys/class/net */
#define READ_MAX_NIC_STRINGS	4096		/* statistics of a card */
#define READ_MAX_NIC_COUNTERS	1024		/* of all cards, about conntrack */
#define READ_MAX_PROCESSES	32768		/* names in /proc */
#define READ_MAX_COMMAND	65536		/* bytes of a command line */
#define READ_MAX_PODS		1024		/* of a Kubernetes node */
#define READ_MAX_LOG		(32 << 20)	/* bytes of the kernel's log; its buffer has 1 or less mostly */
#define READ_MAX_LOG_SPELLS	256		/* of lines that matter */
#define READ_MAX_WRITTEN	256		/* settings that programs write */
#define READ_MAX_QUEUES		256		/* rows of nfnetlink_queue */
#define READ_MAX_LISTENERS	64		/* netlink sockets for conntrack's events */
#define READ_MAX_SOCKETS	65536		/* rows of /proc/net/netlink */
#define READ_MAX_PROGRAMS	1024		/* cgroups that rows name */
#define READ_MAX_RESOLVED	256		/* addresses whose names are asked for */
#define READ_MAX_NAMED		262144		/* addresses that rows name */
#define READ_MAX_TENANTS	4096		/* namespaces that are asked for their addresses */
#define READ_MAX_OWNED		65536		/* of these, addresses that rows name */
#define READ_MAX_TENANT_PIDS	64		/* processes of a namespace whose cgroups are read */
#define READ_MAX_CONTAINERS	4096		/* whose runtime's files are read */
#define READ_MAX_STATE		(1 << 20)	/* bytes, each of these files */
#define READ_MAX_STORAGE	(4 << 20)	/* bytes, a list of containers of podman's */
#define READ_MAX_CGROUP		65536		/* bytes, /proc/PID/cgroup */
#define READ_MAX_NEIGHBOURS	65536		/* whose addresses rows name */
#define READ_MAX_LEASES		(8 << 20)	/* bytes, each list of leases */
#define READ_MAX_LEASE_FILES	64		/* of a DHCP server */
#define READ_MAX_LOCAL_ROUTES	(1 << 20)	/* bytes, to tell containers from strangers */
#define READ_MAX_TOOLS		256		/* rows of a capture; there are TOOLS */
#define READ_MAX_KERNELS	64		/* releases in /lib/modules */
#define READ_MAX_KO		(32 << 20)	/* bytes, the module's file */
#define READ_MAX_PIDS		(1 << 20)	/* bytes, cgroup.procs */
#define READ_MAX_FOUND		200000		/* files of a folder or archive of others */
#define READ_MAX_FOUND_KEPT	16384		/* of these, that may matter */
#define READ_MAX_FOUND_BYTES	(384 << 20)	/* of those */
#define READ_MAX_UNPACKED	(4LL << 30)	/* bytes of an archive, read or skipped */

#endif
