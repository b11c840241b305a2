/* SPDX-License-Identifier: GPL-2.0 */
/* An entry's source as kmod/table.c counts it, and its name. */
#ifndef CONNTRIAGE_ENTRIES_SOURCE_H
#define CONNTRIAGE_ENTRIES_SOURCE_H

#include <stddef.h>

#include "entries/entry.h"

struct ctri_source;

/** entry_source() - as ctri_source_address() in kmod/source.c; masks_begin() comes first */
void entry_source(const struct entry *e, struct ctri_source *src);

/**
 * source_name() - as kmod/show.c writes it: an IPv6 source with its prefix
 * @family: set to 4 or 6
 */
void source_name(const struct ctri_source *src, char *text, size_t size, int *family);

#endif
