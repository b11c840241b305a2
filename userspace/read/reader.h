/* SPDX-License-Identifier: GPL-2.0 */
/* What the read_*.c files share. Others include read.h. */
#ifndef CONNTRIAGE_READ_READER_H
#define CONNTRIAGE_READ_READER_H

#include <limits.h>

#include "lib/text.h"
#include "read/files.h"
#include "snapshot.h"

/*
 * The limits that bound memory whatever a tree holds. A line's length and the
 * number of columns are limited in columns.h.
 */
#define READ_MAX_MODULE_FILE	(32 << 20)	/* bytes, each debugfs file */
#define READ_MAX_ROUTES		(32 << 20)	/* bytes, /proc/net/fib_trie */
#define READ_MAX_KERNEL_FILE	(8 << 20)	/* bytes, each /proc or /sys file */
#define READ_MAX_BOOT_FILE	(1 << 20)	/* bytes, each file below /etc etc. */
#define READ_MAX_RULESET	(16 << 20)	/* bytes, nft's output */
#define READ_MAX_NETNS		65536		/* rows */
#define READ_MAX_LOCAL		65536		/* addresses of this host */
#define READ_MAX_SOURCES	4096		/* rows; the module writes 6 * 64 */
#define READ_MAX_CENSUS		65536		/* rows */
#define READ_MAX_HISTORY	16384		/* rows; the module writes 600, or 1,440 */
#define READ_MAX_INCIDENTS	4096		/* rows; the module writes 32 */
#define READ_MAX_INCIDENT_TOPS	8192		/* rows; the module writes 32 * 6 * 16 */
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

struct reader {
	struct files files;
	unsigned int parts;	/* READ_* of read.h */
	struct snapshot *s;
	struct fault fault;
	char *modules;		/* /proc/modules, NULL where it can't be read */
	char *cmdline;		/* /proc/cmdline, likewise */
	struct module_index {	/* /lib/modules/RELEASE, see module_index.c */
		bool read;
		char *dep, *builtin;	/* NULL where they can't be read */
		char *kept_dep, *kept_builtin;	/* lines that mattered */
	} index;
	char path[PATH_MAX];	/* see reader_name() */
};

/**
 * reader_name() - a file's name with its root, for messages
 * @path: relative to the root
 *
 * Return: text within @r that the next call overwrites.
 */
const char *reader_name(struct reader *r, const char *path);

/**
 * reader_slurp() - read a file that may be absent
 * @limit: bytes
 * @text: set to its content, or NULL where it is absent or unreadable;
 *	free() it
 * @len: set to its length; may be NULL, then NUL bytes in it are an error
 *
 * Return: 0, or -1 with @r->fault filled where it is no file that could be
 * meant: too long, a FIFO, a loop of links.
 */
int reader_slurp(struct reader *r, const char *path, size_t limit, char **text,
		 size_t *len);

/**
 * reader_list() - as files_list(), with a fault where there are more than @max
 *
 * Return: 0 or -1.
 */
int reader_list(struct reader *r, const char *dir, const char *prefix,
		const char *suffix, size_t max, char ***names, size_t *nr);

/** reader_number() - a file with one number and a newline; UNKNOWN if absent */
int reader_number(struct reader *r, const char *path, int64_t *value);

/** reader_word() - the first line of a file, cleaned; "" if absent */
int reader_word(struct reader *r, const char *path, char *word, size_t size);

/** reader_has_module() - whether a module is loaded (not: built in) */
bool reader_has_module(const struct reader *r, const char *name);

enum module_place {
	MODULE_UNKNOWN,		/* /lib/modules/RELEASE isn't there */
	MODULE_ABSENT,
	MODULE_FILE,		/* loadable, or loaded */
	MODULE_BUILTIN,
};

/** module_place() - whether the running kernel has a module, and as what */
enum module_place module_place(struct reader *r, const char *name);

/** module_needs() - whether loading @name loads @other too */
bool module_needs(struct reader *r, const char *name, const char *other);
void module_index_free(struct reader *r);

/**
 * reader_boot_option() - a NAME=VALUE or a bare NAME of the kernel command line
 * @value: takes VALUE, "" for a bare name; the last one counts
 */
bool reader_boot_option(const struct reader *r, const char *name, char *value,
			size_t size);

/**
 * reader_begin() - set up a reader of a root; reader_end() always follows
 * @s: emptied: UNKNOWN, NULL and ""
 */
int reader_begin(struct reader *r, const char *root, unsigned int parts,
		 struct snapshot *s, char *err, size_t errlen);

/**
 * reader_run() - fill the snapshot
 * @all: don't stop at the first fault, which is the one kept
 */
int reader_run(struct reader *r, bool all);
void reader_end(struct reader *r);

/*
 * The parts of a snapshot, in the order in which read.c asks for them. Each
 * returns 0, or -1 with @r->fault filled.
 */
int read_host(struct reader *r);	/* release, name, age, modules */
int read_local(struct reader *r);	/* names of namespaces, own addresses */
int read_memory(struct reader *r);
int read_sysctls(struct reader *r);
int read_stat(struct reader *r);
int read_synproxy(struct reader *r);
int read_boot(struct reader *r);
int read_rules(struct reader *r);
int read_legacy(struct reader *r);	/* of read_rules() */
int read_module(struct reader *r);

/** rules_not_known() - the rules can't be looked at; the first reason is kept */
void rules_not_known(struct rules *rules, const char *why);

/* The parsers below are called by the above and by tests/fuzz. */
void parse_fib_trie(struct snapshot *s, char *text);
void parse_if_inet6(struct snapshot *s, char *text);
int parse_meminfo(struct snapshot *s, const char *file, char *text,
		  struct fault *fault);
int parse_slabinfo(struct snapshot *s, const char *file, char *text,
		   struct fault *fault);
int parse_stat(struct snapshot *s, const char *file, char *text, size_t len,
	       struct fault *fault);
int parse_synproxy(struct snapshot *s, const char *file, char *text, size_t len,
		   struct fault *fault);
int parse_module_file(struct snapshot *s, const char *name, const char *file,
		      char *text, size_t len, struct fault *fault);
int parse_proc(struct snapshot *s, const char *file, char *text, size_t len,
	       struct fault *fault);
int parse_abi(const char *file, char *text, size_t len, int64_t *schema,
	      struct fault *fault);

/* The assignments of sysctl.d, in the order in which the boot reads them */
struct setting {
	char key[96];		/* with slashes; may be a pattern */
	bool excluded;		/* "-key": keeps patterns off it */
	bool number;
	int64_t value;
	char file[96];
};

struct settings {
	struct setting *item;
	size_t nr;
};

/**
 * parse_settings() - add a file's assignments
 *
 * Return: 0, or -1 where there are more than READ_MAX_BOOT_KEYS in all.
 */
int parse_settings(struct settings *all, const char *path, char *text);
const struct setting *find_setting(const struct settings *all, const char *key);
void parse_modprobe(struct snapshot *s, const char *path, char *text);

#endif
