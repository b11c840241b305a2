// SPDX-License-Identifier: GPL-2.0
/*
 * Rules in force that fix/ could have written: out of nft's JSON, in the words in
 * which fix/ writes them, so that a cure can be compared with what stands already.
 * What fix/ has no words for is left out.
 */
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/numbers.h"
#include "lib/text.h"
#include "read/limits.h"
#include "read/nft_json.h"
#include "read/nft_private.h"
#include "read/nft_ruleset.h"
#include "read/placed.h"
#include "snapshot.h"

#define MEMBERS		64	/* of a set that is written out */

struct words {
	char text[sizeof(((struct placed_rule *)0)->text)];
	size_t used;
	bool unknown;		/* something that fix/ doesn't write, or too long */
};

static void say(struct words *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct words *w, const char *fmt, ...)
{
	va_list ap;
	int more;

	va_start(ap, fmt);
	more = vsnprintf(w->text + w->used, sizeof(w->text) - w->used, fmt, ap);
	va_end(ap);
	w->used += more;
	if (w->used >= sizeof(w->text)) {
		w->used = sizeof(w->text) - 1;
		w->unknown = true;
	}
}

/* A member that is a list, or NULL */
static struct json_object *member_list(struct json_object *o, const char *key)
{
	struct json_object *list = nft_get(o, key);

	return json_object_is_type(list, json_type_array) ? list : NULL;
}

static bool is(const char *text, const char *what)
{
	return text && !strcmp(text, what);
}

