// SPDX-License-Identifier: GPL-2.0
/* What the keys do, and what the columns say. */
#include "top/panels.h"

static const char text[] =
	"s d v p g n  sources, destinations, services, prefixes, programs, namespaces\n"
	"Tab          the next of these lists\n"
	"< >          sort by the column to the left or right; or by its letter:\n"
	"a e r x i    arrivals, entries, refused, evicted, INVALID\n"
	"/            filter by a part of the name, or of who it is; Esc takes it away\n"
	"arrows       choose a row, which keeps its place then; PgUp, PgDn, Home, End\n"
	"Enter        all that is known of the row, and its cure; Esc goes back\n"
	"f, space     freeze: nothing moves any more; all other keys go on working\n"
	"w            save what is seen as a capture, for conntriage --root\n"
	"c            census: walks the whole table once, for entries and stages\n"
	"h ?          this; q quits\n"
	"! v          a finding names it among those who cause it, or who suffer\n"
	"NEW/s        connections of it that came into the table, a second\n"
	"ENTRIES      of the table, as of the last census; - is: not known\n"
	"REF/s        packets dropped because the table was full\n"
	"EVI/s        of its connections, to make room for others\n"
	"INV/s        INVALID packets, that belong to no connection\n"
	"UNUSED       (from 140 columns on) of its entries: unanswered, silent, or over\n"
	"WHO          what this host's files say that it is\n";

void help_draw(struct cells *c, int row, int lines, struct view *v)
{
	text_draw(c, row, lines, text, &v->below);
}
