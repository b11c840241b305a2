// SPDX-License-Identifier: GPL-2.0
/*
 * A table that is listed now and then, as by conntriage top: each list is the first of two
 * for the next one, so that nobody waits for rates. What came and went between the two isn't
 * seen, so that they mustn't be far apart.
 */
#include "entries/earlier.h"
#include "entries/looks.h"
#include "read/dump_again.h"
#include "read/read.h"

/* The list before, or ->earlier NULL */
static struct {
	int64_t netns;
	struct look at;
	struct earlier *earlier;
} before;

static void forget(void)
{
	earlier_free(before.earlier);
	before.earlier = NULL;
}

void dump_again(struct dump_table *t)
{
	if (before.earlier && before.netns == t->keep.is.netns && !t->sample &&
	    t->begin.at - before.at.at <= 1000 * READ_DUMP_SECONDS) {
		looks_recall(t->looks, before.earlier, &before.at);
		before.earlier = NULL;
		t->keep.is.twice = true;
		t->first_listed = t->begin.count;
	}
	forget();
	if (!t->sample)
		looks_remember(t->looks);
}

void dump_remember(struct dump_table *t)
{
	const struct look *look;
	size_t nr;

	before.earlier = looks_memory(t->looks);
	look = looks_moments(t->looks, &nr);
	if (!before.earlier || !nr)
		return;
	before.netns = t->keep.is.netns;
	before.at = look[nr - 1];
}
