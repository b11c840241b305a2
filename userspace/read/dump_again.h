/* SPDX-License-Identifier: GPL-2.0 */
/* A table that is listed now and then: the list before is the first of two. */
#ifndef CONNTRIAGE_READ_DUMP_AGAIN_H
#define CONNTRIAGE_READ_DUMP_AGAIN_H

#include "read/dump_table.h"

/**
 * dump_again() - take the list before for the first one, if it is of the same namespace and
 * no older than READ_DUMP_SECONDS
 * @t: begun, and not listed yet; what it will list is noted for the next time
 *
 * A table of which a sample is listed isn't remembered.
 */
void dump_again(struct dump_table *t);

/** dump_remember() - remember it, once it is listed */
void dump_remember(struct dump_table *t);

#endif
