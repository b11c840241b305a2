/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of a snapshot, and the parsers that they are made of. */
#ifndef CONNTRIAGE_READ_PARTS_H
#define CONNTRIAGE_READ_PARTS_H

#include <stdio.h>

#include "lib/text.h"
#include "read/reader.h"
#include "snapshot.h"

/*
 * The parts of a snapshot, in the order in which snapshot.c asks for them. Each
 * drops the files that are damaged and goes on with the others; what it has none
 * left for, or doesn't get to, is UNKNOWN. Returns 0, or -1: @r->fault may hold
 * that of a file yet to be dropped.
 */
int read_meta(struct reader *r);	/* whose tree it is, and how old */
int read_host(struct reader *r);	/* release, name, age, modules */
int read_tools(struct reader *r);	/* programs that commands need; who reads */
int read_netns_names(struct reader *r);	/* as "ip netns" has them */
int read_local(struct reader *r);	/* own addresses */
int read_session(struct reader *r);	/* the session's peer, and all who are logged in */
int read_guarded(struct reader *r);	/* gateways, resolvers; keeps that peer, too */
int read_memory(struct reader *r);	/* of the host, and of a slab object */
int read_sysctls(struct reader *r);	/* settings as they are */
int read_stat(struct reader *r);	/* the kernel's counters */
int read_synproxy(struct reader *r);	/* SYNs that SYNPROXY answered */
int read_expect(struct reader *r);	/* what helpers expect */
int read_nics(struct reader *r);	/* what network cards count of conntrack */
int read_boot(struct reader *r);	/* settings as the boot makes them */
int read_writers(struct reader *r);	/* and as programs make them after it */
int read_module(struct reader *r);	/* all that the module tells */
int read_dump_netns(struct reader *r);	/* without the module: which namespaces there are */
int read_kernel_log(struct reader *r);	/* full tables, in the kernel's words; after the module */
int read_netns_paths(struct reader *r);	/* what leads to namespaces without a name */
int read_dump(struct reader *r);	/* the table by ctnetlink, if the module doesn't tell */
int read_listing(struct reader *r);	/* the same out of a text, if that doesn't either */
int read_queues(struct reader *r);	/* packets and events that wait for programs */
int read_programs(struct reader *r);	/* the cgroups that the module's rows name */
int read_resolve(struct reader *r);	/* names of addresses, if READ_RESOLVE is set */
int read_who(struct reader *r);	/* who the addresses and programs of all rows are */
int read_rules(struct reader *r);	/* packet filters, if READ_RULES is set */

/* The parts of read_rules(): fill some of the members of @r->s->rules. */
int read_legacy(struct reader *r);
void read_nft(struct reader *r);
int read_owners(struct reader *r);	/* after these two */

/**
 * reader_begin() - set up a reader of a root; reader_end() always follows
 * @from: read instead, and @root its name; or NULL
 * @s: emptied: UNKNOWN, NULL and ""
 */
int reader_begin(struct reader *r, const char *root, unsigned int parts,
		 const struct store *from, struct snapshot *s, char *err, size_t errlen);

/** reader_run() - fill the snapshot; what is damaged is in its list of dropped files */
void reader_run(struct reader *r);

/** keep_meta() - put into the copy of a live host whose it is, and of when */
void keep_meta(struct reader *r);

/**
 * snapshot_revert() - make a snapshot what it was
 * @before: a copy of its members, of when its lists were as long or shorter
 */
void snapshot_revert(struct snapshot *s, const struct snapshot *before);

/** reader_end() - free what the reader holds; the snapshot stays */
void reader_end(struct reader *r);

/*
 * The parsers, called by the above and by tests/fuzz. @text ends with a NUL and is
 * written to; those that return a number return 0, or -1 with @fault filled.
 */
void parse_fib_trie(struct snapshot *s, char *text);
void parse_if_inet6(struct snapshot *s, char *text);
void parse_route(struct snapshot *s, char *text);
void parse_ipv6_route(struct snapshot *s, char *text);
void parse_resolv_conf(struct snapshot *s, char *text);
void parse_session(struct snapshot *s, char *text);
/* Records of utmp(5); whether their processes are there, @r tells */
void parse_utmp(struct reader *r, const char *records, size_t len);
void parse_logind_session(struct snapshot *s, char *text);
int parse_meta(struct snapshot *s, const char *file, char *text, size_t len,
	       struct fault *fault);
int parse_meminfo(struct snapshot *s, const char *file, char *text,
		  struct fault *fault);
int parse_slabinfo(struct snapshot *s, const char *file, char *text,
		   struct fault *fault);
int parse_stat(struct snapshot *s, const char *file, char *text, size_t len,
	       struct fault *fault);
int parse_synproxy(struct snapshot *s, const char *file, char *text, size_t len,
		   struct fault *fault);
void parse_expect(struct snapshot *s, char *text);
void parse_nic(struct snapshot *s, const char *nic, char *text);
/* @kept takes the lines that matter, as a capture has them; or NULL */
void parse_kernel_log(struct snapshot *s, char *text, FILE *kept);
void parse_queues(struct snapshot *s, char *text);
int parse_sockets(struct snapshot *s, const char *file, char *text, size_t len,
		  struct fault *fault);
int parse_programs(struct snapshot *s, const char *file, char *text, size_t len,
		   struct fault *fault);
/* A file of conntriage/names in a capture: "containers", "tenants", "owned", ... */
int parse_names(struct snapshot *s, const char *name, const char *file, char *text,
		size_t len, struct fault *fault);
/* The words for a cgroup's path */
void program_name(const char *path, char *unit, size_t size);
int parse_module_file(struct snapshot *s, const char *name, const char *file,
		      char *text, size_t len, struct fault *fault);
int parse_proc(struct snapshot *s, const char *file, char *text, size_t len,
	       struct fault *fault);
int parse_abi(const char *file, char *text, size_t len, int64_t *schema,
	      struct fault *fault);

#endif
