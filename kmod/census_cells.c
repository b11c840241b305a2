// SPDX-License-Identifier: GPL-2.0
/*
 * Where a walk counts: each namespace has cells of its own for states and for
 * zones, and one more of either kind for all that found no room there. So whatever
 * is done in one namespace, the sums of another are complete, and so are its rows.
 *
 * All memory is taken before the walk begins, by the number of namespaces that
 * there are then, and by nothing that a packet or entry can change. Those that come
 * meanwhile, or are going away, share what is left over for them.
 */
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include "abi.h"
#include "census_cells.h"

/* Namespaces that may come while a walk lasts: a quarter more, or so many. */
#define CTRI_NETS_MORE	64

static u32 ctri_part_share(u32 all, u32 least, u32 most, u32 nets)
{
	return rounddown_pow_of_two(clamp_t(u32, all / nets, least, most));
}

/* Makes a part of @nr cells and the one behind, and moves *@at past it. */
static void ctri_part_make(struct ctri_part *p, u32 nr, u32 *at)
{
	p->at = *at;
	p->nr = nr;
	p->shift = 16 - (nr ? ilog2(nr) : 0);
	p->probes = min_t(u32, nr, CTRI_CELLS_PROBES);
	*at += nr + 1;
}

/*
 * The initial namespace comes first. Returns how many cells there are, of states
 * and of zones.
 */
static void ctri_cells_share_out(struct ctri_cells *s, u32 *states, u32 *zones)
{
	u32 nr_states = ctri_part_share(CTRI_STATES_ALL, CTRI_STATES_LEAST,
					CTRI_STATES_MOST, s->room);
	u32 nr_zones = ctri_part_share(CTRI_ZONES_ALL, CTRI_ZONES_LEAST,
				       CTRI_ZONES_MOST, s->room);
	u32 i;

	*states = 0;
	*zones = 0;
	ctri_part_make(&s->net[0].states, CTRI_STATES_MOST, states);
	ctri_part_make(&s->net[0].zones, CTRI_ZONES_INIT, zones);
	for (i = 1; i < s->room; i++) {
		ctri_part_make(&s->net[i].states, nr_states, states);
		ctri_part_make(&s->net[i].zones, nr_zones, zones);
	}
	ctri_part_make(&s->net[s->room].states, 0, states);
	ctri_part_make(&s->net[s->room].zones, 0, zones);
}

static int ctri_cells_alloc(struct ctri_cells *s)
{
	u32 states, zones;

	s->index_mask = roundup_pow_of_two(2 * s->room) - 1;
	s->index = kvcalloc(s->index_mask + 1, sizeof(*s->index), GFP_KERNEL);
	s->net = kvcalloc(s->room + 1, sizeof(*s->net), GFP_KERNEL);
	if (!s->index || !s->net)
		return -ENOMEM;
	ctri_cells_share_out(s, &states, &zones);
	s->state = kvcalloc(states, sizeof(*s->state), GFP_KERNEL);
	s->state_key = kvcalloc(states, sizeof(*s->state_key), GFP_KERNEL);
	s->zone = kvcalloc(zones, sizeof(*s->zone), GFP_KERNEL);
	s->zone_key = kvcalloc(zones, sizeof(*s->zone_key), GFP_KERNEL);
	return s->state && s->state_key && s->zone && s->zone_key ? 0 : -ENOMEM;
}

/**
 * ctri_cells_create() - count from nothing
 * @nets: namespaces that there are
 *
 * Context: process; sleeps.
 * Return: to be destroyed; NULL: no memory. It is 1.7 MiB for one namespace, and
 *	10 MiB for a thousand.
 */
struct ctri_cells *ctri_cells_create(unsigned int nets)
{
	struct ctri_cells *s = kvzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	get_random_bytes(&s->seed, sizeof(s->seed));
	s->nr = 1;
	s->room = 1 + nets + max_t(u32, nets / 4, CTRI_NETS_MORE);
	if (ctri_cells_alloc(s)) {
		ctri_cells_destroy(s);
		return NULL;
	}
	return s;
}

/**
 * ctri_cells_destroy() - free all of it
 * @s: of ctri_cells_create(), or NULL
 *
 * Context: process; sleeps.
 */
void ctri_cells_destroy(struct ctri_cells *s)
{
	if (!s)
		return;
	kvfree(s->zone_key);
	kvfree(s->zone);
	kvfree(s->state_key);
	kvfree(s->state);
	kvfree(s->net);
	kvfree(s->index);
	kvfree(s);
}

