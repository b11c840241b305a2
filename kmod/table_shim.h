/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the heavy-source table needs from its surroundings: in a kernel the
 * real headers, elsewhere the small stand-ins of userspace/entries, so that the
 * reader, tests, fuzzers and benchmarks run the very file the module runs.
 */
#ifndef CTRI_TABLE_SHIM_H
#define CTRI_TABLE_SHIM_H

#ifdef __KERNEL__

#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kcsan-checks.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/vmalloc.h>
#include <asm/byteorder.h>

#else

#include "shim_user.h"

#endif

#endif /* CTRI_TABLE_SHIM_H */
