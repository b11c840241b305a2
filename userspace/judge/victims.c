// SPDX-License-Identifier: GPL-2.0
/* Who suffers from a pressed table. */
#include "judge/actors.h"
#include "judge/tables.h"
#include "judge/thresholds.h"
#include "judge/victims.h"
#include "lib/numbers.h"
#include "snapshot.h"

int64_t victim_lost(const struct netns_table *n, const struct actor *a,
		    enum source_class class)
{
	if (n->level != LEVEL_WAS)
		return actor_recent(a, class);
	return a->row[class] && known(a->row[class]->last_ago) <= TH(SPELL) ?
	       actor_count(a, class) : 0;
}

int64_t victim_losses(const struct netns_table *n, const struct actor *a)
{
	return plus(victim_lost(n, a, SRC_REFUSED), victim_lost(n, a, SRC_EVICTED));
}

/* Made-up addresses lose connections too, but nobody suffers from that. */
bool victim_suffers(const struct netns_table *n, const struct actor *a)
{
	if (actor_culprit(n, a) || victim_losses(n, a) <= 0)
		return false;
	if (actor_sends_invalid(a))
		return false;
	if (n->blame != BLAME_SPOOFED && !(n->level == LEVEL_WAS && n->blame == BLAME_UNKNOWN))
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
