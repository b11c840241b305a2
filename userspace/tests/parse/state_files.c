// SPDX-License-Identifier: GPL-2.0
/* Rules that need conntrack to know their packets, as nft 1.0.6 prints them. */
#include <string.h>

#include "snapshot.h"
#include "tests/parse/parse_test.h"

#define RULES(...) \
	{ "conntriage/nft-ruleset.json", WRITE, NULL, "{\"nftables\": [" __VA_ARGS__ "]}\n", 0 }
#define TEXT(text)	{ "conntriage/nft-ruleset.txt", WRITE, NULL, text, 0 }
#define BASE(family, table, name, hook, policy) \
	"{\"chain\": {\"family\": \"" family "\", \"table\": \"" table "\", \"name\": \"" name \
	"\", \"type\": \"filter\", \"hook\": \"" hook "\", \"prio\": 0, \"policy\": \"" policy \
	"\"}}"
#define CHAIN(family, table, name) \
	"{\"chain\": {\"family\": \"" family "\", \"table\": \"" table "\", \"name\": \"" name "\"}}"
#define RULE(family, table, chain, expr) \
	"{\"rule\": {\"family\": \"" family "\", \"table\": \"" table "\", \"chain\": \"" chain \
	"\", \"handle\": 7, \"expr\": [" expr "]}}"
#define FW(hook, policy)	BASE("inet", "fw", hook, hook, policy)
#define IN(chain, expr)		RULE("inet", "fw", chain, expr)
#define CT(op, key, right) \
	"{\"match\": {\"op\": \"" op "\", \"left\": {\"ct\": {\"key\": \"" key "\"}}, \"right\": " \
	right "}}"
#define STATE(op, right)	CT(op, "state", right)
#define ANSWERS			STATE("in", "[\"established\", \"related\"]")
#define ON(nic) \
	"{\"match\": {\"op\": \"==\", \"left\": {\"meta\": {\"key\": \"iifname\"}}, \"right\": \"" \
	nic "\"}}"
#define ACCEPT			"{\"accept\": null}"
#define DROP			"{\"drop\": null}"
#define TO(verdict, chain)	"{\"" verdict "\": {\"target\": \"" chain "\"}}"
#define XT(name)		"{\"xt\": {\"type\": \"match\", \"name\": \"" name "\"}}"
#define INPUT(policy)		BASE("ip", "filter", "INPUT", "input", policy)

static bool needs(const struct snapshot *s, const char *place, bool in, bool forward, bool out)
{
	const struct rules *r = &s->rules;

	return r->known && !strcmp(r->stateful, place) && r->stateful_input == in &&
	       r->stateful_forward == forward && r->stateful_output == out;
}

#define NEEDS(name, ...) \
static bool name(const struct snapshot *s) \
{ \
	return needs(s, __VA_ARGS__); \
}

NEEDS(nothing, "", false, false, false)
NEEDS(input, "inet fw input", true, false, false)
NEEDS(forward, "inet fw forward", false, true, false)
NEEDS(output, "inet fw output", false, false, true)
NEEDS(place_alone, "inet fw input", false, false, false)
NEEDS(below, "inet fw sub", true, false, false)
NEEDS(place_below, "inet fw sub", false, false, false)
NEEDS(by_ufw, "ip filter ufw-before-input", true, false, false)
NEEDS(by_iptables, "ip filter INPUT", true, false, false)
NEEDS(place_iptables, "ip filter INPUT", false, false, false)

