// SPDX-License-Identifier: GPL-2.0
/* Rules of nft, and of either dialect: a table of our own, replaced as a whole. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "fix/steps.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "snapshot.h"

/*
 * iptables takes one -s, and a RETURN or ACCEPT in front would spare the address from
 * the rules behind as well: a range of one address is a match of its own.
 */
void rule_except(const struct fix *x, const struct fix_source *a, size_t nr, int family,
		 char *text)
{
	const char *nft = family == 6 ? " ip6 saddr != " : " ip saddr != ";
	size_t i, k, found = 0, used = 0;

	text[0] = '\0';
	for (i = 0; i < nr; i++) {
		for (k = 0; k < a[i].nr_except && a[i].family == family &&
		     used < EXCEPT_SIZE - 112; k++) {
			if (rule_is_nft(x))
				used += snprintf(text + used, EXCEPT_SIZE - used, "%s%s",
						 found ? ", " : nft, a[i].except[k]);
			else
				used += snprintf(text + used, EXCEPT_SIZE - used,
						 " -m iprange ! --src-range %s", a[i].except[k]);
			found++;
		}
	}
	if (rule_is_nft(x) && found > 1) {
		memmove(text + strlen(nft) + 2, text + strlen(nft), used - strlen(nft) + 1);
		memcpy(text + strlen(nft), "{ ", 2);
		strcat(text, " }");
	}
}

/* The command stands where its first rule was asked for; fix_end() writes it. */
void rule_nft(struct fix *x, enum step_when when, enum rule_chain c, const char *expr)
{
	struct rule_block *b = block_of(x, when);
	bool first = true;
	int i;

	if (lines_has(&b->rule[c], expr) || rule_placed(x, when, 0, rule_chain_name(c), expr))
		return;
	for (i = 0; i < NR_CHAINS; i++)
		first &= !b->rule[i].nr;
	if (first) {
		b->step = x->steps->nr;
		step_add(x->steps, when == STEP_NOW ? STEP_RULES : STEP_FILE, when);
	}
	lines_add(&b->rule[c], "%s", expr);
	x->rules = true;
	x->rules_now |= when == STEP_NOW;
}

void rule_either(struct fix *x, int family, enum rule_chain c, const char *nft,
		 const char *ipt)
{
	if (rule_is_nft(x)) {
		rule_nft(x, STEP_NOW, c, nft);
		return;
	}
	if (family != 6)
		rule_ipt(x, STEP_NOW, 4, c, ipt);
	if (family != 4)
		rule_ipt(x, STEP_NOW, 6, c, ipt);
}

void fix_keep_rules(struct fix *x)
{
	const struct rule_block *b = x->block[STEP_NOW];
	size_t i;
	int c;

	if (!b || !rule_is_nft(x))
		return;
	rule_about(x, STEP_FOR_GOOD, b->target);
	for (c = 0; c < NR_CHAINS; c++)
		for (i = 0; i < b->rule[c].nr; i++)
			rule_nft(x, STEP_FOR_GOOD, c, b->rule[c].line[i]);
}

void block_name(const struct fix *x, enum step_when when, char *name)
{
	const struct rule_block *b = x->block[when];

	snprintf(name, TABLE_NAME, "conntriage-%s%s%s%s", when == STEP_NOW ? "" : "keep-",
		 x->cause, *b->target ? "-" : "", b->target);
}

#define ROOM	68	/* columns: 80, less what a terminal indents commands by */

/*
 * A long rule goes on in the next line, behind a backslash that nft skips. Behind the
 * last one the chain ends, in the same line: every line is one that a person reads.
 */
static void fold(FILE *out, const char *rule, bool last)
{
	size_t len = strlen(rule), room = ROOM - 6, at;

	fputs("      ", out);
	while (len + (last ? 3 : 0) > room) {
		for (at = room - 2; at > 1 && rule[at] != ' '; at--)
			;
		if (at <= 1)
			break;
		fprintf(out, "%.*s \\\n        ", (int)at, rule);
		rule += at + 1;
		len -= at + 1;
		room = ROOM - 8;
	}
	fprintf(out, "%s%s\n", rule, last ? "; }" : "");
}

/* Two short ones share a line. */
static void put_rules(FILE *out, const struct lines *l)
{
	size_t i;

	for (i = 0; i < l->nr; i++) {
		if (i + 1 < l->nr && strlen(l->line[i]) + strlen(l->line[i + 1]) + 8 +
		    (i + 2 == l->nr ? 3 : 0) <= ROOM) {
			fprintf(out, "      %s; %s%s\n", l->line[i], l->line[i + 1],
				i + 2 == l->nr ? "; }" : "");
			i++;
		} else {
			fold(out, l->line[i], i + 1 == l->nr);
		}
	}
}

char *block_text(const struct fix *x, enum step_when when)
{
	const struct rule_block *b = x->block[when];
	char name[TABLE_NAME], *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int c, f;

	if (!out)
		no_memory();
	block_name(x, when, name);
	/* declared first, so that there is one to delete: the same once or ten times */
	fprintf(out, "table inet %s\n  delete table inet %s\n  table inet %s {\n", name, name,
		name);
	for (f = 4; b->sets && f <= 6; f += 2)
		fprintf(out, "    set new%d { type ipv%d_addr; size 65536; timeout 1m; "
			"flags dynamic; }\n", f, f);
	for (c = 0; c < NR_CHAINS; c++) {
		if (!b->rule[c].nr)
			continue;
		fprintf(out, "    chain %s { type filter hook %s priority %s\n", rule_chain_name(c),
			rule_hook(c), rule_priority(c));
		put_rules(out, &b->rule[c]);
	}
	fputs("  }", out);
	if (fclose(out))
		no_memory();
	return text;
}
