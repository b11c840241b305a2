// SPDX-License-Identifier: GPL-2.0
/* Whether a program that sets a setting explains what is wrong. */
#include <string.h>

#include "fix/writer.h"
#include "judge/verdict.h"
#include "judge/writer.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define ROOM	0.75	/* of the maximum: fits with a third to spare */

bool writer_explains(const struct snapshot *s, const struct ct_sysctl *c)
{
	return writer_of(s, c->name).holds ||
	       (!strcmp(c->name, "max") && s->ct_at_boot && c->persisted != UNKNOWN &&
		c->value != UNKNOWN && c->value < c->persisted);
}

bool writer_took_room(const struct tables *ts, const struct netns_table *n)
{
	const struct ct_sysctl *c = find_sysctl(ts->s, "max");

	return c && n->init && n->verdict && ts->s->ct_at_boot && c->persisted != UNKNOWN &&
	       writer_of(ts->s, "max").holds &&
	       (double)c->persisted * ROOM >= n->verdict->need;
}
