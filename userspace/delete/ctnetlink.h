/* SPDX-License-Identifier: GPL-2.0 */
/* The connection table of this network namespace over netlink. */
#ifndef CONNTRIAGE_DELETE_CTNETLINK_H
#define CONNTRIAGE_DELETE_CTNETLINK_H

#include <stdint.h>

#include "delete/select.h"

struct deletion {
	uint64_t seen;		/* entries of the table */
	uint64_t deleted;
	uint64_t gone;		/* ended by themselves meanwhile */
	uint64_t offloaded;	/* the kernel keeps these: a flowtable forwards them */
};

/**
 * ctnetlink_delete() - delete the entries that are selected
 * @d: takes what came of it, also where it fails half way
 *
 * Each is deleted by its first tuple, its zone and its number, so a connection that
 * took its place meanwhile stays. Needs CAP_NET_ADMIN over the network namespace.
 *
 * Return: 0, or an errno: EPERM, EPROTONOSUPPORT (no ctnetlink), ...
 */
int ctnetlink_delete(const struct selection *s, struct deletion *d);

#endif
