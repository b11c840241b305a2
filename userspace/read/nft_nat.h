/* SPDX-License-Identifier: GPL-2.0 */
/* Rules that give packets another address. */
#ifndef CONNTRIAGE_READ_NFT_NAT_H
#define CONNTRIAGE_READ_NFT_NAT_H

#include <json-c/json.h>
#include <stdbool.h>

#include "read/nft_private.h"
#include "snapshot.h"

/** nft_nat_is() - whether an expression of a rule is such a statement */
bool nft_nat_is(struct json_object *e);

/** nft_nat_add() - note it: how many addresses and ports it chooses from */
void nft_nat_add(struct ruleset *rs, const struct nft_rule *rule, struct json_object *e);

/** nft_nat_target() - likewise for a target of iptables: its text says how many */
void nft_nat_target(struct ruleset *rs, struct nft_rule *rule, const char *name);

/** nft_nat_explain() - what nft's text says of a rule that wasn't clear */
void nft_nat_explain(struct ruleset *rs, const struct nft_rule *rule, const char *line);

#endif
