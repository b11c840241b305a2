// SPDX-License-Identifier: GPL-2.0
/* "nft list ruleset" as people read it: what of its rules matters to conntrack. */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/rules_text.h"

static void skip_tokens(char **text, int nr)
{
	while (nr-- && next_token(text))
		;
}

/* Where in the text the line is */
struct place {
	char family[16], table[128], chain[128];
	bool has_table, has_chain;
	bool other;		/* within a set, a map and the like */
};

/* Names of priorities, as nft(8) has them; of the family bridge others */
static int priority(const char *text, const char *family)
{
	static const struct {
		const char *name;
		int prio, bridge;
	} names[] = {
		{ "raw", -300, 0 }, { "mangle", -150, 0 }, { "dstnat", -100, -300 },
		{ "filter", 0, -200 }, { "security", 50, 0 }, { "srcnat", 100, 300 },
		{ "out", 100, 100 },
	};
	int base = 0, offset = 0;
	char name[16], sign;
	size_t i;

	if (sscanf(text, "%d", &base) == 1)
		return base;
	if (sscanf(text, "%15[a-z] %c %d", name, &sign, &offset) == 3)
		offset = sign == '-' ? -offset : offset;
	else if (sscanf(text, "%15[a-z]", name) != 1)
		return 0;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i].name))
			base = strcmp(family, "bridge") ? names[i].prio : names[i].bridge;
	return base + offset;
}

/* "type filter hook input priority filter; policy drop;" */
static void add_base(struct json_object *list, const struct place *at, const char *line)
{
	const char *hook = strstr(line, " hook "), *prio = strstr(line, " priority ");
	const char *policy = strstr(line, " policy ");
	char word[16], decision[16] = "";

	if (!hook || sscanf(hook, " hook %15[a-z]", word) != 1)
		return;
	if (policy)
		sscanf(policy, " policy %15[a-z]", decision);
	rules_add_chain(list, at->family, at->table, at->chain, word,
			prio ? priority(prio + strlen(" priority "), at->family) : 0,
			*decision ? decision : NULL);
}

/* What stands in braces, whose first is @word; the text goes on behind the last */
static void take_braces(char **text, char *word, char *all, size_t size)
{
	size_t used = 0;
	int depth = 0;

	do {
		used += snprintf(all + used, size - used, "%s ", word);
		if (used >= size)
			used = size - 1;
		depth += *word == '{';
		depth -= word[strlen(word) - 1] == '}';
	} while (depth > 0 && (word = next_token(text)));
}

/* "{ established : accept, invalid : drop, new : jump fresh }" */
static void add_vmap(struct rule_text *r, bool state, char *pairs)
{
	struct json_object *vmap = json_object_new_object(), *key = json_object_new_object();
	struct json_object *set = json_object_new_array(), *data = json_object_new_object();
	struct rule_text verdict;
	char *pair, *colon, *word;

	while ((pair = strsep(&pairs, ",{}"))) {
		struct json_object *both;

		colon = strstr(pair, " : ");
		if (!colon)
			continue;
		*colon = '\0';
		colon += strlen(" : ");
		word = next_token(&colon);
		verdict = (struct rule_text) { .expr = json_object_new_array() };
		if (word && rule_verdict(&verdict, word, next_token(&colon))) {
			both = json_object_new_array();
			json_object_array_add(both, json_object_new_string(text_trim(pair)));
			json_object_array_add(both, json_object_get(
				json_object_array_get_idx(verdict.expr, 0)));
			json_object_array_add(set, both);
		}
		json_object_put(verdict.expr);
	}
	if (state) {
		struct json_object *ct = json_object_new_object();

		json_object_object_add(ct, "key", json_object_new_string("state"));
		json_object_object_add(key, "ct", ct);
	}
	json_object_object_add(data, "set", set);
	json_object_object_add(vmap, "key", key);
	json_object_object_add(vmap, "data", data);
	rule_add(r, "vmap", vmap);
}

/* Behind "vmap": a set of its own, or the name of one */
static void take_vmap(struct rule_text *r, bool state, char **text)
{
	char pairs[2048] = "", *word = next_token(text);

	if (word && *word == '{') {
		take_braces(text, word, pairs, sizeof(pairs));
		add_vmap(r, state, pairs);
		return;
	}
	/* a named map may hold anything */
	rule_add(r, "vmap", json_object_new_object());
}

/* Behind "ct": "state invalid", "state { new, untracked }", "mark set 1", "zone 5" */
static void take_ct(struct rule_text *r, char **text)
{
	struct json_object *key;
	char *what = next_token(text), *word, states[512];
	bool negated = false;

	if (!what)
		return;
	if (!strcmp(what, "state")) {
		word = next_token(text);
		if (word && !strcmp(word, "vmap")) {
			take_vmap(r, true, text);
			return;
		}
		if (word && *word == '!') {
			negated = true;
			word = next_token(text);
		}
		if (!word)
			return;
		if (*word == '{')
			take_braces(text, word, states, sizeof(states));
		else
			snprintf(states, sizeof(states), "%s", word);
		rule_state(r, states, negated);
		return;
	}
	key = json_object_new_object();
	json_object_object_add(key, "key", json_object_new_string(what));
	rule_match_left(r, "ct", key);
}

/* Behind "snat" or "masquerade": "ip to 192.0.2.1:1024-2047 fully-random" */
static void take_nat(struct rule_text *r, const char *kind, char **text)
{
	char *word, *to = NULL;
	bool random = strstr(*text, "random");

	while ((word = next_token(text)) && strcmp(word, "to"))
		;
	if (word)
		to = next_token(text);
	rule_nat(r, kind, to && *to != '{' ? to : NULL, random);
}

