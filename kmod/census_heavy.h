/* SPDX-License-Identifier: GPL-2.0 */
/* Who holds most entries, for census_walk.c. */
#ifndef CONNTRIAGE_CENSUS_HEAVY_H
#define CONNTRIAGE_CENSUS_HEAVY_H

#include <linux/types.h>
#include "census.h"
#include "stage.h"

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