const struct test state_files[] = {
	{ "state: what isn't accepted is dropped",
	  { RULES(FW("input", "drop") "," IN("input", ANSWERS "," ACCEPT)) }, NULL, input },
	{ "state: forwarded", { RULES(FW("forward", "drop") ","
				      IN("forward", STATE("==", "\"established\"") "," ACCEPT)) },
	  NULL, forward },
	{ "state: what this host sends",
	  { RULES(FW("output", "drop") "," IN("output", STATE("==", "{\"set\": [\"new\"]}") ","
	    ACCEPT)) }, NULL, output },
	{ "state: a map", { RULES(FW("input", "drop") ","
				  IN("input", "{\"vmap\": {\"key\": {\"ct\": {\"key\": \"state\"}}, "
				     "\"data\": {\"set\": [[\"invalid\", " DROP "], "
				     "[\"established\", " ACCEPT "]]}}}")) }, NULL, input },
	{ "state: a map with a name",
	  { RULES(FW("input", "drop") "," IN("input", "{\"vmap\": {\"key\": {\"ct\": {\"key\": "
	    "\"state\"}}, \"data\": \"@states\"}}")) }, NULL, input },
	{ "state: a map that accepts what isn't tracked, too",
	  { RULES(FW("input", "drop") "," IN("input", "{\"vmap\": {\"key\": {\"ct\": {\"key\": "
	    "\"state\"}}, \"data\": {\"set\": [[\"invalid\", " DROP "]]}}}")) }, NULL, nothing },
	{ "state: the policy accepts all that is left",
	  { RULES(FW("input", "accept") "," IN("input", ANSWERS "," ACCEPT)) }, NULL, place_alone },
	{ "state: another hook drops",
	  { RULES(FW("forward", "drop") "," FW("input", "accept") ","
		  IN("input", ANSWERS "," ACCEPT)) }, NULL, place_alone },
	{ "state: the last rule drops",
	  { RULES(FW("input", "accept") "," IN("input", ANSWERS "," ACCEPT) ","
		  IN("input", "{\"reject\": {\"type\": \"icmpx\"}}")) }, NULL, input },
	{ "state: what isn't tracked is accepted as well",
	  { RULES(FW("input", "drop") ","
		  IN("input", STATE("in", "[\"established\", \"untracked\"]") "," ACCEPT)) },
	  NULL, nothing },
	{ "state: all but what is invalid is accepted",
	  { RULES(FW("input", "drop") "," IN("input", STATE("!=", "\"new\"") "," ACCEPT) ","
		  IN("input", STATE("!=", "\"invalid\"") "," ACCEPT)) }, NULL, nothing },
	{ "state: what is new is dropped",
	  { RULES(FW("input", "drop") "," IN("input", STATE("==", "\"new\"") "," DROP)) },
	  NULL, nothing },
	{ "state: accepted below, and dropped where everything ends",
	  { RULES(FW("input", "accept") "," CHAIN("inet", "fw", "sub") ","
		  CHAIN("inet", "fw", "end") "," IN("sub", ANSWERS "," ACCEPT) ","
		  IN("input", ON("eth0") "," TO("jump", "sub")) ","
		  IN("input", TO("goto", "end")) "," IN("end", DROP)) }, NULL, below },
	{ "state: only some of it is dropped below",
	  { RULES(FW("input", "accept") "," CHAIN("inet", "fw", "sub") ","
		  CHAIN("inet", "fw", "end") "," IN("sub", ANSWERS "," ACCEPT) ","
		  IN("input", TO("jump", "sub")) ","
		  IN("input", ON("eth0") "," TO("goto", "end")) "," IN("end", DROP)) },
	  NULL, place_below },
	{ "state: marks of connections",
	  { RULES(FW("input", "drop") "," IN("input", "{\"mangle\": {\"key\": {\"meta\": {\"key\": "
	    "\"mark\"}}, \"value\": {\"ct\": {\"key\": \"mark\"}}}}")) }, NULL, place_alone },
	{ "state: iptables' marks of connections",
	  { RULES(INPUT("drop") "," RULE("ip", "filter", "INPUT", XT("connmark") "," DROP)) },
	  NULL, place_iptables },
	{ "state: rules of ours are no reason",
	  { RULES(BASE("inet", "conntriage-x", "pre", "prerouting", "accept") ","
		  RULE("inet", "conntriage-x", "pre", CT("!", "status", "\"assured\"") "," DROP)) },
	  NULL, nothing },
	{ "state: iptables, as ufw has it",
	  { RULES(INPUT("drop") "," CHAIN("ip", "filter", "ufw-before-input") ","
		  RULE("ip", "filter", "INPUT", TO("jump", "ufw-before-input")) ","
		  RULE("ip", "filter", "ufw-before-input", XT("conntrack") "," ACCEPT)),
	    TEXT("table ip filter {\n\tchain ufw-before-input {\n\t\tct state related,established "
		 "counter packets 1 bytes 2 accept # handle 7\n\t}\n}\n") }, NULL, by_ufw },
	{ "state: iptables, all but what is invalid",
	  { RULES(INPUT("drop") "," RULE("ip", "filter", "INPUT", XT("conntrack") "," ACCEPT)),
	    TEXT("table ip filter {\n\tchain INPUT {\n\t\tct state ! invalid,new "
		 "counter packets 1 bytes 2 accept # handle 7\n\t}\n}\n") }, NULL, nothing },
	{ "state: iptables, what isn't tracked as well",
	  { RULES(INPUT("drop") "," RULE("ip", "filter", "INPUT", XT("conntrack") "," ACCEPT)),
	    TEXT("table ip filter {\n\tchain INPUT {\n\t\tct state established,untracked "
		 "counter packets 1 bytes 2 accept # handle 7\n\t}\n}\n") }, NULL, nothing },
	{ "state: iptables, whether a connection has another address",
	  { RULES(INPUT("drop") "," RULE("ip", "filter", "INPUT", XT("conntrack") "," ACCEPT)),
	    TEXT("table ip filter {\n\tchain INPUT {\n\t\tct status dnat "
		 "counter packets 1 bytes 2 accept # handle 7\n\t}\n}\n") }, NULL, place_iptables },
	{ "state: iptables, and no text that says which",
	  { RULES(INPUT("drop") "," RULE("ip", "filter", "INPUT", XT("conntrack") "," ACCEPT)),
	    { "conntriage/nft-ruleset.txt", REMOVE, NULL, NULL, 0 }}, NULL, by_iptables },
	{ NULL, {{ NULL, KEEP, NULL, NULL, 0 }}, NULL, NULL },
};
