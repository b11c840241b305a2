/* SPDX-License-Identifier: GPL-2.0 */
/* A whole text into a file that isn't there yet. */
#ifndef CONNTRIAGE_REPORT_FILE_H
#define CONNTRIAGE_REPORT_FILE_H

#include <stddef.h>

/**
 * file_make() - write a file that nobody sees before it is whole
 * @file: its name; nothing that has it is replaced
 * @err: takes one line that says what went wrong and what to do
 *
 * Only its owner may read it. Return: 0, or -1 with @err filled and nothing left behind.
 */
int file_make(const char *file, const char *text, size_t len, char *err, size_t errlen);

#endif
