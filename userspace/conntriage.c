// SPDX-License-Identifier: GPL-2.0
/* conntriage - say why a conntrack table is full: what each command does. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exporter/exporter.h"
#include "fix/fix.h"
#include "fix/steps.h"
#include "fleet/fleet.h"
#include "judge/alarm.h"
#include "judge/compare.h"
#include "judge/diagnose.h"
#include "judge/doctor.h"
#include "judge/finding.h"
#include "kmod/abi.h"
#include "lib/complain.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "metrics/metrics.h"
#include "metrics/output.h"
#include "options.h"
#include "read/read.h"
#include "render/json_values.h"
#include "render/render.h"
#include "report/report.h"
#include "snapshot.h"
#include "top/top.h"
#include "watch/journal.h"
#include "watch/watch.h"

static int run_diagnosis(const struct request *r, const struct snapshot *s, FILE *out)
{
	struct findings f;
	int error, status;

	diagnose(s, &f);
	error = r->json ? render_json(s, &f, out) :
			  render_text(&f, r->all, r->watch ? 1 : 0, out);
	status = error ? SEV_UNKNOWN : (int)f.worst;
	findings_free(&f);
	return status;
}

static int run_check(const struct request *r, const struct snapshot *s, FILE *out)
{
	struct alarm a;
	int status;

	alarm_judge(s, &r->limits, &a);
	status = render_check(&a, out) ? SEV_UNKNOWN : (int)a.severity;
	alarm_free(&a);
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
			complain("fix: no finding has a command that changes something; see conntriage");
			return NULL;
		}
	}
	if (o->nr < 1 || o->nr > (int64_t)f->nr) {
		complain("fix: there is no finding %" PRId64 "; conntriage lists %zu", o->nr, f->nr);
		return NULL;
	}
	i = o->nr - 1;
	if (!script_steps(&f->finding[i].fix, o->when)) {
		complain("fix: finding %" PRId64 " has no command that changes something; see conntriage",
		      o->nr);
		return NULL;
	}
	if (o->only != UNKNOWN && o->only > script_steps(&f->finding[i].fix, o->when)) {
		complain("--only %" PRId64 ": there is no such step; conntriage fix %" PRId64
		      " numbers them", o->only, o->nr);
		return NULL;
	}
	return &f->finding[i];
}

/* The script that takes back what stands; 0, or -1 with the reason said */
static int script_undo(const struct snapshot *s, const struct cure_script *o, FILE *out)
{
	struct steps st = { 0 };
	int error = -1;

	fix_undo(s, &st);
	if (!script_steps(&st, o->when))
		complain("fix --undo: nothing of conntriage's stands here%s", o->when == STEP_NOW ?
			 " for now; --for-good takes back the rest" : " for good");
	else
		error = render_undo(s, &st, o, out);
	steps_free(&st);
	return error;
}

static int run_script(const struct request *r, const struct snapshot *s, FILE *out)
{
	struct cure_script o = r->script;
	const struct finding *f = NULL;
	struct findings all = { 0 };
	char *text = NULL;
	FILE *script = out;
	size_t len;
	int error = -1;

	if (r->json) {
		script = open_memstream(&text, &len);
		if (!script)
			no_memory();
	}
	if (!o.undo) {
		diagnose(s, &all);
		f = choose(&all, &o);
	}
	if (o.undo)
		error = script_undo(s, &o, script);
	else if (f)
		error = render_script(s, f, &o, script);
	if (r->json) {
		fclose(script);
		if (!error)
			error = render_fix(f, &o, text, out);
		free(text);
	}
	findings_free(&all);
	return error ? SEV_UNKNOWN : SEV_OK;
}

static int run_report(const struct request *r, const struct snapshot *s)
{
	struct findings f;
	char message[512];
	int error;

	diagnose(s, &f);
	error = report_write(s, &f, r->word, message, sizeof(message));
	if (error)
		complain("%s", message);
	findings_free(&f);
	return error ? SEV_UNKNOWN : SEV_OK;
}

struct table {
	unsigned int parts;	/* READ_* */
	int (*render)(const struct snapshot *s, const struct list_request *ask, FILE *out);
	const char *file;	/* of the module: there is nothing to show without it */
};

/* Those that show what there is; the others have a function of their own */
static const struct table tables[COMMANDS] = {
	[COMMAND_SOURCES] = { READ_DUMP, render_sources, CTRI_FILE_SOURCES },
	[COMMAND_PROGRAMS] = { 0, render_programs, CTRI_FILE_SOURCES },
	[COMMAND_NETNS] = { READ_DUMP, render_netns, CTRI_FILE_NETNS },
	[COMMAND_CENSUS] = { READ_CENSUS, render_census, CTRI_FILE_CENSUS },
	[COMMAND_HISTORY] = { 0, render_history, CTRI_FILE_HISTORY },
	[COMMAND_INCIDENTS] = { 0, render_incidents, CTRI_FILE_INCIDENTS },
	[COMMAND_DIAGNOSE] = { READ_ALL, NULL, NULL },
	[COMMAND_FIX] = { READ_ALL, NULL, NULL },
	[COMMAND_REPORT] = { READ_ALL, NULL, NULL },
};

