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
	NR_CHAINS
};

void fix_vline(const struct fix *x, struct lines *l, const char *fmt, va_list ap);

static inline bool rule_is_nft(const struct fix *x)
{
	return x->dialect == RULES_NFT;
}

/* The name of a chain, "pre": limits of iptables are called after it */
const char *rule_chain_name(enum rule_chain c);

void rule_nft_chain(struct fix *x, struct lines *l, enum rule_chain c);
/* @expr may hold characters that mean something to a shell, but no quote. */
void rule_nft(struct fix *x, struct lines *l, enum rule_chain c, const char *expr);
/* One rule for the tool of @family; how to undo what is done now is kept. */
void rule_ipt(struct fix *x, struct lines *l, int family, enum rule_chain c,
	      const char *spec);
/* One that is for both families: as nft has it, or twice as iptables has it. */
void rule_either(struct fix *x, struct lines *l, enum rule_chain c,
		 const char *nft, const char *ipt);
/* As iptables has it, where that dialect is known to be it. */
void rule_ipt_both(struct fix *x, struct lines *l, enum rule_chain c,
		   const char *spec);

#endif
