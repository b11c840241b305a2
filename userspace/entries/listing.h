/* SPDX-License-Identifier: GPL-2.0 */
/* Entries out of text: conntrack -L, plain, extended or XML, and /proc/net/nf_conntrack. */
#ifndef CONNTRIAGE_ENTRIES_LISTING_H
#define CONNTRIAGE_ENTRIES_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "entries/entry.h"

/**
 * listing_is_one() - whether a text lists entries, by its first lines
 */
bool listing_is_one(const char *text, size_t len);

/**
 * listing_each() - call back for each entry of a listing
 * @text, @len: as a command or a file wrote it, maybe cut off; not written to
 * @each: called with each entry, in order
 * @data: for @each
 *
 * Return: lines (of XML: flows) that were to be entries and couldn't be read.
 */
size_t listing_each(const char *text, size_t len,
		    void (*each)(const struct entry *e, void *data), void *data);

#endif
