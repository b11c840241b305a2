/* SPDX-License-Identifier: GPL-2.0 */
/* Packet filter rules as text, as the JSON that nft would print of them. */
#ifndef CONNTRIAGE_READ_RULES_TEXT_H
#define CONNTRIAGE_READ_RULES_TEXT_H

#include <json-c/json.h>
#include <stdbool.h>

/**
 * rules_as_json() - what "nft -j list ruleset" would print of rules
 * @nft: as rules_from_nft() takes it, or NULL
 * @iptables: as rules_from_iptables() does, or NULL; those of iptables-nft are left out
 *	where nft has listed them
 *
 * Neither is written to. Return: text to free().
 */
char *rules_as_json(const char *nft, const char *iptables);

/** rules_are_legacy() - whether iptables-save says that it is that of iptables-legacy */
bool rules_are_legacy(const char *iptables);

/**
 * rules_from_nft() - the output of "nft list ruleset", with -a or without
 * @list: takes nft's objects, as far as read/nft*.c ask for them: chains, and of rules
 *	states, verdicts, address translation; any other match is one that nobody knows
 * @text: written to
 */
void rules_from_nft(struct json_object *list, char *text);

/**
 * rules_from_iptables() - the output of iptables-save and ip6tables-save
 * @text: likewise; both may stand in it one behind the other
 */
void rules_from_iptables(struct json_object *list, char *text);

/* For both: a rule while it is read */
struct rule_text {
	struct json_object *expr;
	bool matches;		/* something that nobody here knows */
};

/** rule_add() - append { NAME: OF } to a rule's expressions */
void rule_add(struct rule_text *r, const char *name, struct json_object *of);

/** rule_matches() - append a match that is about something else than connections */
void rule_matches(struct rule_text *r);

/** rule_state() - append a match of states, "established,related" */
void rule_state(struct rule_text *r, char *states, bool negated);

/** rule_match_left() - append a match whose left side is { NAME: OF } */
void rule_match_left(struct rule_text *r, const char *name, struct json_object *of);

/** rule_verdict() - append what a word decides; false: it is none, or needs a target */
bool rule_verdict(struct rule_text *r, const char *word, const char *target);

/** rule_nat() - append "snat" or "masquerade" with "ADDRESS-ADDRESS:PORT-PORT", or NULL */
void rule_nat(struct rule_text *r, const char *kind, const char *to, bool random);

/** rules_add_chain() - a chain; @hook NULL: none that packets begin at */
void rules_add_chain(struct json_object *list, const char *family, const char *table,
		     const char *name, const char *hook, int prio, const char *policy);

/** rules_add() - a rule, whose expressions it takes */
void rules_add(struct json_object *list, const char *family, const char *table,
	       const char *chain, long long handle, struct rule_text *r);

/** next_token() - the next word of a rule: what is quoted is one; NULL at the end */
char *next_token(char **text);

#endif
