/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One entry of the connection table, as ctnetlink or a listing in text tells it. No
 * more is known of it outside of the kernel.
 */
#ifndef CONNTRIAGE_ENTRIES_ENTRY_H
#define CONNTRIAGE_ENTRIES_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#define ANY		(-1)		/* not told, or the protocol has none */

struct entry {
	int family;			/* AF_INET, AF_INET6 */
	int proto;			/* IPPROTO_* */
	int state;			/* TCP_CONNTRACK_*, SCTP_CONNTRACK_*, or ANY */
	uint8_t source[16], dest[16];	/* of the first packet; IPv4 in the first four */
	int sport, dport;		/* likewise, or ANY */
	uint32_t status;		/* IPS_* */
	int64_t left;			/* s of its timeout, or UNKNOWN */
	uint32_t id;			/* the kernel's, while the entry lives; 0: not told */
	uint16_t zone;			/* of the original direction */
	bool arrived;			/* it wasn't there at an earlier look, */
	bool newcomer;			/* nor was any other of its source */
	uint64_t hash, source_hash;	/* of entries/earlier.c; 0: not yet */
};

#endif
