// SPDX-License-Identifier: GPL-2.0
/* Rules as nft 1.0.6 prints them that fix/ could have written, and those that it couldn't. */
#include <string.h>

#include "lib/numbers.h"
#include "snapshot.h"
#include "tests/parse/parse_test.h"

#define RULES(...) \
	{ "conntriage/nft-ruleset.json", WRITE, NULL, "{\"nftables\": [{\"metainfo\": " \
	  "{\"json_schema_version\": 1}}, " __VA_ARGS__ "]}\n", 0 }
#define BASE(family, table, name, hook, policy) \
	"{\"chain\": {\"family\": \"" family "\", \"table\": \"" table "\", \"name\": \"" name \
	"\", \"type\": \"filter\", \"hook\": \"" hook "\", \"prio\": -300, \"policy\": \"" policy \
	"\"}}"
#define TABLE(family, name) \
	"{\"table\": {\"family\": \"" family "\", \"name\": \"" name "\", \"handle\": 1}}"
#define RULE(family, table, chain, expr) \
	"{\"rule\": {\"family\": \"" family "\", \"table\": \"" table "\", \"chain\": \"" chain \
	"\", \"handle\": 7, \"expr\": [" expr "]}}"
#define IN(table, chain, expr) BASE("inet", table, chain, "prerouting", "accept") ", " \
	RULE("inet", table, chain, expr)
#define PRE(expr) IN("conntriage", "pre", expr)
#define RAW(expr) BASE("ip", "raw", "PREROUTING", "prerouting", "accept") ", " \
	RULE("ip", "raw", "PREROUTING", expr)
#define FIELD_IS(protocol, field, op, right) \
	"{\"match\": {\"op\": \"" op "\", \"left\": {\"payload\": {\"protocol\": \"" protocol \
	"\", \"field\": \"" field "\"}}, \"right\": " right "}}"
#define FROM(right) FIELD_IS("ip", "saddr", "==", right)
#define COUNTER "{\"counter\": {\"packets\": 12, \"bytes\": 720}}"
#define DROP "{\"drop\": null}"

static bool is_placed(const struct snapshot *s, size_t nr, const char *chain, int family,
		      const char *text, int64_t packets)
{
	const struct placed_rule *p = &s->placed[nr];

	return nr < s->nr_placed && !strcmp(p->chain, chain) && p->family == family &&
	       !strcmp(p->text, text) && p->packets == packets;
}

static bool in_table(const struct snapshot *s, size_t nr, const char *table, bool keep)
{
	return nr < s->nr_placed && !strcmp(s->placed[nr].table, table) &&
	       s->placed[nr].keep == keep;
}

static bool one_source(const struct snapshot *s)
{
	return s->nr_placed == 1 && !*s->rules.drops_all && !s->nr_kept_files &&
	       in_table(s, 0, "conntriage", false) &&
	       is_placed(s, 0, "pre", 0, "ip saddr 10.0.0.1 counter drop", 12);
}

static bool a_set(const struct snapshot *s)
{
	return s->nr_placed == 3 && s->placed[0].rule == s->placed[2].rule &&
	       is_placed(s, 0, "pre", 0, "ip saddr { 10.0.0.2, 10.0.1.0/24 } counter drop", 12) &&
	       is_placed(s, 1, "pre", 0, "ip saddr 10.0.0.2 counter drop", 12) &&
	       is_placed(s, 2, "pre", 0, "ip saddr 10.0.1.0/24 counter drop", 12);
}

static bool nothing_placed(const struct snapshot *s)
{
	return s->rules.known && !s->nr_placed;
}

static bool tables_of_ours(const struct snapshot *s)
{
	return s->nr_placed == 2 && s->placed[0].rule != s->placed[1].rule &&
	       in_table(s, 0, "conntriage-flood-10.0.0.1", false) &&
	       is_placed(s, 0, "from_one", 0, "ip saddr 10.0.0.1 counter drop", 12) &&
	       in_table(s, 1, "conntriage-keep-dns", true) &&
	       is_placed(s, 1, "pre", 0, "udp dport 53 notrack", UNKNOWN);
}

