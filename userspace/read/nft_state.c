// SPDX-License-Identifier: GPL-2.0
/*
 * Rules that need conntrack to know their packets: what isn't tracked has the state
 * "untracked", no mark, and is no reply to anything (nft_ct_get_eval() of the kernel's
 * net/netfilter/nft_ct.c). Where a hook drops what no rule accepts, and a rule accepts by
 * state, a "notrack" would cut off who is let in by it.
 */
#include <string.h>

#include "lib/numbers.h"
#include "read/nft_json.h"
#include "read/nft_private.h"
#include "read/nft_state.h"
#include "snapshot.h"

static const char *const tracked[] = { "established", "related", "new" };

bool nft_state_names(struct json_object *o, const char *state)
{
	size_t i;

	if (json_object_is_type(o, json_type_string))
		return !strcmp(json_object_get_string(o), state);
	if (json_object_is_type(o, json_type_array)) {
		for (i = 0; i < json_object_array_length(o); i++)
			if (nft_state_names(json_object_array_get_idx(o, i), state))
				return true;
		return false;
	}
	if (json_object_is_type(o, json_type_object)) {
		json_object_object_foreach(o, key, value) {
			(void)key;
			if (nft_state_names(value, state))
				return true;
		}
	}
	return false;
}

bool nft_state_is(struct json_object *o)
{
	const char *key = nft_string(nft_get(o, "ct"), "key");
	struct json_object *masked = nft_get(o, "&");

	if (key)
		return !strcmp(key, "state");
	return json_object_is_type(masked, json_type_array) &&
	       nft_state_is(json_object_array_get_idx(masked, 0));
}

/* "ct state invalid,new", "ct state ! new", "ct state != new" */
bool nft_state_says(const char *line, const char *state, bool *negated)
{
	const char *word = strstr(line, "ct state ");
	bool named = false;
	size_t len;

	*negated = false;
	if (!word)
		return false;
	word += strlen("ct state ");
	if (*word == '!') {
		*negated = true;
		word += strcspn(word, " ");
		word += strspn(word, " ");
	}
	while (*word && *word != ' ') {
		len = strcspn(word, ", ");
		if (len == strlen(state) && !strncmp(word, state, len))
			named = true;
		word += len;
		if (*word == ',')
			word++;
	}
	return named;
}

void nft_state_base(struct nft_chain *c, const char *hook)
{
	static const char *const names[STATE_HOOKS] = {
		[STATE_INPUT] = "input",
		[STATE_FORWARD] = "forward",
		[STATE_OUTPUT] = "output",
	};
	size_t i;

	for (i = 0; i < STATE_HOOKS; i++)
		if (!strcmp(hook, names[i]))
			c->hooks = c->always = 1u << i;
}

bool nft_state_is_tracked(struct json_object *states)
{
	size_t i;

	if (nft_state_names(states, "untracked"))
		return false;
	for (i = 0; i < ARRAY_SIZE(tracked); i++)
		if (nft_state_names(states, tracked[i]))
			return true;
	return false;
}

/* Ours are no reason: whatever they don't meet gets through. */
static void note_place(struct ruleset *rs, const struct nft_rule *rule)
{
	if (rs->stateful == NOWHERE &&
	    strncmp(rs->chain[rule->chain].table, "conntriage", strlen("conntriage")))
		rs->stateful = rule->chain;
}

void nft_state_note(struct ruleset *rs, const struct nft_rule *rule)
{
	rs->chain[rule->chain].by_state = true;
	note_place(rs, rule);
}

static bool accepts(const struct nft_rule *rule)
{
	return rule->spares || rule->target != NOWHERE;
}

/* Marks, zones, helpers, counters of a connection: all but its state, at any depth */
static bool uses_connection(struct json_object *o)
{
	const char *key = nft_string(nft_get(o, "ct"), "key");
	size_t i;

	if (key && strcmp(key, "state"))
		return true;
	if (nft_has(o, "ct helper") || nft_has(o, "ct timeout"))
		return true;
	if (json_object_is_type(o, json_type_array)) {
		for (i = 0; i < json_object_array_length(o); i++)
			if (uses_connection(json_object_array_get_idx(o, i)))
				return true;
	} else if (json_object_is_type(o, json_type_object)) {
		json_object_object_foreach(o, name, value) {
			(void)name;
			if (uses_connection(value))
				return true;
		}
	}
	return false;
}

/* Matches and targets of iptables that are about a connection */
static bool is_connection_xt(struct json_object *e)
{
	static const char *const names[] = {
		"connmark", "CONNMARK", "connlabel", "connbytes", "helper", "CONNSECMARK",
	};
	const char *name = nft_string(nft_get(e, "xt"), "name");
	size_t i;

	for (i = 0; name && i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

void nft_state_rule(struct ruleset *rs, const struct nft_rule *rule, struct json_object *expr)
{
	size_t i;

	if (rule->by_state && accepts(rule))
		nft_state_note(rs, rule);
	if (rs->stateful != NOWHERE)
		return;
	for (i = 0; i < json_object_array_length(expr); i++) {
		struct json_object *e = json_object_array_get_idx(expr, i);

		if (is_connection_xt(e) || uses_connection(e))
			note_place(rs, rule);
	}
}

void nft_state_explain(struct ruleset *rs, const struct nft_rule *rule, const char *line)
{
	bool negated, found = false;
	const char *ct = line;
	size_t i;

	for (; (ct = strstr(ct, "ct ")); ct += strlen("ct "))
		if ((ct == line || ct[-1] == ' ' || ct[-1] == '\t') &&
		    strncmp(ct, "ct state ", strlen("ct state ")))
			note_place(rs, rule);
	if (!accepts(rule) || nft_state_says(line, "untracked", &negated))
		return;
	for (i = 0; i < ARRAY_SIZE(tracked); i++)
		found |= nft_state_says(line, tracked[i], &negated);
	if (found && !negated)
		nft_state_note(rs, rule);
}

bool nft_state_follow(const struct nft_chain *from, struct nft_chain *to, bool always)
{
	unsigned int hooks = to->hooks | from->hooks;
	unsigned int all = to->always | (always ? from->always : 0);
	bool news = hooks != to->hooks || all != to->always;

	to->hooks = hooks;
	to->always = all;
	return news;
}

/* Chains of one hook are taken together: a packet passes all its base chains. */
void nft_state_summarise(struct ruleset *rs, struct rules *rules)
{
	unsigned int drops = 0, states = 0;
	size_t i;

	/* What nobody could translate may be a state. */
	for (i = 0; i < rs->nr_rules; i++)
		if (rs->rule[i].unclear && accepts(&rs->rule[i]))
			nft_state_note(rs, &rs->rule[i]);
	for (i = 0; i < rs->nr_chains; i++) {
		const struct nft_chain *c = &rs->chain[i];

		if (c->drops)
			drops |= c->always;
		if (c->by_state)
			states |= c->hooks;
	}
	drops &= states;
	rules->stateful_input = drops & 1u << STATE_INPUT;
	rules->stateful_forward = drops & 1u << STATE_FORWARD;
	rules->stateful_output = drops & 1u << STATE_OUTPUT;
}
