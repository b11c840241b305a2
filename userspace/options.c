// SPDX-License-Identifier: GPL-2.0
/*
 * The command line. One table of commands and one of options: what getopt_long() is
 * given, which option goes with which command, and all help come from these.
 */
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/steps.h"
#include "judge/thresholds.h"
#include "kmod/abi.h"
#include "lib/complain.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "lib/text.h"
#include "options.h"

#define OF(command)	(1u << COMMAND_##command)
#define WATCH_MOST	86400	/* s */
#define EVERY		(~0u)
/* Those that read a host, or a captured tree */
#define READING		(EVERY & ~(OF(EXPLAIN) | OF(THRESHOLDS) | OF(DIFF) | OF(WATCH) | OF(FLEET)))
#define LISTING		(OF(SOURCES) | OF(PROGRAMS) | OF(NETNS) | OF(CENSUS) | OF(HISTORY) | \
			 OF(INCIDENTS))

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

/* Those without a letter */
enum {
	OPTION_FOR_GOOD = 256, OPTION_UNDO, OPTION_ONLY, OPTION_DRY_RUN, OPTION_CHECK,
	OPTION_WATCH, OPTION_RESOLVE, OPTION_ANONYMOUS,
	OPTION_SORT, OPTION_CLASS, OPTION_NETNS, OPTION_PREFIX, OPTION_SINCE, OPTION_UNTIL,
	OPTION_NO_HEADINGS, OPTION_NO_NAMES, OPTION_RECORD, OPTION_REPLAY,
	OPTION_ON_INCIDENT, OPTION_JOURNAL, OPTION_HTML,
	OPTION_OPENMETRICS, OPTION_CENSUS, OPTION_TOP,
	OPTION_LISTEN,
};

static const struct option_row options[] = {
	{ "json", 'j', NULL, EVERY & ~(OF(TOP) | OF(REPORT) | OF(METRICS) | OF(EXPORTER)),
	  "JSON for programs" },
	{ "verbose", 'v', NULL, OF(DIAGNOSE) | OF(FLEET), "all of it, on a terminal too" },
	{ "check", OPTION_CHECK, NULL, OF(DIAGNOSE), "one line, for monitoring; walks nothing" },
	{ "warning", 'w', "PERCENT", OF(DIAGNOSE),
	  "of the maximum that can't be given away: --check warns" },
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
	  "OpenMetrics 1.0 in place of the text format 0.0.4" },
	{ "census", OPTION_CENSUS, NULL, OF(METRICS) | OF(EXPORTER),
	  "walk the table, once a minute at most, and tell what is found" },
	{ "top", OPTION_TOP, "NR", OF(METRICS) | OF(EXPORTER),
	  "as many addresses of each kind of event" },
	{ "listen", OPTION_LISTEN, "ADDRESS:PORT", OF(EXPORTER), EXPORTER_LISTEN " if not given" },
	{ "resolve", OPTION_RESOLVE, NULL, SHOWING | OF(TOP) | OF(REPORT),
	  "ask the resolver for names, two seconds at most" },
	{ "anonymous", OPTION_ANONYMOUS, NULL, OF(CAPTURE) | OF(REPORT),
	  "pseudonyms for addresses and names; others each time" },
	{ "root", 'r', "DIR", READING, "read a captured tree, not this host; of several: as fleet" },
	{ "help", 'h', NULL, EVERY, "this text" },
	{ "version", 'V', NULL, EVERY, "the version" },
};

const struct command_row *command_row(size_t i)
{
	return i < ARRAY_SIZE(commands) ? &commands[i] : NULL;
}

const struct option_row *option_row(size_t i)
{
	return i < ARRAY_SIZE(options) ? &options[i] : NULL;
}

static int find_command(const char *name)
{
	int i;

	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(commands[i].name, name))
			return i;
	return -1;
}

static int find_option(int letter)
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

static void help(void)
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

static void help_command(enum command_word command)
{
	printf("Usage: conntriage %s%s [OPTION]...\n\n", commands[command].name,
	       commands[command].words);
	wrap(stdout, commands[command].text, 0, TERMINAL_WIDTH);
	putchar('\n');
	help_options(1u << command);
}

