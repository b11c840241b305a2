// SPDX-License-Identifier: GPL-2.0
/* Connections that ended all at once. */
#include <math.h>

#include "judge/pace.h"
#include "judge/restart.h"

#define FEW	3	/* s of history: fewer tell nothing */
#define USUAL	60	/* s of history, before it */
#define TRIES	3	/* s between two of who is refused: 1, 2 and 4 (RFC 6298) */
#define NOBODY	2	/* times what asks now, with repetitions: so many ask no more */

bool restart_happened(const struct tables *ts, const struct netns_table *n, struct restart *r)
{
	struct pace now = pace_of(ts, n, 0, fmin(fmax(r->until / 4, FEW), r->until));
	struct pace then = pace_of(ts, n, r->until, r->since - r->until);
	struct pace before = pace_of(ts, n, r->since, USUAL);
	double rate = r->ended / (r->since - r->until);

	if (before.seconds < FEW ||
	    (rate < RESTART_MORE * fmax(then.inserts, before.inserts) &&
	     rate < NOBODY * (now.inserts + now.refusals)))
		return false;
	r->again = TRIES * fmax(now.refusals - before.refusals, 0);
	return true;
}
