// SPDX-License-Identifier: GPL-2.0
/*
 * One table of commands and one of options: what getopt_long() is given, which option
 * goes with which command, all help, and what shells complete come from these.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "exporter/exporter.h"
#include "lib/numbers.h"
#include "lib/terminal.h"

#define OF(command)	(1u << COMMAND_##command)
#define EVERY		(~0u)
/* Those that read a host, or a captured tree */
#define READING		(EVERY & ~(OF(EXPLAIN) | OF(THRESHOLDS) | OF(DIFF) | OF(WATCH) | OF(FLEET)))
#define LISTING		(OF(SOURCES) | OF(PROGRAMS) | OF(NETNS) | OF(CENSUS) | OF(HISTORY) | \
			 OF(INCIDENTS))

/* Those that list the table by ctnetlink where the module doesn't tell what it holds */
#define DUMPING		(OF(DIAGNOSE) | OF(FIX) | OF(SOURCES) | OF(NETNS) | OF(CENSUS) | OF(CAPTURE) | \
			 OF(REPORT) | OF(DIFF))

/* Those that show what there is */
#define SHOWING		(OF(DIAGNOSE) | LISTING)

static const struct command_row commands[COMMANDS] = {
	[COMMAND_DIAGNOSE] = { "diagnose", "", 0,
		"findings, worst first; the command if none is given",
		"Says what is wrong with the connection tracking table, worst first: what to type, "
		"who causes it, who suffers. A terminal gets the worst on one screen; a pipe, and "
		"-v, get all of it. Walks the whole table once." },
	[COMMAND_FIX] = { "fix", " [NR]", 1,
		"a finding's commands as a script: conntriage fix | sudo sh",
		"Prints the commands of a finding, the first one's if no NR is given, as a script to "
		"read, and then to pipe: conntriage fix | sudo sh. Runs nothing." },
	[COMMAND_SOURCES] = { "sources", "", 0,
		"the heavy sources of each kind of event",
		"Lists who opens connections, is refused, is evicted or makes others be, and sends "
		"INVALID packets, as the module has counted them." },
	[COMMAND_PROGRAMS] = { "programs", "", 0,
		"which programs of this host open connections",
		"Lists the units, containers and other cgroups of this host that open connections, "
		"as the module has counted them." },
	[COMMAND_NETNS] = { "netns", "", 0,
		"network namespaces and their counters",
		"Lists the network namespaces with their entries, limits and counters." },
	[COMMAND_CENSUS] = { "census", "", 0,
		"what the table holds; walks all of it",
		"Walks the whole table and shows what it holds, by state, by silence, and who holds "
		"most of it." },
	[COMMAND_HISTORY] = { "history", "", 0,
		"the last ten minutes; on a terminal with a chart",
		"Shows the last ten minutes second by second, or the last day: a chart on a "
		"terminal, and the last 20 rows." },
	[COMMAND_INCIDENTS] = { "incidents", " [NR]", 1,
		"spells of evictions and refusals, or all of one",
		"Lists the spells in which entries were evicted or packets refused; with NR, tells "
		"the whole story of one." },
	[COMMAND_EXPLAIN] = { "explain", " [CAUSE]", 1,
		"how a cause works; without CAUSE: all causes",
		"Explains how a cause works and how it is told from its neighbours; lists all causes "
		"if none is given." },
	[COMMAND_THRESHOLDS] = { "thresholds", "", 0,
		"the numbers that separate fine from not fine, with reasons",
		"Lists the numbers that separate what is fine from what isn't, with the reasons for "
		"them. -T changes one." },
	[COMMAND_DOCTOR] = { "doctor", "", 0,
		"whether conntriage itself is well, and what to type",
		"Says whether the module is built for this kernel, signed, loaded, sees "
		"everything and is of this version, and whether headers, DKMS, debugfs, programs "
		"and rights are there: a line each, and a command where something isn't well. Exit "
		"status: 0 all is well, 1 something is to be done, 3 something isn't known." },
	[COMMAND_CAPTURE] = { "capture", " DIR", 1,
		"copy what a diagnosis reads, to diagnose it elsewhere",
		"Copies what a diagnosis reads into DIR, which is made, or is empty. Elsewhere, "
		"conntriage --root DIR reads it. It holds addresses and rules: see conntriage(8)." },
	[COMMAND_TOP] = { "top", "", 0,
		"the table and who fills it, second by second",
		"Shows how full the table is, when it will be full, and who opens, loses and holds "
		"connections, once a second. h has the keys. Walks the table only when c is typed." },
	[COMMAND_REPORT] = { "report", " FILE", 1,
		"one page of HTML for a colleague or a ticket",
		"Writes one page to read without anything else: findings with their cures, the day "
		"as charts, lists, settings, and what wasn't seen. FILE must not exist yet; - is "
		"standard output. It holds addresses." },
	[COMMAND_DIFF] = { "diff", " A [B]", 2,
		"what changed from one capture to another, or until now",
		"Compares two captured trees, or one with this host: findings that went, came and "
		"are still there, whether cures did what was predicted, entries, who, settings, "
		"rules of conntriage's." },
	[COMMAND_WATCH] = { "watch", "", 0,
		"wait for an incident: tell that it began, and that it ended",
		"Waits for spells of evictions and refusals, which wake it, and tells each as it "
		"begins, with what to type, and as it ends: here, to the journal, and to a command. "
		"Without the module it looks every few seconds. See conntriage-watch(8)." },
	[COMMAND_METRICS] = { "metrics", "", 0,
		"what Prometheus collects, as text",
		"Prints entries, losses, incidents and what the module itself lost, for Prometheus to "
		"collect. Walks no table and names no address unless asked to. See "
		"conntriage-metrics(8).", true },
	[COMMAND_EXPORTER] = { "exporter", "", 0,
		"what Prometheus collects, by HTTP",
		"Serves /metrics, /findings.json and /healthz by HTTP, to this host alone unless it is "
		"told to listen elsewhere. Reads nothing unless asked, and then once a second at "
		"most. See conntriage-metrics(8).", true },
	[COMMAND_FLEET] = { "fleet", " DIR...", INT_MAX,
		"captures of many hosts: which are ill, and what they share",
		"Diagnoses captured trees, and shows who is blamed by several hosts, then a row for "
		"each host, worst first. A DIR that holds trees stands for all of them. -v tells "
		"all findings of each. See conntriage-fleet(8).", true },
};

