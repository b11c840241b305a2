// SPDX-License-Identifier: GPL-2.0
/* A snapshot brought up to date by what was read again of its host. */
#include <stdlib.h>
#include <string.h>

#include "kmod/abi.h"
#include "lib/memory.h"
#include "lib/names.h"
#include "lib/numbers.h"
#include "read/read.h"
#include "snapshot.h"

#define SWAP(a, b) do {					\
	__typeof__(a) swapped = (a);			\
							\
	(a) = (b);					\
	(b) = swapped;					\
} while (0)

#define SWAP_LIST(a, b, items, nr) do {			\
	SWAP((a)->items, (b)->items);			\
	SWAP((a)->nr, (b)->nr);				\
} while (0)

/* Those that were read again: what the boot files say of them stays, too. */
static void renew_sysctls(struct snapshot *s, const struct snapshot *fast)
{
	size_t i;

	for (i = 0; i < s->nr_sysctl; i++) {
		const struct ct_sysctl *now = find_sysctl(fast, s->sysctl[i].name);

		if (now)
			s->sysctl[i].value = now->value;
	}
	s->count = fast->count;
	s->max = fast->max;
	s->buckets = fast->buckets;
	s->ct_loaded = fast->ct_loaded;
	s->stat = fast->stat;
}

/* Parts of struct dropped_file that @parts has read anew */
static bool read_anew(const char *part, unsigned int parts)
{
	static const struct {
		const char *part;
		unsigned int only;
	} anew[] = {
		{ "meta", 0 }, { "host", 0 }, { "sysctls", 0 }, { "stat", 0 }, { "module", 0 },
		{ "kernel_log", READ_MINUTES | READ_METRICS },
		{ CTRI_FILE_ABI, 0 }, { CTRI_FILE_STATUS, 0 }, { CTRI_FILE_NETNS, 0 },
		{ CTRI_FILE_SOURCES, 0 }, { CTRI_FILE_CLASSES, 0 }, { CTRI_FILE_HISTORY, 0 },
		{ CTRI_PROC_NAME, 0 }, { CTRI_FILE_CENSUS, READ_CENSUS },
		{ "ctnetlink", READ_CENSUS },
		{ CTRI_FILE_MINUTES, READ_MINUTES | READ_METRICS },
		{ CTRI_FILE_INCIDENTS, READ_MINUTES | READ_METRICS },
		{ CTRI_FILE_INC_TOP, READ_MINUTES },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(anew); i++)
		if (!strcmp(anew[i].part, part))
			return !anew[i].only || parts & anew[i].only;
	return false;
}

static void renew_dropped(struct snapshot *s, struct snapshot *fast, unsigned int parts)
{
	size_t i;

	for (i = 0; i < s->nr_dropped; i++)
		if (!read_anew(s->dropped[i].part, parts))
			*(struct dropped_file *)grow(&fast->dropped, &fast->nr_dropped,
						     sizeof(*s->dropped)) = s->dropped[i];
	SWAP_LIST(s, fast, dropped, nr_dropped);
}

bool snapshot_is_listed(const struct snapshot *s)
{
	return s->origin > ORIGIN_MODULE && !s->mod.loaded;
}

void snapshot_unlist(struct snapshot *s)
{
	s->source = NULL;
	s->nr_source = 0;
	memset(s->has_class, 0, sizeof(s->has_class));
}

/* A list tells of its own time, but for how many entries there are */
static void renew_listed(struct snapshot *s)
{
	size_t i;

	for (i = 0; i < s->nr_netns; i++)
		if (s->netns[i].netns == s->own_netns && s->count != UNKNOWN) {
			s->netns[i].count = s->count;
			s->netns[i].max = s->max;
		}
}

static void move_counted(struct snapshot *s, struct snapshot *from)
{
	memcpy(s->class, from->class, sizeof(s->class));
	memcpy(s->has_class, from->has_class, sizeof(s->has_class));
	SWAP_LIST(s, from, netns, nr_netns);
	SWAP_LIST(s, from, source, nr_source);
}

static void move_census(struct snapshot *s, struct snapshot *from)
{
	s->origin = from->origin;
	s->dump = from->dump;
	SWAP_LIST(s, from, census, nr_census);
}

void snapshot_keep_census(struct snapshot *old, struct snapshot *now)
{
	bool listed = snapshot_is_listed(old) && !now->mod.loaded;

	move_census(now, old);
	if (!listed)
		return;
	move_counted(now, old);
	renew_listed(now);
}

void snapshot_renew(struct snapshot *s, struct snapshot *fast, unsigned int parts)
{
	bool listed;

	s->captured = fast->captured;
	s->own_netns = fast->own_netns;
	s->boot_age = fast->boot_age;
	memcpy(s->hostname, fast->hostname, sizeof(s->hostname));
	renew_sysctls(s, fast);
	renew_dropped(s, fast, parts);
	listed = snapshot_is_listed(s) && !fast->mod.loaded && !(parts & READ_CENSUS);
	s->mod = fast->mod;
	if (listed)
		renew_listed(s);
	else
		move_counted(s, fast);
	SWAP_LIST(s, fast, history, nr_history);
	if (parts & READ_CENSUS)
		move_census(s, fast);
	if (parts & READ_METRICS)
		SWAP_LIST(s, fast, netns_name, nr_netns_names);
	if (parts & (READ_MINUTES | READ_METRICS)) {
		SWAP_LIST(s, fast, minute, nr_minutes);
		SWAP_LIST(s, fast, incident, nr_incidents);
	}
	if (parts & READ_MINUTES)
		SWAP_LIST(s, fast, incident_top, nr_incident_tops);
	if (!s->mod.loaded && parts & (READ_MINUTES | READ_METRICS)) {
		s->log = fast->log;
		SWAP_LIST(s, fast, log_spell, nr_log_spells);
	}
	snapshot_free(fast);
}
