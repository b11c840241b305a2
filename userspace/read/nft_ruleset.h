/* SPDX-License-Identifier: GPL-2.0 */
/* What an nft ruleset does to conntrack: who wrote it, what it drops. */
#ifndef CONNTRIAGE_READ_NFT_RULESET_H
#define CONNTRIAGE_READ_NFT_RULESET_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/text.h"
#include "snapshot.h"

struct ruleset;

/**
 * ruleset_parse() - read the output of "nft -j list ruleset"
 * @file: name for messages
 * @json: @len bytes
 *
 * Return: a ruleset for ruleset_free(), or NULL with @fault filled.
 */
struct ruleset *ruleset_parse(const char *file, const char *json, size_t len,
			      struct fault *fault);
void ruleset_free(struct ruleset *rs);

/**
 * ruleset_needs_text() - whether rules came with iptables' own matches
 *
 * JSON names these without saying what they match; nft's text translates them.
 */
bool ruleset_needs_text(const struct ruleset *rs);

/**
 * ruleset_explain() - look such rules up in the output of "nft -a list ruleset"
 * @text: NUL-terminated; written to
 */
void ruleset_explain(struct ruleset *rs, char *text);

/** ruleset_summarise() - fill the members of @rules that nft tables decide */
void ruleset_summarise(struct ruleset *rs, struct rules *rules);

/**
 * ruleset_placed() - rules that fix/ could have written, in its words
 * @s: takes them: ->placed
 */
void ruleset_placed(const struct ruleset *rs, struct snapshot *s);

/** ruleset_owners() - whose tables and chains there are: 1u << OWNER_* */
unsigned int ruleset_owners(const struct ruleset *rs);

#endif
