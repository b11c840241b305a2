// SPDX-License-Identifier: GPL-2.0
/* From what is known of nft's chains and rules to what a diagnosis asks. */
#include <stdio.h>
#include <string.h>

#include "lib/text.h"
#include "read/limits.h"
#include "read/nft_nat.h"
#include "read/nft_private.h"
#include "read/nft_ruleset.h"
#include "read/nft_state.h"
#include "snapshot.h"

bool ruleset_needs_text(const struct ruleset *rs)
{
	size_t i;

	for (i = 0; i < rs->nr_rules; i++)
		if (rs->rule[i].unclear)
			return true;
	return false;
}

/* Comments may say anything. */
static void cut_quoted(char *line)
{
	bool quoted = false;

	for (; *line; line++) {
		if (*line == '"')
			quoted = !quoted;
		else if (quoted)
			*line = '.';
	}
}

static void explain_rule(struct ruleset *rs, struct nft_rule *rule,
			 const char *line)
{
	bool negated, invalid;

	/* Without its xtables library, nft prints "xt match" in text too. */
	if (strstr(line, "xt match") || strstr(line, "xt target"))
		return;
	rule->unclear = false;
	nft_nat_explain(rs, rule, line);
	nft_state_explain(rs, rule, line);
	invalid = nft_state_says(line, "invalid", &negated);
	if (invalid != negated)
		rule->invalid = true;
	if (strstr(line, "tcp flags ") || strstr(line, "fib saddr "))
		rule->unsound = true;
	if (strstr(line, " drop") || strstr(line, " reject"))
		rule->drop = true;
	if (strstr(line, "notrack"))
		rs->notrack = true;
}

void ruleset_explain(struct ruleset *rs, char *text)
{
	char family[16] = "", table[256] = "";
	char *line, *mark;
	size_t nr;

	while ((line = text_line(&text))) {
		if (sscanf(line, "table %15s %255s {", family, table) == 2)
			continue;
		cut_quoted(line);
		mark = strstr(line, " # handle ");
		if (!mark)
			continue;
		*mark = '\0';
		nr = nft_index_find(rs->handles, family, table,
				    mark + strlen(" # handle "));
		if (nr != NOWHERE)
			explain_rule(rs, &rs->rule[nr], line);
	}
}

/* "ip filter INPUT" */
static void set_place(char *place, size_t size, const struct nft_chain *c)
{
	char family[12], table[40], name[40];

	if (*place)
		return;
	text_clean(family, sizeof(family), c->family);
	text_clean(table, sizeof(table), c->table);
	text_clean(name, sizeof(name), c->name);
	snprintf(place, size, "%s %s %s", family, table, name);
}

/*
 * A name becomes part of a command only where no shell would take it for more.
 */
static void set_misplaced(struct rules *rules, const struct nft_rule *rule,
			  const struct nft_chain *c)
{
	if (*rules->misplaced)
		return;
	set_place(rules->misplaced, sizeof(rules->misplaced), c);
	/* iptables-save has no handles, and nft only with -a */
	if (!rule->handle || !text_plain(c->family) || !text_plain(c->table) ||
	    !text_plain(c->name))
		return;
	if (snprintf(rules->misplaced_rule, sizeof(rules->misplaced_rule),
		     "%s %s %s handle %lld", c->family, c->table, c->name,
		     rule->handle) >= (int)sizeof(rules->misplaced_rule))
		rules->misplaced_rule[0] = '\0';
}

static bool ends_in_drop(const struct ruleset *rs, const struct nft_rule *rule)
{
	const struct nft_chain *to;

	if (rule->drop)
		return true;
	if (rule->target == NOWHERE)
		return false;
	to = &rs->chain[rule->target];
	return to->drops && !to->spares;
}

/* What a jump leads to may accept. */
static bool jumps(const struct ruleset *rs, size_t chain)
{
	size_t i;

	for (i = 0; i < rs->nr_jumps; i++)
		if (rs->jump[i].from == chain)
			return true;
	return false;
}

/* "conntriage", or "conntriage-CAUSE-TARGET"; cut off it would name another */
bool nft_table_is_ours(const char *family, const char *table)
{
	size_t len = strlen("conntriage");

	return !strcmp(family, "inet") && !strncmp(table, "conntriage", len) &&
	       (!table[len] || table[len] == '-') && text_plain(table) &&
	       strlen(table) < TABLE_NAME;
}

void ruleset_summarise(struct ruleset *rs, struct rules *rules)
{
	size_t i;

	for (i = 0; i < rs->nr_tables; i++) {
		const struct nft_table *t = &rs->table[i];

		/* what fix/ has put beside them isn't where the host's rules are */
		if (!t->rules || nft_table_is_ours(t->family, t->name))
			continue;
		if (t->standard && (t->base || t->xt))
			rules->iptables_nft = true;
		else
			rules->nft = true;
	}
	for (i = 0; i < rs->nr_rules; i++) {
		const struct nft_rule *rule = &rs->rule[i];
		const struct nft_chain *c = &rs->chain[rule->chain];

		if (!ends_in_drop(rs, rule))
			continue;
		if (rule->unclear)
			rules->contents_known = false;
		if (rule->invalid && c->late)
			set_place(rules->invalid_drop,
				  sizeof(rules->invalid_drop), c);
		if (rule->invalid && c->early)
			set_misplaced(rules, rule, c);
		if (rule->unsound && !rule->invalid && c->early)
			rules->invalid_drop_raw = true;
	}
	for (i = 0; i < rs->nr_chains; i++)
		if (rs->chain[i].whole && rs->chain[i].drops && !rs->chain[i].spares &&
		    !jumps(rs, i))
			set_place(rules->drops_all, sizeof(rules->drops_all), &rs->chain[i]);
	if (rs->notrack)
		rules->has_notrack = true;
	nft_state_summarise(rs, rules);
	if (rs->stateful != NOWHERE)
		set_place(rules->stateful, sizeof(rules->stateful), &rs->chain[rs->stateful]);
	rules->has_dnat = rs->dnat;
	rules->nr_source_nat = rs->nr_source_nat;
	memcpy(rules->source_nat, rs->source_nat, sizeof(rules->source_nat));
	if (*rules->why_not)
		return;
	if (rs->too_big) {
		rules->contents_known = false;
		snprintf(rules->why_not, sizeof(rules->why_not),
			 "more than %d chains, %d jumps or %d rules about connection states; "
			 "see nft list ruleset",
			 READ_MAX_CHAINS, READ_MAX_JUMPS, READ_MAX_RULES);
	} else if (!rules->contents_known) {
		snprintf(rules->why_not, sizeof(rules->why_not),
			 "this nft can't translate iptables' matches; see iptables-save");
	}
}
