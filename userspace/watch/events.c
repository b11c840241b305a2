// SPDX-License-Identifier: GPL-2.0
/* What has begun or ended since the last look. Arithmetic only. */
#include "judge/incident.h"
#include "kmod/abi.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "watch/events.h"

/* % of the maximum: what the kernel drops below isn't for want of room, as in the module */
#define FULL_SHARE	75

const char *const event_word[] = {
	[EVENT_BEGUN] = "begun",
	[EVENT_ENDED] = "ended",
};

/* Where they are put, one behind the other */
struct changes {
	struct change *change;
	size_t nr;
};

static void put(struct changes *to, const struct change *c, enum event_kind kind)
{
	if (to->nr == EVENTS_MOST)
		return;
	to->change[to->nr] = *c;
	to->change[to->nr++].kind = kind;
}

bool events_by_module(const struct snapshot *s)
{
	return s->mod.loaded && !s->mod.partial && !find_fault(s, CTRI_FILE_INCIDENTS);
}

static struct change of_row(const struct incident_row *row)
{
	return (struct change) {
		.incident = row->nr, .netns = row->netns, .began = row->begin,
		.seconds = incident_seconds(row), .refused = incident_refused(row),
		.evicted = incident_killed(row),
	};
}

static void begin(struct events *e, struct changes *to, const struct change *c)
{
	e->open = *c;
	e->lasts = true;
	put(to, c, EVENT_BEGUN);
}

static void end(struct events *e, struct changes *to, const struct change *c)
{
	e->lasts = false;
	put(to, c, EVENT_ENDED);
}

/*
 * The module is there as it wasn't at the last look: its numbers begin anew. One that
 * goes on in it may be the one that was told; if none does, that one is over.
 */
static void meet_module(struct events *e, const struct snapshot *s, struct changes *to)
{
	const struct incident_row *going = NULL;
	size_t i;

	e->last = 0;
	for (i = 0; i < s->nr_incidents; i++) {
		if (!s->incident[i].end)
			going = &s->incident[i];
		else if (s->incident[i].nr > e->last)
			e->last = s->incident[i].nr;
	}
	if (!e->lasts)
		return;
	if (!going) {
		end(e, to, &e->open);
		return;
	}
	e->open = of_row(going);
	e->last = going->nr;
}

static void compare_row(struct events *e, const struct incident_row *row, struct changes *to)
{
	struct change c = of_row(row);

	if (row->nr > e->last) {
		e->last = row->nr;
		begin(e, to, &c);
	}
	if (e->lasts && row->nr == e->open.incident) {
		e->open = c;
		if (row->end)
			end(e, to, &c);
	}
}

static void by_module(struct events *e, const struct snapshot *s, struct changes *to)
{
	size_t i;

	if (!e->looked || !e->by_module || s->mod.uptime < e->uptime)
		meet_module(e, s, to);
	for (i = 0; i < s->nr_incidents; i++)
		compare_row(e, &s->incident[i], to);
	e->uptime = s->mod.uptime;
}

/* What a counter has grown by; one that is smaller is another one, from 0 on */
static int64_t grown(int64_t before, int64_t now)
{
	if (before == UNKNOWN || now == UNKNOWN)
		return 0;
	return now < before ? now : now - before;
}

/* Packets that found no room: the kernel counts clashes as drops, too */
static int64_t refused(const struct events *e, const struct snapshot *s)
{
	int64_t clashes = grown(e->stat.insert_failed, s->stat.insert_failed) -
			  grown(e->stat.chaintoolong, s->stat.chaintoolong);
	int64_t dropped = grown(e->stat.drop, s->stat.drop) - (clashes > 0 ? clashes : 0);

	if (dropped <= 0 || share(known(s->count), known(s->max)) < FULL_SHARE)
		return 0;
	return dropped;
}

static void by_kernel(struct events *e, const struct snapshot *s, enum severity worst,
		      int64_t now, int64_t wall, struct changes *to)
{
	int64_t lost = e->looked ? refused(e, s) : 0;
	int64_t evicted = e->looked ? grown(e->stat.early_drop, s->stat.early_drop) : 0;
	const struct change new = {
		.incident = UNKNOWN, .netns = s->own_netns, .began = wall, .seconds = 1,
	};

	if (worst == SEV_CRITICAL || lost || evicted) {
		e->lost_at = now;
		if (!e->lasts)
			begin(e, to, &new);
	}
	if (!e->lasts)
		return;
	e->open.refused = plus(e->open.refused, lost);
	e->open.evicted = plus(e->open.evicted, evicted);
	e->open.seconds = wall - (now - e->lost_at) - e->open.began;
	if (e->open.seconds < 1)
		e->open.seconds = 1;
	if (to->nr) {	/* as it is told here, too */
		to->change[0].refused = e->open.refused;
		to->change[0].evicted = e->open.evicted;
	}
	if (now - e->lost_at >= EVENTS_QUIET)
		end(e, to, &e->open);
}

size_t events_compare(struct events *e, const struct snapshot *s, enum severity worst,
		      int64_t now, int64_t wall, struct change *out)
{
	struct changes to = { .change = out };
	bool module = events_by_module(s);

	if (module) {
		by_module(e, s, &to);
	} else {
		/* of what the module told last, nobody knows when it was lost */
		if (e->by_module)
			e->lost_at = now;
		by_kernel(e, s, worst, now, wall, &to);
	}
	e->by_module = module;
	e->looked = true;
	e->stat = s->stat;
	return to.nr;
}
