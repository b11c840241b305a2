/* SPDX-License-Identifier: GPL-2.0 */
/* Who holds most entries: for census_walk.c, and for the reader where it lists them. */
#ifndef CONNTRIAGE_CENSUS_HEAVY_H
#define CONNTRIAGE_CENSUS_HEAVY_H

#include "table.h"	/* first: outside of a kernel it brings the types along */
#include "stage.h"

#define CTRI_CENSUS_TOP		64	/* rows of each kind */

enum ctri_heavy_kind {
	CTRI_H_SOURCE, CTRI_H_DEST, CTRI_H_SERVICE, CTRI_H_PREFIX, CTRI_H_PAIR,
	CTRI_HEAVIES
};

/**
 * struct ctri_heavy - one of those that hold most entries
 * @row: its entries; kind[] by stage. Of a pair, the source is its destination
 * @inum: inode number of its namespace
 * @service: of a pair: ctri_service()
 * @sources: distinct ones, about; see CTRI_HEAD_CENSUS
 * @dests: likewise
 * @ports: likewise
 */
struct ctri_heavy {
	struct ctri_row row;
	u32 inum;
	u32 service;
	u32 sources, dests, ports;
};

struct ctri_heavies;
struct nf_conntrack_tuple;

struct ctri_heavies *ctri_heavies_create(void);
void ctri_heavies_destroy(struct ctri_heavies *h);
void ctri_heavies_count(struct ctri_heavies *h, u32 netns,
			const struct nf_conntrack_tuple *t,
			enum ctri_stage stage);
int ctri_heavies_rank(struct ctri_heavies *h, enum ctri_heavy_kind kind,
		      struct ctri_heavy *top);

#endif
