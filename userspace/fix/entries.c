// SPDX-License-Identifier: GPL-2.0
/* Deleting entries with conntriage-delete(8). */
#include <stdio.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "fix/steps.h"
#include "snapshot.h"

/* What is still wanted gets a new entry: there is nothing to take back. */
void fix_delete_kind(struct fix *x, const char *options)
{
	fix_command(x, STEP_DELETE, STEP_NOW, 1u << TOOL_CONNTRIAGE_DELETE,
		    "conntriage-delete %s", options);
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

void fix_delete_to(struct fix *x, const struct fix_source *a, const struct fix_target *to)
{
	char where[320] = "";
	size_t used = 0;

	if (*to->proto)
		used += snprintf(where + used, sizeof(where) - used, "-p %s ", to->proto);
	if (a)
		used += snprintf(where + used, sizeof(where) - used, "-s %s ", a->source);
	if (*to->address)
		used += snprintf(where + used, sizeof(where) - used, "-d %s ", to->address);
	if (*to->port)
		used += snprintf(where + used, sizeof(where) - used, "--dport %s ", to->port);
	snprintf(where + used, sizeof(where) - used, "--unanswered");
	fix_delete_kind(x, where);
}
