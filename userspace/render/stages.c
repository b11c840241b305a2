// SPDX-License-Identifier: GPL-2.0
/* Tables of entries by the stages of a connection's life, and of who has most. */
#include <stdlib.h>
#include <string.h>

#include "judge/life.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "lib/print_table.h"
#include "lib/terminal.h"
#include "render/stages.h"
#include "snapshot.h"

#define RIGHT	SCOLS_FL_RIGHT
#define ENOUGH	25		/* columns, for "tcp/192.168.100.100:65535" */

int stages_table(const int64_t *stage, FILE *out)
{
	static const struct table_column columns[] = {
		{ "STAGE", 0 }, { "ENTRIES", RIGHT }, { "SHARE", RIGHT },
	};
	const struct {
		const char *what;
		int64_t entries;
	} row[] = {
		{ "never answered", life_count(stage, LIFE_UNANSWERED) },
		{ "answered, the handshake not completed", life_count(stage, LIFE_HALF_OPEN) },
		{ "a question and its answer", life_count(stage, LIFE_ONCE) },
		{ "established, silent for less than 5 min", life_count(stage, LIFE_TALKING) },
		{ "silent for 5 min to 30 min", stage[STAGE_SILENT_300] },
		{ "silent for 30 min to 2 h", stage[STAGE_SILENT_1800] },
		{ "silent for 2 h to a day", stage[STAGE_SILENT_7200] },
		{ "silent for a day or more", stage[STAGE_SILENT_86400] },
		{ "closed, waiting for the last timeout", life_count(stage, LIFE_CLOSING) },
		{ "expired, not yet removed", life_count(stage, LIFE_EXPIRED) },
	};
	struct libscols_table *t = table_begin(out, TABLE_WHOLE, columns, ARRAY_SIZE(columns));
	int64_t all = life_sum(stage);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		struct libscols_line *line;

		if (row[i].entries <= 0)
			continue;
		line = table_line(t);
		table_put(line, 0, "%s", row[i].what);
		table_num(line, 1, row[i].entries);
		table_pct(line, 2, row[i].entries, all);
	}
	return table_end(t, out);
}

enum what { NAME, NETNS, COUNT, ERROR, PEERS, SHARE };

struct column {
	enum what what;
	const char *head;
	size_t peers;			/* PEERS: where in the row */
	enum life life;			/* SHARE: of which */
};

/* All that there can be, in their order; the heads of NAME and COUNT vary. */
static const struct column column[] = {
	{ .what = NAME },
	{ .what = NETNS, .head = "NETNS" },
	{ .what = COUNT },
	{ .what = ERROR, .head = "ERROR" },
	{ .what = PEERS, .head = "SOURCES", .peers = offsetof(struct heaviest_row, sources) },
	{ .what = PEERS, .head = "DESTS", .peers = offsetof(struct heaviest_row, dests) },
	{ .what = PEERS, .head = "PORTS", .peers = offsetof(struct heaviest_row, ports) },
	{ .what = SHARE, .head = "UNANSW", .life = LIFE_UNANSWERED },
	{ .what = SHARE, .head = "HALF", .life = LIFE_HALF_OPEN },
	{ .what = SHARE, .head = "ONCE", .life = LIFE_ONCE },
	{ .what = SHARE, .head = "TALK", .life = LIFE_TALKING },
	{ .what = SHARE, .head = "SILENT", .life = LIFE_SILENT },
	{ .what = SHARE, .head = "CLOSED", .life = LIFE_CLOSING },
	{ .what = SHARE, .head = "EXPIRED", .life = LIFE_EXPIRED },
};

struct list {
	const struct snapshot *s;
	const char *head, *count;
	const struct heaviest_row *row;
	size_t nr;
	size_t room;			/* longer names aren't in the table */
	bool peers;
};

static int64_t peers_of(const struct heaviest_row *row, const struct column *c)
{
	return *(const int64_t *)(const void *)((const char *)row + c->peers);
}

static int64_t share_of(const struct heaviest_row *row, const struct column *c)
{
	return row->stage ? life_count(row->stage, c->life) : 0;
}

