/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parts of sentences that more than one cause says. Text is static, good until
 * the next call of the same function.
 */
#ifndef CONNTRIAGE_JUDGE_PHRASES_H
#define CONNTRIAGE_JUDGE_PHRASES_H

#include <stddef.h>

#include "judge/tables.h"
#include "judge/verdict.h"
#include "snapshot.h"

const char *phrase_table(const struct netns_table *n);	/* "The connection table" */
const char *phrase_state(const struct netns_table *n);	/* "is full" */
const char *phrase_losers(const struct netns_table *n);	/* ", and X is losing ..." */
const char *phrase_count(const struct source_row *row);	/* "12" or "12 to 14" */

/* "10.0.0.1", "the network 10.0.0.0/24", "TCP port 443", "10.0.0.1, TCP port 443" */
const char *phrase_group(const struct group *g);
/* Those of a part: one as above, or "3 sources (A, B and C)" */
const char *phrase_members(const struct part *p);

/* The namespace by name, the reader's own too. */
const char *phrase_netns(const struct netns_table *n);

#endif
