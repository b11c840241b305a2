// SPDX-License-Identifier: GPL-2.0
/* How many new connections a second a source may open. */
#include <math.h>
#include <string.h>

#include "judge/actors.h"
#include "judge/limit.h"
#include "judge/settings.h"
#include "judge/tables.h"
#include "snapshot.h"

#define LISTED		64	/* sources of a class, at most */

const char *limit_proto(const struct part *p)
{
	const struct actor *first = p->nr_members ? p->member[0]->actor : NULL;
	const char *proto = first ? actor_proto(first, SRC_INSERT) : "";
	size_t i;

	for (i = 0; i < p->nr_members; i++)
		if (!p->member[i]->actor ||
		    actor_part(p->member[i]->actor, SRC_INSERT, proto) < 0.9)
			return "";
	return strcmp(proto, "tcp") && strcmp(proto, "udp") &&
	       strcmp(proto, "icmp") ? "" : proto;
}

int64_t limit_stay(const struct tables *ts, const struct netns_table *n,
		   const char *proto)
{
	return setting_now(ts, n, !strcmp(proto, "udp") ? "udp_timeout" :
			   !strcmp(proto, "icmp") ? "icmp_timeout" :
			   "tcp_timeout_syn_sent");
}

/*
 * New connections a second of those who aren't listed, each, at most: the module lists
 * the heaviest.
 */
static double unlisted(const struct netns_table *n)
{
	double least = INFINITY;
	size_t i, nr = 0;

	for (i = 0; i < n->nr_actors; i++) {
		if (!n->actor[i].row[SRC_INSERT])
			continue;
		least = fmin(least, n->actor[i].offered);
		nr++;
	}
	return nr >= LISTED ? least : 0;
}

/* One significant digit is what one can remember. */
static int64_t rounded(double want, bool up)
{
	int64_t step = 1;

	if (want < 1)
		return 1;
	if (want > 1e9)
		want = 1e9;
	while (step * 10 <= want)
		step *= 10;
	return ((int64_t)(want / step) + (up && (int64_t)want % step)) * step;
}

int64_t limit_rate(const struct tables *ts, const struct netns_table *n,
		   const struct part *p, const char *proto)
{
	double fits = (double)n->max / 2 / limit_stay(ts, n, proto);
	double least = INFINITY, others = unlisted(n), want, floor;
	int64_t limit;
	size_t i;

	for (i = 0; i < n->nr_actors; i++) {
		const struct actor *a = &n->actor[i];
		double rate = a->offered *
			      (*proto ? actor_part(a, SRC_INSERT, proto) : 1);

		if (verdict_accuses(n, a))
			least = fmin(least, a->offered);
		else
			others = fmax(others, rate);
	}
	/* Nobody works with less than five a second. */
	floor = fmax(1.5 * others, 5);
	want = fmin(fmax(4 * others, 50), least / 4);
	if (p->nr_members)
		fits /= p->nr_members;
	/* rounding is no reason to hurt others, and a limit that lets all through is none */
	limit = rounded(fmin(want, fits), false);
	if (limit < floor)
		limit = rounded(floor, true);
	return limit < least ? limit : 0;
}