static bool row_tells(const struct list *l, const struct heaviest_row *row,
		      const struct column *c)
{
	switch (c->what) {
	case NETNS:
		return row->netns != l->s->own_netns;
	case ERROR:
		return row->err;
	case PEERS:
		return l->peers && peers_of(row, c) > 1;
	case SHARE:
		return share_of(row, c) > 0;
	case NAME:
	case COUNT:
		break;
	}
	return true;
}

static bool tells(const struct list *l, const struct column *c)
{
	size_t i;

	for (i = 0; i < l->nr; i++)
		if (row_tells(l, &l->row[i], c))
			return true;
	return false;
}

static void put_cell(const struct list *l, const struct heaviest_row *row,
		     const struct column *c, struct libscols_line *line, size_t at)
{
	int64_t part;

	switch (c->what) {
	case NAME:
		table_put(line, at, "%s", strlen(row->name) > l->room ? "" : row->name);
		break;
	case NETNS:
		table_put(line, at, "%s", netns_word(l->s, row->netns));
		break;
	case COUNT:
		table_num(line, at, row->count);
		break;
	case ERROR:
		table_err(line, at, row->err);
		break;
	case PEERS:
		table_num(line, at, peers_of(row, c));
		break;
	case SHARE:
		part = share_of(row, c);
		table_pct(line, at, part > 0 ? part : UNKNOWN, row->count);
		break;
	}
}

/* The table as text; free() it. */
static char *table_text(const struct list *l)
{
	struct table_column shown[ARRAY_SIZE(column)];
	size_t of[ARRAY_SIZE(column)], nr = 0, i, j, len;
	struct libscols_table *t;
	char *text;
	FILE *out;

	for (i = 0; i < ARRAY_SIZE(column); i++) {
		if (!tells(l, &column[i]))
			continue;
		shown[nr].name = column[i].what == NAME ? l->head :
				 column[i].what == COUNT ? l->count : column[i].head;
		shown[nr].flags = column[i].what == NAME ? 0 : RIGHT;
		of[nr++] = i;
	}
	out = open_memstream(&text, &len);
	if (!out)
		no_memory();
	t = table_begin(out, TABLE_WHOLE, shown, nr);
	for (i = 0; i < l->nr; i++) {
		struct libscols_line *line = table_line(t);

		for (j = 0; j < nr; j++)
			put_cell(l, &l->row[i], &column[of[j]], line, j);
	}
	if (table_end(t, out) || fclose(out))
		no_memory();
	return text;
}

/* How many columns are left for names beside those of a table's first line */
static size_t room_beside(const struct list *l, const char *text)
{
	size_t width = strcspn(text, "\n"), longest = strlen(l->head), i, len;

	for (i = 0; i < l->nr; i++) {
		len = strlen(l->row[i].name);
		if (len > longest)
			longest = len;
	}
	width -= longest;		/* all others, and the spaces between */
	return width < TERMINAL_WIDTH ? TERMINAL_WIDTH - width : 0;
}

static void print_rows(const struct list *l, char *text, FILE *out)
{
	char *next = text;
	size_t i;

	fprintf(out, "%s\n", strsep(&next, "\n"));
	for (i = 0; i < l->nr && next; i++) {
		if (strlen(l->row[i].name) > l->room)
			fprintf(out, "%s\n", l->row[i].name);
		fprintf(out, "%s\n", strsep(&next, "\n"));
	}
}

int heaviest_table(const struct snapshot *s, const char *head, const char *count,
		   const struct heaviest_row *row, size_t nr, FILE *out)
{
	struct list l = {
		.s = s, .head = head, .count = count, .row = row, .nr = nr,
		.room = SIZE_MAX, .peers = true,
	};
	char *text = table_text(&l);
	size_t room = room_beside(&l, text);

	if (room < ENOUGH) {
		free(text);
		l.peers = false;
		text = table_text(&l);
		room = room_beside(&l, text);
	}
	if (strcspn(text, "\n") > TERMINAL_WIDTH) {
		free(text);
		l.room = room;
		text = table_text(&l);
	}
	print_rows(&l, text, out);
	free(text);
	return ferror(out) ? -1 : 0;
}

void heaviest_legend(FILE *out)
{
	prose(out, "UNANSW: nobody answered; HALF: the client never completed the handshake; "
	      "ONCE: a question and its answer; TALK: established; SILENT: for 5 minutes or "
	      "more; CLOSED: waits for its last timeout; EXPIRED: not yet removed. What none "
	      "has is left out.");
}
