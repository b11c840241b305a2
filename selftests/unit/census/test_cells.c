// SPDX-License-Identifier: GPL-2.0
/*
 * The cells of a census: what one namespace does costs another nothing, and every
 * entry is in the sums.
 */
#include "census_cells.h"
#include "tap.h"

#define UDP	17
#define TCP	6

size_t shim_bytes;
int shim_fails;

/* One entry, as census_walk.c counts it */
static void entry(struct ctri_cells *s, u32 id, u8 l4proto, u8 state, u16 zone)
{
	const struct ctri_cells_net *n = ctri_cells_net(s, id, 1000000 + id);
	struct ctri_state_cell *cell = ctri_cells_state(s, n, l4proto, state);

	cell->cell.entries++;
	cell->cell.stage[CTRI_STAGE_ONCE]++;
	cell->cell.idle[0]++;
	if (zone)
		ctri_cells_zone(s, n, zone)->entries++;
}

static struct ctri_cells *begin(unsigned int nets)
{
	struct ctri_cells *s;
	unsigned int id;

	shim_bytes = 0;
	s = ctri_cells_create(nets);
	for (id = 1; s && id <= nets; id++)
		ctri_cells_net(s, id, 1000000 + id);
	return s;
}

static struct ctri_census *end(struct ctri_cells *s)
{
	struct ctri_census *c = calloc(1, sizeof(*c));

	if (ctri_cells_gather(s, c))
		abort();
	ctri_cells_destroy(s);
	return c;
}

static void drop(struct ctri_census *c)
{
	free(c->total);
	free(c->zone);
	free(c->state);
	free(c);
}

enum part { TOTALS, ZONES, STATES };

/* The row @i of a part; NULL behind the last */
static const struct ctri_cell *row_of(const struct ctri_census *c, enum part part, unsigned int i)
{
	switch (part) {
	case TOTALS:
		return i < c->nr_total ? &c->total[i] : NULL;
	case ZONES:
		return i < c->nr_zone ? &c->zone[i] : NULL;
	default:
		return i < c->nr_state ? &c->state[i].cell : NULL;
	}
}

/* Sums over the rows of a namespace; 0: of all */
static u32 entries_of(const struct ctri_census *c, enum part part, u32 id)
{
	const struct ctri_cell *row;
	unsigned int i;
	u32 sum = 0;

	for (i = 0; (row = row_of(c, part, i)); i++)
		if (!id || row->inum == 1000000 + id)
			sum += row->entries;
	return sum;
}

static unsigned int rows_of(const struct ctri_census *c, enum part part, u32 id)
{
	const struct ctri_cell *row;
	unsigned int rows = 0, i;

	for (i = 0; (row = row_of(c, part, i)); i++)
		rows += row->inum == 1000000 + id;
	return rows;
}

/* Namespace 2 has made all zones, all states: 1 and 3 have what they have. */
static void one_spoils(void)
{
	struct ctri_cells *s = begin(3);
	struct ctri_census *c;
	u32 other = 0, i;

	for (i = 1; i < 65536; i++)
		entry(s, 2, UDP, 0, i);
	for (i = 0; i < 256 * 255; i++)
		entry(s, 2, i / 255, i % 255, 0);
	for (i = 0; i < 1000; i++)
		entry(s, 1, UDP, 0, 1 + i % 500);
	for (i = 0; i < 200; i++)
		entry(s, 3, i % 2 ? TCP : UDP, i % 10, 5 * (i % 20 == 0));
	c = end(s);
	tap_ok(c->nr_total == 3, "a row for each namespace");
	tap_ok(entries_of(c, TOTALS, 2) == 65535 + 256 * 255 &&
	       entries_of(c, STATES, 2) == 65535 + 256 * 255 &&
	       entries_of(c, ZONES, 2) == 65535,
	       "of one that makes up zones and states every entry is in its sums");
	for (i = 0; i < c->nr_state; i++)
		if (c->state[i].cell.state == CTRI_STATE_OTHER)
			other += c->state[i].cell.entries;
	tap_ok(c->unplaced == other && other > 60000,
	       "those that found no room are in one row, and are told");
	tap_ok(rows_of(c, STATES, 2) <= CTRI_STATES_MOST + 1 &&
	       rows_of(c, ZONES, 2) <= CTRI_ZONES_MOST + 1, "its rows are bounded");
	tap_ok(rows_of(c, ZONES, 1) == 500 && entries_of(c, ZONES, 1) == 1000 &&
	       entries_of(c, STATES, 1) == 1000,
	       "the initial namespace has all of its 500 zones");
	tap_ok(rows_of(c, STATES, 3) == 10 && entries_of(c, STATES, 3) == 200 &&
	       rows_of(c, ZONES, 3) == 1 && entries_of(c, ZONES, 3) == 10,
	       "another has all of its states and zones");
	drop(c);
}

