/* SPDX-License-Identifier: GPL-2.0 */
/* A row of a network namespace of which nothing is known yet. */
#ifndef CONNTRIAGE_LIB_NETNS_ROW_H
#define CONNTRIAGE_LIB_NETNS_ROW_H

#include "snapshot.h"

/** netns_row_unknown() - all columns UNKNOWN but for its number */
void netns_row_unknown(struct netns_row *row, int64_t netns);

/** netns_row_of() - the row of a namespace in a snapshot, appended so if there is none */
struct netns_row *netns_row_of(struct snapshot *s, int64_t netns);

#endif
