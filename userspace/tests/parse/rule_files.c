// SPDX-License-Identifier: GPL-2.0
/* Rulesets as nft 1.0.6 prints them, and what they do to conntrack. */
#include <string.h>

#include "snapshot.h"
#include "tests/parse/parse_test.h"

#define JSON "conntriage/nft-ruleset.json"
#define TEXT "conntriage/nft-ruleset.txt"
#define ALTERNATIVE "etc/alternatives/iptables"

#define RULESET(...) \
	{ JSON, WRITE, NULL, "{\"nftables\": [{\"metainfo\": {\"version\": " \
	  "\"1.0.6\", \"json_schema_version\": 1}}, " __VA_ARGS__ "]}\n", 0 }
#define BASE(family, table, name, hook, prio, policy) \
	"{\"chain\": {\"family\": \"" family "\", \"table\": \"" table "\", " \
	"\"name\": \"" name "\", \"handle\": 1, \"type\": \"filter\", " \
	"\"hook\": \"" hook "\", \"prio\": " prio ", \"policy\": \"" policy "\"}}"
#define CHAIN(family, table, name) \
	"{\"chain\": {\"family\": \"" family "\", \"table\": \"" table "\", " \
	"\"name\": \"" name "\", \"handle\": 2}}"
#define RULE(family, table, chain, handle, expr) \
	"{\"rule\": {\"family\": \"" family "\", \"table\": \"" table "\", " \
	"\"chain\": \"" chain "\", \"handle\": " handle ", \"expr\": [" expr "]}}"
#define IN_FW BASE("inet", "fw", "in", "input", "0", "accept")
#define PRE_FW BASE("inet", "fw", "pre", "prerouting", "-300", "accept")
#define FW(chain, expr) RULE("inet", "fw", chain, "9", expr)
#define STATE(op, right) \
	"{\"match\": {\"op\": \"" op "\", \"left\": {\"ct\": {\"key\": " \
	"\"state\"}}, \"right\": " right "}}"
#define DROP "{\"drop\": null}"
#define XT(type, name) "{\"xt\": {\"type\": \"" type "\", \"name\": \"" name "\"}}"

#define NO_RULES RULESET("{\"table\": {\"family\": \"ip\", \"name\": \"filter\", \"handle\": 1}}")

static bool both(const struct snapshot *s)
{
	const struct rules *r = &s->rules;

	return r->known && r->contents_known && r->nft && r->iptables_nft &&
	       !r->iptables_legacy && r->dialect == RULES_NFT &&
	       r->iptables_cmd == RULES_IPTABLES_NFT && !*r->missing &&
	       !strcmp(r->invalid_drop, "ip filter INPUT") &&
	       r->invalid_drop_raw && r->has_notrack && !*r->misplaced;
}

static bool none_nft(const struct snapshot *s)
{
	const struct rules *r = &s->rules;

	return r->known && !r->nft && !r->iptables_nft && !*r->invalid_drop &&
	       !r->has_notrack && r->dialect == RULES_NFT;
}

static bool none_iptables(const struct snapshot *s)
{
	return s->rules.known && s->rules.dialect == RULES_IPTABLES_NFT;
}

static bool none_legacy(const struct snapshot *s)
{
	return s->rules.known && s->rules.dialect == RULES_IPTABLES_LEGACY;
}

static bool no_tool(const struct snapshot *s)
{
	return s->rules.known && s->rules.dialect == RULES_NONE;
}

static bool drops_in(const struct snapshot *s)
{
	return s->rules.nft && !s->rules.iptables_nft &&
	       !strcmp(s->rules.invalid_drop, "inet fw in") &&
	       !*s->rules.misplaced && !s->rules.invalid_drop_raw;
}

static bool drops_nothing(const struct snapshot *s)
{
	return s->rules.known && s->rules.nft && !*s->rules.invalid_drop &&
	       !*s->rules.misplaced && !s->rules.invalid_drop_raw;
}

static bool drops_in_sub(const struct snapshot *s)
{
	return !strcmp(s->rules.invalid_drop, "inet fw sub");
}

static bool misplaced(const struct snapshot *s)
{
	return !strcmp(s->rules.misplaced, "inet fw pre") &&
	       !*s->rules.invalid_drop && !s->rules.invalid_drop_raw;
}

