// SPDX-License-Identifier: GPL-2.0
/* Deleting entries with conntriage-delete(8). */
#include <stdio.h>

#include "fix/fix.h"

void fix_delete_kind(struct fix *x, const char *options)
{
	fix_line(x, x->now, "conntriage-delete %s", options);
}

void fix_delete_barren(struct fix *x, const struct fix_source *a, bool half_open)
{
	char options[160];

	snprintf(options, sizeof(options), "-s %s --unanswered", a->source);
	fix_delete_kind(x, options);
	if (!half_open)
		return;
	snprintf(options, sizeof(options), "-s %s -p tcp --state SYN_RECV", a->source);
	fix_delete_kind(x, options);
}
