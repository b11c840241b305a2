// SPDX-License-Identifier: GPL-2.0
/* Lists of who has most entries or events. */
#include <string.h>

#include "judge/life.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/terminal.h"
#include "render/heaviest.h"
#include "render/json_values.h"

static void fill_phase(const struct list *l, const void *row, struct cell *c)
{
	cell_text(l, c, ((const struct heaviest_row *)row)->phase);
}

static void fill_class(const struct list *l, const void *row, struct cell *c)
{
	cell_text(l, c, ((const struct heaviest_row *)row)->class);
}

static void fill_key(const struct list *l, const void *row, struct cell *c)
{
	const struct heaviest_row *r = row;
	const char *name = r->program && !l->ask->no_names ? r->program->unit : r->name;

	cell_both(l, c, name, l->ask->json ? json_string(r->name) : NULL);
}

static void fill_name(const struct list *l, const void *row, struct cell *c)
{
	const struct heaviest_row *r = row;

	if (r->program && l->ask->json && !l->ask->no_names)
		cell_text(l, c, r->program->unit);
	else
		cell_who(l, c, r->netns, r->name);
}

static void fill_netns(const struct list *l, const void *row, struct cell *c)
{
	cell_netns(l, c, ((const struct heaviest_row *)row)->netns);
}

static void fill_inode(const struct list *l, const void *row, struct cell *c)
{
	cell_id(l, c, ((const struct heaviest_row *)row)->netns);
}

static void fill_error(const struct list *l, const void *row, struct cell *c)
{
	cell_error(l, c, ((const struct heaviest_row *)row)->err);
}

/* How many peers, which one doesn't tell */
static void fill_peers(const struct list *l, int64_t peers, struct cell *c)
{
	cell_number(l, c, peers);
	c->tells = peers > 1;
}

static void fill_sources(const struct list *l, const void *row, struct cell *c)
{
	fill_peers(l, ((const struct heaviest_row *)row)->sources, c);
}

static void fill_dests(const struct list *l, const void *row, struct cell *c)
{
	fill_peers(l, ((const struct heaviest_row *)row)->dests, c);
}

static void fill_ports(const struct list *l, const void *row, struct cell *c)
{
	fill_peers(l, ((const struct heaviest_row *)row)->ports, c);
}

/*
 * A share of a row's entries for people; "-" for none, so that those that there are
 * stand out. Programs get their number.
 */
static void fill_life(const struct list *l, const void *row, struct cell *c, enum life life)
{
	const struct heaviest_row *r = row;
	int64_t part = r->stage ? life_count(r->stage, life) : UNKNOWN;

	cell_percent(l, c, part > 0 ? part : UNKNOWN, r->count);
	if (l->ask->json) {
		json_object_put(c->json);
		c->json = json_integer(part);
	}
}

#define FILL_LIFE(name, LIFE) \
static void fill_##name(const struct list *l, const void *row, struct cell *c) \
{ \
	fill_life(l, row, c, LIFE); \
}
FILL_LIFE(unanswered, LIFE_UNANSWERED)
FILL_LIFE(half_open, LIFE_HALF_OPEN)
FILL_LIFE(once, LIFE_ONCE)
FILL_LIFE(talking, LIFE_TALKING)
FILL_LIFE(silent, LIFE_SILENT)
FILL_LIFE(closing, LIFE_CLOSING)
FILL_LIFE(expired, LIFE_EXPIRED)

enum { KEY = 2, COUNT = 6 };	/* whose headings vary */

#define LIFE_FLAGS	(LIST_IF_TELLS | LIST_NUMBER | LIST_LEAVE_LATE)
#define PEERS_FLAGS	(LIST_IF_TELLS | LIST_NUMBER | LIST_LEAVE)

static const struct list_column heaviest_columns[] = {
	{ "PHASE", "phase", 0, 0, fill_phase },
	{ "CLASS", "class", 0, 0, fill_class },
	[KEY] = { "SOURCE", "key", LIST_SHOWN | LIST_KEY, 0, fill_key },
	{ "NAME", "name", LIST_IF_TELLS | LIST_CUT | LIST_LEAVE_LATE, 0, fill_name },
	{ "NETNS", "netns_name", LIST_IF_TELLS | LIST_RIGHT, 0, fill_netns },
	{ "INODE", "netns", LIST_NUMBER, 0, fill_inode },
	[COUNT] = LIST_MEMBER("COUNT", "count", heaviest_row, count, LIST_SHOWN),
	{ "ERROR", "error", LIST_IF_TELLS | LIST_NUMBER, 0, fill_error },
	{ "SOURCES", "sources", PEERS_FLAGS, 0, fill_sources },
	{ "DESTS", "dests", PEERS_FLAGS, 0, fill_dests },
	{ "PORTS", "ports", PEERS_FLAGS, 0, fill_ports },
	{ "UNANSW", "unanswered", LIFE_FLAGS, 0, fill_unanswered },
	{ "HALF", "half_open", LIFE_FLAGS, 0, fill_half_open },
	{ "ONCE", "once", LIFE_FLAGS, 0, fill_once },
	{ "TALK", "talking", LIFE_FLAGS, 0, fill_talking },
	{ "SILENT", "silent", LIFE_FLAGS, 0, fill_silent },
	{ "CLOSED", "closing", LIFE_FLAGS, 0, fill_closing },
	{ "EXPIRED", "expired", LIFE_FLAGS, 0, fill_expired },
};

void heaviest_begin(struct heaviest_list *h, const struct snapshot *s,
		    const struct list_request *ask, const char *command, const char *head,
		    const char *count)
{
	memcpy(h->column, heaviest_columns, sizeof(heaviest_columns));
	h->column[KEY].name = head;
	h->column[COUNT].name = count;
	h->list = (struct list) {
		.s = s, .ask = ask, .command = command, .column = h->column,
		.columns = ARRAY_SIZE(heaviest_columns),
	};
}

void heaviest_legend(FILE *out)
{
	prose(out, "UNANSW: nobody answered; HALF: the client never completed the handshake; "
	      "ONCE: a question and its answer; TALK: established; SILENT: for 5 minutes or "
	      "more; CLOSED: waits for its last timeout; EXPIRED: not yet removed. What none "
	      "has is left out.");
}
