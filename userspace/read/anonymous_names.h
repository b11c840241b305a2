/* SPDX-License-Identifier: GPL-2.0 */
/* The tables of who was found, conntriage/names/ of a capture, with nobody in them. */
#ifndef CONNTRIAGE_READ_ANONYMOUS_NAMES_H
#define CONNTRIAGE_READ_ANONYMOUS_NAMES_H

#include <stddef.h>
#include <stdio.h>

#include "read/pseudonym.h"

/**
 * anonymous_names() - write such a table with pseudonyms
 * @text, @len: a line that names the columns, and rows, with words between spaces
 */
void anonymous_names(const struct pseudonyms *p, const char *text, size_t len, FILE *out);

#endif
