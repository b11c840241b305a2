/* SPDX-License-Identifier: GPL-2.0 */
/* The command line: which commands and options there are, and what was asked for. */
#ifndef CONNTRIAGE_OPTIONS_H
#define CONNTRIAGE_OPTIONS_H

#include <stdbool.h>

#include "render/render.h"

enum command_word {
	COMMAND_DIAGNOSE, COMMAND_FIX, COMMAND_SOURCES, COMMAND_PROGRAMS, COMMAND_NETNS,
	COMMAND_CENSUS, COMMAND_HISTORY, COMMAND_INCIDENTS, COMMAND_EXPLAIN,
	COMMAND_THRESHOLDS, COMMAND_DOCTOR, COMMAND_CAPTURE, COMMANDS
};

/* What was asked for */
struct request {
	enum command_word command;
	const char *root;	/* "": this host */
	const char *word;	/* behind the command, or NULL */
	bool all, check, json, resolve;
	int64_t watch;		/* s between two looks; 0: one is enough */
	struct list_request list;
	struct cure_script script;
};

/** options_json() - whether the command line asks for JSON, even if it has faults */
bool options_json(int argc, char **argv);

/* As it is typed */
const char *command_name(enum command_word command);

/**
 * options_read() - what was asked for
 * @argc, @argv: of main()
 * @r: filled
 *
 * Return: 1 where @r is to be done; 0 where that was help or the version, which is
 * printed; -1 where it isn't understood, which is said in one line that ends in what
 * to type.
 */
int options_read(int argc, char **argv, struct request *r);

#endif
