/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a lever to commands: complete, in the dialect that the host's rules are
 * written in, for the namespace that they belong to. Every line runs by itself
 * in sh(1). nft rules live in a table of their own, "inet conntriage", so that
 * one command takes all of them away.
 */
#ifndef CONNTRIAGE_FIX_FIX_H
#define CONNTRIAGE_FIX_FIX_H

#include "lib/lines.h"
#include "snapshot.h"

/* Where commands are typed */
struct fix_place {
	int64_t netns;		/* inode number of the namespace */
	const char *name;	/* as "ip netns" calls it, or "" */
	bool here;		/* the reader's own namespace */
	bool outside;		/* the reader isn't in the initial one */
};

/* Whom a rule is about */
struct fix_source {
	const char *source;	/* an address, or address/bits */
	int family;
	const char *proto;	/* that it mostly opens connections of, or "" */
	bool local;		/* an address of this host */
};

/* Commands for one namespace, between fix_begin() and fix_end() */
struct fix {
	const struct snapshot *s;
	struct lines *now, *persist;
	enum rules_dialect dialect;
	char enter[112];	/* what a command is prefixed with, or "" */
	int64_t unnamed;	/* the namespace that the fix gives a name, or 0 */
	bool here, outside;	/* as of struct fix_place */
	bool rules;		/* some were written: they need undo and saving */
	struct lines undo;
};

/**
 * fix_begin() - settle dialect and place
 * @x: the fix; end it with fix_end()
 * @s: the host: its dialect of rules, its settings and boot files
 * @where: the namespace that the commands are for
 * @now: takes the commands to type at once
 * @persist: takes those that make it last over a reboot
 */
void fix_begin(struct fix *x, const struct snapshot *s,
	       const struct fix_place *where, struct lines *now,
	       struct lines *persist);

/** fix_end() - say how to undo what is done now, and save the rules */
void fix_end(struct fix *x);

/* All that @a sends, before conntrack sees it (priority raw, -300). */
void fix_drop_sources(struct fix *x, const struct fix_source *a, size_t nr);
/* As comments: a limit of @a's packets, instead of the drop. */
void fix_instead_limit(struct fix *x, const struct fix_source *a, int64_t rate);
/*
 * For good: at most @rate new connections a second from any one source, of
 * @proto ("tcp", "udp", "icmp") or of all ("").
 */
void fix_limit_new(struct fix *x, int64_t rate, const char *proto);
/* A program on this very host: its new connections of @proto, likewise. */
void fix_limit_local(struct fix *x, const struct fix_source *a, int64_t rate,
		     const char *proto);
/* At most @most connections at a time from @a. */
void fix_limit_held(struct fix *x, const struct fix_source *a, int64_t most);
/* TCP flags that no connection has, before conntrack sees them. */
void fix_drop_bad_flags(struct fix *x);
/* INVALID packets, after conntrack has judged them. */
void fix_drop_invalid(struct fix *x);
/* Sources that the routes don't lead back to, before conntrack sees them. */
void fix_drop_unroutable(struct fix *x);
/* A UDP service, both directions, without connection tracking. */
void fix_notrack_udp(struct fix *x, const char *port);
/* Answer SYNs for a TCP service, and track only clients that are real. */
void fix_synproxy(struct fix *x, const char *port);
/* The entries of @a; or those that conntrack(8) selects by these options. */
void fix_delete_entries(struct fix *x, const struct fix_source *a);
void fix_delete_kind(struct fix *x, const char *options);
/* Save the rules of both families; @flavour: "nft" or "legacy". */
void fix_save_iptables(struct lines *l, const char *flavour);

/* A setting of the namespace, for a while. @key without the prefix. */
void fix_sysctl_now(struct fix *x, const char *key, int64_t value);
/* The same, now and for good; or for good alone. */
void fix_sysctl(struct fix *x, const char *key, int64_t value);
void fix_persist_sysctl(struct fix *x, const char *key, int64_t value);
/* Now and for good, unless the setting is known to be as low already. */
void fix_lower(struct fix *x, const char *key, int64_t value);
/* The maximum of all namespaces, until the next boot; now and for good. */
void fix_max_now(struct fix *x, int64_t max);
void fix_max(struct fix *x, int64_t max);
/* The hash table likewise, which leaves the maximum as it is: @max. */
void fix_buckets(struct fix *x, int64_t buckets, int64_t max);

/* A line for "verify" or "now", prefixed so that it runs in the namespace. */
void fix_line(const struct fix *x, struct lines *l, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
