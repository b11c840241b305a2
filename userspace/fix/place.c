// SPDX-License-Identifier: GPL-2.0
/* Where a command is typed: the namespace, and a name for it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "lib/lines.h"
#include "snapshot.h"

static void find_place(struct fix *x, const struct fix_place *where)
{
	x->here = where->here;
	if (x->here)
		return;
	if (where->name[0]) {
		snprintf(x->enter, sizeof(x->enter), "ip netns exec %s ", where->name);
		return;
	}
	snprintf(x->enter, sizeof(x->enter), "ip netns exec ct%" PRId64 " ",
		 where->netns);
	x->unnamed = where->netns;
}

/*
 * A namespace without a name gets one, as long as commands are to be typed in
 * it: any process in it, or any mount of it, leads there.
 */
static void name_place(const struct fix *x)
{
	struct lines *l = x->now;

	if (!x->unnamed)
		return;
	lines_add(l, "# it is not the namespace that you are in; a name for it (of "
		  "\"lsns -t net\"):");
	lines_add(l, "mkdir -p /run/netns");
	lines_add(l, "ln -sfn \"$(stat -L -c '%%i %%n' /run/netns/* "
		  "/proc/[0-9]*/ns/net 2>/dev/null | awk '$1 == %" PRId64
		  " && $2 !~ /ct[0-9]+$/ { print $2; exit }')\" /run/netns/ct%" PRId64,
		  x->unnamed, x->unnamed);
}

void fix_begin(struct fix *x, const struct snapshot *s,
	       const struct fix_place *where, struct lines *now,
	       struct lines *persist)
{
	memset(x, 0, sizeof(*x));
	x->s = s;
	x->now = now;
	x->persist = persist;
	x->outside = where->outside;
	/* The rules of another namespace can't be seen from here. */
	x->dialect = s->rules.dialect;
	if (x->dialect == RULES_UNKNOWN || x->dialect == RULES_NONE)
		x->dialect = RULES_NFT;
	find_place(x, where);
	name_place(x);
}

void fix_vline(const struct fix *x, struct lines *l, const char *fmt, va_list ap)
{
	char *text = print_text(fmt, ap);

	lines_add(l, "%s%s", x->enter, text);
	free(text);
}

void fix_line(const struct fix *x, struct lines *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fix_vline(x, l, fmt, ap);
	va_end(ap);
}
