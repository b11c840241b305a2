// SPDX-License-Identifier: GPL-2.0
/*
 * From nft's JSON to what matters of chains and rules: which base chains lead
 * to a rule, and what the rule is about. Packets are followed no further.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/limits.h"
#include "read/nft_json.h"
#include "read/nft_nat.h"
#include "read/nft_private.h"
#include "read/nft_ruleset.h"
#include "read/nft_state.h"

#define JSON_DEPTH	32
#define JUMP_DEPTH	16	/* the kernel's own limit of nested jumps */
#define CONNTRACK_PRIO	(-200)

static void nft_index_add(struct json_object *index, size_t nr, const char *a,
			  const char *b, const char *c)
{
	char key[512];

	snprintf(key, sizeof(key), "%s %s %s", a, b, c);
	json_object_object_add(index, key, json_object_new_int64(nr));
}

size_t nft_index_find(struct json_object *index, const char *a,
		      const char *b, const char *c)
{
	struct json_object *nr;
	char key[512];

	snprintf(key, sizeof(key), "%s %s %s", a, b, c);
	if (!json_object_object_get_ex(index, key, &nr))
		return NOWHERE;
	return json_object_get_int64(nr);
}

static size_t find_table(struct ruleset *rs, const char *family,
			 const char *name)
{
	static const char *const iptables[] = {
		"filter", "nat", "mangle", "raw", "security",
	};
	size_t i, nr = nft_index_find(rs->tables, family, name, "");
	struct nft_table *t;

	if (nr != NOWHERE)
		return nr;
	nr = rs->nr_tables;
	t = grow(&rs->table, &rs->nr_tables, sizeof(*t));
	t->family = family;
	t->name = name;
	for (i = 0; i < ARRAY_SIZE(iptables); i++)
		if ((!strcmp(family, "ip") || !strcmp(family, "ip6")) &&
		    !strcmp(name, iptables[i]))
			t->standard = true;
	nft_index_add(rs->tables, nr, family, name, "");
	return nr;
}

static void add_base(struct ruleset *rs, struct nft_chain *c, const char *hook,
		     struct json_object *o)
{
	struct nft_table *t = &rs->table[c->table_nr];
	const char *policy = nft_string(o, "policy");
	int64_t prio = json_object_get_int64(nft_get(o, "prio"));
	const char *a, *b;

	/* iptables-nft names a base chain as its hook, in upper case. */
	for (a = c->name, b = hook; *a && *a == *b - 'a' + 'A'; a++, b++)
		;
	if (*a || *b)
		t->standard = false;
	t->base = true;
	if (policy && !strcmp(policy, "drop"))
		t->rules = c->drops = true;
	nft_state_base(c, hook);
	c->whole = !strcmp(hook, "prerouting") || !strcmp(hook, "output");

	if (!strcmp(hook, "ingress") ||
	    ((!strcmp(hook, "prerouting") || !strcmp(hook, "output")) &&
	     prio < CONNTRACK_PRIO))
		c->early = true;
	else
		c->late = true;
}

static void add_chain(struct ruleset *rs, struct json_object *o)
{
	const char *family = nft_string(o, "family");
	const char *table = nft_string(o, "table");
	const char *name = nft_string(o, "name");
	const char *hook = nft_string(o, "hook");
	struct nft_chain *c;
	size_t nr;

	if (!family || !table || !name)
		return;
	if (rs->nr_chains == READ_MAX_CHAINS) {
		rs->too_big = true;
		return;
	}
	nr = rs->nr_chains;
	c = grow(&rs->chain, &rs->nr_chains, sizeof(*c));
	c->family = family;
	c->table = table;
	c->name = name;
	c->table_nr = find_table(rs, family, table);
	nft_index_add(rs->chains, nr, family, table, name);
	if (hook)
		add_base(rs, c, hook, o);
}

static bool is_tcp_flags(struct json_object *o)
{
	struct json_object *payload = nft_get(o, "payload");
	struct json_object *masked = nft_get(o, "&");
	const char *protocol = nft_string(payload, "protocol");
	const char *field = nft_string(payload, "field");

	if (protocol && field)
		return !strcmp(protocol, "tcp") && !strcmp(field, "flags");
	return json_object_is_type(masked, json_type_array) &&
	       is_tcp_flags(json_object_array_get_idx(masked, 0));
}

static void add_match(struct nft_rule *rule, struct json_object *match)
{
	struct json_object *left = nft_get(match, "left"), *right = nft_get(match, "right");
	const char *op = nft_string(match, "op");
	bool negated = op && *op == '!';

	/* "ip saddr 0.0.0.0/0" is everybody */
	if (nft_has(nft_get(right, "prefix"), "len") && !negated &&
	    !json_object_get_int(nft_get(nft_get(right, "prefix"), "len")))
		return;
	rule->match = true;
	if (nft_state_is(left)) {
		if (nft_state_names(right, "invalid") != negated)
			rule->invalid = true;
		rule->by_state |= !negated && nft_state_is_tracked(right);
	} else if (is_tcp_flags(left) || nft_has(left, "fib")) {
		rule->unsound = true;
	}
}