/* Every error ends in what to type. */
static int wrong(int command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int wrong(int command, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (command < 0)
		complain("%s; conntriage help lists the commands", text);
	else
		complain("%s: %s; type conntriage help %s", commands[command].name, text,
		      commands[command].name);
	return -1;
}

/* What getopt_long() is given, of the table */
static void getopt_tables(struct option *longs, char *shorts)
{
	size_t i;

	*shorts++ = ':';	/* errors are said here */
	for (i = 0; i < ARRAY_SIZE(options); i++) {
		longs[i] = (struct option){ options[i].name, options[i].word ?
					    required_argument : no_argument, NULL,
					    options[i].letter };
		if (options[i].letter >= 256)
			continue;
		*shorts++ = options[i].letter;
		if (options[i].word)
			*shorts++ = ':';
	}
	longs[i] = (struct option){ 0 };
	*shorts = '\0';
}

/* Where a word of a list goes, or NULL: it is none of a list's */
static const char **list_word(struct list_request *l, int letter)
{
	switch (letter) {
	case 'o':
		return &l->columns;
	case OPTION_SORT:
		return &l->sort;
	case OPTION_CLASS:
		return &l->class;
	case OPTION_NETNS:
		return &l->netns;
	case OPTION_PREFIX:
		return &l->prefix;
	case OPTION_SINCE:
		return &l->since;
	case OPTION_UNTIL:
		return &l->until;
	default:
		return NULL;
	}
}

/* The words of each --root; room for one of each word of the command line */
static char **roots;
static size_t nr_roots;

/* A percent sign may follow, as other plugins take it. */
static int set_percent(const char *option, double *percent)
{
	char *text = optarg;
	size_t len = strlen(text);

	if (len && text[len - 1] == '%')
		text[len - 1] = '\0';
	if (text_real(text, percent) && *percent <= 100)
		return 0;
	complain("%s %s: no share of the maximum; give 0 to 100", option, text);
	return -1;
}

/* Returns 0, or -1 with the reason said. */
static int set_option(struct request *r, int letter)
{
	const char **word = list_word(&r->list, letter);

	if (word) {
		*word = optarg;
		return 0;
	}
	switch (letter) {
	case 'r':
		if (!*optarg) {
			complain("--root: empty; name a directory that conntriage capture made");
			return -1;
		}
		r->root = optarg;
		roots[nr_roots++] = optarg;
		return 0;
	case 'T':
		if (!threshold_set(optarg))
			return 0;
		complain("--threshold %s: give WORD=NUMBER; conntriage thresholds lists the words",
		      optarg);
		return -1;
	case OPTION_ON_INCIDENT:
		if (!*optarg) {
			complain("--on-incident: empty; give a command of sh(1)");
			return -1;
		}
		r->events.on_incident = optarg;
		return 0;
	case OPTION_JOURNAL:
		r->events.journal = true;
		return 0;
	case OPTION_ONLY:
		if (text_count(optarg, &r->script.only) && r->script.only > 0)
			return 0;
		complain("--only %s: not the number of a step; conntriage fix numbers them", optarg);
		return -1;
	case 'n':
		if (text_count(optarg, &r->list.limit) && r->list.limit > 0)
			return 0;
		complain("-n %s: not a number of rows; give one such as -n 5", optarg);
		return -1;
	case 'w':
		return set_percent("--warning", &r->limits.warning);
	case 'c':
		return set_percent("--critical", &r->limits.critical);
	case OPTION_WATCH:
		if (text_count(optarg, &r->watch) && r->watch > 0 && r->watch <= WATCH_MOST)
			return 0;
		complain("--watch %s: not a number of seconds up to %d; give one such as 5",
			 optarg, WATCH_MOST);
		return -1;
	case 'v':
		r->all = true;
		return 0;
	case 'j':
		r->json = r->list.json = r->events.json = true;
		return 0;
	case 'm':
		r->list.minutes = true;
		return 0;
	case 'a':
		r->list.all = true;
		return 0;
	case OPTION_NO_HEADINGS:
		r->list.no_headings = true;
		return 0;
	case OPTION_NO_NAMES:
		r->list.no_names = true;
		return 0;
	case OPTION_RESOLVE:
		r->resolve = true;
		return 0;
	case 'b':
		r->top.batch = true;
		return 0;
	case 'd':
		if (text_real(optarg, &r->top.delay) && r->top.delay >= 0.1 &&
		    r->top.delay <= 3600)
			return 0;
		complain("--delay %s: no time between pictures; give seconds from 0.1 to 3600",
			 optarg);
		return -1;
	case OPTION_RECORD:
		r->top.record = optarg;
		return 0;
	case OPTION_REPLAY:
		r->top.replay = optarg;
		return 0;
	case OPTION_HTML:
		r->html = optarg;
		return 0;
	case OPTION_ANONYMOUS:
		r->anonymous = true;
		return 0;
	case OPTION_OPENMETRICS:
		r->metrics.openmetrics = true;
		return 0;
	case OPTION_CENSUS:
		r->metrics.census = true;
		return 0;
	case OPTION_LISTEN:
		r->listen = optarg;
		return 0;
	case OPTION_TOP:
		if (text_count(optarg, &r->metrics.top) && r->metrics.top > 0 &&
		    r->metrics.top <= METRICS_TOP)
			return 0;
		complain("--top %s: not a number of sources up to %d; give one such as 5", optarg,
			 METRICS_TOP);
		return -1;
	case OPTION_CHECK:
		r->check = true;
		return 0;
	case OPTION_FOR_GOOD:
		r->script.when = STEP_FOR_GOOD;
		return 0;
	case OPTION_UNDO:
		r->script.undo = true;
		return 0;
	default:
		r->script.dry_run = true;
		return 0;
	}
}

/* Several trees at once: what fleet is for */
static int set_roots(struct request *r)
{
	if (r->command != COMMAND_DIAGNOSE)
		return wrong(r->command, "more than one --root; conntriage fleet reads several");
	if (r->check || r->watch || r->resolve)
		return wrong(COMMAND_FLEET, "several --root go with -v, --json and -T alone");
	r->command = COMMAND_FLEET;
	r->words = roots;
	r->nr_words = nr_roots;
	return 1;
}

/* What goes with --check alone, and what doesn't go with it */
static int set_check(const struct request *r, uint64_t given)
{
	bool limits = given & (UINT64_C(1) << find_option('w') | UINT64_C(1) << find_option('c'));

	if (limits && !r->check)
		return wrong(r->command, "--warning and --critical are for --check alone");
	if (r->check && r->json)
		return wrong(r->command, "--check is a line, and --json an object");
	if (r->limits.warning > r->limits.critical)
		return wrong(r->command, "--warning %g is above --critical %g",
			     r->limits.warning, r->limits.critical);
	return 1;
}

/* The words behind the options; -1: it is said why not */
static int set_words(struct request *r, int nr, char **word, uint64_t given)
{
	size_t i;
	int most;

	if (nr) {
		int command = find_command(word[0]);

		if (command < 0)
			return wrong(-1, "%s: no such command", word[0]);
		r->command = command;
		nr--;
		word++;
	}
	most = commands[r->command].max_words;
	r->word = nr ? word[0] : NULL;
	r->second = nr > 1 ? word[1] : NULL;
	r->words = word;
	r->nr_words = nr;
	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (given & (UINT64_C(1) << i) && !(options[i].of & (1u << r->command)))
			return wrong(r->command, "--%s isn't for this command", options[i].name);
	if (nr > most)
		return wrong(r->command, most > 1 ? "more than two words" :
			     most ? "more than one word" : "a word too many");
	if (r->top.replay && (*r->root || r->top.record))
		return wrong(r->command, "--replay goes with neither --root nor --record");
	if (r->command == COMMAND_CAPTURE && !nr)
		return wrong(r->command, "no directory");
	if ((r->command == COMMAND_DIFF || r->command == COMMAND_FLEET) && !nr)
		return wrong(r->command, "no captured tree");
	if (nr_roots > 1)
		return set_roots(r);
	if (r->anonymous && r->resolve)
		return wrong(r->command, "--resolve asks for names, and --anonymous drops them");
	if (r->command == COMMAND_REPORT && !nr)
		return wrong(r->command, "no file");
	if (r->command == COMMAND_FIX && r->word && r->script.undo)
		return wrong(r->command, "%s: --undo takes back all that stands", r->word);
	if (r->command == COMMAND_FIX && r->word && !text_count(r->word, &r->script.nr))
		return wrong(r->command, "%s: not the number of a finding", r->word);
	return set_check(r, given);
}

/* "help", or an option that asks for it, of the command that is named if one is */
static int give_help(const char *name)
{
	int command = name ? find_command(name) : -1;

	if (name && command < 0)
		return wrong(-1, "%s: no such command", name);
	if (name)
		help_command(command);
	else
		help();
	return 0;
}

bool options_check(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--check"))
			return true;
	return false;
}

bool options_json(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--json") || !strcmp(argv[i], "-j"))
			return true;
	return false;
}

const char *command_name(enum command_word command)
{
	return commands[command].name;
}

int options_read(int argc, char **argv, struct request *r)
{
	struct option longs[ARRAY_SIZE(options) + 1];
	char shorts[2 * ARRAY_SIZE(options) + 2];
	uint64_t given = 0;
	int c;

	*r = (struct request){
		.root = "", .script = { .nr = UNKNOWN, .only = UNKNOWN },
		.list = { .limit = UNKNOWN },
		.top = { .delay = 1 },
		.limits = { ALARM_WARNING, ALARM_CRITICAL },
	};
	getopt_tables(longs, shorts);
	roots = calloc(argc, sizeof(*roots));
	if (!roots)
		no_memory();
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == ':')
			return wrong(-1, "%s: a word is missing", argv[optind - 1]);
		if (c == '?' && optopt && optopt < 256 && find_option(optopt) < 0)
			return wrong(-1, "-%c: no such option", optopt);
		if (c == '?')
			return wrong(-1, "%s: no such option", argv[optind - 1]);
		if (c == 'V') {
			puts("conntriage " CTRI_VERSION);
			return 0;
		}
		given |= UINT64_C(1) << find_option(c);
		if (c != 'h' && set_option(r, c))
			return -1;
	}
	argc -= optind;
	argv += optind;
	if (argc && !strcmp(argv[0], "help"))
		return argc > 2 ? wrong(-1, "help: more than one word") : give_help(argv[1]);
	if (given & (UINT64_C(1) << find_option('h')))
		return give_help(argv[0]);
	return set_words(r, argc, argv, given);
}
