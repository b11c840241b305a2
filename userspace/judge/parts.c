// SPDX-License-Identifier: GPL-2.0
/* What a verdict says of a part, or of a source. */
#include "judge/actors.h"
#include "judge/occupancy.h"
#include "judge/tables.h"
#include "judge/verdict.h"
#include "lib/numbers.h"

const struct part *verdict_part(const struct netns_table *n, enum part_kind kind)
{
	size_t i;

	for (i = 0; n->verdict && i < n->verdict->nr; i++)
		if (n->verdict->part[i].kind == kind)
			return &n->verdict->part[i];
	return NULL;
}

bool part_has(const struct part *p, const struct actor *a)
{
	size_t i;

	for (i = 0; p && i < p->nr_members; i++)
		if (p->member[i]->actor == a ||
		    (p->member[i]->kind == GROUP_PREFIX &&
		     group_contains(p->member[i], a->source)))
			return true;
	return false;
}

bool verdict_accuses(const struct netns_table *n, const struct actor *a)
{
	static const enum part_kind accusing[] = {
		PART_FLOOD, PART_SCAN, PART_LEAK, PART_UNANSWERED,
	};
	size_t k;

	for (k = 0; k < ARRAY_SIZE(accusing); k++)
		if (part_has(verdict_part(n, accusing[k]), a))
			return true;
	return verdict_part(n, PART_INVALID) && actor_sends_invalid(a);
}
