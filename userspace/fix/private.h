/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of this room share: lines, and rules of either dialect. */
#ifndef CONNTRIAGE_FIX_PRIVATE_H
#define CONNTRIAGE_FIX_PRIVATE_H

#include <stdarg.h>
#include <stdbool.h>

#include "fix/fix.h"
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

/** fix_vline() - as fix_line() */
void fix_vline(const struct fix *x, struct lines *l, const char *fmt, va_list ap);

static inline bool rule_is_nft(const struct fix *x)
{
	return x->dialect == RULES_NFT;
}

/**
 * rule_placed() - whether a rule stands already; then it is counted, not written
 * @family: 4 or 6 for iptables, 0 for nft
 * @chain: of nft; "raw PREROUTING" of iptables
 * @text: as it would be written
 */
bool rule_placed(struct fix *x, int family, const char *chain, const char *text);

/** rule_orphans() - take out comments that announce a rule which isn't written */
void rule_orphans(struct lines *l);

#define EXCEPT_SIZE	1024	/* bytes that rule_except() needs at most */

/**
 * rule_except() - what spares those of @a's exceptions that are of a family
 * @text: takes it with a space before it, or ""; EXCEPT_SIZE bytes
 */
void rule_except(const struct fix *x, const struct fix_source *a, size_t nr, int family,
		 char *text);

/** rule_chain_name() - "pre": limits of iptables are called after it */
const char *rule_chain_name(enum rule_chain c);

/** rule_nft_chain() - our table and one of its chains, unless @l makes them already */
void rule_nft_chain(struct fix *x, struct lines *l, enum rule_chain c);
/**
 * rule_nft() - one rule of nft, and the chain that it needs
 * @expr: may hold characters that mean something to a shell, but no quote
 */
void rule_nft(struct fix *x, struct lines *l, enum rule_chain c, const char *expr);
/**
 * rule_ipt() - one rule for iptables or ip6tables, by @family
 * @spec: what the packet is like, and the target; how to undo it is kept
 */
void rule_ipt(struct fix *x, struct lines *l, int family, enum rule_chain c,
	      const char *spec);
/** rule_stands() - rule_placed() of a chain, in the dialect of @x */
bool rule_stands(struct fix *x, int family, enum rule_chain c, const char *text);
/** rule_either() - one for both families: as @nft, or twice as @ipt has it */
void rule_either(struct fix *x, struct lines *l, enum rule_chain c,
		 const char *nft, const char *ipt);
/** rule_ipt_both() - one for both families, where the dialect is iptables' */
void rule_ipt_both(struct fix *x, struct lines *l, enum rule_chain c,
		   const char *spec);

#endif
