/* SPDX-License-Identifier: GPL-2.0 */
/* Which commands and options there are. */
#ifndef CONNTRIAGE_COMMANDS_H
#define CONNTRIAGE_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

enum command_word {
	COMMAND_DIAGNOSE, COMMAND_FIX, COMMAND_SOURCES, COMMAND_PROGRAMS, COMMAND_NETNS,
	COMMAND_CENSUS, COMMAND_HISTORY, COMMAND_INCIDENTS, COMMAND_EXPLAIN,
	COMMAND_THRESHOLDS, COMMAND_DOCTOR, COMMAND_CAPTURE, COMMAND_TOP, COMMAND_REPORT,
	COMMAND_DIFF, COMMAND_WATCH, COMMAND_METRICS, COMMAND_EXPORTER, COMMAND_FLEET, COMMANDS
};

#define OPTIONS_MOST	64	/* a bit each of those that were given */

struct command_row {
	const char *name;
	const char *words;	/* behind it */
	int max_words;
	const char *line;	/* for the list */
	const char *text;	/* for its own help */
	bool fleet;		/* for who looks after many hosts: one line of the list has them all */
};

struct option_row {
	const char *name;
	int letter;		/* from 256: it has none */
	const char *word;	/* that it takes, or NULL */
	unsigned int of;	/* commands that it goes with: 1 << COMMAND_* */
	const char *text;
};

/** command_row() - a row of the table of commands, by enum command_word; NULL: no more */
const struct command_row *command_row(size_t i);

/** option_row() - a row of the table of options; NULL: no more */
const struct option_row *option_row(size_t i);

/* Those without a letter */
enum {
	OPTION_FOR_GOOD = 256, OPTION_UNDO, OPTION_ONLY, OPTION_DRY_RUN, OPTION_CHECK,
	OPTION_WATCH, OPTION_RESOLVE, OPTION_ANONYMOUS,
	OPTION_SORT, OPTION_CLASS, OPTION_NETNS, OPTION_PREFIX, OPTION_SINCE, OPTION_UNTIL,
	OPTION_NO_HEADINGS, OPTION_NO_NAMES, OPTION_RECORD, OPTION_REPLAY,
	OPTION_ON_INCIDENT, OPTION_JOURNAL, OPTION_HTML,
	OPTION_OPENMETRICS, OPTION_CENSUS, OPTION_TOP,
	OPTION_LISTEN, OPTION_SECONDS, OPTION_FULL, OPTION_ALL_NETNS,
};

/** command_name() - as it is typed */
const char *command_name(enum command_word command);

/** find_command() - the command of that name, or -1 */
int find_command(const char *name);

/** find_option() - the row of an option by its letter, or OPTION_*; -1: none has it */
int find_option(int letter);

/** help() - print which commands there are; help_command() - and one with its options */
void help(void);
void help_command(enum command_word command);

#endif
