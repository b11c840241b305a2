/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Levers: what is to change, how much, where, for how long. Each becomes steps
 * (fix/steps.h): complete, in the dialect that the host's rules are written in, for
 * the namespace that they belong to. Rules of nft live in tables of our own, one for
 * each cure, so that one command takes it away and no cure undoes another.
 */
#ifndef CONNTRIAGE_FIX_FIX_H
#define CONNTRIAGE_FIX_FIX_H

#include "fix/steps.h"
#include "lib/lines.h"
#include "snapshot.h"

/* Where commands are typed */
struct fix_place {
	int64_t netns;		/* inode number of the namespace */
	const char *name;	/* as "ip netns" calls it, or "" */
	bool here;		/* the reader's own namespace */
	bool outside;		/* the reader isn't in the initial one */
};

#define FIX_EXCEPT	8	/* members of a network that its rule can spare */

/* Whom a rule is about */
struct fix_source {
	const char *source;	/* an address, or address/bits */
	int family;
	const char *proto;	/* that it mostly opens connections of, or "" */
	bool local;		/* an address of this host */
	const char *except[FIX_EXCEPT];	/* addresses within @source that it isn't about */
	size_t nr_except;
};

/* Where to; a part that is "" is any */
struct fix_target {
	const char *address, *proto, *port;
	int family;		/* of the address; 0: without one */
};

struct rule_block;

/* A cure for one namespace, between fix_begin() and fix_end() */
struct fix {
	const struct snapshot *s;
	struct steps *steps;
	const char *cause;	/* that it is for: its tables are called after that */
	enum rules_dialect dialect;
	char enter[112];	/* what a command is prefixed with, or "" */
	char table[TABLE_NAME];	/* of nft, after fix_end(): that the rules for now are in */
	size_t first;		/* the number of its first step */
	bool here, outside;	/* as of struct fix_place */
	struct rule_block *block[STEP_WHENS];	/* rules that are being put together */
	bool rules;		/* some were written */
	bool rules_now;		/* some of them for now */
	/* What stands already, and so wasn't written: settings, and rules */
	size_t nr_set, nr_placed;
	int64_t placed[16];	/* of struct placed_rule: the first of them */
	int64_t met;		/* packets that they met, of those that count any */
	bool uncounted;		/* some don't */
};

/**
 * fix_begin() - settle dialect and place
 * @x: the fix; end it with fix_end()
 * @s: the host: its dialect of rules, its settings and boot files
 * @where: the namespace that the commands are for
 * @steps: takes what is to be done, behind what it holds
 * @cause: whose cure it is: "flood"
 */
void fix_begin(struct fix *x, const struct snapshot *s,
	       const struct fix_place *where, struct steps *steps, const char *cause);

/**
 * fix_end() - put the rules together, and say what the host lacks for it
 *
 * What isn't written because it stands already is told by @x->nr_placed and @x->nr_set.
 */
void fix_end(struct fix *x);

/**
 * fix_undo() - what stands of ours on this host, taken back
 * @st: takes it: tables of rules, now; files and what they load, for good
 */
void fix_undo(const struct snapshot *s, struct steps *st);

