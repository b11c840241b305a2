// SPDX-License-Identifier: GPL-2.0
/*
 * Rules that give packets another address: for sources, how many addresses and ports
 * such a rule chooses from is how many connections to one destination it can hold
 * (docs/beside-conntrack.md, "NAT and ports").
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "lib/text.h"
#include "read/nft_json.h"
#include "read/nft_nat.h"
#include "read/nft_private.h"
#include "snapshot.h"

bool nft_nat_is(struct json_object *e)
{
	return nft_has(e, "masquerade") || nft_has(e, "snat") || nft_has(e, "dnat") ||
	       nft_has(e, "redirect");
}

/* One more rule, or one that isn't named any more */
static struct source_nat *add_source_nat(struct ruleset *rs, const struct nft_rule *rule)
{
	const struct nft_chain *c = &rs->chain[rule->chain];
	size_t nr = rs->nr_source_nat++;
	struct source_nat *nat;
	char family[12], table[40], name[40];

	if (nr >= NAMED_SOURCE_NATS)
		return NULL;
	nat = &rs->source_nat[nr];
	text_clean(family, sizeof(family), c->family);
	text_clean(table, sizeof(table), c->table);
	text_clean(name, sizeof(name), c->name);
	snprintf(nat->place, sizeof(nat->place), "%s %s %s", family, table, name);
	nat->handle = rule->handle;
	nat->addresses = 1;
	nat->port_min = UNKNOWN;
	nat->port_max = UNKNOWN;
	return nat;
}

/* How many addresses are from one to another, both included; UNKNOWN: too many */
static int64_t count_addresses(const char *from, const char *to)
{
	struct in_addr a, b;
	uint32_t first, last;

	if (!strcmp(from, to))
		return 1;
	if (inet_pton(AF_INET, from, &a) != 1 || inet_pton(AF_INET, to, &b) != 1)
		return UNKNOWN;
	first = ntohl(a.s_addr);
	last = ntohl(b.s_addr);
	return last >= first ? (int64_t)last - first + 1 : UNKNOWN;
}

static void set_addresses(struct source_nat *nat, const char *from, const char *to)
{
	if (!text_address(from, 0) || !text_address(to, 0))
		return;
	nat->addresses = count_addresses(from, to);
	if (strcmp(from, to))
		snprintf(nat->to, sizeof(nat->to), "%s-%s", from, to);
	else
		snprintf(nat->to, sizeof(nat->to), "%s", from);
}

static void set_ports(struct source_nat *nat, int64_t min, int64_t max)
{
	if (min < 0 || max < min || max > UINT16_MAX)
		return;
	nat->port_min = min;
	nat->port_max = max;
}

/* VALUE or { "range": [ MIN, MAX ] }: its ends, NULL where it is something else */
static void range_ends(struct json_object *o, struct json_object **min,
		       struct json_object **max)
{
	struct json_object *range = nft_get(o, "range");

	*min = NULL;
	*max = NULL;
	if (json_object_is_type(range, json_type_array)) {
		if (json_object_array_length(range) != 2)
			return;
		*min = json_object_array_get_idx(range, 0);
		*max = json_object_array_get_idx(range, 1);
	} else if (!json_object_is_type(o, json_type_object)) {
		*min = o;
		*max = o;
	}
}

/* { "addr": ADDRESS, "port": PORT }; a map or a prefix: how many isn't known */
static void read_range(struct source_nat *nat, struct json_object *o)
{
	struct json_object *min, *max;

	if (nft_has(o, "addr")) {
		nat->addresses = UNKNOWN;
		range_ends(nft_get(o, "addr"), &min, &max);
		if (json_object_is_type(min, json_type_string) &&
		    json_object_is_type(max, json_type_string))
			set_addresses(nat, json_object_get_string(min),
				      json_object_get_string(max));
	}
	range_ends(nft_get(o, "port"), &min, &max);
	if (json_object_is_type(min, json_type_int) && json_object_is_type(max, json_type_int))
		set_ports(nat, json_object_get_int64(min), json_object_get_int64(max));
}

/* "random" and "fully-random", by themselves or in a list: NF_NAT_RANGE_PROTO_RANDOM_ALL */
static bool is_random(struct json_object *flags)
{
	const char *word = json_object_get_string(flags);

	return word && strstr(word, "random");
}

void nft_nat_add(struct ruleset *rs, const struct nft_rule *rule, struct json_object *e)
{
	struct json_object *o = nft_get(e, nft_has(e, "snat") ? "snat" : "masquerade");
	struct source_nat *nat;

	if (nft_has(e, "dnat") || nft_has(e, "redirect")) {
		rs->dnat = true;
		return;
	}
	nat = add_source_nat(rs, rule);
	if (!nat)
		return;
	read_range(nat, o);
	nat->random = is_random(nft_get(o, "flags"));
}

void nft_nat_target(struct ruleset *rs, struct nft_rule *rule, const char *name)
{
	if (!strcmp(name, "DNAT") || !strcmp(name, "REDIRECT"))
		rs->dnat = true;
	else if (!strcmp(name, "MASQUERADE") || !strcmp(name, "SNAT"))
		rule->unclear = true;
}

/* "1024" or "1024-2047" */
static void explain_ports(struct source_nat *nat, const char *text)
{
	char *end;
	long min = strtol(text, &end, 10), max = min;

	if (end == text)
		return;
	if (*end == '-')
		max = strtol(end + 1, NULL, 10);
	set_ports(nat, min, max);
}

/* "192.0.2.1", "192.0.2.1-192.0.2.4:1024-2047", "[2001:db8::1]:80" */
static void explain_addresses(struct source_nat *nat, const char *text)
{
	char word[160], *to, *port;
	size_t len = strcspn(text, " ");

	nat->addresses = UNKNOWN;
	if (len >= sizeof(word))
		return;
	memcpy(word, text, len);
	word[len] = '\0';
	port = strrchr(word, ':');
	/* An IPv6 address has colons of its own, and no port without brackets. */
	if (port && (port == strchr(word, ':') || (port > word && port[-1] == ']'))) {
		*port++ = '\0';
		explain_ports(nat, port);
	}
	to = strchr(word, '-');
	if (to)
		*to++ = '\0';
	set_addresses(nat, word, to ? to : word);
}

void nft_nat_explain(struct ruleset *rs, const struct nft_rule *rule, const char *line)
{
	const char *masquerade = strstr(line, "masquerade"), *snat = strstr(line, "snat to ");
	struct source_nat *nat;

	if (strstr(line, "dnat to ") || strstr(line, "redirect"))
		rs->dnat = true;
	if (!masquerade && !snat)
		return;
	nat = add_source_nat(rs, rule);
	if (!nat)
		return;
	nat->random = strstr(snat ? snat : masquerade, "random");
	if (snat)
		explain_addresses(nat, snat + strlen("snat to "));
	else if (!strncmp(masquerade, "masquerade to :", 15))
		explain_ports(nat, masquerade + 15);
}
