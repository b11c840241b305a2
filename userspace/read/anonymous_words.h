/* SPDX-License-Identifier: GPL-2.0 */
/* What names somebody, found in a line of text and put into other words. */
#ifndef CONNTRIAGE_READ_ANONYMOUS_WORDS_H
#define CONNTRIAGE_READ_ANONYMOUS_WORDS_H

#include <stddef.h>
#include <stdio.h>

#include "read/pseudonym.h"

#define WORDS_ADDRESSES	1u	/* IP and MAC addresses, and tables of ours that are called by them */
#define WORDS_HEX	2u	/* identifiers: UUIDs, and 12 hexadecimal digits or more */
#define WORDS_COMMENTS	4u	/* of nft, as JSON or text: what is in the quotes goes */
#define WORDS_CGROUPS	8u	/* paths of cgroups */

/**
 * anonymous_words() - write a line with such words replaced
 * @line, @len: without a newline; there is a readable byte behind it
 * @what: WORDS_* flags
 */
void anonymous_words(const struct pseudonyms *p, const char *line, size_t len, unsigned int what,
		     FILE *out);

#endif
