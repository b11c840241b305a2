/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many distinct peers a record has, about: a HyperLogLog sketch of 64
 * registers (P. Flajolet et al., "HyperLogLog: the analysis of a near-optimal
 * cardinality estimation algorithm", 2007), for who keeps one or more beside each
 * record of a table. A register is a byte, though 6 bits would do: it takes half
 * the instructions.
 *
 * A peer is hashed once, and added to as many sketches as it belongs in.
 */
#ifndef CTRI_TABLE_PEERS_H
#define CTRI_TABLE_PEERS_H

#include "table_shim.h"

#define CTRI_PEERS_BITS		6
#define CTRI_PEERS_REGS		BIT_ULL(CTRI_PEERS_BITS)
#define CTRI_PEERS_TAIL		36	/* hash bits the rank is taken from */

/**
 * struct ctri_peers - the sketch; zeroed it is empty
 * @rank: the registers
 */
struct ctri_peers {
	u8 rank[CTRI_PEERS_REGS];
};

/**
 * struct ctri_peer - what is added for a peer
 * @at: its register
 * @rank: what that becomes at least; 0: nothing is added
 */
struct ctri_peer {
	u8 at;
	u8 rank;
};

/**
 * struct ctri_peer_key - makes the hash one that nobody outside knows
 * @add: random
 * @mul: random and odd
 */
struct ctri_peer_key {
	u64 add;
	u64 mul;
};

/**
 * ctri_peer_hash() - a hash good enough for sketches
 * @word: the peer
 * @key: the hash's key
 *
 * Context: any.
 * Return: 64 bits. Multiplication brings the low bits up, and the shift the high
 * ones down again; the second round breaks up arithmetic sequences.
 */
static __always_inline u64 ctri_peer_hash(u64 word, const struct ctri_peer_key *key)
{
	u64 h = (word + key->add) * key->mul;

	h ^= h >> 32;
	h *= key->mul;
	return h ^ h >> 32;
}

/**
 * ctri_peer_of() - where a peer is noted
 * @hash: ctri_peer_hash(); its high bits are not used
 *
 * Context: any.
 * Return: what ctri_peers_add() takes.
 */
static __always_inline struct ctri_peer ctri_peer_of(u64 hash)
{
	u64 tail = hash >> CTRI_PEERS_BITS | BIT_ULL(CTRI_PEERS_TAIL);
	struct ctri_peer peer = {
		.at = hash & (CTRI_PEERS_REGS - 1),
		.rank = __ffs64(tail) + 1,
	};

	return peer;
}

/**
 * ctri_peers_add() - note a peer
 * @p: the sketch
 * @peer: ctri_peer_of()
 *
 * Context: the caller is alone on @p.
 */
static __always_inline void ctri_peers_add(struct ctri_peers *p,
					   struct ctri_peer peer)
{
	if (unlikely(p->rank[peer.at] < peer.rank))
		p->rank[peer.at] = peer.rank;
}

u64 ctri_peers_estimate(const struct ctri_peers *p);

#endif /* CTRI_TABLE_PEERS_H */
