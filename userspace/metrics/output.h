/* SPDX-License-Identifier: GPL-2.0 */
/* A text into a file that somebody else reads at any moment. */
#ifndef CONNTRIAGE_METRICS_OUTPUT_H
#define CONNTRIAGE_METRICS_OUTPUT_H

#include <stddef.h>

/**
 * output_replace() - put a text in the place of a file, whole
 * @file: its name; it need not exist, and is replaced if it is a regular file
 * @err: takes one line that says what went wrong and what to do
 *
 * It is written beside @file, under a name that doesn't end in ".prom", which collectors
 * of text files look for, and renamed: who reads sees the old text or the new one. All may
 * read it (mode 0644). A signal that would end the process does so afterwards.
 *
 * Return: 0, or -1 with @err filled, the old file as it was and nothing left beside it.
 */
int output_replace(const char *file, const char *text, size_t len, char *err, size_t errlen);

#endif