static bool changed_tables(const struct snapshot *s)
{
	return nothing_placed(s) && s->nr_our_tables == 2 &&
	       !strcmp(s->our_table[0], "conntriage-flood-10.0.0.1") &&
	       !strcmp(s->our_table[1], "conntriage-keep-dns");
}

static bool kept_files(const struct snapshot *s)
{
	return s->nr_kept_files == 2 && !strcmp(s->kept_file[0], "dns.nft") &&
	       !strcmp(s->kept_file[1], "flood-10.0.0.1.nft");
}

static bool not_kept(const struct snapshot *s)
{
	return !s->nr_kept_files;
}

static bool without_counter(const struct snapshot *s)
{
	return s->nr_placed == 1 && is_placed(s, 0, "pre", 0, "udp dport 53 notrack", UNKNOWN);
}

static bool by_iptables(const struct snapshot *s)
{
	return s->nr_placed == 1 && in_table(s, 0, "", false) &&
	       is_placed(s, 0, "raw PREROUTING", 4, "-s 10.0.0.1 -j DROP", 12);
}

static bool by_legacy(const struct snapshot *s)
{
	return s->nr_placed == 2 && s->placed[0].rule != s->placed[1].rule &&
	       is_placed(s, 0, "raw PREROUTING", 4, "-s 10.0.0.1 -j DROP", 2) &&
	       is_placed(s, 1, "raw PREROUTING", 6, "-s fd00::/64 ! -p ipv6-icmp -j DROP", 0);
}

static bool all_dropped(const struct snapshot *s)
{
	return !strcmp(s->rules.drops_all, "inet conntriage pre");
}

static bool not_all_dropped(const struct snapshot *s)
{
	return s->rules.known && !*s->rules.drops_all;
}

