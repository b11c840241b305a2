// SPDX-License-Identifier: GPL-2.0
/* The module, what it has lost, and this reading. */
#include <string.h>

#include "kmod/abi.h"
#include "lib/numbers.h"
#include "metrics/parts.h"

/* Names are those of status in docs/ABI, without what all of them have in common. */
static void add_probes(struct series *l, const struct module_status *m)
{
	const struct {
		const char *name, *word;
	} probe[] = {
		{ "alloc", m->probe_alloc }, { "early_drop", m->probe_drop },
		{ "delete", m->probe_delete }, { "gc", m->probe_gc },
		{ "confirm", m->probe_confirm },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(probe); i++) {
		bool armed = !strcmp(probe[i].word, CTRI_PROBE_ARMED);

		if (armed || !strcmp(probe[i].word, CTRI_PROBE_IDLE))
			series_count(l, FAMILY_PROBE, armed, "probe", probe[i].name, NULL);
	}
}

static void add_losses(struct series *l, const struct module_status *m)
{
	const struct {
		const char *what;
		int64_t lost;
	} loss[] = {
		{ "probe", m->lost_probe }, { "cause", m->lost_cause },
		{ "netns", m->lost_netns }, { "sample", m->lost_sample },
		{ "ticks", m->lost_ticks }, { "blind", m->lost_blind },
		{ "victim", m->lost_victim }, { "table", m->lost_table },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(loss); i++)
		series_count(l, FAMILY_LOST, loss[i].lost, "what", loss[i].what, NULL);
}

void series_module(struct series *l, const struct snapshot *s, const struct metrics_request *ask)
{
	const struct module_status *m = &s->mod;

	series_info(l, FAMILY_BUILD, "version", CTRI_VERSION, NULL);
	series_count(l, FAMILY_UP, m->loaded && !m->partial, NULL);
	if (*m->version)
		series_info(l, FAMILY_MODULE, "version", m->version, NULL);
	if (m->uptime != UNKNOWN && ask->read_at != UNKNOWN)
		series_count(l, FAMILY_START, minus(ask->read_at, m->uptime), NULL);
	series_count(l, FAMILY_MEMORY, m->memory, NULL);
	add_probes(l, m);
	add_losses(l, m);
	series_count(l, FAMILY_UNWATCHED, m->unwatched, NULL);
	series_count(l, FAMILY_CPUS, m->cpus_without, NULL);
	series_count(l, FAMILY_FAULTS, s->nr_dropped + s->more_dropped, NULL);
	series_count(l, FAMILY_READ_AT, ask->read_at, NULL);
	if (ask->census && s->nr_census)
		series_count(l, FAMILY_CENSUS_AT, ask->census_at, NULL);
}
