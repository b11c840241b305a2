/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parts of sentences that more than one cause says. Text is static, good until
 * the next call of the same function.
 */
#ifndef CONNTRIAGE_JUDGE_PHRASES_H
#define CONNTRIAGE_JUDGE_PHRASES_H

#include <stddef.h>

#include "judge/fact.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "snapshot.h"

const char *phrase_table(const struct netns_table *n);	/* "The connection table" */

/** phrase_table_is() - begin a sentence: "The connection table is full" */
void phrase_table_is(struct fact *f, const struct netns_table *n);

/** phrase_losers() - go on with ", and X is losing connections because of it", if so */
void phrase_losers(struct fact *f, const struct netns_table *n);

/** phrase_end() - the same, and the full stop */
void phrase_end(struct fact *f, const struct netns_table *n);

/* "10.0.0.1", "the network 10.0.0.0/24", "TCP port 443", "10.0.0.1, TCP port 443" */
const char *phrase_group(const struct group *g);
/* The same and whose it is, for sentences: "10.0.0.1 (pod shop/cart-7f)" */
const char *phrase_who(const struct group *g);
/* Those of a part: one as above, or "3 sources (A, B and C)" */
const char *phrase_members(const struct part *p);

/* The namespace by name, the reader's own too. */
const char *phrase_netns(const struct netns_table *n);

#endif