const struct test placed_files[] = {
	{ "placed: a source that is dropped",
	  { RULES(PRE(FROM("\"10.0.0.1\"") "," COUNTER "," DROP)) }, NULL, one_source },
	{ "placed: several sources, and each of them",
	  { RULES(PRE(FROM("{\"set\": [{\"prefix\": {\"addr\": \"10.0.1.0\", \"len\": 24}}, "
			   "\"10.0.0.2\"]}") "," COUNTER "," DROP)) }, NULL, a_set },
	{ "placed: no counter",
	  { RULES(PRE(FIELD_IS("udp", "dport", "==", "53") ", {\"notrack\": null}")) },
	  NULL, without_counter },
	{ "placed: iptables", { RULES(RAW(FROM("\"10.0.0.1\"") "," COUNTER "," DROP)) },
	  NULL, by_iptables },
	{ "placed: iptables with a match of its own",
	  { RULES(RAW(FROM("\"10.0.0.1\"") ", {\"xt\": {\"type\": \"match\", \"name\": "
		      "\"hashlimit\"}}, " COUNTER "," DROP)) }, NULL, nothing_placed },
	{ "placed: iptables-legacy",
	  {{ "conntriage/nft-ruleset.json", REMOVE, NULL, NULL, 0 },
	   { "conntriage/legacy-drops", WRITE, NULL, "packets source family later\n"
	     "2 10.0.0.1 4 x\n0 fd00::/64 6 x\n7 10.0.0.1 6 x\n7 x 4 x\n7 10.0.0.1 5 x\n", 0 }},
	  NULL, by_legacy },
	{ "placed: iptables-legacy, damaged",
	  {{ "conntriage/legacy-drops", WRITE, NULL, "family source packets\n4 $(reboot) 1\n", 0 }},
	  "conntriage/legacy-drops:2: column \"source\"", NULL },
	{ "placed: words that fix/ hasn't got",
	  { RULES(PRE("{\"match\": {\"op\": \"==\", \"left\": {\"meta\": {\"key\": \"mark\"}}, "
		      "\"right\": 1}}," COUNTER "," DROP)) }, NULL, nothing_placed },
	{ "placed: tables of one finding each, and one for good",
	  { RULES(IN("conntriage-flood-10.0.0.1", "from_one",
		     FROM("\"10.0.0.1\"") "," COUNTER "," DROP) ", "
		  IN("conntriage-keep-dns", "pre", FIELD_IS("udp", "dport", "==", "53")
		     ", {\"notrack\": null}")) }, NULL, tables_of_ours },
	{ "placed: tables whose names only begin like ours, or are too long, or odd",
	  { RULES(IN("conntriages", "pre", FROM("\"10.0.0.1\"") "," DROP) ", "
		  IN("conntriage-$(reboot)", "pre", FROM("\"10.0.0.1\"") "," DROP) ", "
		  IN("conntriage-0123456789-0123456789-0123456789-0123456789-0123456789-"
		     "0123456789-0123456789-0123456789", "pre",
		     FROM("\"10.0.0.1\"") "," DROP)) }, NULL, nothing_placed },
	{ "tables of ours that somebody has changed, or emptied",
	  { RULES(TABLE("inet", "conntriage-flood-10.0.0.1") ", " TABLE("inet", "conntriage-keep-dns")
		  ", " TABLE("inet", "conntriage-$(reboot)") ", " TABLE("ip", "conntriage-keep-dns")
		  ", " TABLE("inet", "filter") ", "
		  IN("conntriage-keep-dns", "pre", "{\"queue\": null}")) }, NULL, changed_tables },
	{ "files that load rules at boot",
	  {{ "etc/conntriage/flood-10.0.0.1.nft", WRITE, NULL, "x", 0 },
	   { "etc/conntriage/dns.nft", WRITE, NULL, "x", 0 },
	   { "etc/conntriage/$(reboot).nft", WRITE, NULL, "x", 0 },
	   { "etc/conntriage/gone.nft", LINK, NULL, "/nowhere", 0 },
	   { "etc/conntriage/other.conf", WRITE, NULL, "x", 0 }}, NULL, kept_files },
	{ "no file that loads rules at boot",
	  {{ "etc/conntriage/dns.conf", WRITE, NULL, "x", 0 }}, NULL, not_kept },
	{ "placed: another table",
	  { RULES(BASE("inet", "mine", "pre", "prerouting", "accept") ", "
		  RULE("inet", "mine", "pre", FROM("\"10.0.0.1\"") "," COUNTER "," DROP)) },
	  NULL, nothing_placed },
	{ "placed: names and words that nobody should see",
	  { RULES(PRE(FROM("\"$(reboot)\"") "," DROP) ", "
		  RULE("inet", "conntriage", "pre", FIELD_IS("ip\\u001b[1m", "saddr", "==", "1")
		       "," DROP)) }, NULL, nothing_placed },
	{ "placed: lists where there should be words, and words where lists",
	  { RULES(PRE("{\"match\": {\"op\": \"==\", \"left\": {\"&\": 1}, \"right\": []}}") ", "
		  RULE("inet", "conntriage", "pre", "{\"set\": {\"op\": \"update\", \"set\": "
		       "\"@new4\", \"elem\": {\"&\": [1]}, \"stmt\": []}}," DROP) ", "
		  RULE("inet", "conntriage", "pre", "{\"synproxy\": null}, {\"limit\": []}")) },
	  NULL, nothing_placed },
	{ "a chain that drops all", { RULES(PRE(COUNTER "," DROP)) }, NULL, all_dropped },
	{ "a chain that drops everybody's",
	  { RULES(PRE(FROM("{\"prefix\": {\"addr\": \"0.0.0.0\", \"len\": 0}}") "," DROP)) },
	  NULL, all_dropped },
	{ "a chain whose policy drops all",
	  { RULES(BASE("inet", "conntriage", "pre", "prerouting", "drop")) }, NULL, all_dropped },
	{ "a chain that accepts some, and drops the rest",
	  { RULES(PRE(FROM("\"10.0.0.1\"") ", {\"accept\": null}") ", "
		  RULE("inet", "conntriage", "pre", DROP)) }, NULL, not_all_dropped },
	{ "a chain that asks others first",
	  { RULES(PRE(FROM("\"10.0.0.1\"") ", {\"jump\": {\"target\": \"pre\"}}") ", "
		  RULE("inet", "conntriage", "pre", DROP)) }, NULL, not_all_dropped },
	{ "a chain that forwards nothing, of a host",
	  { RULES(BASE("inet", "conntriage", "fwd", "forward", "drop")) }, NULL, not_all_dropped },
	{ NULL, {{ NULL, KEEP, NULL, NULL, 0 }}, NULL, NULL },
};