static bool drops_raw(const struct snapshot *s)
{
	return s->rules.invalid_drop_raw && !*s->rules.invalid_drop &&
	       !*s->rules.misplaced;
}

static bool only_iptables(const struct snapshot *s)
{
	return s->rules.iptables_nft && !s->rules.nft &&
	       s->rules.dialect == RULES_IPTABLES_NFT;
}

static bool only_native(const struct snapshot *s)
{
	return !s->rules.iptables_nft && s->rules.nft;
}

static bool untranslated(const struct snapshot *s)
{
	return s->rules.iptables_nft && s->rules.known &&
	       !s->rules.contents_known && strstr(s->rules.why_not, "iptables-save");
}

static bool notrack(const struct snapshot *s)
{
	return s->rules.has_notrack;
}

static bool no_notrack(const struct snapshot *s)
{
	return s->rules.known && !s->rules.has_notrack;
}

static bool legacy(const struct snapshot *s)
{
	const struct rules *r = &s->rules;

	return r->known && r->iptables_legacy && !r->contents_known && r->nft &&
	       r->dialect == RULES_NFT &&
	       strstr(r->missing, "runs iptables-nft, which neither");
}

static bool only_legacy(const struct snapshot *s)
{
	return s->rules.iptables_legacy && !s->rules.nft &&
	       s->rules.dialect == RULES_IPTABLES_LEGACY &&
	       strstr(s->rules.missing, "no module xt_conntrack");
}

static bool wrong_alternative(const struct snapshot *s)
{
	return s->rules.iptables_cmd == RULES_IPTABLES_LEGACY &&
	       strstr(s->rules.missing, "runs iptables-legacy, which neither");
}

static bool no_nft_ct(const struct snapshot *s)
{
	return strstr(s->rules.missing, "no module nft_ct") &&
	       !strstr(s->rules.missing, "is gone");
}

static bool modules_gone(const struct snapshot *s)
{
	return strstr(s->rules.missing, "/lib/modules/6.1.0-56-amd64 is gone");
}

static bool not_looked(const struct snapshot *s)
{
	return !s->rules.known && !s->rules.contents_known &&
	       strstr(s->rules.why_not, "capture the host as root") &&
	       s->rules.dialect == RULES_NFT;
}

static bool captured_reason(const struct snapshot *s)
{
	return !s->rules.known &&
	       !strcmp(s->rules.why_not, "nft was slow? [31m; try by hand");
}

static bool clean_place(const struct snapshot *s)
{
	return !strcmp(s->rules.invalid_drop, "inet fw in??reboot?");
}

