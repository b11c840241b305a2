/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What census_heavy.c needs from its surroundings: in a kernel the real headers,
 * elsewhere the small stand-ins of userspace/entries, as the reader counts entries
 * by the very same file where the module isn't loaded.
 */
#ifndef CONNTRIAGE_CENSUS_SHIM_H
#define CONNTRIAGE_CENSUS_SHIM_H

#ifdef __KERNEL__

#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include "netns.h"
#include "source.h"

#else

#include "census_user.h"

#endif

#endif
