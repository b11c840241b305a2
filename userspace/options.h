/* SPDX-License-Identifier: GPL-2.0 */
/* The command line: what was asked for. */
#ifndef CONNTRIAGE_OPTIONS_H
#define CONNTRIAGE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "commands.h"
#include "judge/alarm.h"
#include "metrics/metrics.h"
#include "read/read.h"
#include "render/render.h"
#include "top/top.h"
#include "watch/watch.h"

/* What was asked for */
struct request {
	enum command_word command;
	const char *root;	/* "": this host */
	const char *word;	/* behind the command, or NULL */
	char *const *words;	/* all of them; of fleet the trees, also those of --root */
	size_t nr_words;
	const char *html;	/* the page to write, or NULL */
	const char *second;	/* behind that one, or NULL */
	bool all, check, json, resolve, anonymous;
	struct alarm_limits limits;	/* of check */
	int64_t watch;		/* s between two looks; 0: one is enough */
	struct list_request list;
	struct cure_script script;
	struct top_request top;
	struct watch_request events;	/* of the command watch */
	struct metrics_request metrics;
	struct dump_request dump;	/* without the module */
	const char *listen;	/* of the exporter; NULL: not given */
};

/** options_json() - whether the command line asks for JSON, even if it has faults */
bool options_json(int argc, char **argv);

/** options_check() - likewise for a line of --check */
bool options_check(int argc, char **argv);

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
