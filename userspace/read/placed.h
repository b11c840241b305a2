/* SPDX-License-Identifier: GPL-2.0 */
/* Rules in force that fix/ could have written: what nft_placed.c and legacy_drops.c share. */
#ifndef CONNTRIAGE_READ_PLACED_H
#define CONNTRIAGE_READ_PLACED_H

#include <stdint.h>

#include "snapshot.h"

/**
 * placed_add() - keep a rule; one with characters that fix/ never writes is left out
 * @table: of nft; of iptables our chain, or ""
 * @rule: the same for all rows of one rule
 */
void placed_add(struct snapshot *s, const char *table, const char *chain, int family,
		const char *text, int64_t packets, int64_t rule);

#endif
