/* SPDX-License-Identifier: GPL-2.0 */
/* Keys of the hashes by which entries are counted. */
#ifndef CONNTRIAGE_ENTRIES_KEYS_H
#define CONNTRIAGE_ENTRIES_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * keys_stay() - whether keys are the same each time
 *
 * A live table's are drawn, against whoever chooses addresses. What was captured has to
 * give the same estimates whenever it is read.
 */
void keys_stay(bool yes);

/**
 * key_draw() - a key, @bytes of it
 *
 * One that stays is the beginning of SplitMix64's stream (G. L. Steele, D. Lea, C. H.
 * Flood, "Fast Splittable Pseudorandom Number Generators", 2014; shifts and factors are
 * those of S. Vigna's splitmix64.c) from 0, in words of 64 bits: the same numbers on
 * every machine, and good multipliers. One whose bytes repeat leaves a pattern in what
 * it hashes, and distinct peers are counted too low.
 */
void key_draw(void *to, size_t bytes);

#endif