/* "log prefix \"x\" level warn": two words each, and none of them decides */
static char *behind_log(char **text)
{
	static const char *const options[] = {
		"prefix", "level", "flags", "group", "snaplen", "queue-threshold",
	};
	char *word;
	size_t i;

	while ((word = next_token(text))) {
		for (i = 0; i < ARRAY_SIZE(options); i++)
			if (!strcmp(word, options[i]))
				break;
		if (i == ARRAY_SIZE(options))
			return word;
		next_token(text);
	}
	return NULL;
}

static void take_xt(struct rule_text *r, char **text)
{
	struct json_object *xt = json_object_new_object();
	char *type = next_token(text), *name = next_token(text);

	if (type && name) {
		name[strcspn(name + 1, "\"") + 1] = '\0';
		json_object_object_add(xt, "type", json_object_new_string(type));
		json_object_object_add(xt, "name",
				       json_object_new_string(name + (*name == '"')));
	}
	rule_add(r, "xt", xt);
}

static void take_flags(struct rule_text *r, const char *protocol, char **text)
{
	struct json_object *payload;

	if (strcmp(protocol, "tcp") || strncmp(*text, "flags", strlen("flags"))) {
		rule_matches(r);
		return;
	}
	payload = json_object_new_object();
	json_object_object_add(payload, "protocol", json_object_new_string("tcp"));
	json_object_object_add(payload, "field", json_object_new_string("flags"));
	rule_match_left(r, "payload", payload);
}

static void take_word(struct rule_text *r, char *word, char **text)
{
	char *target;

	if (!strcmp(word, "ct")) {
		take_ct(r, text);
	} else if (!strcmp(word, "vmap")) {
		take_vmap(r, false, text);
	} else if (!strcmp(word, "jump") || !strcmp(word, "goto")) {
		target = next_token(text);
		rule_verdict(r, word, target);
	} else if (!strcmp(word, "notrack")) {
		rule_add(r, "notrack", NULL);
	} else if (!strcmp(word, "masquerade") || !strcmp(word, "snat")) {
		take_nat(r, word, text);
	} else if (!strcmp(word, "dnat") || !strcmp(word, "redirect")) {
		rule_add(r, word, NULL);
		*text += strlen(*text);
	} else if (!strcmp(word, "fib")) {
		rule_match_left(r, "fib", json_object_new_object());
	} else if (!strcmp(word, "limit")) {
		rule_add(r, "limit", json_object_new_object());
	} else if (!strcmp(word, "xt")) {
		take_xt(r, text);
	} else if (!strcmp(word, "counter")) {
		/* "packets 0 bytes 0", or the name of one */
		skip_tokens(text, strncmp(*text, "packets", strlen("packets")) ? 1 : 4);
	} else if (!strcmp(word, "comment")) {
		next_token(text);
	} else if (!strcmp(word, "log")) {
		word = behind_log(text);
		if (word)
			take_word(r, word, text);
	} else if (!rule_verdict(r, word, NULL)) {
		take_flags(r, word, text);
	} else if (!strcmp(word, "reject") || !strcmp(word, "queue")) {
		*text += strlen(*text);
	}
}

static void add_rule(struct json_object *list, const struct place *at, char *line)
{
	struct rule_text r = { .expr = json_object_new_array() };
	char *mark = strstr(line, " # handle "), *word;
	long long handle = 0;

	if (mark) {
		handle = strtoll(mark + strlen(" # handle "), NULL, 10);
		*mark = '\0';
	}
	while ((word = next_token(&line)))
		take_word(&r, word, &line);
	rules_add(list, at->family, at->table, at->chain, handle, &r);
}

static void take_line(struct json_object *list, struct place *at, char *line)
{
	size_t len = strlen(line);

	if (!strcmp(line, "}")) {
		if (at->other)
			at->other = false;
		else if (at->has_chain)
			at->has_chain = false;
		else
			at->has_table = false;
	} else if (at->other || !*line || *line == '#') {
		return;
	} else if (!at->has_table) {
		at->has_table = sscanf(line, "table %15s %127s {", at->family, at->table) == 2;
	} else if (!at->has_chain) {
		at->has_chain = sscanf(line, "chain %127s {", at->chain) == 1;
		/* a chain that no packet begins at is one, too */
		if (!at->has_chain)
			at->other = line[len - 1] == '{' || strstr(line, "{ #");
	} else if (!strncmp(line, "type ", 5) && strstr(line, " hook ")) {
		add_base(list, at, line);
	} else {
		add_rule(list, at, line);
	}
}

/* Chains without a hook are named by their head alone; nft's JSON lists all of them. */
static void add_plain_chains(struct json_object *list, const char *text)
{
	struct place at = { .has_table = false };
	const char *line = text, *next;

	for (; line; line = next ? next + 1 : NULL) {
		next = strchr(line, '\n');
		if (sscanf(line, "table %15s %127s {", at.family, at.table) == 2)
			continue;
		if (sscanf(line, " chain %127s {", at.chain) != 1)
			continue;
		if (next && strstr(next, "type ") == next + 1 + strspn(next + 1, " \t"))
			continue;
		rules_add_chain(list, at.family, at.table, at.chain, NULL, 0, NULL);
	}
}

void rules_from_nft(struct json_object *list, char *text)
{
	struct place at = { .has_table = false };
	char *line;

	add_plain_chains(list, text);
	while ((line = text_line(&text)))
		take_line(list, &at, text_trim(line));
}
