// SPDX-License-Identifier: GPL-2.0
/*
 * The table as text, where neither the module nor ctnetlink told what it holds:
 * "conntriage/listing" of an archive, in any form that conntrack(8) writes, or
 * /proc/net/nf_conntrack, on a live host too. There is one look, so no rates.
 */
#include <errno.h>
#include <stdlib.h>

#include "entries/keys.h"
#include "entries/listing.h"
#include "entries/looks.h"
#include "entries/timeouts.h"
#include "lib/moment.h"
#include "lib/numbers.h"
#include "read/files.h"
#include "read/limits.h"
#include "read/parts.h"
#include "read/read.h"
#include "read/reader.h"

#define LISTING		"conntriage/listing"
#define PROC_LISTING	"proc/net/nf_conntrack"

struct tallying {
	struct looks *looks;
	int64_t entries;
};

static void count(const struct entry *e, void *data)
{
	struct tallying *to = data;
	struct entry copy = *e;

	looks_last(to->looks, &copy, false);
	to->entries++;
}

static void tally(struct reader *r, const char *text, size_t len)
{
	struct snapshot *s = r->s;
	struct looked is = { .netns = s->own_netns, .max = s->max, .init = true, .each = 1 };
	struct tallying to = { NULL, 0 };
	struct look at = { .at = clock_ms(CLOCK_BOOTTIME), .count = s->count, .stat = s->stat };
	struct timeouts timeouts;

	/* An archive tells of one namespace, and not which. */
	if (is.netns == UNKNOWN)
		s->own_netns = is.netns = 1;
	timeouts_of(&timeouts, s);
	keys_stay(true);
	to.looks = looks_begin(&timeouts, known(s->count));
	looks_once(to.looks);
	s->dump.unread = listing_each(text, len, count, &to);
	is.listed = to.entries;
	if (at.count == UNKNOWN)
		at.count = s->count = to.entries;
	looks_moment(to.looks, &at);
	looks_end(to.looks, &is, s);
	keys_stay(false);
	s->origin = ORIGIN_LISTING;
}

static bool read_one(struct reader *r, const char *path)
{
	size_t len;
	char *text;

	if (reader_slurp(r, path, READ_MAX_LISTING, &text, &len) || !text)
		return false;
	if (listing_is_one(text, len))
		tally(r, text, len);
	free(text);
	return r->s->origin != ORIGIN_NONE;
}

int read_listing(struct reader *r)
{
	const struct snapshot *s = r->s;

	if (!(r->parts & (READ_CENSUS | READ_DUMP)) || s->mod.loaded || s->origin != ORIGIN_NONE ||
	    s->nr_census)
		return 0;
	if (!read_one(r, LISTING))
		read_one(r, PROC_LISTING);
	return 0;
}
