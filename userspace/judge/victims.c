// SPDX-License-Identifier: GPL-2.0
/* Who suffers from a pressed table. */
#include "judge/actors.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/verdict.h"
#include "judge/victims.h"
#include "lib/numbers.h"
#include "snapshot.h"

/*
 * What would have ended by itself is no loss: an answered question, a closed
 * connection, one that waits in vain. 0 to 1 of a source's evicted entries.
 */
static double missed_part(const struct actor *a)
{
	return actor_part(a, SRC_EVICTED, "early_drop_waiting") +
	       actor_part(a, SRC_EVICTED, "early_drop_live") +
	       actor_part(a, SRC_EVICTED, "gc_waiting") +
	       actor_part(a, SRC_EVICTED, "gc_live");
}

int64_t victim_lost(const struct netns_table *n, const struct actor *a,
		    enum source_class class)
{
	int64_t events = actor_recent(a, class);

	if (n->level == LEVEL_WAS)
		events = a->row[class] && known(a->row[class]->last_ago) <= TH(SPELL) ?
			 actor_count(a, class) : 0;
	return class == SRC_EVICTED ? (int64_t)((double)events * missed_part(a)) : events;
}

int64_t victim_losses(const struct netns_table *n, const struct actor *a)
{
	return plus(victim_lost(n, a, SRC_REFUSED), victim_lost(n, a, SRC_EVICTED));
}

/* Made-up addresses lose connections too, but nobody suffers from that. */
bool victim_suffers(const struct netns_table *n, const struct actor *a)
{
	if (victim_losses(n, a) <= 0 || actor_sends_invalid(a) ||
	    actor_answers(a) || verdict_accuses(n, a))
		return false;
	if (!verdict_part(n, PART_SPOOFED) &&
	    !(n->level == LEVEL_WAS && verdict_part(n, PART_UNKNOWN)))
		return true;
	return actor_real(a) || actor_count(a, SRC_INSERT) >= 10;
}

size_t victims_count(const struct netns_table *n, const struct actor **worst)
{
	size_t i, nr = 0;

	*worst = NULL;
	for (i = 0; i < n->nr_actors; i++) {
		if (!victim_suffers(n, &n->actor[i]))
			continue;
		nr++;
		if (!*worst || victim_losses(n, &n->actor[i]) > victim_losses(n, *worst))
			*worst = &n->actor[i];
	}
	return nr;
}
