/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of this room share: commands, and rules of either dialect. */
#ifndef CONNTRIAGE_FIX_PRIVATE_H
#define CONNTRIAGE_FIX_PRIVATE_H

#include <stdarg.h>
#include <stdbool.h>

#include "fix/fix.h"
#include "fix/steps.h"
#include "lib/lines.h"
#include "snapshot.h"

#define NFT_SYN		"tcp flags & (fin|syn|rst|ack) == syn"

/* The chains that rules go to; rules.c says what they are called. */
enum rule_chain {
	CHAIN_PRE,		/* all that comes in, before conntrack */
	CHAIN_OUT,		/* all that this host sends, before conntrack */
	CHAIN_NEW,		/* all that comes in, after conntrack */
	CHAIN_NEW_OUT,		/* all that this host sends, after conntrack */
	CHAIN_INPUT,		/* what is for this host */
	CHAIN_FORWARD,		/* what passes through */
	CHAIN_OUTPUT,		/* what this host sends */
	NR_CHAINS
};

/* The rules of a cure that become one command */
struct rule_block {
	char target[48];	/* what they are about, as a part of a name */
	size_t step;		/* that takes the command, by its number */
	bool sets;		/* they use the sets new4 and new6 */
	struct lines rule[NR_CHAINS];	/* of nft */
	/* Of iptables, and of ip6tables; with the number of the step of each */
	struct lines ipt[2][NR_CHAINS];
	size_t ipt_step[2][NR_CHAINS];
};

/** fix_command() - a step that runs a command in the namespace; add its undo */
struct step *fix_command(struct fix *x, enum step_kind kind, enum step_when when,
			 unsigned int needs, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* It may be there; what isn't known isn't said to be missing. */
static inline bool tool_there(const struct snapshot *s, enum tool tool)
{
	return !s->tools.known || s->tools.there & (1u << tool);
}

static inline bool rule_is_nft(const struct fix *x)
{
	return x->dialect == RULES_NFT;
}

/**
 * rule_placed() - whether a rule stands already; then it is counted, not written
 * @when: for good only where it is kept for the next boot, too
 * @family: 4 or 6 for iptables, 0 for nft
 * @chain: of nft; "raw PREROUTING" of iptables
 * @text: as it would be written
 */
bool rule_placed(struct fix *x, enum step_when when, int family, const char *chain,
		 const char *text);

#define EXCEPT_SIZE	1024	/* bytes that rule_except() needs at most */

/**
 * rule_except() - what spares those of @a's exceptions that are of a family
 * @text: takes it with a space before it, or ""; EXCEPT_SIZE bytes
 */
void rule_except(const struct fix *x, const struct fix_source *a, size_t nr, int family,
		 char *text);

/* "pre", as our chains are called, "prerouting", "raw"; and of iptables */
const char *rule_chain_name(enum rule_chain c);
const char *rule_hook(enum rule_chain c);
const char *rule_priority(enum rule_chain c);
const char *rule_table(enum rule_chain c);
const char *rule_base_chain(enum rule_chain c);

/** block_of() - the rules that are being put together, empty at first */
struct rule_block *block_of(struct fix *x, enum step_when when);

/**
 * rule_about() - what the rules that follow are about: their table's name ends with it
 * @target: an address, a port; the first one counts
 */
void rule_about(struct fix *x, enum step_when when, const char *target);

/** rule_sets() - the rules for good use the dynamic sets new4 and new6 */
void rule_sets(struct fix *x);

/** rule_nft() - one rule of nft */
void rule_nft(struct fix *x, enum step_when when, enum rule_chain c, const char *expr);
/**
 * rule_ipt() - one rule for iptables or ip6tables, by @family
 * @spec: what the packet is like, and the target
 */
void rule_ipt(struct fix *x, enum step_when when, int family, enum rule_chain c,
	      const char *spec);
/** rule_stands() - rule_placed() of a chain, in the dialect of @x */
bool rule_stands(struct fix *x, enum step_when when, int family, enum rule_chain c,
		 const char *text);
/** rule_either() - one for a family, 0: for both; as @nft, or as @ipt has it */
void rule_either(struct fix *x, int family, enum rule_chain c, const char *nft,
		 const char *ipt);

/**
 * rule_to() - "ip daddr 10.0.0.1 tcp dport 443", or as iptables has it
 *
 * Before NAT: what the packet itself says, in a chain before it is translated.
 */
void rule_to(const struct fix *x, const struct fix_target *to, char *text, size_t size);

/** block_name() - "conntriage-flood-10.0.0.1", or with "keep-" for good; TABLE_NAME bytes */
void block_name(const struct fix *x, enum step_when when, char *name);

/** block_iptables() - write the steps of the rules for iptables */
void block_iptables(struct fix *x);

/**
 * block_text() - the rules as one transaction of nft, that replaces their table
 *
 * Return: to be free()d.
 */
char *block_text(const struct fix *x, enum step_when when);

#endif
