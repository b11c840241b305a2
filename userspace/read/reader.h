/* SPDX-License-Identifier: GPL-2.0 */
/* What every part of a snapshot is read with. Other rooms include read.h. */
#ifndef CONNTRIAGE_READ_READER_H
#define CONNTRIAGE_READ_READER_H

#include <limits.h>

#include "lib/text.h"
#include "read/files.h"
#include "read/store.h"
#include "snapshot.h"

struct reader {
	struct files files;
	struct store foreign;	/* what they read of others' archives, see foreign.h */
	unsigned int parts;	/* READ_* of read.h */
	struct snapshot *s;
	const char *part;	/* that reads now: see struct dropped_file */
	struct fault fault;	/* of the file that it reads */
	char message[sizeof(((struct dropped_file *)0)->fault)];	/* fault.text */
	char *modules;		/* /proc/modules, NULL where it can't be read */
	char *cmdline;		/* /proc/cmdline, likewise */
	struct module_index {	/* /lib/modules/RELEASE, see modules.c */
		bool read;
		char *dep, *builtin;	/* NULL where they can't be read */
		char *kept_dep, *kept_builtin;	/* lines that mattered */
	} index;
	bool walked;		/* over /proc: see namespaces.h */
	struct process *process;	/* by namespace, then by number */
	size_t nr_processes;
	char path[PATH_MAX];	/* see reader_name() */
};

/** reader_is_host() - whether there is any of what every captured tree and every host has */
bool reader_is_host(struct reader *r);

/**
 * reader_name() - a file's name with its root, for messages
 * @path: relative to the root
 *
 * Return: text within @r that the next call overwrites.
 */
const char *reader_name(struct reader *r, const char *path);

/**
 * reader_drop() - go on without a damaged file
 * @before: the snapshot as it was before that file was parsed, which it is again
 *	then; NULL: nothing of the file got into it
 *
 * What @r->fault says goes to the snapshot's list. Without a fault nothing happens,
 * so that who doesn't know may call it, too.
 */
void reader_drop(struct reader *r, const struct snapshot *before);

/**
 * reader_slurp() - read a file that may be absent
 * @limit: bytes
 * @text: set to its content, or NULL where it is absent or unreadable;
 *	free() it
 * @len: set to its length; may be NULL, then NUL bytes in it are an error
 *
 * Return: 0, or -1 where it is no file that could be meant: too long, a FIFO, a
 * loop of links. It is dropped then, as by reader_drop().
 */
int reader_slurp(struct reader *r, const char *path, size_t limit, char **text,
		 size_t *len);

/**
 * reader_list() - as files_list(); a directory of more than @max is dropped
 *
 * Return: 0, or -1 with no names.
 */
int reader_list(struct reader *r, const char *dir, const char *prefix,
		const char *suffix, size_t max, char ***names, size_t *nr);

/**
 * reader_line() - the first line of a file that may be absent
 * @text: set to what to free(), or NULL where it is absent or unreadable
 * @line: set to the line without white space around it; NULL where there is none
 *
 * Return: 0 or -1, as reader_slurp().
 */
int reader_line(struct reader *r, const char *path, char **text, char **line);

/** reader_number() - a file with one number and a newline; UNKNOWN if absent or dropped */
int reader_number(struct reader *r, const char *path, int64_t *value);

/** reader_word() - the first line of a file, cleaned; "" if absent */
int reader_word(struct reader *r, const char *path, char *word, size_t size);

/** reader_has_module() - whether a module is loaded (not: built in) */
bool reader_has_module(const struct reader *r, const char *name);

/**
 * reader_boot_option() - a NAME=VALUE or a bare NAME of the kernel command line
 * @value: takes VALUE, "" for a bare name; the last one counts
 */
bool reader_boot_option(const struct reader *r, const char *name, char *value,
			size_t size);

/** rules_not_known() - the rules can't be looked at; the first reason is kept */
void rules_not_known(struct rules *rules, const char *why);

#endif
