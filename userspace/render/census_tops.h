/* SPDX-License-Identifier: GPL-2.0 */
/* Who holds most of the table, as lists. */
#ifndef CONNTRIAGE_RENDER_CENSUS_TOPS_H
#define CONNTRIAGE_RENDER_CENSUS_TOPS_H

#include "render/filter.h"
#include "render/heaviest.h"
#include "snapshot.h"

#define CENSUS_TOPS	5

/* The classes of --class, and whose they are */
extern const char *const census_class[CENSUS_TOPS];

struct census_top {
	struct heaviest_list heavy;
	struct heaviest_row *row;
	size_t nr;
};

/**
 * census_top_begin() - those of one class
 * @class: number of census_class[]
 * @f: what --netns and --prefix leave
 */
void census_top_begin(struct census_top *t, const struct snapshot *s,
		      const struct list_request *ask, const struct filter *f, size_t class);

void census_top_end(struct census_top *t);

#endif
