/* SPDX-License-Identifier: GPL-2.0 */
/* Entries of a captured table, with other addresses. */
#ifndef CONNTRIAGE_READ_ANONYMOUS_ENTRIES_H
#define CONNTRIAGE_READ_ANONYMOUS_ENTRIES_H

#include <stddef.h>
#include <stdio.h>

#include "read/pseudonym.h"

/**
 * anonymous_entries() - messages of ctnetlink without anybody's address
 * @text: @len bytes of a capture's "entries"
 *
 * Of a message what entries/message.c reads of it comes along, and nothing else. What is
 * no message doesn't pass, and what is behind it: a byte says that something was there, as
 * the file is damaged with or without names.
 */
void anonymous_entries(const struct pseudonyms *p, const char *text, size_t len, FILE *out);

#endif
