/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a walk counts: cells of states and of zones, a share of them for each
 * namespace. Only census_cells.c and the inline functions below know the shares.
 */
#ifndef CONNTRIAGE_CENSUS_CELLS_H
#define CONNTRIAGE_CENSUS_CELLS_H

#include <linux/types.h>
#include "census.h"

/* How many cells a namespace has: powers of two, chosen by the number of namespaces. */
#define CTRI_STATES_ALL		32768	/* divided among them ... */
#define CTRI_STATES_MOST	64	/* ... but not more; the initial one has as many */
#define CTRI_STATES_LEAST	8	/* ... nor fewer */
#define CTRI_ZONES_ALL		8192
#define CTRI_ZONES_MOST		1024
#define CTRI_ZONES_LEAST	2
#define CTRI_ZONES_INIT		2048	/* of the initial namespace */
#define CTRI_CELLS_PROBES	16	/* places where a state or zone may be */

/**
 * struct ctri_part - the cells of one kind that a namespace has
 * @at: the first of them; behind the last stands the one for all that found no room
 * @nr: without that one; a power of two, or 0
 * @shift: what is left of a hash of 16 bits
 * @probes: places where something may be
 */
struct ctri_part {
	u32 at, nr;
	u8 shift, probes;
};

/**
 * struct ctri_cells_net - a namespace's share
 * @id: ctri_net.id; 0: of all namespaces that found no room
 * @inum: its inode number
 * @states: in ctri_cells.state
 * @zones: in ctri_cells.zone
 */
struct ctri_cells_net {
	u32 id, inum;
	struct ctri_part states, zones;
};

/**
 * struct ctri_cells - the cells of a walk; the walker's own
 * @seed: of the hash of ids
 * @nr: namespaces that there are
 * @room: for so many; behind them is the one for those that found none
 * @net: each namespace's share
 * @index: number of an id's namespace plus one, by hash; @index_mask + 1 of them
 * @index_mask: see there
 * @state: of all namespaces
 * @state_key: what each of them counts, ctri_state_key(); 0: nothing yet
 * @zone: of all namespaces
 * @zone_key: zone that each of them counts; 0: none yet
 */
struct ctri_cells {
	u32 seed;
	u32 nr, room;
	struct ctri_cells_net *net;
	u32 *index, index_mask;
	struct ctri_state_cell *state;
	u16 *state_key;
	struct ctri_cell *zone;
	u16 *zone_key;
};

struct ctri_cells *ctri_cells_create(unsigned int nets);
void ctri_cells_destroy(struct ctri_cells *s);
const struct ctri_cells_net *ctri_cells_net(struct ctri_cells *s, u32 id, u32 inum);
int ctri_cells_gather(const struct ctri_cells *s, struct ctri_census *c);

/* Never 0; no protocol has 255 states. */
static __always_inline u16 ctri_state_key(u8 l4proto, u8 state)
{
	return (l4proto << 8 | state) + 1;
}

/*
 * The place of @want among the keys of a part; where its places are others', the
 * one behind the part.
 */
static __always_inline u32 ctri_part_place(const struct ctri_part *p, u16 *key, u16 want)
{
	u32 at = (u16)(want * 40503U) >> p->shift;	/* 2^16 by the golden ratio */
	unsigned int i;

	for (i = 0; i < p->probes; i++) {
		u32 place = p->at + ((at + i) & (p->nr - 1));

		if (likely(key[place] == want))
			return place;
		if (!key[place]) {
			key[place] = want;
			return place;
		}
	}
	return p->at + p->nr;
}

/**
 * ctri_cells_state() - where a namespace's entries of one state are counted
 * @s: the cells
 * @n: the namespace, ctri_cells_net()
 * @l4proto: protocol
 * @state: of ctri_entry_state()
 *
 * Context: the caller is alone on @s.
 * Return: the cell, or the namespace's own for all states without.
 */
static __always_inline struct ctri_state_cell *
ctri_cells_state(struct ctri_cells *s, const struct ctri_cells_net *n, u8 l4proto, u8 state)
{
	return &s->state[ctri_part_place(&n->states, s->state_key,
					 ctri_state_key(l4proto, state))];
}

/**
 * ctri_cells_zone() - where a namespace's entries of one zone are counted
 * @s: the cells
 * @n: the namespace
 * @zone: not 0
 *
 * Context: the caller is alone on @s.
 * Return: the cell, or the namespace's own for all zones without.
 */
static __always_inline struct ctri_cell *
ctri_cells_zone(struct ctri_cells *s, const struct ctri_cells_net *n, u16 zone)
{
	return &s->zone[ctri_part_place(&n->zones, s->zone_key, zone)];
}

#endif
