// SPDX-License-Identifier: GPL-2.0
/*
 * The chains that rules go to, and the rules of a cure while they are put together.
 *
 * Conntrack runs at priority -200. "raw" is -300: a packet dropped there costs
 * no entry. "mangle" is -150: conntrack has judged the packet, but an entry
 * enters the table only at confirmation, so a packet dropped there leaves
 * nothing behind either.
 */
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "fix/steps.h"
#include "lib/memory.h"
#include "snapshot.h"

static const struct {
	const char *name, *hook, *priority;	/* nft */
	const char *table, *chain;		/* iptables */
} chains[NR_CHAINS] = {
	[CHAIN_PRE] = { "pre", "prerouting", "raw", "raw", "PREROUTING" },
	[CHAIN_OUT] = { "out", "output", "raw", "raw", "OUTPUT" },
	[CHAIN_NEW] = { "new", "prerouting", "mangle", "mangle", "PREROUTING" },
	[CHAIN_NEW_OUT] = { "new_out", "output", "mangle", "mangle", "OUTPUT" },
	/* Before the host's own rules, which may drop what is INVALID */
	[CHAIN_INPUT] = { "to_host", "input", "filter - 5", "filter", "INPUT" },
	[CHAIN_FORWARD] = { "through", "forward", "filter - 5", "filter", "FORWARD" },
	[CHAIN_OUTPUT] = { "from_host", "output", "filter - 5", "filter", "OUTPUT" },
};

const char *rule_chain_name(enum rule_chain c)
{
	return chains[c].name;
}

const char *rule_hook(enum rule_chain c)
{
	return chains[c].hook;
}

const char *rule_priority(enum rule_chain c)
{
	return chains[c].priority;
}

const char *rule_table(enum rule_chain c)
{
	return chains[c].table;
}

const char *rule_base_chain(enum rule_chain c)
{
	return chains[c].chain;
}

struct rule_block *block_of(struct fix *x, enum step_when when)
{
	size_t nr = 0;

	if (!x->block[when])
		grow(&x->block[when], &nr, sizeof(*x->block[when]));
	return x->block[when];
}

/* An identifier of nft, and a file's name: "2001-db8--1_64" */
void rule_about(struct fix *x, enum step_when when, const char *target)
{
	struct rule_block *b = block_of(x, when);
	char *c;

	if (b->target[0])
		return;
	snprintf(b->target, sizeof(b->target), "%s", target);
	for (c = b->target; *c; c++) {
		if (*c == '/')
			*c = '_';
		else if (!strchr("0123456789abcdefghijklmnopqrstuvwxyz.-_", *c))
			*c = '-';
	}
}

void rule_sets(struct fix *x)
{
	block_of(x, STEP_FOR_GOOD)->sets = true;
}

bool rule_stands(struct fix *x, enum step_when when, int family, enum rule_chain c,
		 const char *text)
{
	char where[48];

	if (rule_is_nft(x))
		return rule_placed(x, when, 0, chains[c].name, text);
	snprintf(where, sizeof(where), "%s %s", chains[c].table, chains[c].chain);
	return rule_placed(x, when, family, where, text);
}
