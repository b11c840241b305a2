// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of iptables and ip6tables: in a chain of our own, which iptables-restore makes
 * or empties and fills in one transaction, and a jump to it. Single rules would not do:
 * ip6tables-legacy 1.8.9 takes "--dport 53" for "--sport 53" in -C and in -D.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "fix/steps.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "snapshot.h"

#define CHAIN_NAME	29	/* XT_EXTENSION_MAXNAMELEN of linux/netfilter/x_tables.h */

static bool is_legacy(const struct fix *x)
{
	return x->dialect == RULES_IPTABLES_LEGACY;
}

void rule_ipt(struct fix *x, enum step_when when, int family, enum rule_chain c,
	      const char *spec)
{
	struct rule_block *b = block_of(x, when);
	struct lines *l = &b->ipt[family == 6][c];

	if (lines_has(l, spec) || rule_stands(x, when, family, c, spec))
		return;
	x->rules = true;
	if (when == STEP_FOR_GOOD) {
		step_say(x->steps, when, "(where the host's own rules are kept) %s -t %s -A %s %s",
			 family == 6 ? "ip6tables" : "iptables", rule_table(c), rule_base_chain(c),
			 spec);
		return;
	}
	x->rules_now = true;
	if (!l->nr) {
		b->ipt_step[family == 6][c] = x->steps->nr;
		step_add(x->steps, STEP_RULES, when);
	}
	lines_add(l, "%s", spec);
}

/* FNV-1a, folded: what doesn't fit into a chain's name is told apart by it. */
static unsigned int hash(const char *text)
{
	uint32_t h = 2166136261u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return (h >> 16 ^ h) & 0xffff;
}

static void chain_name(const struct fix *x, enum rule_chain c, char *name)
{
	const char *target = x->block[STEP_NOW]->target;

	if (snprintf(name, CHAIN_NAME, "ct-%s-%s-%s", rule_chain_name(c), x->cause, target) >=
	    CHAIN_NAME)
		snprintf(name, CHAIN_NAME, "ct-%s-%.10s-%04x", rule_chain_name(c), x->cause,
			 hash(target));
}

/* What fills our chain; printf's words are lines of iptables-restore's. */
static char *restore_text(const struct fix *x, int six, enum rule_chain c, const char *name)
{
	const struct lines *l = &x->block[STEP_NOW]->ipt[six][c];
	char *text;
	size_t i, size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		no_memory();
	fprintf(out, "printf '%%s\\n' '*%s' ':%s - [0:0]' \\\n", rule_table(c), name);
	for (i = 0; i < l->nr; i++)
		fprintf(out, "  '-A %s %s' \\\n", name, l->line[i]);
	fprintf(out, "  COMMIT | %s%stables-%s-restore -n", x->enter, six ? "ip6" : "ip",
		is_legacy(x) ? "legacy" : "nft");
	if (fclose(out))
		no_memory();
	return text;
}

static void write_step(struct fix *x, int six, enum rule_chain c)
{
	struct step *s = &x->steps->step[x->block[STEP_NOW]->ipt_step[six][c]];
	const char *flavour = is_legacy(x) ? "legacy" : "nft", *prefix = six ? "ip6" : "ip";
	/* only iptables-legacy has a lock that somebody else may hold */
	const char *wait = is_legacy(x) ? " -w" : "";
	char name[CHAIN_NAME], jump[96], tool[160], *restore;

	chain_name(x, c, name);
	restore = restore_text(x, six, c, name);
	snprintf(jump, sizeof(jump), "%s -j %s", rule_base_chain(c), name);
	snprintf(tool, sizeof(tool), "%s%stables-%s%s -t %s", x->enter, prefix, flavour, wait,
		 rule_table(c));
	s->needs = 1u << (is_legacy(x) ? TOOL_IPTABLES_LEGACY : TOOL_IPTABLES_NFT);
	if (asprintf(&s->text, "%s%s &&\n  { %s -C %s 2>/dev/null ||\n    %s -I %s; }", restore, wait,
		     tool, jump, tool, jump) < 0 ||
	    asprintf(&s->test, "%s%s --test", restore, wait) < 0 ||
	    asprintf(&s->undo, "printf '%%s\\n' '*%s' '-D %s' '-F %s' '-X %s' COMMIT | "
		     "%s%stables-%s-restore -n%s", rule_table(c), jump, name, name, x->enter,
		     prefix, flavour, wait) < 0)
		no_memory();
	free(restore);
}

void block_iptables(struct fix *x)
{
	int six, c;

	for (six = 0; x->block[STEP_NOW] && six < 2; six++)
		for (c = 0; c < NR_CHAINS; c++)
			if (x->block[STEP_NOW]->ipt[six][c].nr)
				write_step(x, six, c);
}

void fix_mean_nft(struct steps *st, enum step_when when)
{
	static const char *const tools[] = { "iptables", "ip6tables" };
	struct step *s;
	size_t i;

	for (i = 0; i < 2; i++) {
		s = step_add(st, STEP_FILE, when);
		if (asprintf(&s->text, "update-alternatives --set %s /usr/sbin/%s-nft", tools[i],
			     tools[i]) < 0 ||
		    asprintf(&s->undo, "update-alternatives --set %s /usr/sbin/%s-legacy", tools[i],
			     tools[i]) < 0)
			no_memory();
	}
}
