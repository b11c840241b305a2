// SPDX-License-Identifier: GPL-2.0
/* Where a command is typed, and what the host has to type it with. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "fix/steps.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/numbers.h"
#include "snapshot.h"

/* A path that leads to a namespace without a name: of a process, or of Docker's */
static const char *path_of(const struct snapshot *s, int64_t netns)
{
	size_t i;

	for (i = 0; i < s->nr_netns_names; i++)
		if (s->netns_name[i].netns == netns && s->netns_name[i].path[0])
			return s->netns_name[i].path;
	return NULL;
}

static void find_place(struct fix *x, const struct fix_place *where)
{
	const char *path = path_of(x->s, where->netns);

	x->here = where->here;
	if (x->here)
		return;
	if (where->name[0])
		snprintf(x->enter, sizeof(x->enter), "ip netns exec %s ", where->name);
	else if (path)
		snprintf(x->enter, sizeof(x->enter), "nsenter --net=%s ", path);
	else	/* of util-linux, as nsenter is: the processes in it */
		snprintf(x->enter, sizeof(x->enter), "nsenter -n -t $(lsns -nro PID %" PRId64
			 " | head -n 1) ", where->netns);
}

/*
 * A table of nft stands beside the rules of iptables-nft, which are nft's as well. Those
 * of iptables-legacy stay by themselves: who looks after them looks there.
 */
static enum rules_dialect choose_dialect(const struct snapshot *s)
{
	enum rules_dialect has = s->rules.dialect;

	if (has == RULES_IPTABLES_LEGACY && tool_there(s, TOOL_IPTABLES_LEGACY))
		return has;
	if (tool_there(s, TOOL_NFT))
		return RULES_NFT;
	if (tool_there(s, TOOL_IPTABLES_NFT))
		return RULES_IPTABLES_NFT;
	return tool_there(s, TOOL_IPTABLES_LEGACY) ? RULES_IPTABLES_LEGACY : RULES_NFT;
}

void fix_begin(struct fix *x, const struct snapshot *s,
	       const struct fix_place *where, struct steps *steps, const char *cause)
{
	memset(x, 0, sizeof(*x));
	x->s = s;
	x->steps = steps;
	x->first = steps->nr;
	x->cause = cause;
	x->outside = where->outside;
	x->dialect = choose_dialect(s);
	find_place(x, where);
}

static char *in_place(const struct fix *x, const char *fmt, va_list ap)
{
	char *command = print_text(fmt, ap), *text;

	if (asprintf(&text, "%s%s", x->enter, command) < 0)
		no_memory();
	free(command);
	return text;
}

struct step *fix_command(struct fix *x, enum step_kind kind, enum step_when when,
			 unsigned int needs, const char *fmt, ...)
{
	struct step *s = step_add(x->steps, kind, when);
	va_list ap;

	va_start(ap, fmt);
	s->text = in_place(x, fmt, ap);
	va_end(ap);
	s->needs = needs;
	return s;
}

void fix_say(struct fix *x, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	step_add(x->steps, STEP_SAY, STEP_NOW)->text = print_text(fmt, ap);
	va_end(ap);
}

void fix_look(struct fix *x, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	step_add(x->steps, STEP_LOOK, STEP_NOW)->text = in_place(x, fmt, ap);
	va_end(ap);
}

void fix_instead(struct fix *x, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	step_add(x->steps, STEP_INSTEAD, STEP_NOW)->text = in_place(x, fmt, ap);
	va_end(ap);
}

void fix_line(const struct fix *x, struct lines *l, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = in_place(x, fmt, ap);
	va_end(ap);
	lines_add(l, "%s", text);
	free(text);
}
