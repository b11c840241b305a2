// SPDX-License-Identifier: GPL-2.0
/* conntriage - say why a conntrack table is full: what each command does. */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/steps.h"
#include "judge/diagnose.h"
#include "judge/finding.h"
#include "kmod/abi.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "options.h"
#include "read/read.h"
#include "render/render.h"
#include "snapshot.h"

static int run_diagnosis(const struct request *r, const struct snapshot *s, FILE *out)
{
	struct findings f;
	int error, status;

	diagnose(s, &f);
	if (r->json)
		error = render_json(&f, out);
	else
		error = r->check ? render_check(&f, out) : render_text(&f, r->all, out);
	status = error ? SEV_UNKNOWN : (int)f.worst;
	findings_free(&f);
	return status;
}

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

struct table {
	unsigned int parts;	/* READ_* */
	int (*render)(const struct snapshot *s, const struct list_request *ask, FILE *out);
	const char *file;	/* of the module: there is nothing to show without it */
};

/* Those that show what there is; the others have a function of their own */
static const struct table tables[COMMANDS] = {
	[COMMAND_SOURCES] = { 0, render_sources, CTRI_FILE_SOURCES },
	[COMMAND_PROGRAMS] = { 0, render_programs, CTRI_FILE_SOURCES },
	[COMMAND_NETNS] = { 0, render_netns, CTRI_FILE_NETNS },
	[COMMAND_CENSUS] = { READ_CENSUS, render_census, CTRI_FILE_CENSUS },
	[COMMAND_HISTORY] = { 0, render_history, CTRI_FILE_HISTORY },
	[COMMAND_INCIDENTS] = { 0, render_incidents, CTRI_FILE_INCIDENTS },
	[COMMAND_DIAGNOSE] = { READ_ALL, NULL, NULL },
	[COMMAND_FIX] = { READ_ALL, NULL, NULL },
};

/* What is wrong with the files that a table is of, or NULL */
static const char *own_fault(const struct request *r, const struct snapshot *s)
{
	const char *fault = find_fault(s, r->list.minutes ? CTRI_FILE_MINUTES :
					  tables[r->command].file);

	if (!fault)
		fault = find_fault(s, CTRI_PROC_NAME);
	if (!fault && r->word)
		fault = find_fault(s, CTRI_FILE_INC_TOP);
	return fault;
}

static int run(const struct request *r, const struct snapshot *s, FILE *out)
{
	const char *fault;
	int error;

	if (r->command == COMMAND_FIX)
		return run_fix(r, s, out);
	if (r->command == COMMAND_DIAGNOSE)
		return run_diagnosis(r, s, out);
	fault = own_fault(r, s);
	if (fault) {
		warnx("%s", fault);
		return SEV_UNKNOWN;
	}
	if (r->word)
		error = render_incident(s, r->word, &r->list, out);
	else
		error = tables[r->command].render(s, &r->list, out);
	return error ? SEV_UNKNOWN : SEV_OK;
}

static int run_command(const struct request *r, FILE *out)
{
	struct snapshot s;
	unsigned int parts = tables[r->command].parts | (r->resolve ? READ_RESOLVE : 0);
	char message[512];
	int status;

	if (read_snapshot(r->root, parts, &s, message, sizeof(message))) {
		warnx("%s", message);
		status = SEV_UNKNOWN;
	} else {
		status = run(r, &s, out);
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

static int run_explain(const char *cause, bool json, FILE *out)
{
	if (!render_explanation(cause, json, out))
		return SEV_OK;
	warnx("%s: no such cause; conntriage explain lists them",
	      cause ? cause : "explain");
	return SEV_UNKNOWN;
}

/* Output that didn't get out must not look like a diagnosis. */
static int finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	warnx("standard output: %s; check where it leads", strerror(errno));
	return SEV_UNKNOWN;
}

int main(int argc, char **argv)
{
	struct request r;

	switch (options_read(argc, argv, &r)) {
	case 0:
		return finish(SEV_OK);
	case -1:
		return SEV_UNKNOWN;
	default:
		break;
	}
	switch (r.command) {
	case COMMAND_CAPTURE:
		return finish(run_capture(r.root, r.word));
	case COMMAND_EXPLAIN:
		return finish(run_explain(r.word, r.json, stdout));
	case COMMAND_THRESHOLDS:
		render_thresholds(r.json, stdout);
		return finish(SEV_OK);
	default:
		return finish(run_command(&r, stdout));
	}
}
