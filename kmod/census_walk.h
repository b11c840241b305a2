/* SPDX-License-Identifier: GPL-2.0 */
/* One walk of the whole conntrack table, for census.c. */
#ifndef CONNTRIAGE_CENSUS_WALK_H
#define CONNTRIAGE_CENSUS_WALK_H

struct ctri_census;

int ctri_census_walk(struct ctri_census *c);

#endif
