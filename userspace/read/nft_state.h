/* SPDX-License-Identifier: GPL-2.0 */
/* States of connections in rules, and rules that need conntrack to know their packets. */
#ifndef CONNTRIAGE_READ_NFT_STATE_H
#define CONNTRIAGE_READ_NFT_STATE_H

#include <json-c/json.h>
#include <stdbool.h>

#include "read/nft_private.h"
#include "snapshot.h"

enum state_hook { STATE_INPUT, STATE_FORWARD, STATE_OUTPUT, STATE_HOOKS };

/** nft_state_is() - whether an expression is "ct state", masked or not */
bool nft_state_is(struct json_object *o);

/** nft_state_names() - whether a value has a state, in whatever list or set it stands */
bool nft_state_names(struct json_object *o, const char *state);

/**
 * nft_state_says() - whether a line of nft's text has "ct state" with a state named
 * @negated: set to whether it is "!" or "!="
 */
bool nft_state_says(const char *line, const char *state, bool *negated);

/** nft_state_base() - a base chain of this hook, as nft calls it */
void nft_state_base(struct nft_chain *c, const char *hook);

/** nft_state_is_tracked() - whether states are such that only tracked packets have */
bool nft_state_is_tracked(struct json_object *states);

/** nft_state_note() - a rule accepts packets by conntrack's state */
void nft_state_note(struct ruleset *rs, const struct nft_rule *rule);

/** nft_state_rule() - look at a rule that has been read; its expressions are @expr */
void nft_state_rule(struct ruleset *rs, const struct nft_rule *rule, struct json_object *expr);

/** nft_state_explain() - what nft's text says of a rule that wasn't clear */
void nft_state_explain(struct ruleset *rs, const struct nft_rule *rule, const char *line);

/**
 * nft_state_follow() - packets get from one chain to another
 * @always: all that come to this rule do
 *
 * Return: whether that is news.
 */
bool nft_state_follow(const struct nft_chain *from, struct nft_chain *to, bool always);

/** nft_state_summarise() - fill the members of @rules but ->stateful; @rs has its chain */
void nft_state_summarise(struct ruleset *rs, struct rules *rules);

#endif
