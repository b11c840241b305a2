/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's connection table by netlink, of the network namespace that the calling
 * thread is in. It takes CAP_NET_ADMIN there; asked at all, the kernel loads
 * nf_conntrack_netlink, and with it nf_conntrack.
 */
#ifndef CONNTRIAGE_ENTRIES_CTNETLINK_H
#define CONNTRIAGE_ENTRIES_CTNETLINK_H

#include <stdbool.h>
#include <stdint.h>

#include "entries/entry.h"
#include "entries/looks.h"

/**
 * ctnetlink_moment() - what the kernel counts: entries, and the sums of all CPUs
 * @at: filled; UNKNOWN what this kernel doesn't tell
 * @max: likewise the maximum of entries
 *
 * Return: 0 or -errno: -EPERM without CAP_NET_ADMIN; -EPROTONOSUPPORT or -EINVAL where
 * the kernel has no ctnetlink.
 */
int ctnetlink_moment(struct look *at, int64_t *max);

/**
 * ctnetlink_list() - all entries, in the order of the hash table's buckets
 * @each: called with each; false: that was enough
 * @data: for @each
 *
 * A bucket is a keyed hash of the entry's tuple (hash_conntrack_raw()), so the first
 * entries are a random sample of all. The kernel passes over entries that are over, and
 * ends them (ctnetlink_dump_table()).
 *
 * Return: 0 or -errno, as ctnetlink_moment().
 */
int ctnetlink_list(void (*soon)(struct entry *e, void *data),
		   bool (*each)(struct entry *e, void *data), void *data);

#endif