/* Matches and targets of iptables that nft has no words of its own for */
static void add_xt(struct ruleset *rs, struct nft_rule *rule,
		   struct json_object *xt)
{
	const char *type = nft_string(xt, "type");
	const char *name = nft_string(xt, "name");

	rs->table[rs->chain[rule->chain].table_nr].xt = true;
	if (!type || !name) {		/* older nft: "xt": null */
		rule->unclear = rule->match = true;
		return;
	}
	if (!strcmp(type, "target")) {
		if (!strcmp(name, "REJECT"))
			rule->drop = true;
		else if (!strcmp(name, "NOTRACK"))
			rs->notrack = true;
		else if (!strcmp(name, "CT"))
			rule->unclear = true;
		else
			nft_nat_target(rs, rule, name);
		return;
	}
	rule->match = true;
	if (!strcmp(name, "conntrack") || !strcmp(name, "state"))
		rule->unclear = true;
	else if (!strcmp(name, "rpfilter"))
		rule->unsound = true;
}

static void add_jump(struct ruleset *rs, struct nft_rule *rule,
		     struct json_object *verdict)
{
	const struct nft_chain *from = &rs->chain[rule->chain];
	const char *name = nft_string(verdict, "target");
	struct nft_jump *j;
	size_t to;

	if (!name)
		return;
	to = nft_index_find(rs->chains, from->family, from->table, name);
	if (to == NOWHERE)
		return;
	rule->target = to;
	if (rs->nr_jumps == READ_MAX_JUMPS) {
		rs->too_big = true;
		return;
	}
	j = grow(&rs->jump, &rs->nr_jumps, sizeof(*j));
	j->from = rule->chain;
	j->to = to;
	j->always = !rule->match;
}

static void add_verdict(struct ruleset *rs, struct nft_rule *rule,
			struct json_object *o)
{
	if (nft_has(o, "drop") || nft_has(o, "reject"))
		rule->drop = true;
	else if (nft_has(o, "accept") || nft_has(o, "return") || nft_has(o, "queue"))
		rule->spares = true;
	else if (nft_has(o, "jump"))
		add_jump(rs, rule, nft_get(o, "jump"));
	else if (nft_has(o, "goto"))
		add_jump(rs, rule, nft_get(o, "goto"));
}

/* { "key": KEY, "data": { "set": [ [ VALUE, VERDICT ], ... ] } } */
static void add_vmap(struct ruleset *rs, struct nft_rule *rule,
		     struct json_object *vmap)
{
	struct json_object *set = nft_get(nft_get(vmap, "data"), "set");
	bool state = nft_state_is(nft_get(vmap, "key"));
	struct nft_rule other;
	size_t i;

	rule->match = true;
	if (!json_object_is_type(set, json_type_array)) {
		/* a named map may hold anything */
		rs->chain[rule->chain].spares = true;
		if (state)
			nft_state_note(rs, rule);
		return;
	}
	for (i = 0; i < json_object_array_length(set); i++) {
		struct json_object *pair = json_object_array_get_idx(set, i);
		struct json_object *verdict;

		if (!json_object_is_type(pair, json_type_array) ||
		    json_object_array_length(pair) != 2)
			continue;
		verdict = json_object_array_get_idx(pair, 1);
		if (state && nft_state_names(json_object_array_get_idx(pair, 0), "invalid")) {
			rule->invalid = true;
			add_verdict(rs, rule, verdict);
		} else {
			other = (struct nft_rule) { .chain = rule->chain };
			other.match = true;
			add_verdict(rs, &other, verdict);
			rs->chain[rule->chain].spares |= other.spares;
			if (state && nft_state_is_tracked(json_object_array_get_idx(pair, 0)) &&
			    (other.spares || nft_has(verdict, "jump") || nft_has(verdict, "goto")))
				nft_state_note(rs, rule);
		}
	}
}

static void keep_rule(struct ruleset *rs, const struct nft_rule *rule)
{
	const struct nft_chain *c = &rs->chain[rule->chain];
	char handle[24];

	if (rs->nr_rules == READ_MAX_RULES) {
		rs->too_big = true;
		return;
	}
	snprintf(handle, sizeof(handle), "%lld", rule->handle);
	if (rule->unclear)
		nft_index_add(rs->handles, rs->nr_rules, c->family, c->table,
			      handle);
	*(struct nft_rule *)grow(&rs->rule, &rs->nr_rules, sizeof(*rule)) =
		*rule;
}

