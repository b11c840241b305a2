/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The families: name, type, unit, and what their numbers are. A name goes without the
 * endings that a dialect gives to its type ("_total", "_info").
 */
#ifndef CONNTRIAGE_METRICS_FAMILIES_H
#define CONNTRIAGE_METRICS_FAMILIES_H

enum family_type { FAMILY_GAUGE, FAMILY_COUNTER, FAMILY_INFO };

enum family_id {
	FAMILY_BUILD, FAMILY_UP, FAMILY_MODULE, FAMILY_START, FAMILY_MEMORY, FAMILY_PROBE,
	FAMILY_LOST, FAMILY_UNWATCHED, FAMILY_CPUS, FAMILY_FAULTS, FAMILY_READ_AT,
	FAMILY_CENSUS_AT,
	FAMILY_ENTRIES, FAMILY_LIMIT, FAMILY_BUCKETS, FAMILY_SOURCES, FAMILY_INSERTED,
	FAMILY_REFUSED, FAMILY_INSERT_FAILED, FAMILY_CLASHES, FAMILY_CHAIN, FAMILY_EVICTED,
	FAMILY_INVALID, FAMILY_STAGE, FAMILY_EVICTABLE,
	FAMILY_UNTIL_FULL, FAMILY_INCIDENT, FAMILY_INCIDENTS, FAMILY_INCIDENT_AT,
	FAMILY_STATUS, FAMILY_FINDING, FAMILY_CULPRIT,
	FAMILY_SOURCE_RATE, FAMILY_DROPPED, FAMILIES
};

struct family {
	const char *name;
	enum family_type type;
	const char *unit;	/* which the name ends in; "": it has none */
	const char *help;	/* one line without quotes and backslashes */
};

extern const struct family family[FAMILIES];

#endif
