/* SPDX-License-Identifier: GPL-2.0 */
/* The timeouts that a namespace's entries get, by protocol and state. */
#ifndef CONNTRIAGE_ENTRIES_TIMEOUTS_H
#define CONNTRIAGE_ENTRIES_TIMEOUTS_H

#include <stddef.h>
#include <stdint.h>

#include "entries/entry.h"
#include "snapshot.h"

#define TIMEOUTS_STATES	16

struct timeouts {
	int64_t tcp[TIMEOUTS_STATES], sctp[TIMEOUTS_STATES];	/* s, by state */
	int64_t unack, retrans;					/* of TCP */
	int64_t udp, udp_stream, icmp, icmpv6, gre, gre_stream, generic;
};

/**
 * timeouts_fill() - each timeout by its sysctl; the kernel's default where that isn't told
 * @told: returns the value of a sysctl, whose name is without nf_conntrack_, or UNKNOWN
 * @data: for @told
 */
void timeouts_fill(struct timeouts *t, int64_t (*told)(const char *name, void *data), void *data);

/** timeouts_name() - the sysctl of the timeout of number @i, and its value; NULL: no more */
const char *timeouts_name(const struct timeouts *t, size_t i, int64_t *value);

/**
 * timeouts_of() - the sysctls of a snapshot; the kernel's defaults where one isn't told
 */
void timeouts_of(struct timeouts *t, const struct snapshot *s);

/**
 * timeouts_idle() - for how long an entry has been silent
 * @known: set to whether that can be told
 *
 * As ctri_entry_idle() in kmod/idle.c, without what only the kernel sees of an entry:
 * a policy of its own, and what TCP's last packet was.
 *
 * Return: s; 0 where @known is false.
 */
int64_t timeouts_idle(const struct timeouts *t, const struct entry *e, bool *known);

#endif
