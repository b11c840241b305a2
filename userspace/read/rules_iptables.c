// SPDX-License-Identifier: GPL-2.0
/* iptables-save's text: what of its rules matters to conntrack. */
#include <ctype.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/rules_text.h"

/* Of struct xt_table in net/ipv4/netfilter/iptable_*.c; nat has two */
static int priority(const char *table, const char *hook)
{
	static const struct {
		const char *table;
		int prio;
	} tables[] = {
		{ "raw", -300 }, { "mangle", -150 }, { "filter", 0 }, { "security", 50 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		if (!strcmp(table, tables[i].table))
			return tables[i].prio;
	return strcmp(hook, "prerouting") && strcmp(hook, "output") ? 100 : -100;
}

static void lower(char *word)
{
	for (; *word; word++)
		*word = tolower((unsigned char)*word);
}

/* ":INPUT DROP [0:0]", ":KUBE-SERVICES - [0:0]" */
static void add_chain(struct json_object *list, const char *family, const char *table,
		      const char *line)
{
	char name[128], policy[16], hook[128];

	if (sscanf(line, ":%127s %15s", name, policy) != 2)
		return;
	if (*policy == '-') {
		rules_add_chain(list, family, table, name, NULL, 0, NULL);
		return;
	}
	snprintf(hook, sizeof(hook), "%s", name);
	lower(hook);
	lower(policy);
	rules_add_chain(list, family, table, name, hook, priority(table, hook), policy);
}

/* Behind "-m": those of conntrack's say so by themselves, or by an option to come */
static void take_module(struct rule_text *r, const char *name)
{
	static const char *const quiet[] = { "conntrack", "state", "comment", "tcp", "udp" };
	struct json_object *xt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(quiet); i++)
		if (!strcmp(name, quiet[i]))
			return;
	xt = json_object_new_object();
	json_object_object_add(xt, "type", json_object_new_string("match"));
	json_object_object_add(xt, "name", json_object_new_string(name));
	rule_add(r, "xt", xt);
}

/* The word behind an option of the target, or NULL */
static const char *option(char *rest, const char *name, char *word, size_t size)
{
	const char *at = strstr(rest, name);

	if (!at)
		return NULL;
	at += strlen(name);
	at += strspn(at, " ");
	snprintf(word, size, "%.*s", (int)strcspn(at, " "), at);
	return word;
}

/* Behind "-j": a target, or a chain; what follows are its own options */
static void take_target(struct rule_text *r, const char *name, char *rest)
{
	static const struct {
		const char *target, *verdict;
	} verdicts[] = {
		{ "ACCEPT", "accept" }, { "DROP", "drop" }, { "REJECT", "reject" },
		{ "RETURN", "return" }, { "NFQUEUE", "queue" }, { "QUEUE", "queue" },
	};
	char word[160], ports[40];
	struct json_object *xt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(verdicts); i++) {
		if (strcmp(name, verdicts[i].target))
			continue;
		rule_verdict(r, verdicts[i].verdict, NULL);
		return;
	}
	if (!strcmp(name, "NOTRACK") || (!strcmp(name, "CT") && strstr(rest, "--notrack"))) {
		rule_add(r, "notrack", NULL);
	} else if (!strcmp(name, "CT")) {
		rule_add(r, "ct helper", NULL);
	} else if (!strcmp(name, "MASQUERADE")) {
		if (option(rest, "--to-ports", ports, sizeof(ports))) {
			snprintf(word, sizeof(word), ":%s", ports);
			rule_nat(r, "masquerade", word, strstr(rest, "--random"));
		} else {
			rule_nat(r, "masquerade", NULL, strstr(rest, "--random"));
		}
	} else if (!strcmp(name, "SNAT")) {
		rule_nat(r, "snat", option(rest, "--to-source", word, sizeof(word)),
			 strstr(rest, "--random"));
	} else if (!strcmp(name, "DNAT") || !strcmp(name, "REDIRECT")) {
		rule_add(r, "dnat", NULL);
	} else if (!strcmp(name, "CONNMARK") || !strcmp(name, "CONNSECMARK")) {
		xt = json_object_new_object();
		json_object_object_add(xt, "type", json_object_new_string("target"));
		json_object_object_add(xt, "name", json_object_new_string(name));
		rule_add(r, "xt", xt);
	} else {
		/* A target of another kind is no chain, and leads nowhere. */
		rule_verdict(r, "jump", name);
	}
}

/* "INPUT -i lo -m conntrack ! --ctstate INVALID -j ACCEPT", behind "-A " */
static void add_rule(struct json_object *list, const char *family, const char *table,
		     char *line)
{
	struct rule_text r = { .expr = json_object_new_array() };
	char *chain = next_token(&line), *word, *value;
	bool negated = false;

	while (chain && (word = next_token(&line))) {
		if (!strcmp(word, "!")) {
			negated = true;
			continue;
		}
		if (!strcmp(word, "--ctstate") || !strcmp(word, "--state")) {
			value = next_token(&line);
			if (value)
				rule_state(&r, value, negated);
		} else if (!strcmp(word, "-m")) {
			value = next_token(&line);
			if (value)
				take_module(&r, value);
		} else if (!strcmp(word, "--comment")) {
			next_token(&line);
		} else if (!strcmp(word, "--tcp-flags")) {
			struct json_object *payload = json_object_new_object();

			json_object_object_add(payload, "protocol",
					       json_object_new_string("tcp"));
			json_object_object_add(payload, "field",
					       json_object_new_string("flags"));
			rule_match_left(&r, "payload", payload);
		} else if (!strcmp(word, "-j") || !strcmp(word, "-g")) {
			value = next_token(&line);
			if (value)
				take_target(&r, value, line);
			break;
		} else {
			rule_matches(&r);
		}
		negated = false;
	}
	if (chain)
		rules_add(list, family, table, chain, 0, &r);
	else
		json_object_put(r.expr);
}

void rules_from_iptables(struct json_object *list, char *text)
{
	char table[32] = "", *line;
	const char *family = "ip";

	while ((line = text_line(&text))) {
		line = text_trim(line);
		if (!strncmp(line, "# Generated by ip", strlen("# Generated by ip")))
			family = line[strlen("# Generated by ip")] == '6' ? "ip6" : "ip";
		/* "[12:720] -A INPUT", of iptables-save -c */
		if (*line == '[' && strchr(line, ']'))
			line = text_trim(strchr(line, ']') + 1);
		if (*line == '*')
			snprintf(table, sizeof(table), "%.31s", line + 1);
		else if (*line == ':' && *table)
			add_chain(list, family, table, line);
		else if (!strncmp(line, "-A ", 3) && *table)
			add_rule(list, family, table, line + 3);
	}
}
