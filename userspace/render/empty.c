// SPDX-License-Identifier: GPL-2.0
/* What is said where there is nothing to show. */
#include "lib/terminal.h"
#include "lib/words.h"
#include "render/empty.h"
#include "render/origin.h"
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

const char *none_held(const struct snapshot *s)
{
	if (is_listed(s))
		return NULL;
	return !s->mod.loaded && s->dump.why_not[0] ? s->dump.why_not : none_reason(s, true, false);
}

const char *none_counted(const struct snapshot *s, bool events)
{
	if (s->mod.loaded)
		return NULL;
	if (!is_listed(s))
		return s->dump.why_not[0] ? s->dump.why_not : reason(s);
	if (!events || s->dump.span || s->nr_source)
		return NULL;
	if (s->origin == ORIGIN_LISTING || *s->root)
		return "a table that was listed once tells who holds entries, not who opens them; "
		       "try: conntriage census";
	return "a table that is listed once tells who holds entries (conntriage census), not who "
	       "opens them; add --seconds 5";
}

int none_seen(const struct snapshot *s, FILE *out, const char *what, bool events)
{
	const char *why = none_counted(s, events);

	if (why)
		fprintf(out, "No %s: %s.\n", what, why);
	else if (is_listed(s))
		fprintf(out, "No %s: nobody opened a connection in the %s between two lists of the "
			"table.\n", what, duration((s->dump.span + 500) / 1000));
	else
		fprintf(out, "No %s recorded yet.\n", what);
	return !why && !ferror(out) ? 0 : -1;
}

static int say_none(FILE *out, const char *what, const char *why)
{
	if (why)
		prose(out, "No %s: %s.", what, why);
	else
		prose(out, "No %s recorded yet.", what);
	return !why && !ferror(out) ? 0 : -1;
}

int none_recorded(const struct snapshot *s, FILE *out, const char *what, bool old_too)
{
	return say_none(out, what, none_reason(s, true, old_too));
}

int none_in_table(const struct snapshot *s, FILE *out, const char *what)
{
	if (!is_listed(s))
		return say_none(out, what, none_held(s));
	prose(out, "No %s: the table was listed, and holds nothing.", what);
	return ferror(out) ? -1 : 0;
}