/* What is wrong with the files that a table is of, or NULL */
static const char *own_fault(const struct request *r, const struct snapshot *s)
{
	const char *fault = find_fault(s, r->list.minutes ? CTRI_FILE_MINUTES :
					  tables[r->command].file);

	if (!fault)
		fault = find_fault(s, CTRI_PROC_NAME);
	/* the part that lists the table instead */
	if (!fault && !s->mod.loaded && tables[r->command].parts & (READ_CENSUS | READ_DUMP))
		fault = find_fault(s, "ctnetlink");
	if (!fault && r->word)
		fault = find_fault(s, CTRI_FILE_INC_TOP);
	return fault;
}

static int run(const struct request *r, const struct snapshot *s, FILE *out)
{
	const char *fault;
	int error;

	if (r->command == COMMAND_FIX)
		return run_script(r, s, out);
	if (r->check)
		return run_check(r, s, out);
	if (r->command == COMMAND_DIAGNOSE)
		return run_diagnosis(r, s, out);
	if (r->command == COMMAND_REPORT)
		return run_report(r, s);
	fault = own_fault(r, s);
	if (fault) {
		complain("%s", fault);
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
	unsigned int parts = r->check ? READ_FAST | READ_MINUTES :
			     tables[r->command].parts | (r->resolve ? READ_RESOLVE : 0);
	char message[512];
	int status, error;

	if (r->anonymous)
		error = read_anonymous(r->root, &s, message, sizeof(message));
	else
		error = read_snapshot(r->root, parts, &s, message, sizeof(message));
	if (error) {
		complain("%s", message);
		status = SEV_UNKNOWN;
	} else {
		status = run(r, &s, out);
	}
	snapshot_free(&s);
	return status;
}

static int run_doctor(const struct request *r, FILE *out)
{
	struct checks c = { 0 };
	struct snapshot s;
	struct health h;
	char message[512];
	int status;

	if (read_health(r->root, &s, &h, message, sizeof(message))) {
		complain("%s", message);
		status = SEV_UNKNOWN;
	} else {
		judge_health(&s, &h, &c);
		status = checks_status(&c);
		if (r->json ? render_doctor_json(&c, out) : render_doctor(&c, out))
			status = SEV_UNKNOWN;
	}
	checks_free(&c);
	health_free(&h);
	snapshot_free(&s);
	return status;
}

static int run_capture(const struct request *r, FILE *out)
{
	char message[512];

	if (capture(r->root, r->word, r->anonymous, message, sizeof(message))) {
		complain("%s", message);
		return SEV_UNKNOWN;
	}
	return r->json && render_captured(r->word, out) ? SEV_UNKNOWN : SEV_OK;
}

/* Both are read, and the later one is this host where it has no name. */
static int run_diff(const struct request *r, FILE *out)
{
	const char *const root[2] = { r->word, r->second ? r->second : "" };
	struct snapshot s[2] = { 0 };
	struct findings f[2] = { 0 };
	struct comparison c;
	char message[512];
	int error = 0, i;

	for (i = 0; i < 2 && !error; i++) {
		error = read_snapshot(root[i], READ_ALL, &s[i], message, sizeof(message));
		if (error)
			complain("%s", message);
		else
			diagnose(&s[i], &f[i]);
	}
	if (!error) {
		snapshots_compare(&s[0], &f[0], &s[1], &f[1], &c);
		if (r->html) {
			error = report_diff(&c, r->html, message, sizeof(message));
			if (error)
				complain("%s", message);
		} else {
			error = r->json ? render_json_diff(&c, out) : render_diff(&c, out);
		}
		comparison_free(&c);
	}
	for (i = 0; i < 2; i++) {
		findings_free(&f[i]);
		snapshot_free(&s[i]);
	}
	return error ? SEV_UNKNOWN : SEV_OK;
}

/* When a snapshot was taken: of a tree that doesn't tell, UNKNOWN */
static int64_t when_read(const struct snapshot *s)
{
	if (s->captured.known)
		return s->captured.date;
	return *s->root ? UNKNOWN : (int64_t)time(NULL);
}

static int write_metrics(const struct snapshot *s, struct metrics_request ask, FILE *out)
{
	struct findings f;
	int error;

	ask.read_at = ask.census_at = when_read(s);
	if (!ask.census)
		return metrics_write(s, NULL, &ask, out);
	diagnose(s, &f);
	error = metrics_write(s, &f, &ask, out);
	findings_free(&f);
	return error;
}

/* What is found is no failure of who collects: the exit status tells whether it worked. */
static int run_metrics(const struct request *r, const char *file)
{
	char message[512], *text;
	struct snapshot s;
	FILE *out = stdout;
	size_t len;
	int error;

	error = read_snapshot(r->root, metrics_parts(&r->metrics), &s, message, sizeof(message));
	if (!error && file) {
		out = open_memstream(&text, &len);
		if (!out)
			no_memory();
	}
	if (error)
		complain("%s", message);
	else
		error = write_metrics(&s, r->metrics, out);
	snapshot_free(&s);
	if (out == stdout)
		return error ? SEV_UNKNOWN : SEV_OK;
	if (fclose(out))
		no_memory();
	error = output_replace(file, text, len, message, sizeof(message));
	if (error)
		complain("%s", message);
	free(text);
	return error ? SEV_UNKNOWN : SEV_OK;
}

static int run_explain(const char *cause, bool json, FILE *out)
{
	if (!render_explanation(cause, json, out))
		return SEV_OK;
	complain("%s: no such cause; conntriage explain lists them",
	      cause ? cause : "explain");
	return SEV_UNKNOWN;
}

static int run_watch(const struct watch_request *ask, FILE *out)
{
	if (!ask->journal || journal_built())
		return watch_incidents(ask, out);
	complain("--journal: this conntriage was built without libsystemd; install libsystemd-dev "
		 "and build it again");
	return SEV_UNKNOWN;
}

static int run_exporter(const struct request *r)
{
	const struct exporter_request ask = {
		.root = r->root, .listen = r->listen, .metrics = r->metrics,
	};

	return exporter_run(&ask);
}

static int run_fleet(const struct request *r, FILE *out)
{
	const struct fleet_request ask = {
		.dir = r->words, .nr = r->nr_words, .all = r->all, .json = r->json,
	};

	return fleet_run(&ask, out);
}

/* Output that didn't get out must not look like a diagnosis. */
static int finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	complain("standard output: %s; check where it leads", strerror(errno));
	return SEV_UNKNOWN;
}

