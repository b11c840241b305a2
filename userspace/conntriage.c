// SPDX-License-Identifier: GPL-2.0
/* conntriage - say why a conntrack table is full: options and dispatch. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/steps.h"
#include "judge/diagnose.h"
#include "judge/finding.h"
#include "judge/thresholds.h"
#include "kmod/abi.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/read.h"
#include "render/render.h"
#include "snapshot.h"

static const char usage[] =
"Usage: conntriage [--root DIR] [COMMAND]\n"
"\n"
"Says why the connection tracking table is full or packets are dropped, who\n"
"causes it, who suffers, and which command fixes it. Changes nothing.\n"
"\n"
"Commands:\n"
"  diagnose       findings, worst first; the command if none is given\n"
"  fix [NR]       the commands of a finding, the first one's if none is given, as\n"
"                 a script to read: conntriage fix | sudo sh\n"
"  sources        the heavy sources of each kind of event\n"
"  netns          network namespaces and their counters\n"
"  census         what the table holds; walks all of it\n"
"  history        the last ten minutes; on a terminal with a chart\n"
"  incidents      spells of evictions and refusals\n"
"  incidents NR   the whole story of one\n"
"  explain CAUSE  how a cause works; without CAUSE: all causes\n"
"  thresholds     the numbers that separate fine from not fine, with reasons\n"
"  capture DIR    copy what a diagnosis reads, to diagnose it elsewhere\n"
"\n"
"Options:\n"
"  -r, --root DIR  read a captured tree instead of this host\n"
"  -j, --json      diagnose: JSON for programs\n"
"  -T, --threshold WORD=NUMBER\n"
"                  change a threshold; may be given again\n"
"  -m, --minutes   history: the last 24 hours, by the minute\n"
"      --for-good  fix: what outlasts a reboot\n"
"      --undo      fix: take back what stands of conntriage's commands\n"
"      --only STEP fix: one step of it, by its number\n"
"      --dry-run   fix: say what would change, and whether the host takes it\n"
"  -h, --help      this text\n"
"  -V, --version   the version\n"
"\n"
"Exit status: 0 nothing to do, 1 warning, 2 critical, 3 unknown or an error.\n"
"See conntriage(8).\n";

static int run_diagnosis(const struct snapshot *s, bool json, FILE *out)
{
	struct findings f;
	int status;

	diagnose(s, &f);
	status = (json ? render_json : render_text)(&f, out) ?
		 SEV_UNKNOWN : (int)f.worst;
	findings_free(&f);
	return status;
}

/* What was asked for on the command line */
struct request {
	const char *root, *command;
	const char *word;	/* behind the command, or NULL */
	bool minutes, json, fix;
	struct cure_script script;
};

/* The finding whose number was asked for, the first that a step changes something for */
static const struct finding *choose(const struct findings *f, struct cure_script *o)
{
	size_t i;

	if (o->nr == UNKNOWN) {
		for (i = 0; i < f->nr && o->nr == UNKNOWN; i++)
			if (script_steps(&f->finding[i].fix, o->when))
				o->nr = i + 1;
		if (o->nr == UNKNOWN) {
			warnx("fix: no finding has a command that changes something; see conntriage");
			return NULL;
		}
	}
	if (o->nr < 1 || o->nr > (int64_t)f->nr) {
		warnx("fix: there is no finding %" PRId64 "; conntriage lists %zu", o->nr, f->nr);
		return NULL;
	}
	i = o->nr - 1;
	if (!script_steps(&f->finding[i].fix, o->when)) {
		warnx("fix: finding %" PRId64 " has no command that changes something; see conntriage",
		      o->nr);
		return NULL;
	}
	if (o->only != UNKNOWN && o->only > script_steps(&f->finding[i].fix, o->when)) {
		warnx("--only %" PRId64 ": there is no such step; conntriage fix %" PRId64
		      " numbers them", o->only, o->nr);
		return NULL;
	}
	return &f->finding[i];
}

