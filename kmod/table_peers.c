// SPDX-License-Identifier: GPL-2.0
/* How many distinct peers a sketch has seen. */
#include "table_peers.h"
#include "table_priv.h"

/**
 * ctri_peers_estimate() - distinct peers that were added
 * @p: the sketch
 *
 * Context: any.
 * Return: the number, with a standard error of 13 %, and of small ones often
 * exactly; selftests/unit/table/test_peers.c measures it.
 */
u64 ctri_peers_estimate(const struct ctri_peers *p)
{
	u32 ranks[CTRI_HLL_RANKS] = { 0 };
	unsigned int i;

	BUILD_BUG_ON(sizeof(ranks) / sizeof(*ranks) != CTRI_PEERS_TAIL + 2);
	for (i = 0; i < CTRI_PEERS_REGS; i++)
		ranks[p->rank[i]]++;
	return ctri_hll_estimate(ranks, CTRI_PEERS_BITS);
}