const struct test rule_files[] = {
	{ "rules: native and iptables-nft at once", {{ JSON, KEEP, NULL, NULL, 0 }},
	  NULL, both },
	{ "rules: an empty table holds none", { NO_RULES }, NULL, none_nft },
	{ "rules: a base chain that accepts holds none",
	  { RULESET(BASE("ip", "filter", "INPUT", "input", "0", "accept") "," IN_FW) },
	  NULL, none_nft },
	{ "rules: none, nf_tables not loaded",
	  {{ JSON, REMOVE, NULL, NULL, 0 },
	   { "proc/modules", WRITE, NULL, "conntriage 1 0 - Live 0x0\n", 0 }},
	  NULL, none_nft },
	{ "rules: none, no nft, iptables is iptables-nft",
	  { NO_RULES, { "usr/sbin/nft", REMOVE, NULL, NULL, 0 }}, NULL, none_iptables },
	{ "rules: none, no nft, iptables is iptables-legacy",
	  { NO_RULES, { "usr/sbin/nft", REMOVE, NULL, NULL, 0 },
	    { ALTERNATIVE, LINK, NULL, "/usr/sbin/iptables-legacy", 0 }},
	  NULL, none_legacy },
	{ "rules: none, no tool",
	  { NO_RULES, { "usr/sbin/nft", REMOVE, NULL, NULL, 0 },
	    { ALTERNATIVE, REMOVE, NULL, NULL, 0 }}, NULL, no_tool },
	{ "rules: no capture of a ruleset", {{ JSON, REMOVE, NULL, NULL, 0 }},
	  NULL, not_looked },
	{ "rules: the captured reason",
	  {{ JSON, REMOVE, NULL, NULL, 0 },
	   { "conntriage/nft-ruleset.error", WRITE, NULL,
	     "nft was slow\033 [31m; try by hand", 0 }}, NULL, captured_reason },

	/* Which rules drop INVALID */
	{ "ct state invalid drop",
	  { RULESET(IN_FW "," FW("in", STATE("in", "\"invalid\"") "," DROP)) },
	  NULL, drops_in },
	{ "ct state invalid counter log reject",
	  { RULESET(IN_FW "," FW("in", STATE("in", "\"invalid\"") ", {\"counter\": "
	    "{\"packets\": 0, \"bytes\": 0}}, {\"log\": null}, {\"reject\": null}")) },
	  NULL, drops_in },
	{ "ct state { invalid, new } drop",
	  { RULESET(IN_FW "," FW("in", STATE("==", "{\"set\": [\"invalid\", \"new\"]}") "," DROP)) },
	  NULL, drops_in },
	{ "ct state != established drop",
	  { RULESET(IN_FW "," FW("in", STATE("!=", "\"established\"") "," DROP)) },
	  NULL, drops_in },
	{ "ct state != invalid drop",
	  { RULESET(IN_FW "," FW("in", STATE("!=", "\"invalid\"") "," DROP)) },
	  NULL, drops_nothing },
	{ "ct state & invalid == invalid drop",
	  { RULESET(IN_FW "," FW("in", "{\"match\": {\"op\": \"==\", \"left\": {\"&\": "
	    "[{\"ct\": {\"key\": \"state\"}}, \"invalid\"]}, \"right\": \"invalid\"}}," DROP)) },
	  NULL, drops_in },
	{ "ct state vmap { invalid : drop }",
	  { RULESET(IN_FW "," FW("in", "{\"vmap\": {\"key\": {\"ct\": {\"key\": \"state\"}}, "
	    "\"data\": {\"set\": [[\"established\", {\"accept\": null}], [\"invalid\", "
	    DROP "]]}}}")) }, NULL, drops_in },
	{ "ct state vmap { invalid : accept }",
	  { RULESET(IN_FW "," FW("in", "{\"vmap\": {\"key\": {\"ct\": {\"key\": \"state\"}}, "
	    "\"data\": {\"set\": [[\"new\", " DROP "], [\"invalid\", {\"accept\": null}]]}}}")) },
	  NULL, drops_nothing },
	{ "another vmap with that word in it",
	  { RULESET(IN_FW "," FW("in", "{\"vmap\": {\"key\": {\"meta\": {\"key\": \"iifname\"}}, "
	    "\"data\": {\"set\": [[\"invalid\", " DROP "]]}}}")) }, NULL, drops_nothing },
	{ "ct state new drop",
	  { RULESET(IN_FW "," FW("in", STATE("in", "\"new\"") "," DROP)) },
	  NULL, drops_nothing },
	{ "ct mark invalid drop",
	  { RULESET(IN_FW "," FW("in", "{\"match\": {\"op\": \"==\", \"left\": {\"ct\": "
	    "{\"key\": \"mark\"}}, \"right\": \"invalid\"}}," DROP)) },
	  NULL, drops_nothing },
	{ "ct state invalid log",
	  { RULESET(IN_FW "," FW("in", STATE("in", "\"invalid\"") ",{\"log\": null}")) },
	  NULL, drops_nothing },
	{ "ct state invalid jump to a chain that drops",
	  { RULESET(IN_FW "," CHAIN("inet", "fw", "sub") ","
	    FW("in", STATE("in", "\"invalid\"") ",{\"jump\": {\"target\": \"sub\"}}") ","
	    FW("sub", DROP)) }, NULL, drops_in },
	{ "ct state invalid jump to a chain that may accept",
	  { RULESET(IN_FW "," CHAIN("inet", "fw", "sub") ","
	    FW("in", STATE("in", "\"invalid\"") ",{\"jump\": {\"target\": \"sub\"}}") ","
	    FW("sub", "{\"match\": {\"op\": \"==\", \"left\": {\"meta\": {\"key\": "
	       "\"iifname\"}}, \"right\": \"lo\"}}, {\"accept\": null}") ","
	    FW("sub", DROP)) }, NULL, drops_nothing },
	{ "dropped two jumps below a base chain",
	  { RULESET(CHAIN("inet", "fw", "sub") "," CHAIN("inet", "fw", "mid") "," IN_FW ","
	    FW("mid", "{\"goto\": {\"target\": \"sub\"}}") ","
	    FW("in", "{\"jump\": {\"target\": \"mid\"}}") ","
	    FW("sub", STATE("in", "\"invalid\"") "," DROP)) }, NULL, drops_in_sub },
	{ "dropped in a chain that nothing leads to",
	  { RULESET(IN_FW "," CHAIN("inet", "fw", "sub") ","
	    FW("sub", STATE("in", "\"invalid\"") "," DROP)) }, NULL, drops_nothing },
	{ "ct state invalid drop before conntrack",
	  { RULESET(PRE_FW "," FW("pre", STATE("in", "\"invalid\"") "," DROP)) },
	  NULL, misplaced },
	{ "impossible TCP flags dropped before conntrack",
	  { RULESET(PRE_FW "," FW("pre", "{\"match\": {\"op\": \"==\", \"left\": {\"&\": "
	    "[{\"payload\": {\"protocol\": \"tcp\", \"field\": \"flags\"}}, [\"fin\", "
	    "\"syn\"]]}, \"right\": [\"fin\", \"syn\"]}}," DROP)) }, NULL, drops_raw },
	{ "spoofed sources dropped before conntrack",
	  { RULESET(PRE_FW "," FW("pre", "{\"match\": {\"op\": \"==\", \"left\": {\"fib\": "
	    "{\"result\": \"oif\", \"flags\": [\"saddr\", \"iif\"]}}, \"right\": false}},"
	    DROP)) }, NULL, drops_raw },
	{ "one address dropped before conntrack",
	  { RULESET(PRE_FW "," FW("pre", "{\"match\": {\"op\": \"==\", \"left\": {\"payload\": "
	    "{\"protocol\": \"ip\", \"field\": \"saddr\"}}, \"right\": \"192.0.2.1\"}},"
	    DROP)) }, NULL, drops_nothing },
	{ "impossible TCP flags dropped after conntrack",
	  { RULESET(IN_FW "," FW("in", "{\"match\": {\"op\": \"in\", \"left\": {\"payload\": "
	    "{\"protocol\": \"tcp\", \"field\": \"flags\"}}, \"right\": \"syn\"}}," DROP)) },
	  NULL, drops_nothing },
	{ "impossible TCP flags dropped in mangle's PREROUTING",
	  { RULESET(BASE("inet", "fw", "pre", "prerouting", "-150", "accept") ","
	    FW("pre", "{\"match\": {\"op\": \"in\", \"left\": {\"payload\": "
	    "{\"protocol\": \"tcp\", \"field\": \"flags\"}}, \"right\": \"syn\"}}," DROP)) },
	  NULL, drops_nothing },
	{ "a chain's name that a shell would mind",
	  { RULESET(BASE("inet", "fw", "in;\033reboot;", "input", "0", "accept") ","
	    RULE("inet", "fw", "in;\033reboot;", "1", STATE("in", "\"invalid\"") "," DROP)) },
	  NULL, clean_place },

	/* Who wrote the tables */
	{ "iptables-nft: a rule",
	  { RULESET(BASE("ip", "filter", "INPUT", "input", "0", "accept") ","
	    RULE("ip", "filter", "INPUT", "2", DROP)) }, NULL, only_iptables },
	{ "iptables-nft: no rule but a policy",
	  { RULESET(BASE("ip6", "filter", "FORWARD", "forward", "0", "drop")) },
	  NULL, only_iptables },
	{ "native: its own base chain in a table of that name",
	  { RULESET(BASE("ip", "filter", "input", "input", "0", "drop")) },
	  NULL, only_native },
	{ "native: iptables' chain names in a table of its own",
	  { RULESET(BASE("ip", "fw", "INPUT", "input", "0", "drop")) },
	  NULL, only_native },
	{ "native: inet",
	  { RULESET(BASE("inet", "filter", "INPUT", "input", "0", "drop")) },
	  NULL, only_native },
	{ "iptables-nft: matches that nft's text doesn't translate",
	  { RULESET(BASE("ip", "filter", "INPUT", "input", "0", "accept") ","
	    RULE("ip", "filter", "INPUT", "2", XT("match", "conntrack") "," DROP)),
	    { TEXT, WRITE, NULL, "table ip filter { # handle 1\n\tchain INPUT { # handle 1\n"
	      "\t\txt match \"conntrack\" drop # handle 2\n\t}\n}\n", 0 }},
	  NULL, untranslated },
	{ "iptables-nft: matches without a text",
	  { RULESET(BASE("ip", "filter", "INPUT", "input", "0", "accept") ","
	    RULE("ip", "filter", "INPUT", "2", XT("match", "conntrack") "," DROP)),
	    { TEXT, REMOVE, NULL, NULL, 0 }}, NULL, untranslated },
	{ "iptables-nft: \"xt\": null of an older nft",
	  { RULESET(BASE("ip", "filter", "INPUT", "input", "0", "accept") ","
	    RULE("ip", "filter", "INPUT", "2", "{\"xt\": null}," DROP)),
	    { TEXT, REMOVE, NULL, NULL, 0 }}, NULL, untranslated },

	{ "notrack: native",
	  { RULESET(PRE_FW "," FW("pre", "{\"notrack\": null}")) }, NULL, notrack },
	{ "notrack: iptables' CT target",
	  { RULESET(BASE("ip", "raw", "PREROUTING", "prerouting", "-300", "accept") ","
	    RULE("ip", "raw", "PREROUTING", "2", XT("target", "CT"))),
	    { TEXT, WRITE, NULL, "table ip raw { # handle 1\n\tchain PREROUTING {\n"
	      "\t\tudp dport 53 counter packets 0 bytes 0 notrack # handle 2\n\t}\n}\n", 0 }},
	  NULL, notrack },
	{ "notrack: only in a comment",
	  { RULESET(BASE("ip", "raw", "PREROUTING", "prerouting", "-300", "accept") ","
	    RULE("ip", "raw", "PREROUTING", "2", XT("target", "CT"))),
	    { TEXT, WRITE, NULL, "table ip raw { # handle 1\n\tchain PREROUTING {\n"
	      "\t\tct zone set 1 comment \"no notrack\" # handle 2\n\t}\n}\n", 0 }},
	  NULL, no_notrack },

	/* Other backends, and what is missing */
	{ "iptables-legacy and nft at once",
	  {{ "proc/net/ip6_tables_names", WRITE, NULL, "filter\nmangle\n", 0 }},
	  NULL, legacy },
	{ "iptables-legacy alone, its match missing",
	  { NO_RULES, { "proc/net/ip_tables_names", WRITE, NULL, "raw\n", 0 }},
	  NULL, only_legacy },
	{ "iptables-legacy: tables without rules",
	  {{ "proc/net/ip_tables_names", WRITE, NULL, "filter\n", 0 },
	   { "conntriage/legacy-tables", WRITE, NULL,
	     "family table rules\n4 filter 0\n", 0 }}, NULL, both },
	{ "iptables-legacy: one table with rules",
	  {{ "conntriage/legacy-tables", WRITE, NULL,
	     "family table rules\n4 filter 0\n6 raw 1\n", 0 }}, NULL, legacy },
	{ "iptables-legacy: rules that couldn't be counted",
	  {{ "conntriage/legacy-tables", WRITE, NULL,
	     "family table rules\n4 filter -\n", 0 }}, NULL, legacy },
	{ "iptables runs iptables-legacy, rules are in iptables-nft",
	  {{ ALTERNATIVE, LINK, NULL, "/usr/sbin/iptables-legacy", 0 }},
	  NULL, wrong_alternative },
	{ "nft_ct is loaded from elsewhere",
	  {{ "lib/modules/6.1.0-56-amd64/modules.dep", WRITE, NULL, "", 0 }},
	  NULL, both },
	{ "nft_ct is missing",
	  {{ "lib/modules/6.1.0-56-amd64/modules.dep", WRITE, NULL,
	     "kernel/net/netfilter/nft_ctx.ko:\n", 0 },
	   { "proc/modules", WRITE, NULL, "nf_tables 1 0 - Live 0x0\n", 0 }},
	  NULL, no_nft_ct },
	{ "the running kernel's modules are gone",
	  {{ "lib/modules/6.1.0-56-amd64", REMOVE, NULL, NULL, 0 },
	   { "lib/modules/6.1.0-57-amd64", DIRECTORY, NULL, NULL, 0 },
	   { "proc/modules", WRITE, NULL, "nf_tables 1 0 - Live 0x0\n", 0 }},
	  NULL, modules_gone },
	{ NULL, { { NULL, KEEP, NULL, NULL, 0 } }, NULL, NULL }
};
