/* SPDX-License-Identifier: GPL-2.0 */
/* What nft_ruleset.c finds in a ruleset and nft_meaning.c makes of it. */
#ifndef CONNTRIAGE_READ_NFT_PRIVATE_H
#define CONNTRIAGE_READ_NFT_PRIVATE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snapshot.h"

#define NOWHERE		SIZE_MAX

struct nft_table {
	const char *family, *name;
	bool standard;		/* all base chains are as iptables-nft makes them */
	bool base, xt, rules;
};

struct nft_chain {
	const char *family, *table, *name;
	size_t table_nr;
	bool early, late;	/* packets get here before, after conntrack */
	bool whole;			/* a base chain that all traffic of a direction passes */
	bool drops, spares;	/* an unconditional drop; any accept or return */
	/* 1u << enum state_hook: of these, packets may get here, or all that are left do */
	unsigned int hooks, always;
	bool by_state;		/* a rule accepts by conntrack's state */
};

struct nft_jump {
	size_t from, to;
	bool always;		/* the rule matches everything */
};

/* What a rule is about, as far as conntrack cares */
struct nft_rule {
	size_t chain;
	long long handle;
	size_t target;		/* of a jump or goto, or NOWHERE */
	bool drop;
	bool invalid;		/* matches INVALID packets, by conntrack's word */
	bool unsound;		/* matches what can't be valid, by itself */
	bool unclear;		/* has a match that only nft's text explains */
	bool match;		/* has any match */
	bool by_state;		/* matches established, related or new packets */
	bool spares;
};

struct ruleset {
	struct json_object *root;	/* owns every name */
	struct json_object *tables, *chains;	/* key -> index */
	struct json_object *handles;		/* key -> index into rule */
	struct nft_table *table;
	struct nft_chain *chain;
	struct nft_jump *jump;
	struct nft_rule *rule;		/* those that may matter */
	size_t nr_tables, nr_chains, nr_jumps, nr_rules;
	bool notrack;
	size_t stateful;		/* chain of the first rule that needs state */
	struct source_nat source_nat[NAMED_SOURCE_NATS];
	size_t nr_source_nat;
	bool dnat;
	bool too_big;			/* some limit of read/limits.h */
};

/*
 * Where a name's item is in the array that @index belongs to, or NOWHERE. Names are
 * joined by spaces, which nft's names lack.
 */
size_t nft_index_find(struct json_object *index, const char *a, const char *b,
		      const char *c);

/** nft_table_is_ours() - whether fix/ calls its tables so */
bool nft_table_is_ours(const char *family, const char *table);

#endif
