// SPDX-License-Identifier: GPL-2.0
/* Whether a few have most of something in common. */
#include <math.h>
#include <string.h>

#include "judge/few.h"
#include "judge/occupancy.h"
#include "judge/thresholds.h"
#include "judge/verdict.h"
#include "lib/numbers.h"

#define ALIKE		4	/* a member has at least a quarter of what the first has */
#define EACH		5	/* %, the least that one of a few has of the whole */

bool few_of(const struct occupancy *o, enum group_kind kind,
	    double (*value)(const struct group *g), bool (*fits)(const struct group *g),
	    double whole, struct part *p)
{
	const struct group *member[PART_MEMBERS];
	double sum = 0, last = INFINITY;
	size_t i, nr = 0;

	while (nr < PART_MEMBERS) {
		const struct group *most = NULL;

		for (i = 0; i < o->nr[kind]; i++) {
			const struct group *g = &o->group[kind][i];
			double v = value(g);
			bool had = v > last || (v == last && nr && g <= member[nr - 1]);

			if (!had && (!fits || fits(g)) && (!most || v > value(most)))
				most = g;
		}
		if (!most || share(value(most), whole) < EACH ||
		    (nr && value(most) * ALIKE < value(member[0])))
			break;
		last = value(most);
		member[nr++] = most;
		sum += last;
	}
	if (share(sum, whole) < TH(CONCENTRATED))
		return false;
	memcpy(p->member, member, nr * sizeof(*member));
	p->nr_members = nr;
	return true;
}
