// SPDX-License-Identifier: GPL-2.0
/* Packets of connections that this host has forgotten: both ends send them. */
#include "judge/actors.h"
#include "judge/forgotten.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/address.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define BOTH_WAYS	25	/* %: of a made-up flood hardly any address is both */

/* The destination gets INVALID packets, too, and sends them: both ends speak. */
static bool gets_them(const struct tables *ts, const struct actor *a)
{
	size_t i;

	for (i = 0; i < ts->s->nr_source; i++) {
		const struct source_row *row = &ts->s->source[i];

		if (row->class == SRC_INVALID_TO && row->netns == a->netns && row->family &&
		    known(row->recent) > 0 && address_in(a->source, row->source))
			return true;
	}
	return false;
}

/*
 * INVALID packets from the middle of connections, a second; and those of whom both
 * ends speak, or who have opened connections here: made-up addresses never do, where
 * tcp_loose=0 gives them no entry.
 */
static double midstream(const struct tables *ts, const struct netns_table *n, double *both)
{
	double sum = 0;
	size_t i;

	*both = 0;
	for (i = 0; i < n->nr_actors; i++) {
		const struct actor *a = &n->actor[i];
		double rate = actor_rate(a, SRC_INVALID) *
			      (actor_part(a, SRC_INVALID, "inv_midstream") +
			       actor_part(a, SRC_INVALID, "inv_rstfin"));

		sum += rate;
		/* or the other end is silent, as a rule drops what is INVALID */
		if (rate > 0 && (gets_them(ts, a) || actor_count(a, SRC_INSERT) > 0))
			*both += rate;
	}
	return sum;
}

double forgotten_rate(const struct tables *ts, const struct netns_table *n)
{
	const struct ct_sysctl *loose = find_sysctl(ts->s, "tcp_loose");
	double both, rate;

	if (!n->own || !loose || loose->value || known(ts->s->synproxy_syns) > 0)
		return 0;
	rate = midstream(ts, n, &both);
	return rate >= TH(INVALID_RATE) && share(both, rate) >= BOTH_WAYS ? rate : 0;
}