static void add_rule(struct ruleset *rs, struct json_object *o)
{
	const char *family = nft_string(o, "family");
	const char *table = nft_string(o, "table");
	const char *name = nft_string(o, "chain");
	struct json_object *expr = nft_get(o, "expr");
	struct nft_rule rule = { .target = NOWHERE };
	struct nft_chain *c;
	size_t i;

	if (!family || !table || !name ||
	    !json_object_is_type(expr, json_type_array))
		return;
	rule.chain = nft_index_find(rs->chains, family, table, name);
	if (rule.chain == NOWHERE)
		return;
	rule.handle = json_object_get_int64(nft_get(o, "handle"));
	c = &rs->chain[rule.chain];
	rs->table[c->table_nr].rules = true;

	for (i = 0; i < json_object_array_length(expr); i++) {
		struct json_object *e = json_object_array_get_idx(expr, i);

		if (nft_has(e, "match"))
			add_match(&rule, nft_get(e, "match"));
		else if (nft_has(e, "vmap"))
			add_vmap(rs, &rule, nft_get(e, "vmap"));
		else if (nft_has(e, "xt"))
			add_xt(rs, &rule, nft_get(e, "xt"));
		else if (nft_has(e, "notrack"))
			rs->notrack = true;
		else if (nft_nat_is(e))
			nft_nat_add(rs, &rule, e);
		else if (nft_has(e, "limit"))
			rule.match = true;
		else
			add_verdict(rs, &rule, e);
	}
	c->spares |= rule.spares;
	c->drops |= rule.drop && !rule.match;
	nft_state_rule(rs, &rule, expr);
	if (rule.unclear || ((rule.invalid || rule.unsound) &&
			     (rule.drop || rule.target != NOWHERE)))
		keep_rule(rs, &rule);
}

/* Chains that packets get to from a base chain, however deep */
static void follow_jumps(struct ruleset *rs)
{
	bool changed = true;
	size_t i;
	int depth;

	for (depth = 0; changed && depth < JUMP_DEPTH; depth++) {
		changed = false;
		for (i = 0; i < rs->nr_jumps; i++) {
			const struct nft_chain *from = &rs->chain[rs->jump[i].from];
			struct nft_chain *to = &rs->chain[rs->jump[i].to];

			changed |= nft_state_follow(from, to, rs->jump[i].always);
			if ((from->early && !to->early) ||
			    (from->late && !to->late)) {
				to->early |= from->early;
				to->late |= from->late;
				changed = true;
			}
		}
	}
}

/* Brackets, in strings too: each may cost half a KiB of memory. */
static size_t count_nodes(const char *json, size_t len)
{
	size_t i, nr = 0;

	for (i = 0; i < len; i++)
		nr += json[i] == '{' || json[i] == '[';
	return nr;
}

static struct json_object *parse_json(const char *file, const char *json,
				      size_t len, struct fault *fault)
{
	struct json_object *root = NULL;
	struct json_tokener *tok;
	unsigned int line = 1;
	size_t i, end;

	if (count_nodes(json, len) > READ_MAX_RULESET_NODES) {
		fault_at(fault, file, 0, "more than %d objects and lists; look yourself: "
			 "nft -t list ruleset",
			 READ_MAX_RULESET_NODES);
		return NULL;
	}
	tok = json_tokener_new_ex(JSON_DEPTH);
	if (!tok) {
		fault_at(fault, file, 0, "out of memory; free some");
		return NULL;
	}
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	/* With its NUL, or a number at the very end would look unfinished. */
	root = json_tokener_parse_ex(tok, json, len + 1);
	if (!root) {
		end = json_tokener_get_parse_end(tok);
		for (i = 0; i < end && i < len; i++)
			line += json[i] == '\n';
		fault_at(fault, file, line, "not JSON (%s)",
			 json_tokener_error_desc(json_tokener_get_error(tok)));
	}
	json_tokener_free(tok);
	return root;
}

static void add_all(struct ruleset *rs, struct json_object *list,
		    const char *kind,
		    void (*add)(struct ruleset *rs, struct json_object *o))
{
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (nft_has(o, kind))
			add(rs, nft_get(o, kind));
	}
}

struct ruleset *ruleset_parse(const char *file, const char *json, size_t len,
			      struct fault *fault)
{
	struct json_object *root = parse_json(file, json, len, fault);
	struct json_object *list;
	struct ruleset *rs;

	if (!root)
		return NULL;
	list = nft_get(root, "nftables");
	if (!json_object_is_type(list, json_type_array)) {
		fault_at(fault, file, 1, "no list \"nftables\"; "
			 "not the output of nft -j list ruleset");
		json_object_put(root);
		return NULL;
	}
	rs = calloc(1, sizeof(*rs));
	if (!rs) {
		fault_at(fault, file, 0, "out of memory; free some");
		json_object_put(root);
		return NULL;
	}
	rs->root = root;
	rs->stateful = NOWHERE;
	rs->tables = json_object_new_object();
	rs->chains = json_object_new_object();
	rs->handles = json_object_new_object();
	/* Rules name chains that may come after them. */
	add_all(rs, list, "chain", add_chain);
	add_all(rs, list, "rule", add_rule);
	follow_jumps(rs);
	return rs;
}

void ruleset_free(struct ruleset *rs)
{
	if (!rs)
		return;
	json_object_put(rs->tables);
	json_object_put(rs->chains);
	json_object_put(rs->handles);
	json_object_put(rs->root);
	free(rs->table);
	free(rs->chain);
	free(rs->jump);
	free(rs->rule);
	free(rs);
}
