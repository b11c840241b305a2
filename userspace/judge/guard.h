/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whom no rule may cut off: gateways, resolvers and the session of whoever reads
 * this, this host's own addresses, and who answers others here.
 */
#ifndef CONNTRIAGE_JUDGE_GUARD_H
#define CONNTRIAGE_JUDGE_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "fix/fix.h"
#include "judge/finding.h"
#include "judge/occupancy.h"
#include "judge/tables.h"

/**
 * guard_of() - why an address may not be cut off
 * @address: of one host, or a network as one source
 *
 * Return: words that follow its name: "is a gateway of this host"; NULL where it may
 * be, or where it is a network: of that a rule can spare members.
 */
const char *guard_of(const struct tables *ts, const struct netns_table *n,
		     const char *address);

/** guard_named() - likewise, but for what it answers here: by its address alone */
const char *guard_named(const struct tables *ts, const char *address);

/**
 * guard_source() - whom a rule about a source must spare
 * @who: a network's ->except is filled with those of its members that guard_of()
 *	names
 *
 * Return: false where it may not be dropped at all: it is guarded itself, or it has
 * more such members than a rule can name.
 */
bool guard_source(const struct tables *ts, const struct netns_table *n,
		  struct fix_source *who);

/** guard_mark() - set ->guarded of the sources of @n's occupancy */
void guard_mark(const struct tables *ts, struct netns_table *n);

/**
 * guard_say() - a sentence on whom a rule spares, and why
 * @who: after guard_source()
 * @cut: what that returned
 * @f: takes it: among what speaks against it where the source isn't cut off, else
 *	among what the fix costs
 */
void guard_say(const struct tables *ts, const struct netns_table *n,
	       const struct fix_source *who, bool cut, struct finding *f);

/** guard_group() - guard_source() for a group: may it be dropped, as a whole or in part */
bool guard_group(const struct tables *ts, const struct netns_table *n,
		 const struct group *g);

#endif
