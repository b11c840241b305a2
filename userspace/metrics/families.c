// SPDX-License-Identifier: GPL-2.0
/* The families, in the order in which they are written. */
#include "metrics/families.h"

#define NO_UNIT	""

const struct family family[FAMILIES] = {
	[FAMILY_BUILD] = { "conntriage_build", FAMILY_INFO, NO_UNIT,
		"Version of the program that read this." },
	[FAMILY_UP] = { "conntriage_module_up", FAMILY_GAUGE, NO_UNIT,
		"1: the files of the kernel module in debugfs were read; 0: it isn't loaded, or "
		"can't be asked, and only what the kernel tells is known." },
	[FAMILY_MODULE] = { "conntriage_module", FAMILY_INFO, NO_UNIT,
		"Version of the module that is loaded." },
	[FAMILY_START] = { "conntriage_module_start_timestamp_seconds", FAMILY_GAUGE, "seconds",
		"When the module was loaded, since 1970; what it counts begins there. Made of two "
		"clocks in whole seconds: two readings may differ by 1." },
	[FAMILY_MEMORY] = { "conntriage_module_memory_bytes", FAMILY_GAUGE, "bytes",
		"Memory of the source tables of the module, one for each CPU that was ever up." },
	[FAMILY_PROBE] = { "conntriage_probe_armed", FAMILY_GAUGE, NO_UNIT,
		"Probes of the module: 1 armed, 0 idle, as it is while nothing presses a table; "
		"none where this kernel has no place for it." },
	[FAMILY_LOST] = { "conntriage_lost", FAMILY_COUNTER, NO_UNIT,
		"What the module itself missed: events, but of ticks and blind seconds." },
	[FAMILY_UNWATCHED] = { "conntriage_unwatched_namespaces", FAMILY_GAUGE, NO_UNIT,
		"Network namespaces that the module had no memory to watch." },
	[FAMILY_CPUS] = { "conntriage_cpus_without_table", FAMILY_GAUGE, NO_UNIT,
		"Online CPUs that have no source table: sources of what they see aren't known." },
	[FAMILY_FAULTS] = { "conntriage_read_faults", FAMILY_GAUGE, NO_UNIT,
		"Files that were damaged or contradicted each other in this reading; what they "
		"tell is left out." },
	[FAMILY_READ_AT] = { "conntriage_snapshot_timestamp_seconds", FAMILY_GAUGE, "seconds",
		"When this was read, since 1970." },
	[FAMILY_CENSUS_AT] = { "conntriage_census_timestamp_seconds", FAMILY_GAUGE, "seconds",
		"When the connection table was last walked, since 1970." },
	[FAMILY_ENTRIES] = { "conntriage_entries", FAMILY_GAUGE, NO_UNIT,
		"Entries of the connection table, expired and unconfirmed ones included." },
	[FAMILY_LIMIT] = { "conntriage_entries_limit", FAMILY_GAUGE, NO_UNIT,
		"Entries that it may have; +Inf: no limit. Of netns other: the sum." },
	[FAMILY_BUCKETS] = { "conntriage_buckets", FAMILY_GAUGE, NO_UNIT,
		"Hash buckets of the connection tables, one hash table for all namespaces." },
	[FAMILY_SOURCES] = { "conntriage_sources", FAMILY_GAUGE, NO_UNIT,
		"Distinct sources of new connections since the module was loaded, about 3 % off: "
		"its growth is sources that were never seen before." },
	[FAMILY_INSERTED] = { "conntriage_inserted", FAMILY_COUNTER, NO_UNIT,
		"New connections: entries that went to confirmation, and direct insertions. Not "
		"known without the module." },
	[FAMILY_REFUSED] = { "conntriage_refused", FAMILY_COUNTER, NO_UNIT,
		"Packets dropped because the table is full. Without the module, or its probes, the "
		"counter drop of the kernel, which has drops for other reasons as well." },
	[FAMILY_INSERT_FAILED] = { "conntriage_insert_failed", FAMILY_COUNTER, NO_UNIT,
		"Packets dropped because their entry could not be inserted: a clash that could not "
		"be resolved, no free port for NAT, a chain too long, an entry killed meanwhile." },
	[FAMILY_CLASHES] = { "conntriage_clashes", FAMILY_COUNTER, NO_UNIT,
		"Clashes of two packets of one connection that the kernel resolved: nothing was "
		"lost. Those that it could not are in insert_failed." },
	[FAMILY_CHAIN] = { "conntriage_chain_too_long", FAMILY_COUNTER, NO_UNIT,
		"Insertions that failed because the hash chain was too long; they are in "
		"insert_failed, too." },
	[FAMILY_EVICTED] = { "conntriage_evicted", FAMILY_COUNTER, NO_UNIT,
		"Live entries that were killed to make room, by early_drop (the count of the "
		"kernel) or by its garbage collector (gc: seen by the module alone)." },
	[FAMILY_INVALID] = { "conntriage_invalid", FAMILY_COUNTER, NO_UNIT,
		"INVALID packets. The reason unsampled: not judged; unknown: without the module." },
	[FAMILY_STAGE] = { "conntriage_entries_by_stage", FAMILY_GAUGE, NO_UNIT,
		"Entries by stage of the connection, as the last walk of the table found them." },
	[FAMILY_EVICTABLE] = { "conntriage_entries_evictable", FAMILY_GAUGE, NO_UNIT,
		"Entries that are not assured: the kernel may evict them for new ones." },
	[FAMILY_UNTIL_FULL] = { "conntriage_seconds_until_full", FAMILY_GAUGE, NO_UNIT,
		"Until the fullest table is full, as it grows now. +Inf: it does not grow beyond "
		"chance, or made room for all that came when it was full. 0: it refuses. With a "
		"census: until it is full of what can not be evicted." },
	[FAMILY_INCIDENT] = { "conntriage_incident_active", FAMILY_GAUGE, NO_UNIT,
		"1 while a spell of evictions or refusals lasts; it ends after 60 s without." },
	[FAMILY_INCIDENTS] = { "conntriage_incidents", FAMILY_COUNTER, NO_UNIT,
		"Spells of evictions or refusals since the module was loaded." },
	[FAMILY_INCIDENT_AT] = { "conntriage_incident_start_timestamp_seconds", FAMILY_GAUGE,
		"seconds", "When the spell that lasts began, or else the last one; since 1970." },
	[FAMILY_STATUS] = { "conntriage_status", FAMILY_GAUGE, NO_UNIT,
		"The worst finding of the diagnosis: 0 ok, 1 warning, 2 critical, 3 unknown." },
	[FAMILY_FINDING] = { "conntriage_finding", FAMILY_INFO, NO_UNIT,
		"What the diagnosis finds wrong; conntriage explain has the causes." },
	[FAMILY_CULPRIT] = { "conntriage_finding_culprit", FAMILY_INFO, NO_UNIT,
		"Who causes it, the first of each finding: address, whose it is, and the first "
		"command of the cure." },
	[FAMILY_SOURCE_RATE] = { "conntriage_source_events_per_second", FAMILY_GAUGE, NO_UNIT,
		"Events of the worst sources of each kind, a mean whose newer half is of the last "
		"8 s. The source other is all the rest, so that the sum is of all events; of "
		"evicting, of those that the module lists." },
	[FAMILY_DROPPED] = { "conntriage_series_dropped", FAMILY_GAUGE, NO_UNIT,
		"Series of namespaces that the limit of 2,000 has summed up as netns other." },
};
