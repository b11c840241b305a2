/* SPDX-License-Identifier: GPL-2.0 */
/* A snapshot and its findings as one page of HTML, to read without anything else. */
#ifndef CONNTRIAGE_REPORT_REPORT_H
#define CONNTRIAGE_REPORT_REPORT_H

#include <stddef.h>

#include "judge/compare.h"
#include "judge/finding.h"
#include "snapshot.h"

/**
 * report_write() - make the page
 * @s: the snapshot; @fs: what diagnose() made of it
 * @file: must not exist; "-" is standard output
 * @err: takes one line that says what went wrong and what to do
 * @errlen: bytes in @err
 *
 * Return: 0, or -1 with @err filled and no file left behind.
 */
int report_write(const struct snapshot *s, const struct findings *fs, const char *file,
		 char *err, size_t errlen);

/** report_diff() - likewise, of what changed between two snapshots */
int report_diff(const struct comparison *c, const char *file, char *err, size_t errlen);

#endif
