/* SPDX-License-Identifier: GPL-2.0 */
/* What an incident amounts to, and the account of it in a few sentences. */
#ifndef CONNTRIAGE_JUDGE_INCIDENT_H
#define CONNTRIAGE_JUDGE_INCIDENT_H

#include <stddef.h>

#include "snapshot.h"

/* How long it took, at least 1 s; until now where it isn't over */
int64_t incident_seconds(const struct incident_row *inc);
int64_t incident_killed(const struct incident_row *inc);	/* entries, live */
/*
 * Packets dropped: by the kernel's count where that is greater, as it has
 * those before the probes were armed.
 */
int64_t incident_refused(const struct incident_row *inc);

/**
 * incident_worst() - when the census of its worst minute was taken
 *
 * Return: seconds since 1970 UTC, or UNKNOWN where there is none.
 */
int64_t incident_worst(const struct incident_row *inc);

/**
 * incident_summary() - who filled which table how fast, with what, and who lost by it
 *
 * Return: sentences to free().
 */
char *incident_summary(const struct snapshot *s, const struct incident_row *inc);

#endif
