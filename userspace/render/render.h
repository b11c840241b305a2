/* SPDX-License-Identifier: GPL-2.0 */
/* What conntriage prints. Nothing here decides anything: diagnose.c did. */
#ifndef CONNTRIAGE_RENDER_RENDER_H
#define CONNTRIAGE_RENDER_RENDER_H

#include <stdio.h>

#include "judge/finding.h"
#include "snapshot.h"

/**
 * render_text() - findings for a person, worst first
 * @s: the snapshot that was judged
 * @f: what diagnose() made of it
 * @out: 80 columns; colour only where @out is a terminal and NO_COLOR is unset
 *
 * The first line is a summary of the kind that monitoring plugins print.
 *
 * Return: 0, or -1 where @out took an error.
 */
int render_text(const struct snapshot *s, const struct findings *f, FILE *out);

/**
 * render_json() - the same for a program: one object, findings worst first
 *
 * Its lines are those of the text: "now", "for_good" and "check" are commands
 * that sh(1) runs by themselves, or comments that start with "#". "status" is
 * the exit status. Names are only ever added within one "schema".
 *
 * Return: 0, or -1 where @out took an error.
 */
int render_json(const struct snapshot *s, const struct findings *f, FILE *out);

/*
 * Tables by libsmartcols, one of each kind of data. Where there is no data
 * they say in one line why. Return: 0, or -1 where there is nothing to show
 * or @out took an error.
 */
int render_sources(const struct snapshot *s, FILE *out);
int render_netns(const struct snapshot *s, FILE *out);
int render_history(const struct snapshot *s, FILE *out);

/**
 * explain() - how a cause works and how it is told from its neighbours
 * @cause: a word of cause_name[]; NULL or "": list them
 * @out: where to
 *
 * Return: 0, or -1 where there is no such cause (nothing is printed then).
 */
int explain(const char *cause, FILE *out);

#endif
