// SPDX-License-Identifier: GPL-2.0
/* The lists of a snapshot: freed together, and cut back to what they were. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/numbers.h"
#include "read/parts.h"
#include "read/read.h"
#include "snapshot.h"

/* Each list there is; with one left out, snapshot_revert() goes wrong. */
#define LIST(items, nr) { offsetof(struct snapshot, items), offsetof(struct snapshot, nr) }

static const struct {
	size_t items, nr;
} lists[] = {
	LIST(sysctl, nr_sysctl),
	LIST(helper, nr_helpers),
	LIST(nic, nr_nic),
	LIST(log_spell, nr_log_spells),
	LIST(written, nr_written),
	LIST(queue, nr_queues),
	LIST(listener, nr_listeners),
	LIST(program, nr_programs),
	LIST(resolved, nr_resolved),
	LIST(container, nr_containers),
	LIST(tenant, nr_tenants),
	LIST(owned, nr_owned),
	LIST(neighbour, nr_neighbours),
	LIST(lease, nr_leases),
	LIST(local, nr_local),
	LIST(guarded, nr_guarded),
	LIST(netns_name, nr_netns_names),
	LIST(placed, nr_placed),
	LIST(our_table, nr_our_tables),
	LIST(kept_file, nr_kept_files),
	LIST(netns, nr_netns),
	LIST(source, nr_source),
	LIST(census, nr_census),
	LIST(history, nr_history),
	LIST(minute, nr_minutes),
	LIST(incident, nr_incidents),
	LIST(incident_top, nr_incident_tops),
	LIST(dropped, nr_dropped),
};

/* Copied, as a pointer to anything may not be read as void *. */
static void *items_of(const struct snapshot *s, size_t list)
{
	void *items;

	memcpy(&items, (const char *)s + lists[list].items, sizeof(items));
	return items;
}

void snapshot_revert(struct snapshot *s, const struct snapshot *before)
{
	struct snapshot now = *s;
	size_t i;
	void *items;

	*s = *before;
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		items = items_of(&now, i);
		memcpy((char *)s + lists[i].items, &items, sizeof(items));
	}
}

void snapshot_free(struct snapshot *s)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		free(items_of(s, i));
	memset(s, 0, sizeof(*s));
}
