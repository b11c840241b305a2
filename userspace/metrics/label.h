/* SPDX-License-Identifier: GPL-2.0 */
/* Words of anybody's making as values of labels. */
#ifndef CONNTRIAGE_METRICS_LABEL_H
#define CONNTRIAGE_METRICS_LABEL_H

#include <stdio.h>

/**
 * label_clean() - a copy that is valid UTF-8 (RFC 3629), to free()
 * @value: any bytes
 *
 * Each byte that is no part of a character, and each control character but the newline,
 * is U+FFFD: one broken name would cost a whole scrape.
 */
char *label_clean(const char *value);

/** label_print() - with a backslash before what ends a value or a line; without quotes */
void label_print(FILE *out, const char *value);

#endif
