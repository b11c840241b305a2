// SPDX-License-Identifier: GPL-2.0
/*
 * What a command that the reader prints does to connections: a line of nft,
 * iptables, conntriage-delete or sysctl, by its words. Quotes and braces are as good as
 * spaces for that.
 */
#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/situations/command.h"

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(word, *list))
			return true;
	return false;
}

/* An address of either family, perhaps with /bits */
static bool is_address(const char *word)
{
	return (strchr(word, '.') || strchr(word, ':')) &&
	       word[strspn(word, "0123456789abcdef.:/")] == '\0' && strpbrk(word, "0123456789");
}

static void take_setting(struct command *c, const char *word)
{
	const char *name = strstr(word, "nf_conntrack_"), *value = strchr(word, '=');

	if (!name || !value)
		return;
	c->verb = SETS;
	c->setting = name + strlen("nf_conntrack_");
	c->value = strtoll(value + 1, NULL, 10);
}

/* The words that say what is done */
static void take_verb(struct command *c, const char *word)
{
	static const char *const drops[] = { "drop", "DROP", NULL };
	static const char *const rejects[] = { "reject", "REJECT", NULL };
	static const char *const untracks[] = {
		"notrack", "--notrack", "synproxy", "SYNPROXY", NULL
	};

	if (is_one_of(word, drops))
		c->verb = c->rate > 0 ? LIMITS : c->verb == DROPS_INVALID ||
			  c->verb == DROPS_UNROUTABLE || c->verb == DROPS_FLAGS ? c->verb : DROPS;
	else if (is_one_of(word, rejects))
		c->verb = REJECTS;
	else if (is_one_of(word, untracks))
		c->verb = UNTRACKS;
	else if (!strcmp(word, "conntriage-delete"))
		c->verb = DELETES;
	else if (!strcmp(word, "-L"))
		c->verb = REAPS;
	else if (!strcmp(word, "invalid") || !strcmp(word, "INVALID"))
		c->verb = DROPS_INVALID;
	else if (!strcmp(word, "fib") || !strcmp(word, "rpfilter"))
		c->verb = DROPS_UNROUTABLE;
	else if (!strcmp(word, "flags") || !strcmp(word, "--tcp-flags"))
		c->verb = DROPS_FLAGS;
}

enum slot {
	NO_SLOT, SOURCE_SLOT, LEFT_SLOT, DEST_SLOT, PORT_SLOT, FROM_PORT_SLOT, STATE_SLOT,
	RATE_SLOT
};

/* What the words behind this one are */
static enum slot slot_of(const char *word)
{
	static const struct {
		const char *word;
		enum slot slot;
	} slots[] = {
		{ "saddr", SOURCE_SLOT }, { "-s", SOURCE_SLOT }, { "--orig-src", SOURCE_SLOT },
		{ "--src", SOURCE_SLOT }, { "elements", SOURCE_SLOT }, { "element", SOURCE_SLOT },
		{ "daddr", DEST_SLOT }, { "-d", DEST_SLOT }, { "--orig-dst", DEST_SLOT },
		{ "--dst", DEST_SLOT }, { "dport", PORT_SLOT }, { "--dport", PORT_SLOT },
		{ "--orig-port-dst", PORT_SLOT }, { "sport", FROM_PORT_SLOT },
		{ "--sport", FROM_PORT_SLOT }, { "--state", STATE_SLOT }, { "over", RATE_SLOT },
		{ "--hashlimit-above", RATE_SLOT }, { "--left", LEFT_SLOT },
	};
	size_t i;

	for (i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		if (!strcmp(word, slots[i].word))
			return slots[i].slot;
	return NO_SLOT;
}

/* "300-86400": what is silent for so long that no more and no less is left of its timeout */
static void take_left(struct command *c, const char *word)
{
	const char *dash = strchr(word, '-');

	c->silent = true;
	c->above = atoi(word) - 1;
	c->below = dash ? atoi(dash + 1) + 1 : 0;
}

/* Return: whether a word fits where it stands. */
static bool fill_slot(struct command *c, enum slot in, const char *word)
{
	switch (in) {
	case SOURCE_SLOT:
		if (is_address(word) && c->nr_sources < COMMAND_WORDS)
			c->source[c->nr_sources++] = word;
		return is_address(word);
	case LEFT_SLOT:
		take_left(c, word);
		return true;
	case DEST_SLOT:
		if (is_address(word) && c->nr_dests < COMMAND_WORDS)
			c->dest[c->nr_dests++] = word;
		return is_address(word);
	case PORT_SLOT:
	case FROM_PORT_SLOT:
		if (!*word || word[strspn(word, "0123456789")])
			return false;
		*(in == PORT_SLOT ? &c->port : &c->from_port) = atoi(word);
		return true;
	case STATE_SLOT:
		c->state = word;
		return false;
	case RATE_SLOT:
		c->rate = strtod(word, NULL);
		return false;
	default:
		return false;
	}
}

void command_parse(struct command *c, const char *line)
{
	static const char *const protos[] = { "tcp", "udp", "icmp", "icmpv6", "ipv6-icmp", NULL };
	enum slot slot = NO_SLOT, next;
	bool negated = false;
	char *word, *rest = c->text;

	memset(c, 0, offsetof(struct command, text));
	snprintf(c->text, sizeof(c->text), "%s", line);
	if (*line == '#' || strncmp(line + strspn(line, " "), "echo ", 5) == 0 ||
	    strncmp(line, "sed ", 4) == 0)
		return;
	while ((word = strsep(&rest, " \t\n'\"{},;()"))) {
		if (!*word)
			continue;
		if (!strcmp(word, "!=") || !strcmp(word, "!")) {
			negated = true;
			continue;
		}
		next = slot_of(word);
		if (next != NO_SLOT) {
			/* "! -s": whom a rule spares */
			slot = negated ? NO_SLOT : next;
			negated = false;
			continue;
		}
		if (slot != NO_SLOT) {
			if (negated && is_address(word))
				continue;
			negated = false;
			if (fill_slot(c, slot, word))
				continue;
			slot = NO_SLOT;
		}
		if (is_one_of(word, protos) && !c->proto && !negated)
			c->proto = word;
		/* "! -p" is one word farther from what it spares. */
		if (strcmp(word, "-p"))
			negated = false;
		if (!strcmp(word, "--unanswered"))
			c->unreplied = true;
		if (!strcmp(word, "new") || !strcmp(word, "NEW") || !strcmp(word, "--syn"))
			c->new_only = true;
		if (strstr(word, "nf_conntrack_") && strchr(word, '='))
			take_setting(c, word);
		else
			take_verb(c, word);
	}
	/* A limit's word comes before its rate in some dialects. */
	if (c->verb == DROPS && c->rate > 0)
		c->verb = LIMITS;
}
