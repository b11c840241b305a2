/* SPDX-License-Identifier: GPL-2.0 */
/* The truth to compare the table with: a map that forgets nothing. */
#ifndef TABLE_EXACT_H
#define TABLE_EXACT_H

#include "common.h"

/**
 * struct exact_count - what one source really did
 * @key: the key
 * @total: events since the start
 * @cur: events in window @epoch
 * @prev: events in the window before
 * @epoch: window of the newest event
 * @class: the class
 * @used: the slot is taken
 */
struct exact_count {
	u64 key;
	u64 total;
	u64 cur;
	u64 prev;
	u32 epoch;
	u8 class;
	bool used;
};

/**
 * struct exact - the map
 * @slot: open addressing, @size slots, a power of two
 * @size: number of slots
 * @used: slots taken
 */
struct exact {
	struct exact_count *slot;
	size_t size;
	size_t used;
};

void exact_init(struct exact *x, size_t size);
void exact_free(struct exact *x);
struct exact_count *exact_at(struct exact *x, unsigned int class, u64 key,
			     u32 epoch);
const char *exact_compare(struct exact *x, unsigned int class,
			  const struct ctri_row *row, u32 epoch);
const char *exact_order(const struct ctri_row *rows, int n, enum ctri_rank rank);

#endif
