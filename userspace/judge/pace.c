// SPDX-License-Identifier: GPL-2.0
/* How fast a table was offered entries, by the recorded seconds. */
#include <math.h>

#include "judge/actors.h"
#include "judge/pace.h"
#include "judge/tables.h"
#include "lib/numbers.h"
#include "snapshot.h"

/* INVALID packets a second that ask for an entry, as those of known connections don't */
static double invalid_asking(const struct tables *ts, const struct netns_table *n)
{
	double all = 0, window = 0;
	size_t i;

	for (i = 0; i < n->nr_actors; i++) {
		double rate = actor_rate(&n->actor[i], SRC_INVALID);

		all += rate;
		window += rate * actor_part(&n->actor[i], SRC_INVALID, "inv_window");
	}
	return all > 0 ? ts->invalid * (1 - window / all) : ts->invalid;
}

struct pace pace_of(const struct tables *ts, const struct netns_table *n, double from,
		    double window)
{
	struct pace p = { .inserts = 0 };
	double all;
	size_t i;

	for (i = 0; i < ts->s->nr_history; i++) {
		const struct history_row *h = &ts->s->history[i];
		double ago = (double)known(h->ago);

		if (ago < from || ago >= from + window || h->netns != n->netns)
			continue;
		p.inserts += (double)known(h->inserts);
		p.refusals += (double)known(ts->probes ? h->refusals : h->k_drop);
		p.evictions += (double)known(ts->probes ? h->evictions : h->k_early_drop);
		p.worker += (double)known(h->gc_evictions);
		p.seconds += (double)known(h->span) / 1000;
	}
	if (p.seconds <= 0)
		return p;
	p.inserts /= p.seconds;
	p.refusals /= p.seconds;
	p.evictions /= p.seconds;
	p.worker /= p.seconds;
	all = p.refusals + p.inserts + invalid_asking(ts, n);
	p.lost = all > 0 ? fmin(p.refusals / all, 0.99) : 0;
	return p;
}
