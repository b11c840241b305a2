/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What conntriage prints, by command. Nothing here decides anything: judge/ did.
 * Each returns 0, or -1 where @out took an error; those that show what the
 * module saw return -1 as well where it can't be asked, and say why.
 */
#ifndef CONNTRIAGE_RENDER_RENDER_H
#define CONNTRIAGE_RENDER_RENDER_H

#include <stdbool.h>
#include <stdio.h>

#include "fix/steps.h"
#include "judge/alarm.h"
#include "judge/compare.h"
#include "judge/doctor.h"
#include "judge/finding.h"
#include "render/list.h"
#include "snapshot.h"

/**
 * render_text() - findings for a person, worst first
 * @f: what diagnose() made of a snapshot
 * @all: all of it also where @out is a terminal, which gets the first screen else
 * @above: rows of a terminal that stand above it already
 * @out: 80 columns; colour only where @out is a terminal and NO_COLOR is unset
 */
int render_text(const struct findings *f, bool all, int above, FILE *out);

/** render_watch() - the line above what is repeated every @seconds: when this was */
int render_watch(int64_t seconds, FILE *out);

/** render_error() - an error as JSON
 * @command: whose, or NULL: the command line wasn't understood
 */
int render_error(const char *command, const char *line, FILE *out);

/** render_check() - one line of the kind that monitoring plugins print */
int render_check(const struct alarm *a, FILE *out);

/** render_check_error() - an error as such a line: that is all that monitoring reads */
int render_check_error(const char *line, FILE *out);

/**
 * render_json() - the same for a program: one object, findings worst first
 *
 * Its lines are those of the text: "now", "for_good" and "check" are commands
 * that sh(1) runs by themselves, or comments that start with "#". "status" is
 * the exit status. Names are only ever added within one "schema".
 */
int render_json(const struct snapshot *s, const struct findings *f, FILE *out);

/*
 * Lists of all that there is of a kind, or one line that says why there is none. Each
 * returns -1 as well where what was asked for isn't there, and says so.
 */
int render_sources(const struct snapshot *s, const struct list_request *ask, FILE *out);
int render_programs(const struct snapshot *s, const struct list_request *ask, FILE *out);
int render_netns(const struct snapshot *s, const struct list_request *ask, FILE *out);
int render_census(const struct snapshot *s, const struct list_request *ask, FILE *out);
int render_incidents(const struct snapshot *s, const struct list_request *ask, FILE *out);

/* On a terminal a chart, then rows, the last ones, and a forecast where there is one. */
int render_history(const struct snapshot *s, const struct list_request *ask, FILE *out);

/* The chart alone, wherever @out leads */
void chart_seconds(const struct snapshot *s, FILE *out);
void chart_minutes(const struct snapshot *s, FILE *out);

/**
 * render_incident() - all that is known of an incident
 * @word: its number
 *
 * Return: 0, or -1 with nothing printed but one line on standard error: there
 * is no such incident.
 */
int render_incident(const struct snapshot *s, const char *word, const struct list_request *ask,
		    FILE *out);

/**
 * render_explanation() - how a cause works and how it is told from its neighbours
 * @word: its name; NULL or "": list them
 *
 * Return: 0, or -1 where there is no such cause (nothing is printed then).
 */
int render_explanation(const char *word, bool json, FILE *out);

/** render_thresholds() - the numbers that separate fine from not fine, with reasons */
int render_thresholds(bool json, FILE *out);

/** render_doctor() - checks of conntriage itself, a line each, with their commands */
int render_doctor(const struct checks *c, FILE *out);

/**
 * render_doctor_json() - the same for a program: one object, with a list "checks"
 *
 * Names are only ever added within one "schema".
 */
int render_doctor_json(const struct checks *c, FILE *out);

/** render_diff() - what changed between two snapshots; render_json_diff() - as JSON */
int render_diff(const struct comparison *c, FILE *out);
int render_json_diff(const struct comparison *c, FILE *out);

/* What of a cure a script does */
struct cure_script {
	int64_t nr;		/* of the finding, from 1; UNKNOWN: none */
	enum step_when when;
	int64_t only;		/* the one step to take, or UNKNOWN: all */
	bool undo, dry_run;
};

/** script_steps() - how many steps change something */
int64_t script_steps(const struct steps *st, enum step_when when);

/**
 * render_fix() - a script, and what it is, as one object of JSON
 * @f: the finding that it cures, or NULL: it takes back what stands
 */
int render_fix(const struct finding *f, const struct cure_script *o, const char *script,
	       FILE *out);

/** render_captured() - that a tree was written, as JSON */
int render_captured(const char *dir, FILE *out);

/**
 * render_script() - a finding's cure as a script of sh(1)
 *
 * Checks first, then the cure, then what was predicted beside what there is.
 */
int render_script(const struct snapshot *s, const struct finding *f, const struct cure_script *o,
		  FILE *out);

/** render_undo() - what stands of ours, taken back; @st: by fix_undo() */
int render_undo(const struct snapshot *s, const struct steps *st, const struct cure_script *o,
		FILE *out);

#endif
