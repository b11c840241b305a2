// SPDX-License-Identifier: GPL-2.0
/* What nft's text and iptables' have in common, on the way to nft's JSON. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "read/rules_text.h"

static struct json_object *wrapped(const char *name, struct json_object *of)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, name, of);
	return o;
}

static void add_word(struct json_object *o, const char *name, const char *word)
{
	json_object_object_add(o, name, json_object_new_string(word));
}

void rule_add(struct rule_text *r, const char *name, struct json_object *of)
{
	json_object_array_add(r->expr, wrapped(name, of));
}

static void add_match(struct rule_text *r, struct json_object *left,
		      struct json_object *right, bool negated)
{
	struct json_object *match = json_object_new_object();

	add_word(match, "op", negated ? "!=" : "in");
	json_object_object_add(match, "left", left);
	json_object_object_add(match, "right", right);
	rule_add(r, "match", match);
}

void rule_match_left(struct rule_text *r, const char *name, struct json_object *of)
{
	add_match(r, wrapped(name, of), json_object_new_string(""), false);
}

void rule_matches(struct rule_text *r)
{
	if (r->matches)
		return;
	r->matches = true;
	rule_match_left(r, "meta", NULL);
}

void rule_state(struct rule_text *r, char *states, bool negated)
{
	struct json_object *key = json_object_new_object();
	struct json_object *list = json_object_new_array();
	char *word, *c;

	add_word(key, "key", "state");
	while ((word = strsep(&states, ", {}"))) {
		for (c = word; *c; c++)
			*c = tolower((unsigned char)*c);
		if (*word)
			json_object_array_add(list, json_object_new_string(word));
	}
	add_match(r, wrapped("ct", key), list, negated);
}

bool rule_verdict(struct rule_text *r, const char *word, const char *target)
{
	static const char *const verdicts[] = {
		"accept", "drop", "reject", "return", "queue", "continue",
	};
	struct json_object *to;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(verdicts); i++) {
		if (strcmp(word, verdicts[i]))
			continue;
		rule_add(r, word, NULL);
		return true;
	}
	if ((strcmp(word, "jump") && strcmp(word, "goto")) || !target)
		return false;
	to = json_object_new_object();
	add_word(to, "target", target);
	rule_add(r, word, to);
	return true;
}

/* A or A-B: a value or a range */
static struct json_object *range(char *text, bool numbers)
{
	struct json_object *ends;
	char *to = strchr(text, '-');

	if (!to)
		return numbers ? json_object_new_int64(strtol(text, NULL, 10)) :
				 json_object_new_string(text);
	*to++ = '\0';
	ends = json_object_new_array();
	json_object_array_add(ends, range(text, numbers));
	json_object_array_add(ends, range(to, numbers));
	return wrapped("range", ends);
}

void rule_nat(struct rule_text *r, const char *kind, const char *to, bool random)
{
	struct json_object *nat = json_object_new_object();
	char word[160], *port = NULL;

	snprintf(word, sizeof(word), "%s", to ? to : "");
	/* An IPv6 address has colons of its own, and no port without brackets. */
	port = strrchr(word, ':');
	if (port && port != strchr(word, ':') && port[-1] != ']')
		port = NULL;
	if (port)
		*port++ = '\0';
	if (*word)
		json_object_object_add(nat, "addr", range(word, false));
	if (port && isdigit((unsigned char)*port))
		json_object_object_add(nat, "port", range(port, true));
	if (random)
		add_word(nat, "flags", "random");
	rule_add(r, kind, nat);
}

void rules_add_chain(struct json_object *list, const char *family, const char *table,
		     const char *name, const char *hook, int prio, const char *policy)
{
	struct json_object *chain = json_object_new_object();

	add_word(chain, "family", family);
	add_word(chain, "table", table);
	add_word(chain, "name", name);
	if (hook) {
		add_word(chain, "hook", hook);
		json_object_object_add(chain, "prio", json_object_new_int(prio));
	}
	if (policy)
		add_word(chain, "policy", policy);
	json_object_array_add(list, wrapped("chain", chain));
}

void rules_add(struct json_object *list, const char *family, const char *table,
	       const char *chain, long long handle, struct rule_text *r)
{
	struct json_object *rule = json_object_new_object();

	add_word(rule, "family", family);
	add_word(rule, "table", table);
	add_word(rule, "chain", chain);
	json_object_object_add(rule, "handle", json_object_new_int64(handle));
	json_object_object_add(rule, "expr", r->expr);
	json_object_array_add(list, wrapped("rule", rule));
}

char *next_token(char **text)
{
	char *word = *text + strspn(*text, " \t"), *end;

	if (!*word)
		return NULL;
	if (*word == '"') {
		end = strchr(word + 1, '"');
		end = end ? end + 1 : word + strlen(word);
	} else {
		end = word + strcspn(word, " \t");
	}
	*text = end;
	if (*end) {
		*end = '\0';
		*text = end + 1;
	}
	return word;
}
