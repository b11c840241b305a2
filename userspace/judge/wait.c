// SPDX-License-Identifier: GPL-2.0
/* A shorter wait for answers. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fix/fix.h"
#include "judge/effect.h"
#include "judge/finding.h"
#include "judge/occupancy.h"
#include "judge/settings.h"
#include "judge/streams.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "judge/wait.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define LEAST_WAIT	5	/* s */
#define SOME		5	/* %: a stream with less of the table is left alone */
#define LONG		60	/* s: what has a timeout of so much isn't waited for */
#define SETTLES		10	/* s: deleted at once */

bool wait_in_vain(enum stream stream)
{
	/* the wait of what was picked up in the middle is no setting of old kernels */
	return stream_waits(stream) && stream_barren(stream) && stream != STREAM_MIDSTREAM;
}

bool wait_in_vain_udp(enum stream stream)
{
	return stream == STREAM_UDP_UNREPLIED;
}

bool wait_answered_udp(enum stream stream)
{
	return stream == STREAM_UDP_REPLIED;
}

static bool is_meant(const struct netns_table *n, bool (*which)(enum stream stream),
		     enum stream stream)
{
	return which(stream) &&
	       share(n->streams->of[stream].held, n->occupancy->entries) >= SOME;
}

/* Room for the streams that are meant, beside all that they don't hold */
static double room_for(const struct netns_table *n, bool (*which)(enum stream stream))
{
	double room = n->verdict->target - n->occupancy->entries;
	int i;

	for (i = 0; i < STREAMS; i++)
		room += is_meant(n, which, i) ? n->streams->of[i].held : 0;
	return room;
}

bool wait_fits(const struct netns_table *n, bool (*which)(enum stream stream))
{
	double needs = 0;
	int i;

	for (i = 0; i < STREAMS && n->streams; i++)
		needs += is_meant(n, which, i) ? n->streams->of[i].offered * LEAST_WAIT : 0;
	return needs > 0 && needs <= room_for(n, which);
}

/*
 * Entries keep the deadline that they have. Where that is far, those go now that have
 * waited for longer than real clients do; returns the seconds until as many go as come.
 */
static int64_t leave(const struct netns_table *n, enum stream stream, int64_t now, int64_t then,
		     struct fix *x, struct finding *f)
{
	const struct census_row *row = n->streams->of[stream].row;
	char options[128];

	if (now < LONG || !row || strcmp(row->proto, "tcp"))
		return now;
	snprintf(options, sizeof(options), "-p tcp --state %s --left 0-%" PRId64, row->name,
		 now - LEAST_WAIT);
	fix_delete_kind(x, options);
	effect_delete_older(&f->effect, row, LEAST_WAIT);
	return then > SETTLES ? then : SETTLES;
}

int64_t wait_less(const struct tables *ts, const struct netns_table *n,
		  bool (*which)(enum stream stream), struct fix *x, struct finding *f)
{
	int64_t longest = 0, shortest = INT64_MAX, left;
	double full = 0, part;
	int i;

	for (i = 0; i < STREAMS && n->streams; i++)
		if (is_meant(n, which, i))
			full += n->streams->of[i].offered * n->streams->of[i].stay;
	if (full <= 0)
		return 0;
	part = fmax(room_for(n, which), 0) / full;
	for (i = 0; i < STREAMS; i++) {
		const char *key = stream_keys[i];
		int64_t now, then;

		if (!is_meant(n, which, i))
			continue;
		now = setting_now(ts, n, key);
		then = (int64_t)fmax(part * (double)now, LEAST_WAIT);
		if (then >= now)
			continue;
		if (!longest)
			fix_say(x, "wait for answers only as long as the table has room "
				  "for:");
		fix_sysctl_now(x, key, then);
		effect_timeout(&f->effect, key, then);
		left = leave(n, i, now, then, x, f);
		longest = left > longest ? left : longest;
		shortest = then < shortest ? then : shortest;
	}
	if (longest)
		facts_add(&f->price, "Who needs more than {timeout} to answer is cut off "
			  "while the timeout is so short.", seconds_of(shortest));
	return longest;
}
