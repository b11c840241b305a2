// SPDX-License-Identifier: GPL-2.0
/* From a snapshot to findings: every cause has its say, then they are ranked. */
#include <stdlib.h>
#include <string.h>

#include "judge/causes.h"
#include "judge/cure.h"
#include "judge/diagnose.h"
#include "judge/faults.h"
#include "judge/finding.h"
#include "judge/origins.h"
#include "judge/survey.h"
#include "judge/refill.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "lib/numbers.h"
#include "snapshot.h"

#define MOST	32	/* findings that anybody reads */

/*
 * As monitoring plugins combine them: what is known to be bad comes before what
 * isn't known.
 */
static int urgency(enum severity s)
{
	static const int order[] = {
		[SEV_OK] = 0, [SEV_UNKNOWN] = 1, [SEV_WARNING] = 2, [SEV_CRITICAL] = 3,
	};

	return order[s];
}

static int rank(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;

	if (a->severity != b->severity)
		return urgency(b->severity) - urgency(a->severity);
	if (a->weight != b->weight)
		return a->weight < b->weight ? 1 : -1;
	return fact_compare(&a->sentence, &b->sentence);
}

/*
 * While something is wrong, only the note on what can't be seen belongs to it;
 * the others wait.
 */
static void drop_notes(struct findings *fs)
{
	size_t i, kept = 0;

	for (i = 0; i < fs->nr; i++) {
		struct finding *f = &fs->finding[i];

		if (f->severity != SEV_OK || f->cause == &cause_blind)
			fs->finding[kept++] = *f;
		else
			finding_clear(f);
	}
	fs->nr = kept;
}

static bool any_alarm(const struct findings *fs)
{
	size_t i;

	for (i = 0; i < fs->nr; i++)
		if (fs->finding[i].severity != SEV_OK)
			return true;
	return false;
}

static const struct netns_table *fullest_table(const struct tables *ts)
{
	const struct netns_table *fullest = NULL;
	size_t i;

	for (i = 0; i < ts->nr_netns; i++) {
		const struct netns_table *n = &ts->netns[i];

		if (n->max > 0 && (!fullest || share(n->count, n->max) >
				   share(fullest->count, fullest->max)))
			fullest = n;
	}
	return fullest;
}

/*
 * "OK" in a line: the table with the least room, how much that is, and what
 * looks worse than it is.
 */
static void all_clear(const struct tables *ts, struct findings *fs)
{
	const struct netns_table *n = fullest_table(ts);
	struct fact *f = &fs->clear;

	if (!n && !ts->nr_netns) {
		fact_set(f, "connection tracking is not in use here");
		return;
	}
	if (!n) {
		fact_set(f, "{entries} entries, and no maximum", count_of(ts->entries));
		return;
	}
	fact_set(f, "{entries} of {max} entries in use ({share})", count_of(n->count),
		 count_of(n->max), share_of(n->count, n->max));
	if (ts->nr_tables > 1)
		fact_more(f, " in the fullest of {namespaces} namespaces", count_of(ts->nr_tables));
	fact_more(f, ", room for {room} more", count_of(minus(n->max, n->count)));
	if (share(n->count, n->max) >= TH(TIGHT) && n->total)
		fact_more(f, ", and {evictable} of them may be evicted for new ones",
			  count_of(minus(n->total->entries, n->total->assured)));
	if (ts->spell.evictions)
		fact_more(f, "; a burst was absorbed in the last {window}, nothing was refused",
			  seconds_of(ts->spell.seconds));
}

static void summarise(const struct tables *ts, struct findings *fs)
{
	size_t i;

	if (fs->worst == SEV_OK) {
		all_clear(ts, fs);
		return;
	}
	for (i = 0; i < fs->nr; i++)
		fs->alarms += fs->finding[i].severity != SEV_OK;
	/* A host may have thousands of full namespaces: the worst will do. */
	while (fs->nr > MOST)
		finding_clear(&fs->finding[--fs->nr]);
}

void diagnose(const struct snapshot *s, struct findings *out)
{
	const struct cause *const *c;
	struct tables ts;
	bool healthy;
	size_t i;

	memset(out, 0, sizeof(*out));
	if (s->captured.known)
		out->captured = &s->captured;
	survey_begin(&ts, s);
	for (c = causes; *c; c++)
		(*c)->judge(&ts, out);
	healthy = !any_alarm(out);
	faults_weigh(s, out);
	if (out->nr) {
		qsort(out->finding, out->nr, sizeof(*out->finding), rank);
		out->worst = out->finding[0].severity;
	}
	/* Where all seems well and isn't known to be, what was seen is said, too. */
	if (!healthy)
		drop_notes(out);
	refill_predict(&ts, out);
	for (i = 0; i < out->nr; i++)
		cure_unread(&ts, &out->finding[i]);
	summarise(&ts, out);
	origins_name(s, out);
	survey_end(&ts);
}