static int run_undo(const struct snapshot *s, const struct cure_script *o, FILE *out)
{
	struct steps st = { 0 };
	int status = SEV_UNKNOWN;

	fix_undo(s, &st);
	if (!script_steps(&st, o->when))
		warnx("fix --undo: nothing of conntriage's stands here%s", o->when == STEP_NOW ?
		      " for now; --for-good takes back the rest" : " for good");
	else if (!render_undo(s, &st, o, out))
		status = SEV_OK;
	steps_free(&st);
	return status;
}

static int run_fix(const struct request *r, const struct snapshot *s, FILE *out)
{
	struct cure_script o = r->script;
	const struct finding *f;
	struct findings all;
	int status = SEV_UNKNOWN;

	if (o.undo)
		return run_undo(s, &o, out);
	diagnose(s, &all);
	f = choose(&all, &o);
	if (f && !render_script(s, f, &o, out))
		status = SEV_OK;
	findings_free(&all);
	return status;
}

struct command {
	const char *name;
	unsigned int parts;	/* READ_* */
	int (*render)(const struct snapshot *s, FILE *out);
	const char *file;	/* of the module: there is nothing to show without it */
};

static const struct command commands[] = {
	{ "sources", 0, render_sources, CTRI_FILE_SOURCES },
	{ "netns", 0, render_netns, CTRI_FILE_NETNS },
	{ "census", READ_CENSUS, render_census, CTRI_FILE_CENSUS },
	{ "history", 0, render_seconds, CTRI_FILE_HISTORY },
	{ "incidents", 0, render_incidents, CTRI_FILE_INCIDENTS },
	{ "diagnose", READ_ALL, NULL, NULL },
	{ "fix", READ_ALL, NULL, NULL },
};

/* What is wrong with the files that a table is of, or NULL */
static const char *own_fault(const struct request *r, const struct command *c,
			     const struct snapshot *s)
{
	const char *fault = find_fault(s, r->minutes ? CTRI_FILE_MINUTES : c->file);

	if (!fault)
		fault = find_fault(s, CTRI_PROC_NAME);
	if (!fault && r->word)
		fault = find_fault(s, CTRI_FILE_INC_TOP);
	return fault;
}

static int run(const struct request *r, const struct command *c,
	       const struct snapshot *s, FILE *out)
{
	const char *fault;
	int error;

	if (!strcmp(c->name, "fix"))
		return run_fix(r, s, out);
	if (!c->render)
		return run_diagnosis(s, r->json, out);
	fault = own_fault(r, c, s);
	if (fault) {
		warnx("%s", fault);
		return SEV_UNKNOWN;
	}
	if (r->minutes)
		error = render_minutes(s, out);
	else if (r->word)
		error = render_incident(s, r->word, out);
	else
		error = c->render(s, out);
	return error ? SEV_UNKNOWN : SEV_OK;
}

static int run_command(const struct request *r, FILE *out)
{
	const size_t nr = ARRAY_SIZE(commands);
	struct snapshot s;
	char message[512];
	int status;
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(commands[i].name, r->command))
			break;
	if (i == nr) {
		warnx("%s: no such command; see conntriage --help", r->command);
		return SEV_UNKNOWN;
	}
	if (read_snapshot(r->root, commands[i].parts, &s, message,
			  sizeof(message))) {
		warnx("%s", message);
		status = SEV_UNKNOWN;
	} else {
		status = run(r, &commands[i], &s, out);
	}
	snapshot_free(&s);
	return status;
}

static int run_capture(const char *root, const char *dir)
{
	char message[512];

	if (capture(root, dir, message, sizeof(message))) {
		warnx("%s", message);
		return SEV_UNKNOWN;
	}
	return SEV_OK;
}

static int run_explain(const char *cause, FILE *out)
{
	if (!render_explanation(cause, out))
		return SEV_OK;
	warnx("%s: no such cause; conntriage explain lists them",
	      cause ? cause : "explain");
	return SEV_UNKNOWN;
}

