/* SPDX-License-Identifier: GPL-2.0 */
/* What the module recorded, for a person: what was, and what it led to. */
#ifndef CONNTRIAGE_RENDER_SHOW_H
#define CONNTRIAGE_RENDER_SHOW_H

#include <stdio.h>

#include "snapshot.h"

/*
 * Each prints all that there is of its kind, or one line that says why there is
 * nothing. Return: 0, or -1 where the module can't be asked or @out took an
 * error.
 */
int show_census(const struct snapshot *s, FILE *out);
int show_incidents(const struct snapshot *s, FILE *out);

/* A table, on a terminal a chart below it, and a forecast where there is one. */
int show_seconds(const struct snapshot *s, FILE *out);
int show_minutes(const struct snapshot *s, FILE *out);

/* The chart alone, wherever @out leads */
void chart_seconds(const struct snapshot *s, FILE *out);
void chart_minutes(const struct snapshot *s, FILE *out);

/**
 * show_incident() - the whole story of an incident
 * @word: its number
 *
 * Return: 0, or -1 with nothing printed but one line on standard error: there
 * is no such incident.
 */
int show_incident(const struct snapshot *s, const char *word, FILE *out);

#endif
