// SPDX-License-Identifier: GPL-2.0
/* What is said where there is nothing to show. */
#include "lib/terminal.h"
#include "render/empty.h"
#include "snapshot.h"

/* Why the module wasn't asked, and what to do about it */
static const char *reason(const struct snapshot *s)
{
	return s->mod.why_not[0] ? s->mod.why_not :
				   "the conntriage module isn't loaded";
}

const char *none_reason(const struct snapshot *s, bool recorded, bool old_too)
{
	bool whole = s->mod.loaded && (!recorded || (!s->mod.partial && (old_too || !s->mod.old)));

	return whole ? NULL : reason(s);
}

int none_seen(const struct snapshot *s, FILE *out, const char *what)
{
	if (s->mod.loaded)
		fprintf(out, "No %s recorded yet.\n", what);
	else
		fprintf(out, "No %s: %s.\n", what, reason(s));
	return s->mod.loaded && !ferror(out) ? 0 : -1;
}

int none_recorded(const struct snapshot *s, FILE *out, const char *what, bool old_too)
{
	const char *why = none_reason(s, true, old_too);

	if (why)
		prose(out, "No %s: %s.", what, why);
	else
		prose(out, "No %s recorded yet.", what);
	return !why && !ferror(out) ? 0 : -1;
}