/**
 * ctri_cells_net() - a namespace's share, which it is given if it has none
 * @s: the cells
 * @id: ctri_net.id
 * @inum: inode number of the namespace
 *
 * Context: the caller is alone on @s; any.
 * Return: the share; that of all namespaces without, if there is no more room.
 */
const struct ctri_cells_net *ctri_cells_net(struct ctri_cells *s, u32 id, u32 inum)
{
	u32 at = jhash_1word(id, s->seed) & s->index_mask;
	struct ctri_cells_net *n;

	/* half of them are free */
	for (; s->index[at]; at = (at + 1) & s->index_mask) {
		n = &s->net[s->index[at] - 1];
		if (n->id == id)
			return n;
	}
	if (id == CTRI_ID_INIT)
		n = s->net;
	else if (s->nr < s->room)
		n = &s->net[s->nr++];
	else
		return &s->net[s->room];
	n->id = id;
	n->inum = inum;
	s->index[at] = n - s->net + 1;
	return n;
}

static void ctri_cell_sum(struct ctri_cell *sum, const struct ctri_cell *cell)
{
	unsigned int i;

	sum->entries += cell->entries;
	sum->unreplied += cell->unreplied;
	sum->assured += cell->assured;
	sum->unknown += cell->unknown;
	for (i = 0; i < CTRI_NR_STAGES; i++)
		sum->stage[i] += cell->stage[i];
	for (i = 0; i < CTRI_IDLE_STEPS; i++)
		sum->idle[i] += cell->idle[i];
}

/* The last of a part is of the states or zones that found no room. */
static void ctri_net_gather(const struct ctri_cells *s, const struct ctri_cells_net *n,
			    struct ctri_census *c)
{
	struct ctri_cell *total = &c->total[c->nr_total];
	u32 i;

	for (i = 0; i <= n->states.nr; i++) {
		u32 at = n->states.at + i;
		struct ctri_state_cell *to = &c->state[c->nr_state];

		if (!s->state[at].cell.entries)
			continue;
		*to = s->state[at];
		to->cell.inum = n->inum;
		if (i == n->states.nr) {
			to->cell.state = CTRI_STATE_OTHER;
			c->unplaced += to->cell.entries;
		} else {
			to->cell.l4proto = (s->state_key[at] - 1) >> 8;
			to->cell.state = s->state_key[at] - 1;
		}
		ctri_cell_sum(total, &to->cell);
		c->nr_state++;
	}
	for (i = 0; i <= n->zones.nr; i++) {
		u32 at = n->zones.at + i;
		struct ctri_cell *to = &c->zone[c->nr_zone];

		if (!s->zone[at].entries)
			continue;
		*to = s->zone[at];
		to->inum = n->inum;
		to->zone = s->zone_key[at];
		c->nr_zone++;
	}
	if (total->entries) {
		total->inum = n->inum;
		c->nr_total++;
	}
}

static void ctri_cells_used(const struct ctri_cells *s, u32 *states, u32 *zones)
{
	const struct ctri_cells_net *last = &s->net[s->room];
	u32 i;

	*states = 0;
	*zones = 0;
	for (i = 0; i <= last->states.at; i++)
		*states += !!s->state[i].cell.entries;
	for (i = 0; i <= last->zones.at; i++)
		*zones += !!s->zone[i].entries;
}

/**
 * ctri_cells_gather() - keep the cells that are in use, and their sums
 * @s: the cells
 * @c: its total, zone, state and unplaced are filled, and are to be freed
 *	whatever is returned
 *
 * Context: process; sleeps.
 * Return: 0 or -ENOMEM.
 */
int ctri_cells_gather(const struct ctri_cells *s, struct ctri_census *c)
{
	u32 states, zones, i;

	ctri_cells_used(s, &states, &zones);
	/* one more of each: nothing is no array, and the next total stands there */
	c->state = kvcalloc(states + 1, sizeof(*c->state), GFP_KERNEL);
	c->zone = kvcalloc(zones + 1, sizeof(*c->zone), GFP_KERNEL);
	c->total = kvcalloc(min(states, s->nr + 1) + 1, sizeof(*c->total), GFP_KERNEL);
	if (!c->state || !c->zone || !c->total)
		return -ENOMEM;
	for (i = 0; i < s->nr; i++)
		ctri_net_gather(s, &s->net[i], c);
	ctri_net_gather(s, &s->net[s->room], c);
	return 0;
}
