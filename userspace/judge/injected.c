// SPDX-License-Identifier: GPL-2.0
/* What ctnetlink and BPF put into a table: nf_conntrack_hash_check_insert() counts it. */
#include <math.h>
#include <stdio.h>

#include "judge/injected.h"
#include "judge/tables.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define HALF	50	/* % */

/*
 * Old kernels counted each confirmation there, too: those up to 4.9 are taken for such. One
 * whose release can't be parsed is taken for a new one.
 */
static bool counts_these_alone(const struct snapshot *s)
{
	int major, minor;

	return sscanf(s->kernel, "%4d.%4d", &major, &minor) < 2 || major > 4 ||
	       (major == 4 && minor > 9);
}

double injected_entries(const struct tables *ts, const struct netns_table *n)
{
	const struct snapshot *s = ts->s;
	double seen = n->row ? fmax((double)known(n->row->inserts_direct),
				    (double)known(n->row->injected)) : 0;
	double counted = n->own && counts_these_alone(s) ? (double)known(s->stat.insert) : 0;

	return fmax(seen, counted);
}

bool injected_explain(const struct tables *ts, const struct netns_table *n, double silent)
{
	return silent > 0 && share(injected_entries(ts, n), silent) >= HALF;
}