/* So many namespaces, with an ordinary table each. */
static void many(unsigned int nets, unsigned int states)
{
	struct ctri_cells *s = begin(nets);
	unsigned int id, i, good = 0, spare = 0;
	struct ctri_census *c;
	char what[128];

	for (i = 0; i < 3; i++)
		for (id = 1; id <= nets; id++)
			entry(s, id, UDP, i % states, 0);
	/* the last has zones */
	for (i = 1; i < 65536; i++)
		entry(s, nets, UDP, 0, i);
	c = end(s);
	for (id = 1; id < nets; id++)
		good += rows_of(c, TOTALS, id) == 1 && entries_of(c, TOTALS, id) == 3;
	for (i = 0; i < c->nr_state; i++)
		spare += c->state[i].cell.state == CTRI_STATE_OTHER;
	snprintf(what, sizeof(what), "%u namespaces with entries: all have their row", nets);
	tap_ok(c->nr_total == nets && good == nets - 1 && !c->unplaced && !spare, what);
	printf("# %u namespaces: %zu KiB while the walk lasts, %u rows\n", nets,
	       shim_bytes / 1024, c->nr_total + c->nr_state + c->nr_zone);
	drop(c);
}

/* Ten times as many come as a walk has room for. */
static void newcomers(void)
{
	struct ctri_cells *s = begin(20);
	struct ctri_census *c;
	unsigned int id, good = 0;

	for (id = 21; id <= 700; id++)
		entry(s, id, UDP, 0, id);
	for (id = 1; id <= 20; id++)
		entry(s, id, UDP, 0, 3);
	c = end(s);
	for (id = 1; id <= 20; id++)
		good += rows_of(c, TOTALS, id) == 1 && rows_of(c, STATES, id) == 1 &&
			rows_of(c, ZONES, id) == 1;
	tap_ok(good == 20, "those that come while a walk lasts cost the others nothing");
	tap_ok(entries_of(c, TOTALS, 0) == 700 && entries_of(c, STATES, 0) == 700 &&
	       entries_of(c, ZONES, 0) == 700, "and all of their entries are in the sums");
	tap_ok(c->total[c->nr_total - 1].inum == 0 &&
	       c->total[c->nr_total - 1].entries == c->unplaced && c->unplaced,
	       "those without room have one row together, of namespace 0");
	drop(c);
}

static void sums(void)
{
	struct ctri_cells *s = begin(1);
	struct ctri_census *c;
	unsigned int i;

	for (i = 0; i < 90; i++)
		entry(s, 1, i % 3 ? TCP : UDP, i % 9, 0);
	c = end(s);
	tap_ok(c->nr_total == 1 && c->total->entries == 90 && c->total->idle[0] == 90 &&
	       c->total->stage[CTRI_STAGE_ONCE] == 90, "a namespace's row is the sum of its states");
	for (i = 0; i < c->nr_state && c->state[i].cell.entries == 10; i++)
		;
	tap_ok(c->nr_state == 9 && i == 9, "each protocol and state has a row");
	drop(c);
	c = end(begin(1));
	tap_ok(!c->nr_total && !c->nr_state && !c->nr_zone, "no entry, no row");
	drop(c);
}

static void no_memory(void)
{
	struct ctri_census c = { .nr_total = 0 };
	struct ctri_cells *s;
	int failed = 0, i;

	for (i = 1; i <= 7; i++) {
		shim_fails = i;
		s = ctri_cells_create(5);
		failed += !s;
		ctri_cells_destroy(s);
	}
	shim_fails = 0;
	s = begin(1);
	shim_fails = 2;
	failed += ctri_cells_gather(s, &c) == -ENOMEM;
	shim_fails = 0;
	free(c.total);
	free(c.state);
	ctri_cells_destroy(s);
	tap_ok(failed == 8, "without memory, an error, and nothing is left");
}

int main(void)
{
	tap_begin(0);
	sums();
	one_spoils();
	many(2000, 3);
	many(10000, 3);
	newcomers();
	no_memory();
	return tap_end(0);
}