static const struct option_row options[] = {
	{ "json", 'j', NULL, EVERY & ~(OF(TOP) | OF(REPORT) | OF(METRICS) | OF(EXPORTER)),
	  "JSON for programs" },
	{ "verbose", 'v', NULL, OF(DIAGNOSE) | OF(FLEET), "all of it, on a terminal too" },
	{ "check", OPTION_CHECK, NULL, OF(DIAGNOSE), "one line, for monitoring; walks nothing" },
	{ "warning", 'w', "PERCENT", OF(DIAGNOSE),
	  "of --check: so much can't be given away" },
	{ "critical", 'c', "PERCENT", OF(DIAGNOSE), "likewise: --check says critical" },
	{ "for-good", OPTION_FOR_GOOD, NULL, OF(FIX), "what outlasts a reboot" },
	{ "undo", OPTION_UNDO, NULL, OF(FIX), "take back what stands of conntriage's commands" },
	{ "only", OPTION_ONLY, "STEP", OF(FIX), "one step of it, by its number" },
	{ "dry-run", OPTION_DRY_RUN, NULL, OF(FIX),
	  "say what would change, and if the host takes it" },
	{ "minutes", 'm', NULL, OF(HISTORY), "the last 24 hours, by the minute" },
	{ "all", 'a', NULL, OF(CENSUS) | OF(HISTORY) | OF(INCIDENTS), "all rows of each list" },
	{ "rows", 'n', "NR", LISTING | OF(TOP), "as many rows of each list; of top, pictures" },
	{ "output", 'o', "COL,...|FILE", LISTING | OF(METRICS),
	  "columns, +COL: more, all: all; of metrics: file" },
	{ "sort", OPTION_SORT, "COL", LISTING, "by a column; numbers greatest first" },
	{ "class", OPTION_CLASS, "CLASS", OF(SOURCES) | OF(CENSUS), "rows of one class" },
	{ "netns", OPTION_NETNS, "NAME|INODE", LISTING & ~OF(HISTORY), "rows of one namespace" },
	{ "prefix", OPTION_PREFIX, "ADDRESS/BITS", OF(SOURCES) | OF(CENSUS) | OF(INCIDENTS),
	  "rows with an address in a network" },
	{ "since", OPTION_SINCE, "TIME", OF(HISTORY) | OF(INCIDENTS),
	  "03:12, \"2026-11-23 03:12\" or 10min ago" },
	{ "until", OPTION_UNTIL, "TIME", OF(HISTORY) | OF(INCIDENTS), "likewise" },
	{ "no-headings", OPTION_NO_HEADINGS, NULL, LISTING, "rows, and nothing else" },
	{ "no-names", OPTION_NO_NAMES, NULL, OF(SOURCES) | OF(CENSUS) | OF(INCIDENTS),
	  "addresses alone, not who they are" },
	{ "threshold", 'T', "WORD=NUMBER",
	  OF(DIAGNOSE) | OF(FIX) | OF(THRESHOLDS) | OF(TOP) | OF(REPORT) | OF(DIFF) |
	  OF(FLEET),
	  "change a threshold; may be given again" },
	{ "watch", OPTION_WATCH, "SECONDS", SHOWING, "again every so many seconds" },
	{ "batch", 'b', NULL, OF(TOP), "text for scripts; no keys" },
	{ "delay", 'd', "SECONDS", OF(TOP), "between two pictures; 1 if not given" },
	{ "record", OPTION_RECORD, "FILE", OF(TOP), "write what the pictures are drawn of" },
	{ "replay", OPTION_REPLAY, "FILE", OF(TOP), "show such a file, or a captured tree" },
	{ "html", OPTION_HTML, "FILE", OF(DIFF), "as a page; FILE must not exist yet" },
	{ "on-incident", OPTION_ON_INCIDENT, "CMD", OF(WATCH),
	  "run this by sh(1) for each: its story on stdin" },
	{ "journal", OPTION_JOURNAL, NULL, OF(WATCH), "write each to the journal, with fields" },
	{ "openmetrics", OPTION_OPENMETRICS, NULL, OF(METRICS),
	  "OpenMetrics 1.0, not the text format 0.0.4" },
	{ "census", OPTION_CENSUS, NULL, OF(METRICS) | OF(EXPORTER),
	  "walk the table, and tell what is found" },
	{ "top", OPTION_TOP, "NR", OF(METRICS) | OF(EXPORTER),
	  "as many addresses of each kind of event" },
	{ "listen", OPTION_LISTEN, "ADDRESS:PORT", OF(EXPORTER), EXPORTER_LISTEN " if not given" },
	{ "seconds", OPTION_SECONDS, "NR", DUMPING,
	  "without the module: between two lists; 0: one" },
	{ "full", OPTION_FULL, NULL, DUMPING, "likewise: all entries of a large table" },
	{ "all-netns", OPTION_ALL_NETNS, NULL, DUMPING, "likewise: of each network namespace" },
	{ "resolve", OPTION_RESOLVE, NULL, SHOWING | OF(TOP) | OF(REPORT),
	  "ask the resolver for names, two seconds at most" },
	{ "anonymous", OPTION_ANONYMOUS, NULL, OF(CAPTURE) | OF(REPORT),
	  "pseudonyms for names; other ones each time" },
	{ "root", 'r', "DIR", READING, "captured tree, sos report, tar of outputs" },
	{ "help", 'h', NULL, EVERY, "this text" },
	{ "version", 'V', NULL, EVERY, "the version" },
};

