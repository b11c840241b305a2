// SPDX-License-Identifier: GPL-2.0
/* Rules in force that fix/ could have written. */
#include <stdio.h>
#include <string.h>

#include "lib/memory.h"
#include "read/limits.h"
#include "read/placed.h"
#include "snapshot.h"

/* All that fix/ writes */
#define SHOWN	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .:/,_-!=&|(){}@*"

void placed_add(struct snapshot *s, const char *table, const char *chain, int family,
		const char *text, int64_t packets, int64_t rule)
{
	struct placed_rule *p;

	/* it is shown, and names in a ruleset may be anything */
	if (s->nr_placed == READ_MAX_PLACED || text[strspn(text, SHOWN)])
		return;
	p = grow(&s->placed, &s->nr_placed, sizeof(*p));
	snprintf(p->table, sizeof(p->table), "%s", table);
	p->keep = !strncmp(table, TABLE_KEPT, strlen(TABLE_KEPT));
	snprintf(p->chain, sizeof(p->chain), "%s", chain);
	snprintf(p->text, sizeof(p->text), "%s", text);
	p->family = family;
	p->packets = packets;
	p->rule = rule;
}
