/* SPDX-License-Identifier: GPL-2.0 */
/* Ports that NAT has for connections to one destination and service. */
#ifndef CONNTRIAGE_JUDGE_PORTS_H
#define CONNTRIAGE_JUDGE_PORTS_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/tables.h"
#include "snapshot.h"

/* Ports that the kernel chooses from where the rule gives no range */
#define PORTS_MIN	1024
#define PORTS_MAX	65535

struct ports {
	const struct census_row *pair;	/* the destination that has most, or NULL */
	char address[64];		/* of it, and its port */
	char port[8];
	const struct source_nat *rule;	/* with the most room; others may be meant */
	int64_t room;			/* connections that it can hold to one destination */
	double failed;			/* insertions that fail, a second, everywhere */
};

/**
 * ports_used_up() - a destination for which NAT has no port left, or hardly one
 * @n: the reader's own namespace: rules of others can't be read
 *
 * The kernel gives a source that it translates a port that no other connection to
 * the same destination and service has (nf_nat_l4proto_unique_tuple() in
 * nf_nat_core.c): from the rule's range, else from 1024 to 65535 for ports of that
 * size, for each address that the rule has.
 *
 * Return: ->pair is NULL where there is none.
 */
struct ports ports_used_up(const struct tables *ts, const struct netns_table *n);

/**
 * ports_split() - "192.0.2.1:443", "[2001:db8::1]:443"
 *
 * Return: false where it is no pair that a command can be made of.
 */
bool ports_split(const char *pair, char *address, size_t size, char *port, size_t port_size);

#endif