/* Each look stands alone on a terminal; in a pipe an empty line parts them. */
static void part(const struct request *r, bool first)
{
	if (r->json)
		return;
	if (isatty(STDOUT_FILENO))
		fputs("\033[H\033[2J", stdout);
	else if (!first)
		putchar('\n');
	render_watch(r->watch, stdout);
}

/* Until a signal ends it, as any command that goes on */
static int watch(const struct request *r)
{
	struct timespec pause = { .tv_sec = r->watch };
	bool first = true;
	int status;

	json_watched();
	for (;;) {
		part(r, first);
		status = run_command(r, stdout);
		if (finish(status) != status)
			return SEV_UNKNOWN;
		first = false;
		nanosleep(&pause, NULL);
	}
}

/* The command once it is known; an error of the command line is nobody's. */
static const char *asked;

static void complain_in_json(const char *line)
{
	render_error(asked, line, stdout);
}

/* Monitoring reads standard output. */
static void complain_to_monitoring(const char *line)
{
	render_check_error(line, stdout);
}

/* Those that look again and again have no time for two lists. */
static bool dumps(enum command_word command)
{
	return option_row(find_option(OPTION_SECONDS))->of & 1u << command;
}

int main(int argc, char **argv)
{
	struct request r;

	if (options_json(argc, argv))
		complain_also(complain_in_json);
	else if (options_check(argc, argv))
		complain_also(complain_to_monitoring);
	switch (options_read(argc, argv, &r)) {
	case 0:
		return finish(SEV_OK);
	case -1:
		return finish(SEV_UNKNOWN);
	default:
		break;
	}
	asked = command_name(r.command);
	if (dumps(r.command))
		read_dump_by(&r.dump);
	switch (r.command) {
	case COMMAND_CAPTURE:
		return finish(run_capture(&r, stdout));
	case COMMAND_DOCTOR:
		return finish(run_doctor(&r, stdout));
	case COMMAND_TOP:
		r.top.pictures = r.list.limit;
		return finish(top_run(&r.top, r.root, r.resolve));
	case COMMAND_DIFF:
		return finish(run_diff(&r, stdout));
	case COMMAND_EXPLAIN:
		return finish(run_explain(r.word, r.json, stdout));
	case COMMAND_THRESHOLDS:
		render_thresholds(r.json, stdout);
		return finish(SEV_OK);
	case COMMAND_FLEET:
		return finish(run_fleet(&r, stdout));
	case COMMAND_WATCH:
		return finish(run_watch(&r.events, stdout));
	case COMMAND_EXPORTER:
		return finish(run_exporter(&r));
	case COMMAND_METRICS:
		return finish(run_metrics(&r, r.list.columns));
	default:
		return r.watch ? watch(&r) : finish(run_command(&r, stdout));
	}
}
