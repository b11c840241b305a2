/* SPDX-License-Identifier: GPL-2.0 */
/* The sections of a report, one a function, and what they share. */
#ifndef CONNTRIAGE_REPORT_SECTIONS_H
#define CONNTRIAGE_REPORT_SECTIONS_H

#include "judge/finding.h"
#include "report/html.h"
#include "snapshot.h"

/* How severities are called in classes and on the page */
extern const char *const severity_class[];

/** report_moment() - when the snapshot was taken, s since 1970 UTC, or UNKNOWN */
int64_t report_moment(const struct snapshot *s);

/**
 * report_when() - a moment so many seconds before that, for people
 * @format: of strftime(); where the moment isn't known it is "12 min ago"
 *
 * Return: in a buffer of lib/words.h.
 */
const char *report_when(const struct snapshot *s, int64_t ago, const char *format);

void report_findings(struct html *h, const struct findings *fs);
void report_day(struct html *h, const struct snapshot *s);
void report_incidents(struct html *h, const struct snapshot *s);
void report_table(struct html *h, const struct snapshot *s);
void report_lists(struct html *h, const struct snapshot *s);
void report_settings(struct html *h, const struct snapshot *s);
void report_unseen(struct html *h, const struct snapshot *s, const struct findings *fs);

#endif