/** fix_say() - words for a person, for now */
void fix_say(struct fix *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** fix_look() - a command that changes nothing, in the namespace */
void fix_look(struct fix *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** fix_instead() - a command that may be typed in place of what stands above it */
void fix_instead(struct fix *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** fix_line() - a command for another list, prefixed to run in the namespace */
void fix_line(const struct fix *x, struct lines *l, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Rules. Those of a source take it as prefix of its family; before conntrack is
 * priority raw (-300): such a packet costs no entry. Rates are a second.
 */

/** fix_drop_sources() - now: all that @nr sources send, before conntrack */
void fix_drop_sources(struct fix *x, const struct fix_source *a, size_t nr);

/**
 * fix_instead_limit() - how the drop of fix_drop_sources() becomes a limit, in words
 * @rate: packets
 */
void fix_instead_limit(struct fix *x, int64_t rate);

/**
 * fix_limit_new() - for good: at most @rate new connections of any one source
 * @proto: "tcp", "udp" or "icmp"; or "": of all
 */
void fix_limit_new(struct fix *x, int64_t rate, const char *proto);

/** fix_ask_program() - now: what shows which program of this host has an address of it */
void fix_ask_program(struct fix *x, const struct fix_source *a);

/** fix_limit_local() - now: likewise, of a program on this very host */
void fix_limit_local(struct fix *x, const struct fix_source *a, int64_t rate,
		     const char *proto);

/** fix_drop_bad_flags() - TCP flags that no connection has, before conntrack */
void fix_drop_bad_flags(struct fix *x);

/** fix_drop_invalid() - now: INVALID packets, after conntrack has judged them */
void fix_drop_invalid(struct fix *x);

/**
 * fix_drop_unroutable() - now: sources that the routes don't lead back to
 *
 * Before conntrack. Cuts traffic that comes and goes by different ways.
 */
void fix_drop_unroutable(struct fix *x);

/**
 * fix_synproxy() - now: answer SYNs for a TCP service, track only real clients
 * @port: digits
 */
void fix_synproxy(struct fix *x, const char *port);

/**
 * fix_reject() - now: what begins a connection to @to is told that it can't
 * @local: this host's own programs as well
 *
 * The client stops waiting, and a packet that is refused leaves no entry.
 */
void fix_reject(struct fix *x, const struct fix_target *to, bool local);

/** fix_limit_to() - now: at most @rate packets that open, of @a to @to */
void fix_limit_to(struct fix *x, const struct fix_source *a, const struct fix_target *to,
		  int64_t rate);

/**
 * fix_notrack_udp() - now: a UDP service without tracking, in both directions
 * @to: a port, and the address that has it; "" for any
 */
void fix_notrack_udp(struct fix *x, const struct fix_target *to);

/** fix_notrack_path() - now: nothing that @a sends or gets is tracked */
void fix_notrack_path(struct fix *x, const struct fix_source *a);

/** fix_keep_rules() - for good: the rules for now that were written, once more */
void fix_keep_rules(struct fix *x);

/**
 * fix_delete_to() - now: delete the entries to @to that nobody answered
 * @a: only those of this source; NULL: of all
 */
void fix_delete_to(struct fix *x, const struct fix_source *a, const struct fix_target *to);

/** fix_delete_kind() - now: delete those that conntriage-delete(8) selects by @options */
void fix_delete_kind(struct fix *x, const char *options);

/**
 * fix_delete_barren() - now: delete the entries of a source that never got an answer
 * @half_open: and those that it never completed
 *
 * Whoever still waits for an answer gets a new entry with the next packet.
 */
void fix_delete_barren(struct fix *x, const struct fix_source *a, bool half_open);

/** fix_mean_nft() - the host's command "iptables" is iptables-nft from then on */
void fix_mean_nft(struct steps *st, enum step_when when);

/*
 * Settings, by their names without "nf_conntrack_". What is set for good outlasts
 * a reboot; other namespaces than the initial one have nothing of the kind.
 */

/** fix_sysctl_now() - a setting of the namespace, until the next boot */
void fix_sysctl_now(struct fix *x, const char *key, int64_t value);

/**
 * fix_persist_sysctl() - a setting, from the next boot on
 *
 * sysctl.d fails silently for keys of a module that isn't loaded yet
 * (docs/conntrack.md, "Boot settings"), so that the module is loaded at boot comes
 * with it. Nothing for a maximum below 1.
 */
void fix_persist_sysctl(struct fix *x, const char *key, int64_t value);

/** fix_sysctl() - a setting of the namespace, now and for good */
void fix_sysctl(struct fix *x, const char *key, int64_t value);

/** fix_lower() - likewise, unless it is known to be as low already */
void fix_lower(struct fix *x, const char *key, int64_t value);

/** fix_max_now() - the maximum of all namespaces, until the next boot */
void fix_max_now(struct fix *x, int64_t max);

/** fix_max() - the maximum of all namespaces, now and for good */
void fix_max(struct fix *x, int64_t max);

/** fix_expect_max() - the most expectations of all namespaces, now and for good */
void fix_expect_max(struct fix *x, int64_t max);

/**
 * fix_buckets() - the size of the hash table, now and for good
 * @max: the maximum as it is, or is to be: hashsize= alone would change it, too
 */
void fix_buckets(struct fix *x, int64_t buckets, int64_t max);

#endif
