// SPDX-License-Identifier: GPL-2.0
/*
 * Rules in nft, iptables-nft and iptables-legacy.
 *
 * Conntrack runs at priority -200. "raw" is -300: a packet dropped there costs
 * no entry. "mangle" is -150: conntrack has judged the packet, but an entry
 * enters the table only at confirmation, so a packet dropped there leaves
 * nothing behind either.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "fix/private.h"
#include "lib/lines.h"
#include "snapshot.h"

static const struct {
	const char *name, *hook, *priority;	/* nft */
	const char *table, *chain;		/* iptables */
} chains[NR_CHAINS] = {
	[CHAIN_PRE] = { "pre", "prerouting", "raw", "raw", "PREROUTING" },
	[CHAIN_OUT] = { "out", "output", "raw", "raw", "OUTPUT" },
	[CHAIN_NEW] = { "new", "prerouting", "mangle", "mangle", "PREROUTING" },
	[CHAIN_NEW_OUT] = { "new_out", "output", "mangle", "mangle", "OUTPUT" },
	/* Before the host's own rules, which may drop what is INVALID */
	[CHAIN_INPUT] = { "to_host", "input", "filter - 5", "filter", "INPUT" },
	[CHAIN_FORWARD] = { "through", "forward", "filter - 5", "filter", "FORWARD" },
	[CHAIN_OUTPUT] = { "from_host", "output", "filter - 5", "filter", "OUTPUT" },
};

const char *rule_chain_name(enum rule_chain c)
{
	return chains[c].name;
}

/*
 * iptables takes one -s, and a RETURN or ACCEPT in front would spare the address from
 * the rules behind as well: a range of one address is a match of its own.
 */
void rule_except(const struct fix *x, const struct fix_source *a, size_t nr, int family,
		 char *text)
{
	const char *nft = family == 6 ? " ip6 saddr != " : " ip saddr != ";
	size_t i, k, found = 0, used = 0;

	text[0] = '\0';
	for (i = 0; i < nr; i++) {
		for (k = 0; k < a[i].nr_except && a[i].family == family &&
		     used < EXCEPT_SIZE - 112; k++) {
			if (rule_is_nft(x))
				used += snprintf(text + used, EXCEPT_SIZE - used, "%s%s",
						 found ? ", " : nft, a[i].except[k]);
			else
				used += snprintf(text + used, EXCEPT_SIZE - used,
						 " -m iprange ! --src-range %s", a[i].except[k]);
			found++;
		}
	}
	if (rule_is_nft(x) && found > 1) {
		memmove(text + strlen(nft) + 2, text + strlen(nft), used - strlen(nft) + 1);
		memcpy(text + strlen(nft), "{ ", 2);
		strcat(text, " }");
	}
}

/* "nft add" of what is there changes nothing; once in a list is enough. */
static void once(const struct fix *x, struct lines *l, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void once(const struct fix *x, struct lines *l, const char *fmt, ...)
{
	struct lines one = { 0 };
	va_list ap;

	va_start(ap, fmt);
	fix_vline(x, &one, fmt, ap);
	va_end(ap);
	if (!lines_has(l, one.line[0]))
		lines_add(l, "%s", one.line[0]);
	lines_free(&one);
}

void rule_nft_chain(struct fix *x, struct lines *l, enum rule_chain c)
{
	once(x, l, "nft add table inet conntriage");
	once(x, l, "nft add chain inet conntriage %s '{ type filter hook %s priority %s; }'",
	     chains[c].name, chains[c].hook, chains[c].priority);
	x->rules = true;
}

bool rule_stands(struct fix *x, int family, enum rule_chain c, const char *text)
{
	char where[48];

	if (rule_is_nft(x))
		return rule_placed(x, 0, chains[c].name, text);
	snprintf(where, sizeof(where), "%s %s", chains[c].table, chains[c].chain);
	return rule_placed(x, family, where, text);
}

void rule_nft(struct fix *x, struct lines *l, enum rule_chain c, const char *expr)
{
	const char *quote = strpbrk(expr, "&|!{}();*<>") ? "'" : "";

	if (rule_stands(x, 0, c, expr))
		return;
	rule_nft_chain(x, l, c);
	x->rules_now |= l == x->now;
	fix_line(x, l, "nft add rule inet conntriage %s %s%s%s", chains[c].name,
		 quote, expr, quote);
}

void rule_ipt(struct fix *x, struct lines *l, int family, enum rule_chain c,
	      const char *spec)
{
	bool legacy = x->dialect == RULES_IPTABLES_LEGACY;
	char tool[64];

	if (rule_stands(x, family, c, spec))
		return;
	/* Only iptables-legacy has a lock that somebody else may hold. */
	snprintf(tool, sizeof(tool), "%s-%s -t %s", family == 6 ? "ip6tables" :
		 "iptables", legacy ? "legacy -w" : "nft", chains[c].table);
	fix_line(x, l, "%s -I %s %s", tool, chains[c].chain, spec);
	x->rules_now |= l == x->now;
	if (l == x->now)
		fix_line(x, &x->undo, "%s -D %s %s", tool, chains[c].chain, spec);
	x->rules = true;
}

void rule_ipt_both(struct fix *x, struct lines *l, enum rule_chain c,
		   const char *spec)
{
	rule_ipt(x, l, 4, c, spec);
	rule_ipt(x, l, 6, c, spec);
}

void rule_either(struct fix *x, struct lines *l, enum rule_chain c,
		 const char *nft, const char *ipt)
{
	if (rule_is_nft(x))
		rule_nft(x, l, c, nft);
	else
		rule_ipt_both(x, l, c, ipt);
}