/* An address, a network, a number, a word */
static bool one_value(struct json_object *o, char *text, size_t size)
{
	struct json_object *prefix = nft_get(o, "prefix");
	const char *address = nft_string(prefix, "addr");

	text[0] = '\0';
	if (json_object_is_type(o, json_type_string))
		snprintf(text, size, "%s", json_object_get_string(o));
	else if (json_object_is_type(o, json_type_int))
		snprintf(text, size, "%d", json_object_get_int(o));
	else if (address)
		snprintf(text, size, "%s/%d", address, json_object_get_int(nft_get(prefix, "len")));
	return text[0] && text_plain(text);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Flags of TCP: a word, a list, or words joined two by two, as nft's versions differ */
static void say_flags(struct words *w, struct json_object *o)
{
	struct json_object *pair = member_list(o, "|");
	size_t i;

	if (json_object_is_type(o, json_type_string)) {
		say(w, "%s", json_object_get_string(o));
		return;
	}
	if (pair)
		o = pair;
	w->unknown |= !json_object_is_type(o, json_type_array);
	for (i = 0; !w->unknown && i < json_object_array_length(o); i++) {
		say(w, i ? "|" : "");
		say_flags(w, json_object_array_get_idx(o, i));
	}
}

/* The members of a set, sorted; 0: it is none, or has others than plain ones */
static size_t set_members(struct json_object *o, char (*member)[64])
{
	struct json_object *set = member_list(o, "set");
	size_t i, nr = set ? json_object_array_length(set) : 0;

	if (nr > MEMBERS)
		return 0;
	for (i = 0; i < nr; i++) {
		struct json_object *one = json_object_array_get_idx(set, i);
		struct words w = { .used = 0 };

		if (one_value(one, member[i], sizeof(*member)))
			continue;
		say_flags(&w, one);
		if (w.unknown)
			return 0;
		snprintf(member[i], sizeof(*member), "%.63s", w.text);
	}
	if (nr)
		qsort(member, nr, sizeof(*member), by_name);
	return nr;
}

static void say_value(struct words *w, struct json_object *o)
{
	char member[MEMBERS][64], one[64];
	size_t i, nr = set_members(o, member);

	if (one_value(o, one, sizeof(one))) {
		say(w, "%s", one);
		return;
	}
	if (!nr)
		w->unknown = true;
	for (i = 0; i < nr; i++)
		say(w, "%s%s", i ? ", " : "{ ", member[i]);
	say(w, " }");
}

/* "tcp flags & (fin|syn|rst|ack) == syn" */
static void say_masked(struct words *w, struct json_object *masked, const char *op,
		       struct json_object *right)
{
	struct json_object *payload = nft_get(json_object_array_get_idx(masked, 0), "payload");
	bool one = json_object_is_type(right, json_type_string);

	if (!is(nft_string(payload, "protocol"), "tcp") || !is(nft_string(payload, "field"), "flags")) {
		w->unknown = true;
		return;
	}
	say(w, "tcp flags & (");
	say_flags(w, json_object_array_get_idx(masked, 1));
	say(w, ") %s ", op);
	if (nft_has(right, "set")) {
		say_value(w, right);
		return;
	}
	say(w, one ? "" : "(");
	say_flags(w, right);
	say(w, one ? "" : ")");
}

/* "new", "invalid,untracked" */
static void say_states(struct words *w, struct json_object *o)
{
	size_t i;

	if (json_object_is_type(o, json_type_string)) {
		say(w, "%s", json_object_get_string(o));
		return;
	}
	w->unknown |= !json_object_is_type(o, json_type_array);
	for (i = 0; !w->unknown && i < json_object_array_length(o); i++) {
		struct json_object *state = json_object_array_get_idx(o, i);

		if (json_object_is_type(state, json_type_string))
			say(w, "%s%s", i ? "," : "", json_object_get_string(state));
		else
			w->unknown = true;
	}
}

static void say_match(struct words *w, struct json_object *match)
{
	struct json_object *left = nft_get(match, "left"), *right = nft_get(match, "right");
	struct json_object *payload = nft_get(left, "payload"), *masked = member_list(left, "&");
	const char *op = nft_string(match, "op"), *not = is(op, "!=") ? "!= " : "";
	const char *key = nft_string(nft_get(left, "ct"), "key");
	const char *fib = nft_string(nft_get(left, "fib"), "result");

	if (nft_string(payload, "protocol") && nft_string(payload, "field")) {
		say(w, "%s %s %s", nft_string(payload, "protocol"), nft_string(payload, "field"), not);
		say_value(w, right);
	} else if (is(nft_string(nft_get(left, "meta"), "key"), "l4proto")) {
		say(w, "meta l4proto %s", not);
		say_value(w, right);
	} else if (masked && op && json_object_array_length(masked) == 2) {
		say_masked(w, masked, op, right);
	} else if (is(key, "state") && !*not) {
		say(w, "ct state ");
		say_states(w, right);
	} else if (is(key, "status") && is(op, "!") && json_object_is_type(right, json_type_string)) {
		say(w, "ct status and %s == 0", json_object_get_string(right));
	} else if (is(fib, "oif") && json_object_is_type(right, json_type_boolean) && !*not) {
		say(w, "fib saddr . iif oif missing");
	} else if (is(fib, "type") && json_object_is_type(right, json_type_string)) {
		say(w, "fib saddr type %s%s", not, json_object_get_string(right));
	} else {
		w->unknown = true;
	}
}

static void say_limit(struct words *w, struct json_object *limit)
{
	if (!is(nft_string(limit, "per"), "second") || !json_object_get_boolean(nft_get(limit, "inv")))
		w->unknown = true;
	say(w, "limit rate over %d/second burst %d packets",
	    json_object_get_int(nft_get(limit, "rate")),
	    json_object_get_int(nft_get(limit, "burst")));
}

/* "update @new4 { ip saddr limit rate over ... }" */
static void say_update(struct words *w, struct json_object *set)
{
	struct json_object *elem = nft_get(set, "elem"), *mask = member_list(elem, "&");
	struct json_object *stmt = nft_get(set, "stmt");
	struct json_object *payload = nft_get(mask ? json_object_array_get_idx(mask, 0) : elem,
					       "payload");
	char bits[64] = "";

	if (!is(nft_string(set, "op"), "update") || !nft_string(set, "set") || !payload ||
	    !json_object_is_type(stmt, json_type_array) ||
	    (mask && json_object_array_length(mask) != 2) ||
	    (mask && !one_value(json_object_array_get_idx(mask, 1), bits, sizeof(bits)))) {
		w->unknown = true;
		return;
	}
	say(w, "update %s { %s saddr %s%s%s", nft_string(set, "set"),
	    nft_string(payload, "protocol") ? nft_string(payload, "protocol") : "", mask ? "and " : "",
	    bits, mask ? " " : "");
	say_limit(w, nft_get(json_object_array_get_idx(stmt, 0), "limit"));
	say(w, " }");
}

static void say_synproxy(struct words *w, struct json_object *o)
{
	struct json_object *flags = nft_get(o, "flags");
	size_t i;

	say(w, "synproxy mss %d wscale %d", json_object_get_int(nft_get(o, "mss")),
	    json_object_get_int(nft_get(o, "wscale")));
	w->unknown |= !json_object_is_type(flags, json_type_array);
	for (i = 0; !w->unknown && i < json_object_array_length(flags); i++) {
		struct json_object *flag = json_object_array_get_idx(flags, i);

		say(w, " %s", json_object_is_type(flag, json_type_string) ?
		    json_object_get_string(flag) : "");
	}
}

static void say_expr(struct words *w, struct json_object *e, int64_t *packets)
{
	if (w->used)
		say(w, " ");
	if (nft_has(e, "match")) {
		say_match(w, nft_get(e, "match"));
	} else if (nft_has(e, "counter")) {
		*packets = json_object_get_int64(nft_get(nft_get(e, "counter"), "packets"));
		say(w, "counter");
	} else if (nft_has(e, "limit")) {
		say_limit(w, nft_get(e, "limit"));
	} else if (nft_has(e, "set")) {
		say_update(w, nft_get(e, "set"));
	} else if (nft_has(e, "synproxy")) {
		say_synproxy(w, nft_get(e, "synproxy"));
	} else if (nft_has(e, "ct count")) {
		say(w, "ct count over %d", json_object_get_int(nft_get(nft_get(e, "ct count"), "val")));
	} else if (nft_has(e, "reject")) {
		say(w, is(nft_string(nft_get(e, "reject"), "type"), "tcp reset") ?
		    "reject with tcp reset" : "reject");
	} else if (nft_has(e, "drop")) {
		say(w, "drop");
	} else if (nft_has(e, "notrack")) {
		say(w, "notrack");
	} else {
		w->unknown = true;
	}
}

/* The sources that begin a rule as a set of them: each is met by it. */
static size_t sources_of(struct json_object *expr, char (*member)[64])
{
	struct json_object *match = nft_get(json_object_array_get_idx(expr, 0), "match");
	const char *field = nft_string(nft_get(nft_get(match, "left"), "payload"), "field");

	return is(field, "saddr") && is(nft_string(match, "op"), "==") ?
	       set_members(nft_get(match, "right"), member) : 0;
}

static void place_nft(struct snapshot *s, const char *table, const char *chain,
		      struct json_object *expr, int64_t rule)
{
	char member[MEMBERS][64], text[sizeof(s->placed->text)];
	size_t i, nr = sources_of(expr, member);
	int64_t packets = UNKNOWN;
	struct words w = { .used = 0 };
	const char *open, *shut;

	for (i = 0; i < json_object_array_length(expr); i++)
		say_expr(&w, json_object_array_get_idx(expr, i), &packets);
	if (w.unknown)
		return;
	placed_add(s, table, chain, 0, w.text, packets, rule);
	open = strstr(w.text, "{ ");
	shut = strstr(w.text, " }");
	for (i = 0; i < nr && open && shut; i++) {
		/* half a rule is another rule */
		if ((size_t)snprintf(text, sizeof(text), "%.*s%s%s", (int)(open - w.text), w.text,
				     member[i], shut + 2) < sizeof(text))
			placed_add(s, table, chain, 0, text, packets, rule);
	}
}

/* "-s 10.0.0.1 -j DROP": what JSON tells of iptables' rules; of its own matches only names */
static void place_ipt(struct snapshot *s, const char *name, int family, struct json_object *expr,
		      int64_t rule)
{
	/* fix/ has chains of its own, that the built-in ones jump to */
	const char *base = !strncmp(name, "ct-pre-", 7) ? "PREROUTING" :
			   !strncmp(name, "ct-out-", 7) ? "OUTPUT" : NULL;
	const char *rest[2] = { "", "" }, *source = NULL;
	char text[sizeof(s->placed->text)];
	int64_t packets = UNKNOWN;
	struct words w;
	size_t i;

	for (i = 0; i < json_object_array_length(expr); i++) {
		w = (struct words) { .used = 0 };
		say_expr(&w, json_object_array_get_idx(expr, i), &packets);
		if (w.unknown)
			return;
		if (!strncmp(w.text, family == 6 ? "ip6 saddr " : "ip saddr ", family == 6 ? 10 : 9)) {
			snprintf(text, sizeof(text), "-s %s", w.text + (family == 6 ? 10 : 9));
			source = text;
		} else if (!strcmp(w.text, "meta l4proto != ipv6-icmp")) {
			rest[0] = " ! -p ipv6-icmp";
		} else if (!strcmp(w.text, "drop")) {
			rest[1] = " -j DROP";
		} else if (strcmp(w.text, "counter")) {
			return;
		}
	}
	if (!source || !*rest[1] || strchr(text, '!') || strchr(text, '{'))
		return;
	w = (struct words) { .used = 0 };
	say(&w, "%s%s%s", source, rest[0], rest[1]);
	snprintf(text, sizeof(text), "raw %.40s", base ? base : name);
	placed_add(s, base ? name : "", text, family, w.text, packets, rule);
}

static void note_table(struct snapshot *s, struct json_object *o)
{
	const char *family = nft_string(o, "family"), *name = nft_string(o, "name");
	char (*row)[sizeof(*s->our_table)];

	if (!family || !name || !nft_table_is_ours(family, name) ||
	    s->nr_our_tables == READ_MAX_PLACED)
		return;
	row = grow(&s->our_table, &s->nr_our_tables, sizeof(*row));
	snprintf(*row, sizeof(*row), "%s", name);
}

void ruleset_placed(const struct ruleset *rs, struct snapshot *s)
{
	struct json_object *list = nft_get(rs->root, "nftables");
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++) {
		struct json_object *one = json_object_array_get_idx(list, i);
		struct json_object *o = nft_get(one, "rule");
		struct json_object *expr = nft_get(o, "expr");
		const char *family = nft_string(o, "family"), *table = nft_string(o, "table");
		const char *name = nft_string(o, "chain");

		note_table(s, nft_get(one, "table"));
		if (!family || !table || !name || !text_plain(name) ||
		    !json_object_is_type(expr, json_type_array))
			continue;
		if (nft_table_is_ours(family, table)) {
			place_nft(s, table, name, expr, i);
		} else if (!strcmp(table, "raw") && (!strcmp(family, "ip") || !strcmp(family, "ip6"))) {
			place_ipt(s, name, family[2] ? 6 : 4, expr, i);
		}
	}
}
