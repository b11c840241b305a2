/* SPDX-License-Identifier: GPL-2.0 */
/* What is known at one moment, copied out for a reader. */
#ifndef CONNTRIAGE_SNAPSHOT_H
#define CONNTRIAGE_SNAPSHOT_H

#include <linux/types.h>
#include "netns.h"
#include "table.h"

#define CTRI_TOP		64	/* rows a class in "sources" */

struct ctri_snap_netns {
	u32 inum, id;
	bool conntrack;
	unsigned int count, max;
	struct ctri_counts counts;
	struct ctri_kstat k;	/* since the watch began */
};

struct ctri_snap_source {
	struct ctri_row row;
	u32 inum;		/* 0: the namespace is gone */
	u8 class;
};

/**
 * struct ctri_snap_own - what one namespace is told of itself, and of no other
 * @netns: its row; id is CTRI_ID_INIT or CTRI_ID_OTHER
 * @source: its sources, worst first within a class; likewise
 * @nr: how many
 */
struct ctri_snap_own {
	struct ctri_snap_netns netns;
	struct ctri_snap_source *source;
	unsigned int nr;
};

int ctri_snap_netns(struct ctri_snap_netns **rows, unsigned int *nr);
void ctri_snap_one(const struct ctri_net *cn, struct ctri_snap_netns *row);
int ctri_snap_sources(struct ctri_snap_source **rows, unsigned int *nr);
int ctri_snap_top(enum ctri_class class, enum ctri_rank rank,
		  struct ctri_row *top, unsigned int k,
		  struct ctri_merge_info *info);
int ctri_snap_own(const struct ctri_net *cn, struct ctri_snap_own *own);

#endif
