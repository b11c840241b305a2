/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ctri_table_account() for those who can't afford the call: what is inlined
 * into the path of every new connection, and of every entry of a census. The
 * rest of what is included here is the table's own.
 *
 * Everything that ctri_table_account() asks of its caller holds here as well.
 */
#ifndef CTRI_TABLE_INLINE_H
#define CTRI_TABLE_INLINE_H

#include "table_write.h"

/**
 * ctri_table_account_again() - count one event, if its source came last
 * @t: the table
 * @class: the event's class; it has memory
 * @addr0: the first word of ctri_source.addr, the second being 0
 * @netns: as in struct ctri_source
 * @family: as in struct ctri_source
 * @kind: sub-counter, below CTRI_KINDS
 * @when: ctri_table_when()
 *
 * Return: false if the source isn't the last one of its class, with nothing
 *	counted.
 */
static __always_inline bool
ctri_table_account_again(struct ctri_table *t, enum ctri_class class, u64 addr0,
			 u32 netns, u8 family, unsigned int kind, u64 when)
{
	struct ctri_rec0 *recent = t->shard[class].recent;

	if (!ctri_record_is(recent, addr0, 0, netns, family))
		return false;
	ctri_record_count(recent, kind, when);
	return true;
}

/**
 * ctri_table_account_ipv4() - count one event of an IPv4 source
 * @t: the table
 * @class: the event's class; it has memory
 * @netns: as in struct ctri_source
 * @addr: masked, as it is in memory
 * @kind: sub-counter, below CTRI_KINDS
 * @when: ctri_table_when()
 */
static __always_inline void
ctri_table_account_ipv4(struct ctri_table *t, enum ctri_class class, u32 netns,
			u32 addr, unsigned int kind, u64 when)
{
	if (!ctri_table_account_again(t, class, ctri_addr4(addr), netns,
				      CTRI_FAMILY_IPV4, kind, when))
		ctri_shard_account_ipv4(&t->shard[class],
					(u64)netns << 32 | addr, kind, when);
}

/**
 * ctri_table_count_hint() - count one event, if the hint is its source's
 * @hint: of ctri_table_hints_init() or ctri_table_account_hint()
 * @addr0: the first word of ctri_source.addr
 * @addr1: the second
 * @netns: as in struct ctri_source
 * @family: as in struct ctri_source
 * @kind: sub-counter, below CTRI_KINDS
 *
 * For a table that has one window, fewer than 2^31 events, and no reader
 * meanwhile: nothing gets full, no sequence count is needed, and nobody asks for
 * the counts of windows, which this leaves as they are.
 *
 * Return: false if it isn't, with nothing counted.
 */
static __always_inline bool
ctri_table_count_hint(const struct ctri_table_hint *hint, u64 addr0, u64 addr1,
		      u32 netns, u8 family, unsigned int kind)
{
	if (!ctri_record_is(hint->rec, addr0, addr1, netns, family))
		return false;
	++*hint->score;
	hint->kind[kind]++;
	return true;
}

#endif /* CTRI_TABLE_INLINE_H */
