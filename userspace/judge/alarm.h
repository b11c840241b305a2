/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What monitoring is told of a host: how many entries can't be given to a new
 * connection, what was lost, and why. By what is quick to read: nobody walks the table
 * for it.
 */
#ifndef CONNTRIAGE_JUDGE_ALARM_H
#define CONNTRIAGE_JUDGE_ALARM_H

#include <stdbool.h>
#include <stdint.h>

#include "judge/fact.h"
#include "judge/finding.h"
#include "snapshot.h"

/* Where warnings begin, in % of the maximum that can't be given to a new connection */
#define ALARM_WARNING	95.0	/* TH(FULL): from there on the garbage collector kills, too */
#define ALARM_CRITICAL	100.0

struct alarm_limits {
	double warning, critical;
};

struct alarm {
	enum severity severity;
	/* Of the worst table; UNKNOWN where none is known */
	int64_t entries, max;
	int64_t warning, critical;	/* entries */
	int64_t unevictable;		/* at most; UNKNOWN: nothing tells */
	bool module;			/* the rates are known, else the kernel's counters */
	double refused, evicted, invalid;	/* a second, of all tables; NAN: not told */
	int64_t drop, early_drop, k_invalid;	/* since boot, of this namespace */
	struct facts said;		/* what there is to say of it, most important first */
	struct findings findings;	/* by the quick files alone */
	const struct finding *cause;	/* of these, what is wrong; or NULL */
};

/**
 * alarm_judge() - what monitoring is told
 * @s: read with READ_FAST | READ_MINUTES, or whole
 * @limits: 0 to 100 each
 * @a: filled; free with alarm_free()
 *
 * Critical: packets were refused within TH(RECENT), by the module's count or else by the
 * kernel's log, or sources lose connections that were alive, or @limits->critical. Warning:
 * packets were refused within TH(SPELL), or @limits->warning. Besides, whatever else a
 * diagnosis finds in these files alone, such as
 * clashes or chains that are too long. Entries count as such that can't be given to a new
 * connection unless it is known that they may be evicted: see evictable_find(). Unknown:
 * files are damaged, and nothing is known to be bad.
 */
void alarm_judge(const struct snapshot *s, const struct alarm_limits *limits, struct alarm *a);

/** alarm_free() - free what alarm_judge() allocated */
void alarm_free(struct alarm *a);

#endif