_Static_assert(ARRAY_SIZE(options) <= OPTIONS_MOST, "each option has a bit");

const struct command_row *command_row(size_t i)
{
	return i < ARRAY_SIZE(commands) ? &commands[i] : NULL;
}

const struct option_row *option_row(size_t i)
{
	return i < ARRAY_SIZE(options) ? &options[i] : NULL;
}

const char *command_name(enum command_word command)
{
	return commands[command].name;
}

int find_command(const char *name)
{
	int i;

	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(commands[i].name, name))
			return i;
	return -1;
}

int find_option(int letter)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (options[i].letter == letter)
			return i;
	return -1;
}

static void help_options(unsigned int of)
{
	char text[40];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		if (!(options[i].of & of))
			continue;
		snprintf(text, sizeof(text), "--%s%s%s", options[i].name,
			 options[i].word ? " " : "", options[i].word ? options[i].word : "");
		if (options[i].letter < 256)
			printf("  -%c, %-25s %s\n", options[i].letter, text, options[i].text);
		else
			printf("      %-25s %s\n", text, options[i].text);
	}
}

/* "metrics, exporter, fleet DIR..." */
static void help_fleet(void)
{
	const char *before = "  ";
	int i;

	for (i = 0; i < COMMANDS; i++) {
		if (!commands[i].fleet)
			continue;
		printf("%s%s%s", before, commands[i].name, commands[i].words);
		before = ", ";
	}
	puts("  for Prometheus, and for many hosts");
}

void help(void)
{
	char text[40];
	int i;

	puts("Usage: conntriage [COMMAND] [OPTION]...\n"
	     "Says why connections are lost, who causes it and what to type. Changes nothing.\n");
	for (i = 0; i < COMMANDS; i++) {
		if (commands[i].fleet)
			continue;
		snprintf(text, sizeof(text), "%s%s", commands[i].name, commands[i].words);
		printf("  %-15s %s\n", text, commands[i].line);
	}
	help_fleet();
	puts("  help COMMAND    its options, such as --root DIR; see also conntriage(8)\n\n"
	     "Exit status: 0 nothing to do, 1 warning, 2 critical, 3 unknown or an error.");
}

void help_command(enum command_word command)
{
	printf("Usage: conntriage %s%s [OPTION]...\n\n", commands[command].name,
	       commands[command].words);
	wrap(stdout, commands[command].text, 0, TERMINAL_WIDTH);
	putchar('\n');
	help_options(1u << command);
}
