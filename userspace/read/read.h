/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files in, snapshot out. Nothing here changes the system, or judges what it
 * reads.
 */
#ifndef CONNTRIAGE_READ_READ_H
#define CONNTRIAGE_READ_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "health.h"
#include "snapshot.h"

/* What costs something to read, and is left out unless asked for */
#define READ_CENSUS	1u	/* walks the whole conntrack table */
#define READ_RULES	2u	/* runs nft */
#define READ_RESOLVE	4u	/* asks the resolver whose addresses are: two seconds at most */
#define READ_ALL	(READ_CENSUS | READ_RULES)
/* For who reads again and again, see snapshot_renew() */
#define READ_FAST	8u	/* only what changes by the second */
#define READ_MINUTES	16u	/* of that, the module's minutes and incidents as well */
#define READ_METRICS	32u	/* likewise, but not who was in incidents; and namespaces' names */

#define READ_DUMP	64u	/* what the table holds, but only where the module isn't there */

struct store;

/* How the table is listed by ctnetlink, where the module doesn't tell what it holds */
struct dump_request {
	int64_t seconds;	/* between two lists; 0: one list, and no rates */
	bool full;		/* all entries, however many there are */
	bool all_netns;		/* of each network namespace that can be entered */
	bool again;		/* the list before is the first of two; @seconds is 0 */
};

#define READ_DUMP_SECONDS	60	/* the most of ->seconds */
#define READ_DUMP_APART		5	/* if nobody asks for another number */

/** read_dump_by() - list it so from now on; if never called, once and without rates */
void read_dump_by(const struct dump_request *ask);

/**
 * read_snapshot() - read all that is known of a host
 * @root: "" or "/" for the live host, else a tree that "conntriage capture" made
 *	(or one of the same layout)
 * @parts: READ_* flags
 * @s: filled; whatever isn't there is UNKNOWN, NULL or "". Free it with
 *	snapshot_free(), after an error too
 * @err: takes one line "FILE:LINE: what is wrong; what to do"
 * @errlen: bytes in @err
 *
 * A file that is absent, or that the caller may not read, is no error: the
 * snapshot says less, and @s->mod.why_not, @s->rules.why_not why. A file that
 * is there and malformed is dropped: no half of it is used, and @s->dropped names
 * it with line and reason.
 *
 * Return: 0, or -1 with @err filled: @root is no captured tree, or can't be opened.
 */
int read_snapshot(const char *root, unsigned int parts, struct snapshot *s,
		  char *err, size_t errlen);

/**
 * read_from() - as read_snapshot(), of files in memory
 * @from: read instead of a host
 * @name: what it is called in messages
 */
int read_from(const struct store *from, const char *name, unsigned int parts,
	      struct snapshot *s, char *err, size_t errlen);

/**
 * read_keeping() - as read_snapshot(), and keep a copy of all that was read
 * @keep: takes it
 */
int read_keeping(const char *root, unsigned int parts, struct store *keep,
		 struct snapshot *s, char *err, size_t errlen);

/**
 * snapshot_renew() - bring a snapshot up to date
 * @s: of the whole host; takes all of @fast
 * @fast: read with READ_FAST and maybe more; empty then
 * @parts: that it was read with: what it leaves out stays in @s
 */
void snapshot_renew(struct snapshot *s, struct snapshot *fast, unsigned int parts);

/** snapshot_keep_census() - move what the last census told from @old into @now, which has none */
void snapshot_keep_census(struct snapshot *old, struct snapshot *now);

/** snapshot_is_listed() - its rows of namespaces and sources are of a list of the table */
bool snapshot_is_listed(const struct snapshot *s);

/** snapshot_unlist() - forget these sources, in a copy of a snapshot: nothing is freed */
void snapshot_unlist(struct snapshot *s);

/** snapshot_free() - free what read_snapshot() allocated; @s is zeroed */
void snapshot_free(struct snapshot *s);

/**
 * read_health() - read what is known of conntriage's own installation
 * @root, @s, @err, @errlen: as of read_snapshot(); of @s nothing but the host, the
 *	programs and the module is filled
 * @h: filled; free it with health_free(), after an error too
 *
 * Return: 0, or -1 with @err filled.
 */
int read_health(const char *root, struct snapshot *s, struct health *h, char *err, size_t errlen);

/** health_free() - free what read_health() allocated */
void health_free(struct health *h);

/**
 * capture() - write a tree that read_snapshot() reads as it reads this host
 * @root: "" for the live host, else a captured tree (copies it)
 * @dir: the tree to make; must not exist, or be an empty directory. No link.
 * @anonymous: with pseudonyms for addresses, hosts, containers and the like; other ones
 *	each time
 * @err: takes one line that says what went wrong and what to do
 * @errlen: bytes in @err
 *
 * A signal that would end the process does so after what was written is removed.
 *
 * Return: 0, or -1 with @err filled and nothing left behind.
 */
int capture(const char *root, const char *dir, bool anonymous, char *err, size_t errlen);

/**
 * read_anonymous() - as read_snapshot(), of what such an anonymous capture has
 *
 * It is made and removed again where temporary files go: no name is ever written.
 */
int read_anonymous(const char *root, struct snapshot *s, char *err, size_t errlen);

/** capture_store() - as capture(), of what read_keeping() has kept */
int capture_store(const struct store *st, const char *dir, char *err, size_t errlen);

#endif
