// SPDX-License-Identifier: GPL-2.0
/* The command line: what was asked for, by the tables of commands.c. */
#include <getopt.h>
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
#include "lib/text.h"
#include "options.h"

#define WATCH_MOST	86400	/* s */

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
		complain("%s: %s; type conntriage help %s", command_name(command), text,
			 command_name(command));
	return -1;
}

/* What getopt_long() is given, of the table */
static void getopt_tables(struct option *longs, char *shorts)
{
	const struct option_row *row;
	size_t i;

	*shorts++ = ':';	/* errors are said here */
	for (i = 0; (row = option_row(i)); i++) {
		longs[i] = (struct option){ row->name, row->word ? required_argument : no_argument,
					    NULL, row->letter };
		if (row->letter >= 256)
			continue;
		*shorts++ = row->letter;
		if (row->word)
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
	case OPTION_SECONDS:
		if (text_count(optarg, &r->dump.seconds) && r->dump.seconds <= READ_DUMP_SECONDS)
			return 0;
		complain("--seconds %s: not a number of seconds up to %d; give one such as 5", optarg,
			 READ_DUMP_SECONDS);
		return -1;
	case OPTION_FULL:
		r->dump.full = true;
		return 0;
	case OPTION_ALL_NETNS:
		r->dump.all_netns = true;
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
	const struct option_row *row;
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
	most = command_row(r->command)->max_words;
	r->word = nr ? word[0] : NULL;
	r->second = nr > 1 ? word[1] : NULL;
	r->words = word;
	r->nr_words = nr;
	for (i = 0; (row = option_row(i)); i++)
		if (given & (UINT64_C(1) << i) && !(row->of & (1u << r->command)))
			return wrong(r->command, "--%s isn't for this command", row->name);
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

int options_read(int argc, char **argv, struct request *r)
{
	struct option longs[OPTIONS_MOST + 1];
	char shorts[2 * OPTIONS_MOST + 2];
	uint64_t given = 0;
	int c;

	*r = (struct request){
		.root = "", .script = { .nr = UNKNOWN, .only = UNKNOWN },
		.list = { .limit = UNKNOWN },
		.top = { .delay = 1 },
		.limits = { ALARM_WARNING, ALARM_CRITICAL },
		.dump = { .seconds = READ_DUMP_APART },
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