/* How many words may follow a command, and which options */
static int check(struct request *r, int words)
{
	bool fix = !strcmp(r->command, "fix");
	bool one = fix || !strcmp(r->command, "explain") ||
		   !strcmp(r->command, "incidents");

	if (r->minutes && strcmp(r->command, "history")) {
		warnx("%s: --minutes is for history; see conntriage --help",
		      r->command);
		return -1;
	}
	if (r->json && strcmp(r->command, "diagnose")) {
		warnx("%s: --json is for diagnose; see conntriage --help",
		      r->command);
		return -1;
	}
	if (r->fix && !fix) {
		warnx("%s: --for-good, --undo, --only and --dry-run are for fix; see "
		      "conntriage --help", r->command);
		return -1;
	}
	if (fix && r->word && (r->script.undo || !text_count(r->word, &r->script.nr))) {
		warnx("fix %s: %s; see conntriage --help", r->word, r->script.undo ?
		      "--undo takes back all that stands" : "not the number of a finding");
		return -1;
	}
	if (!strcmp(r->command, "capture")) {
		if (words == 1)
			return 0;
		warnx("capture takes one directory; see conntriage --help");
		return -1;
	}
	if (words > one) {
		warnx("%s: too many words; see conntriage --help", r->command);
		return -1;
	}
	return 0;
}

/* Output that didn't get out must not look like a diagnosis. */
static int finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	warnx("standard output: %s; check where it leads", strerror(errno));
	return SEV_UNKNOWN;
}

/* Options of "fix", without a letter */
enum { OPTION_FOR_GOOD = 256, OPTION_UNDO, OPTION_ONLY, OPTION_DRY_RUN };

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "minutes", no_argument, NULL, 'm' },
		{ "json", no_argument, NULL, 'j' },
		{ "threshold", required_argument, NULL, 'T' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ "for-good", no_argument, NULL, OPTION_FOR_GOOD },
		{ "undo", no_argument, NULL, OPTION_UNDO },
		{ "only", required_argument, NULL, OPTION_ONLY },
		{ "dry-run", no_argument, NULL, OPTION_DRY_RUN },
		{ NULL, 0, NULL, 0 }
	};
	struct request r = {
		.root = "", .command = "diagnose", .script = { .nr = UNKNOWN, .only = UNKNOWN },
	};
	int c;

	while ((c = getopt_long(argc, argv, "r:mjT:hV", options, NULL)) != -1) {
		switch (c) {
		case 'r':
			if (!*optarg) {
				warnx("--root: empty; "
				      "name a directory that conntriage capture made");
				return SEV_UNKNOWN;
			}
			r.root = optarg;
			break;
		case 'm':
			r.minutes = true;
			break;
		case 'j':
			r.json = true;
			break;
		case 'T':
			if (threshold_set(optarg)) {
				warnx("--threshold %s: give WORD=NUMBER; "
				      "conntriage thresholds lists the words", optarg);
				return SEV_UNKNOWN;
			}
			break;
		case 'h':
			fputs(usage, stdout);
			return finish(SEV_OK);
		case OPTION_FOR_GOOD:
			r.script.when = STEP_FOR_GOOD;
			r.fix = true;
			break;
		case OPTION_UNDO:
			r.script.undo = r.fix = true;
			break;
		case OPTION_ONLY:
			if (!text_count(optarg, &r.script.only) || r.script.only < 1) {
				warnx("--only %s: not the number of a step; conntriage fix numbers them",
				      optarg);
				return SEV_UNKNOWN;
			}
			r.fix = true;
			break;
		case OPTION_DRY_RUN:
			r.script.dry_run = r.fix = true;
			break;
		case 'V':
			puts("conntriage " CTRI_VERSION);
			return finish(SEV_OK);
		default:
			return SEV_UNKNOWN;
		}
	}
	if (optind < argc)
		r.command = argv[optind++];
	r.word = argv[optind];
	if (check(&r, argc - optind))
		return SEV_UNKNOWN;

	if (!strcmp(r.command, "capture"))
		return finish(run_capture(r.root, r.word));
	if (!strcmp(r.command, "explain"))
		return finish(run_explain(r.word, stdout));
	if (!strcmp(r.command, "thresholds")) {
		threshold_list(stdout);
		return finish(SEV_OK);
	}
	return finish(run_command(&r, stdout));
}
